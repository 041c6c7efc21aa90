"""Which numbers of a table nobody may be able to work out."""

from __future__ import annotations

import pytest

from analysis.primary import Grid, Rules, Secret, secrets, seen_from_inside

THRESHOLD = Rules(complement=False, alike_below=0, insiders=False)


def cells_of(grid: Grid, rules: Rules) -> set[tuple[tuple[int, int], ...]]:
    return {secret.cells for secret in secrets(grid, rules)}


def test_counts_from_one_to_four_are_unsafe_and_sums_too() -> None:
    grid = Grid(((0, 4, 20), (5, 0, 30), (1, 2, 0)))
    assert cells_of(grid, THRESHOLD) == {((0, 1),), ((2, 0),), ((2, 1),), ((2, 3),)}


def test_the_few_of_a_unit_who_did_not_choose_an_option_are_unsafe_together() -> None:
    grid = Grid(((20, 2, 2), (10, 10, 10)))
    with_complement = cells_of(grid, Rules(alike_below=0, insiders=False))
    assert with_complement - cells_of(grid, THRESHOLD) == {((0, 1), (0, 2))}


def test_the_few_in_the_whole_who_did_not_choose_an_option_are_unsafe_together() -> None:
    grid = Grid(((20, 1, 1), (10, 1, 1)))
    assert ((2, 1), (2, 2)) in cells_of(grid, Rules(alike_below=0, insiders=False))


@pytest.mark.parametrize(("row", "alike"), [((8, 0), True), ((9, 1), False), ((7, 2), True), ((6, 3), False)])
def test_a_small_unit_that_answered_nearly_alike_is_unsafe(row: tuple[int, int], *, alike: bool) -> None:
    found = cells_of(Grid((row, (20, 20))), Rules(complement=False, insiders=False))
    assert (((0, 1),) in found) == (alike or 0 < row[1] < 5)


def test_everyone_alike_where_nothing_else_is_possible_tells_nothing() -> None:
    grid = Grid(((8, 0), (20, 20)), impossible=frozenset({(0, 1)}))
    assert secrets(grid, Rules()) == ()


def test_one_who_is_alone_must_find_five_others_possible() -> None:
    grid = Grid(((1, 20), (20, 20)))
    assert secrets(grid, Rules())[0] == Secret(((0, 0),), 6)
    assert secrets(grid, THRESHOLD)[0] == Secret(((0, 0),), 5)


def test_everyone_counted_in_a_hidden_cell_is_a_reader_of_the_others() -> None:
    grid = Grid(((3, 20), (20, 0)))
    readers = seen_from_inside(grid, [Secret(((0, 0),), 5)], {(0, 0), (0, 1), (1, 0), (1, 1)}, 5)
    assert {reader.insider for reader in readers} == {(0, 1), (1, 0)}


@pytest.mark.parametrize(
    ("counts", "impossible", "problem"),
    [
        (((1, 2), (3,)), frozenset(), "same length"),
        (((),), frozenset(), "one column"),
        (((1, -2),), frozenset(), "negative"),
        (((1, 2),), frozenset({(0, 1)}), "impossible"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    counts: tuple[tuple[int, ...], ...], impossible: frozenset[tuple[int, int]], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Grid(counts, impossible)
