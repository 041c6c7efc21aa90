"""Patterns that hide as little as they may, and give nothing back."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit import broken, intervals
from analysis.primary import Grid, Position, Rules, secrets, seen_from_inside
from analysis.suppression import Outcome, Suppression, suppress

from .independent_engine import can_be_worked_out, optimum

THRESHOLD = Rules(complement=False, alike_below=0, insiders=False)
WORKED = Grid(((20, 3, 9, 4), (14, 12, 11, 8), (6, 7, 10, 5), (9, 13, 2, 7)))


def counts_hidden(grid: Grid, hidden: Collection[Position]) -> int:
    return sum(grid[position] for position in hidden)


def random_grid(number: int, *, least: float = 1, most: float = 14) -> Grid:
    """Up to 12 units by 4 options; units and options differ in size, as districts and answers do."""
    random = Random(number)  # noqa: S311 - tables, not secrets
    width = random.randint(2, 4)
    popular = [random.uniform(0.3, 2) for _ in range(width)]
    sizes = [random.uniform(least, most) for _ in range(random.randint(2, 12))]
    return Grid(tuple(tuple(_poisson(random, size * share) for share in popular) for size in sizes))


def _poisson(random: Random, mean: float) -> int:
    n, waited = 0, random.expovariate(1)
    while waited < mean:
        n, waited = n + 1, waited + random.expovariate(1)
    return n


def is_safe(grid: Grid, found: Suppression, rules: Rules) -> bool:
    inside = seen_from_inside(grid, found.secrets, found.hidden, rules.k) if rules.insiders else ()
    return not broken(grid, found.hidden, (*found.secrets, *inside))


def test_the_worked_example_hides_seven_cells_with_thirty_seven_answers() -> None:
    found = suppress(WORKED, THRESHOLD)
    assert found.outcome is Outcome.OPTIMAL
    assert found.hidden == {(0, 1), (0, 2), (0, 3), (2, 1), (2, 3), (3, 2), (3, 3)}
    assert counts_hidden(WORKED, found.hidden) == 37


def test_the_threshold_alone_lets_all_three_small_cells_of_the_example_be_recovered() -> None:
    small = {(0, 1), (0, 3), (3, 2)}
    assert {place: tuple(seen) for place, seen in intervals(WORKED, small).items()} == {
        (0, 1): (3, 3),
        (0, 3): (4, 4),
        (3, 2): (2, 2),
    }


def test_what_remains_possible_in_the_example_reaches_from_nothing_to_five() -> None:
    seen = intervals(WORKED, suppress(WORKED, THRESHOLD).hidden)
    assert all(seen[place].leaves_room(5) for place in ((0, 1), (0, 3), (3, 2)))


def test_a_table_without_small_numbers_is_published_whole() -> None:
    found = suppress(Grid(((10, 10), (12, 9))), Rules())
    assert (found.hidden, found.outcome) == (frozenset(), Outcome.OPTIMAL)


def test_impossible_cells_are_never_hidden() -> None:
    grid = Grid(((3, 20, 0), (20, 20, 20), (20, 20, 20)), impossible=frozenset({(0, 2)}))
    found = suppress(grid, Rules())
    assert (0, 2) not in found.hidden
    assert is_safe(grid, found, Rules())


def test_a_grand_total_below_five_leaves_nothing_to_publish() -> None:
    grid = Grid(((1, 2), (0, 1)))
    found = suppress(grid, Rules())
    assert found.outcome is Outcome.NOTHING
    assert found.hidden == set(grid.positions)


def test_a_single_row_in_which_hiding_cells_is_not_enough_hides_its_sums() -> None:
    grid = Grid(((3, 2),))
    found = suppress(grid, Rules())
    assert found.outcome in {Outcome.SUMS_ONLY, Outcome.NOTHING}
    assert is_safe(grid, found, Rules())


def test_without_time_to_search_the_pattern_is_still_audited() -> None:
    grid = random_grid(3)
    found = suppress(grid, Rules(), time_limit=0.0)
    assert found.outcome is not Outcome.OPTIMAL
    assert is_safe(grid, found, Rules())


def test_one_who_is_alone_in_a_cell_cannot_work_out_the_next_one() -> None:
    """Two hidden cells with a published sum of five: whoever is the one would know the other four."""
    grid = Grid(((1, 4, 20), (20, 20, 20), (20, 20, 20)))
    outsiders = suppress(grid, Rules(alike_below=0, complement=False, insiders=False))
    assert not is_safe(grid, outsiders, Rules())
    assert is_safe(grid, suppress(grid, Rules()), Rules())


@pytest.mark.parametrize("number", range(60))
def test_a_random_table_is_safe_and_hides_no_more_than_an_independent_optimum(
    number: int, tmp_path: Path
) -> None:
    grid = random_grid(number)
    asked = secrets(grid, THRESHOLD)
    found = suppress(grid, THRESHOLD)
    if grid[grid.grand] < THRESHOLD.k or not asked:
        return
    assert is_safe(grid, found, THRESHOLD)
    assert can_be_worked_out(grid, asked, found.hidden, tmp_path) == []
    if found.outcome is Outcome.OPTIMAL:
        theirs = optimum(grid, asked, tmp_path)
        assert counts_hidden(grid, found.hidden) <= counts_hidden(grid, theirs)


@pytest.mark.parametrize("number", range(100, 112))
def test_with_all_rules_no_number_of_a_random_table_can_be_worked_out(number: int) -> None:
    grid = random_grid(number)
    assert is_safe(grid, suppress(grid, Rules()), Rules())


small_grids = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 9)] * width), min_size=1, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(small_grids, st.booleans(), st.sampled_from([0, 10]), st.booleans(), st.integers(3, 6))
def test_no_pattern_gives_a_secret_away(
    counts: list[tuple[int, ...]], complement: bool, alike: int, inside: bool, k: int
) -> None:
    grid = Grid(tuple(counts))
    rules = Rules(k, complement, alike, inside)
    found = suppress(grid, rules)
    assert is_safe(grid, found, rules)
    small = {each for each in grid.positions if 0 < grid[each] < k}
    assert small <= found.hidden


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 7)] * 2), min_size=2, max_size=2))
def test_no_smaller_pattern_of_a_little_table_is_safe(counts: list[tuple[int, ...]]) -> None:
    """Every pattern that hides the small numbers is tried."""
    grid = Grid(tuple(counts))
    found = suppress(grid, THRESHOLD)
    small = {cell for secret in found.secrets for cell in secret.cells}
    others = [each for each in grid.positions if each != grid.grand and each not in small]
    bits = range(2 ** len(others)) if found.outcome is Outcome.OPTIMAL else ()
    patterns = [small | {each for place, each in enumerate(others) if number >> place & 1} for number in bits]
    least = counts_hidden(grid, found.hidden)
    assert all(broken(grid, each, found.secrets) for each in patterns if counts_hidden(grid, each) < least)
