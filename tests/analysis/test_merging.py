"""Options and units laid together where a table about clients would be all crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis.attack import Published
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.merging import is_all_crosses, offer
from analysis.tables import Row, Table, tabulate

from .conftest import STEPS, question, rows

CELL = Policy("cell")
SMALL_STEPS = [(4, 5, 6, 4), (3, 4, 4, 3)]
TINY = [(1, 1, 1), (8, 7, 9), (1, 1, 0), (9, 9, 8)]


def table(units: Sequence[Sequence[int]], **more: object) -> Table:
    tallies = {f"U{i}": dict(zip(STEPS, counts, strict=False)) for i, counts in enumerate(units)}
    counts, columns = rows("TILL20-03", tallies)
    asked = question("TILL20-03", names=STEPS[: len(units[0])], scale=True)
    return tabulate(asked, counts, columns, **more)  # type: ignore[arg-type]


def numbers(safe: SafeTable) -> list[list[int | None]]:
    return [[cell.count for cell in column.cells] for column in safe.all_columns]


def test_the_upper_two_and_the_lower_two_steps_are_laid_together() -> None:
    assert is_all_crosses(disclose(table(SMALL_STEPS), CELL))
    found = offer(table(SMALL_STEPS), CELL)
    assert found is not None
    assert found.options == (("Mycket bra", "Bra"), ("Mindre bra", "Daligt"))
    assert [row.label for row in found.table.rows] == ["Mycket bra / Bra", "Mindre bra / Daligt"]
    assert numbers(found.table) == [[9, 10], [7, 7], [16, 17]]


def test_neighbouring_units_are_laid_together_where_options_do_not_help() -> None:
    found = offer(table(TINY), CELL)
    assert found is not None
    assert found.units == (("U0", "U1"), ("U2", "U3"))
    assert [column.label for column in found.table.columns] == ["U0 och U1", "U2 och U3"]
    assert numbers(found.table) == [[9, 8, 10], [10, 10, 8], [19, 18, 18]]


def test_the_two_tables_together_leave_every_small_number_open() -> None:
    """From nothing to five, or to all files of a unit that has fewer: whole numbers, by all that both say."""
    for units in (SMALL_STEPS, TINY):
        fine, found = table(units), offer(table(units), CELL)
        assert found is not None
        every, places = range(len(units)), {row.label: i for i, row in enumerate(fine.rows)}
        named = {f"U{i}": i for i in every}
        held = [([(u, o) for o in range(len(units[0]))], sum(units[u])) for u in every]
        held += [([(u, o) for u in every], sum(units[u][o] for u in every)) for o in range(len(units[0]))]
        for unit, column in zip(found.units, found.table.columns, strict=True):
            for option, cell in zip(found.options, column.cells, strict=True):
                if cell.count is not None:
                    held.append(([(named[u], places[o]) for u in unit for o in option], cell.count))
        published = Published(held, whole=True)
        small = [(u, o) for u in every for o, n in enumerate(units[u]) if 0 < n < CELL.smallest_group]
        assert small
        assert all(published.interval([(u, o)]).leaves_room(min(5, sum(units[u]))) for u, o in small)


def test_nothing_is_offered_beside_a_table_that_says_something() -> None:
    assert offer(table([(12, 8, 9), (9, 11, 10)]), CELL) is None


@pytest.mark.parametrize("counts", [[(1, 1), (2, 1)], [(3, 20), (20, 20)]])
def test_nothing_is_offered_where_nothing_coarser_is_safe(counts: list[tuple[int, ...]]) -> None:
    assert offer(table(counts), CELL) is None


def test_what_is_never_laid_together() -> None:
    assert offer(table(SMALL_STEPS), Policy("group")) is None
    assert offer(replace(table(SMALL_STEPS), routed=True), CELL) is None
    assert offer(table(SMALL_STEPS[:1]), CELL) is None


def test_a_row_that_sums_others_is_left_out() -> None:
    good = Row("good", "Bra eller mycket bra", ("mycket_bra", "bra"))
    found = offer(table(SMALL_STEPS, derived=[good]), CELL)
    assert found is not None
    assert len(found.table.rows) == 2
