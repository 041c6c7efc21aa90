"""What several releases together give away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attack import Interval, Published
from analysis.audit import Finding, Release, Statement, audit, intervals, moved_too_little, release
from analysis.primary import Grid, Rules, secrets
from analysis.suppression import suppress

RULES = Rules(complement=False, alike_below=0, insiders=False)
WOMEN = ((6, 0, 9), (8, 7, 2), (6, 7, 0))
MEN = ((2, 2, 6), (2, 5, 7), (0, 0, 6))


def both(row: int, column: int) -> tuple[object, ...]:
    return ("woman", row, column), ("man", row, column)


def women(row: int, column: int) -> tuple[object, ...]:
    return (("woman", row, column),)


def made(name: str, grid: Grid, atoms: object) -> Release:
    found = suppress(grid, RULES)
    return release(name, grid, found.hidden, found.secrets, atoms)  # type: ignore[arg-type]


EVERYONE = Grid(
    tuple(tuple(w + m for w, m in zip(*rows, strict=True)) for rows in zip(WOMEN, MEN, strict=True))
)


def test_a_release_by_itself_gives_nothing_away() -> None:
    assert audit([made("all", EVERYONE, both)], 5) == ()
    assert audit([made("women", Grid(WOMEN), women)], 5) == ()


def test_a_district_table_and_then_a_filter_give_a_hidden_cell_away_exactly() -> None:
    """Each hides every count below five and is safe alone: 0 to 9 becomes exactly 2."""
    everyone, only_women = made("all", EVERYONE, both), made("women", Grid(WOMEN), women)
    assert intervals(EVERYONE, suppress(EVERYONE, RULES).hidden)[0, 1] == Interval(0, 9)
    found = audit([everyone, only_women], 5)
    assert Finding("all", "(0, 1)", Interval(2, 2)) in found


def test_a_filter_beside_the_whole_gives_the_rest_away() -> None:
    """Twelve in all, eleven of them women: that one man said so was never published."""
    whole = Release("all", (Statement("ja", frozenset({"women", "men"}), 12),))
    part = Release("women", (Statement("ja", frozenset({"women"}), 11),))
    (found,) = audit([whole, part], 5)
    assert (found.release, found.label, found.interval) == ("all − women", "ja − ja", Interval(1, 1))


def test_a_second_release_narrows_what_the_first_one_hid() -> None:
    """Two small cells are hidden in a row of nine; a filter then publishes seven of the rest."""
    row = frozenset({"small", "next", "rest of women", "rest of men"})
    unsafe = Statement("small", frozenset({"small"}), None, 5)
    first = Release("districts", (unsafe, Statement("row", row, 9)))
    later = Release("women", (Statement("rest", frozenset({"rest of women", "next"}), 7),))
    assert audit([first], 5) == ()
    assert Finding("districts", "small", Interval(0, 2)) in audit([first, later], 5)


def test_several_tables_are_read_with_whole_numbers() -> None:
    """With halves the last cell might be empty; with whole people it holds one."""
    sums = [({"a", "b"}, 1), ({"b", "c"}, 1), ({"a", "c", "d"}, 1)]
    assert Published(sums, whole=False).interval({"d"}) == Interval(0, 1)
    assert Published(sums, whole=True).interval({"d"}) == Interval(1, 1)


def test_releases_that_contradict_each_other_are_an_error() -> None:
    first = Release("first", (Statement("n", frozenset({"a"}), 3), Statement("x", frozenset({"a"}), None, 5)))
    second = Release("second", (Statement("n", frozenset({"a"}), 4),))
    with pytest.raises(ValueError, match="contradict"):
        audit([first, second], 5)


def test_what_nobody_published_has_no_end() -> None:
    published = Published([({"a"}, 3)], whole=False)
    assert published.interval({"a", "b"}) == Interval(3, None)
    assert published.interval({"b"}, {"b": Interval(1, 1)}) == Interval(1, 1)


def test_a_correction_that_moves_one_count_has_to_wait() -> None:
    before = Grid(((20, 10), (9, 9)))
    assert moved_too_little(before, Grid(((20, 11), (9, 9))), 5) == ((0, 1), (0, 2), (2, 1), (2, 2))
    assert moved_too_little(before, Grid(((25, 15), (9, 9))), 5) == ()
    with pytest.raises(ValueError, match="rows and columns"):
        moved_too_little(before, Grid(((20, 10),)), 5)


def every_table(counts: tuple[tuple[int, ...], ...]) -> list[tuple[tuple[int, ...], ...]]:
    """All tables of the same shape whose cells are at most the largest sum."""
    height, width, top = len(counts), len(counts[0]), sum(map(sum, counts))
    flat = product(range(top + 1), repeat=height * width)
    return [
        tuple(tuple(each[row * width : (row + 1) * width]) for row in range(height))
        for each in flat
        if sum(each) == top
    ]


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.tuples(*[st.integers(0, 2)] * 2)] * 2), st.sets(st.integers(0, 7), min_size=1))
def test_the_intervals_are_those_of_all_tables_that_fit(
    counts: tuple[tuple[int, ...], ...], numbers: set[int]
) -> None:
    grid = Grid(counts)
    places = [each for each in grid.positions if each != grid.grand]
    hidden = {places[number] for number in numbers}
    fitting = [
        other
        for other in map(Grid, every_table(counts))
        if all(other[each] == grid[each] for each in grid.positions if each not in hidden)
    ]
    for place, seen in intervals(grid, hidden).items():
        possible = [other[place] for other in fitting]
        assert seen == Interval(min(possible), max(possible))


def test_secrets_of_a_table_go_into_its_release() -> None:
    asked = secrets(EVERYONE, RULES)
    held = made("all", EVERYONE, both)
    assert sum(each.value is None for each in held.statements) == len(asked)
