"""What is shown of client tables by unit, and that it gives nothing back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attack import Published
from analysis.client_tables import Shown, shown
from analysis.primary import Grid, Rules, secrets
from analysis.tables import Row, Table, tabulate, tabulate_rows

from .conftest import question, rows

OPTIONS = ("ja", "nej", "framgar_inte")


def single(units: Sequence[Sequence[int]], **more: object) -> Table:
    tallies = {f"U{i}": dict(zip(OPTIONS, counts, strict=False)) for i, counts in enumerate(units)}
    counts, columns = rows("TILL20-03", tallies)
    return tabulate(question("TILL20-03", names=OPTIONS[: len(units[0])]), counts, columns, **more)  # type: ignore[arg-type]


def test_units_are_shown_beside_a_safe_total_only() -> None:
    """Else the base of a question about those who said yes would tell the total, and by it a small unit."""
    found = shown(single([(12, 8, 3), (9, 11, 6), (10, 10, 9)]), Rules())
    assert found is not None
    assert found.total == (True, True, True)
    assert shown(single([(12, 8, 3), (9, 11, 0), (10, 10, 0)]), Rules()) is None


def test_a_sum_of_classes_is_shown_with_all_its_classes_only() -> None:
    known = Row("known", "Framgår", ("ja", "nej"))
    found = shown(single([(12, 8, 3), (9, 11, 6), (10, 10, 9)], derived=[known]), Rules())
    assert found is not None
    assert [line[3] for line in found.columns] == [False, False, True]


def test_each_row_of_a_battery_is_a_table_of_yes_and_no() -> None:
    asked = [(question("FAM20-11"), "ja"), (question("FAM20-12"), "ja")]
    first, units = rows("FAM20-11", {"A": {"ja": 12, "nej": 8}, "B": {"ja": 11, "nej": 9}})
    second, _ = rows("FAM20-12", {"A": {"ja": 18, "nej": 2}, "B": {"ja": 10, "nej": 10}})
    found = shown(tabulate_rows("Hälsa", asked, [*first, *second], units), Rules())
    assert found == Shown(((True, False), (True, False)), (True, True))


def test_a_row_of_a_battery_without_a_safe_total_is_hidden_alone() -> None:
    asked = [(question("FAM20-11"), "ja"), (question("FAM20-12"), "ja")]
    first, units = rows("FAM20-11", {"A": {"ja": 12, "nej": 8}, "B": {"ja": 11, "nej": 9}})
    second, _ = rows("FAM20-12", {"A": {"ja": 18, "nej": 2}, "B": {"ja": 19, "nej": 1}})
    found = shown(tabulate_rows("Hälsa", asked, [*first, *second], units), Rules())
    assert found == Shown(((True, False), (True, False)), (True, False))


def test_two_options_of_one_question_are_no_independent_rows() -> None:
    counts, units = rows("FAM20-11", {"A": {"ja": 12, "nej": 8}, "B": {"ja": 11, "nej": 9}})
    asked = [(question("FAM20-11"), "nej"), (question("FAM20-11"), "framgar")]
    assert shown(tabulate_rows("Hälsa", asked, counts, units), Rules()) is None


@pytest.mark.parametrize("units", [[(3, 0, 0), (20, 20, 20)], [(2, 2, 1), (20, 20, 20)]])
def test_where_units_are_too_small_for_any_pattern_no_number_of_theirs_is_shown(
    units: list[tuple[int, ...]],
) -> None:
    found = shown(single(units), Rules())
    assert found is None or not any(found.columns[0])


unit_counts = st.tuples(*[st.integers(0, 14)] * 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(unit_counts, min_size=1, max_size=4))
def test_no_secret_of_a_client_table_can_be_worked_out(units: list[tuple[int, ...]]) -> None:
    found = shown(single(units), Rules())
    if found is None:
        return
    grid = Grid(tuple(units))
    seen = [
        (line, column) for line in range(len(units)) for column in range(3) if found.columns[line][column]
    ]
    seen += [(len(units), column) for column in range(3) if found.total[column]]
    seen += [(line, 3) for line in range(len(units) + 1)]
    published = Published(((grid.parts(place), grid[place]) for place in seen), whole=True)
    bases = frozenset((line, 3) for line in range(len(units) + 1))
    for secret in secrets(Grid(grid.counts, public=bases), Rules(insiders=False)):
        cells = {cell for place in secret.cells for cell in grid.parts(place)}
        if grid[secret.cells[0][0], 3] >= secret.high:
            assert published.interval(cells).leaves_room(secret.high)
