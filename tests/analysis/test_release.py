"""What of a correction may be shown beside the releases before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from analysis.disclosure import Policy, SafeTable, disclose
from analysis.release import Correction, correct
from analysis.tables import Table, tabulate

from .conftest import STEPS, question, rows

GROUP, CELL = Policy("group"), Policy("cell")
Units = Mapping[str, Sequence[int]]
FIRST: Units = {"A": (6, 7, 6, 5), "B": (3, 4, 3, 2), "C": (1, 1, 1, 1), "D": (1, 1, 1, 0)}
WHOLE = "Totalt"


def table(units: Units, **more: object) -> Table:
    tallies = {label: dict(zip(STEPS, counts, strict=True)) for label, counts in units.items()}
    counts, columns = rows("KVAL-05", tallies)
    return tabulate(question("KVAL-05", names=STEPS, scale=True), counts, columns, **more)  # type: ignore[arg-type]


def after(units: Units, policy: Policy = GROUP, **more: bool) -> Correction:
    return correct([disclose(table(FIRST), policy)], table({**FIRST, **units}), policy, **more)


def counts_of(safe: SafeTable, label: str) -> list[int | None]:
    column = safe.column(label)
    assert column is not None
    return [cell.count for cell in column.cells]


def test_the_first_release_is_what_may_be_seen() -> None:
    assert correct([], table(FIRST), GROUP) == Correction(disclose(table(FIRST), GROUP), ())


def test_a_correction_of_nothing_changes_nothing() -> None:
    assert after({}) == Correction(disclose(table(FIRST), GROUP), ())


@pytest.mark.parametrize(
    "corrected",
    [
        (7, 6, 6, 5),  # one answer was changed
        (6, 7, 6, 6),  # one came in
        (11, 7, 6, 5),  # five came in who all said the same
        (1, 12, 6, 5),  # five were changed from one answer to another
        (8, 9, 7, 5),  # five came in who differ, but no number moves by five
    ],
)
def test_a_group_that_moves_by_too_little_keeps_its_earlier_numbers(corrected: tuple[int, ...]) -> None:
    """And the total with it, which is the sum of what is shown."""
    found = after({"A": corrected})
    assert found.waiting == ("A", WHOLE)
    assert counts_of(found.table, "A") == [6, 7, 6, 5]
    assert counts_of(found.table, WHOLE) == [11, 13, 11, 8]
    assert found.table.notes[-1] == "Rättelser som rör få svar väntar: A och Totalt."


def test_a_group_is_shown_anew_where_each_number_moves_by_five_and_those_who_moved_differ() -> None:
    found = after({"A": (11, 12, 6, 5)})
    assert found.waiting == ()
    assert counts_of(found.table, "A") == [11, 12, 6, 5]
    assert counts_of(found.table, WHOLE) == [16, 18, 11, 8]


def test_a_group_waits_where_those_who_did_not_move_are_too_few() -> None:
    first = {"A": (6, 6, 0, 0), "B": (3, 4, 3, 2)}
    found = correct([disclose(table(first), GROUP)], table({**first, "A": (1, 1, 5, 5)}), GROUP)
    assert "A" in found.waiting


def test_where_one_group_waits_another_is_shown_and_the_total_sums_what_is_shown() -> None:
    found = after({"A": (11, 12, 6, 5), "B": (3, 4, 3, 3)})
    assert found.waiting == ("B", WHOLE)
    assert counts_of(found.table, WHOLE) == [16, 18, 11, 8]


def test_what_is_left_under_the_total_waits_too() -> None:
    """Total less shown groups would tell how the hidden ones moved."""
    found = after({"C": (1, 1, 2, 1)})
    assert counts_of(found.table, WHOLE) == [11, 13, 11, 8]
    assert found.waiting == ("C", WHOLE)


def test_a_group_hidden_once_stays_hidden() -> None:
    """Total less the new numbers would tell what the few had answered before."""
    found = after({"C": (6, 6, 6, 6)})
    assert "C" in found.waiting
    assert counts_of(found.table, "C") == [None] * 4


def test_a_correction_is_measured_against_every_earlier_release() -> None:
    first, second = disclose(table(FIRST), GROUP), after({"A": (11, 12, 6, 5)}).table
    back = correct([first, second], table({**FIRST, "A": (6, 8, 6, 5)}), GROUP)
    assert counts_of(back.table, "A") == [11, 12, 6, 5]
    assert "A" in back.waiting


def test_beside_a_split_numbers_may_only_rise() -> None:
    fallen = {"A": (1, 2, 6, 5)}
    larger = {"A": (11, 12, 6, 5)}
    assert "A" in after(fallen, split_shown=True).waiting
    assert after(larger, split_shown=True).waiting == ()


def test_a_group_told_in_words_keeps_its_words() -> None:
    first = {**FIRST, "E": (0, 7, 0, 0)}
    for now in ((0, 7, 1, 0), (2, 5, 2, 2)):
        found = correct([disclose(table(first), GROUP)], table({**first, "E": now}), GROUP)
        assert found.table.column("E") == disclose(table(first), GROUP).column("E")
        assert "E" in found.waiting


def test_means_and_values_that_come_and_go_wait_as_a_whole() -> None:
    def numbers(**units: Mapping[str, int]) -> Table:
        counts, columns = rows("LED-13", units)
        return tabulate(question("LED-13", "integer", ()), counts, columns)

    before = disclose(numbers(A={"40": 3, "55": 2, "35": 2}), GROUP)
    found = correct([before], numbers(A={"40": 9, "55": 8, "35": 2}), GROUP)
    assert found.table.columns == before.columns
    assert found.waiting == ("A", WHOLE)


CLIENTS: Units = {"A": (10, 11, 10, 12), "B": (13, 14, 13, 12)}


@pytest.mark.parametrize(
    ("a", "waits"), [((10, 11, 10, 17), True), ((15, 16, 10, 12), False), ((10, 12, 10, 12), True)]
)
def test_of_a_table_about_clients_everything_waits_or_nothing(a: tuple[int, ...], *, waits: bool) -> None:
    found = correct([disclose(table(CLIENTS), CELL)], table({**CLIENTS, "A": a}), CELL)
    assert counts_of(found.table, "A") == list((10, 11, 10, 12) if waits else a)
    assert bool(found.waiting) is waits


def test_a_table_about_clients_with_a_hidden_number_waits() -> None:
    few = {**CLIENTS, "A": (10, 3, 10, 12), "B": (13, 4, 13, 12)}
    before = disclose(table(few), CELL)
    found = correct([before], table({**few, "A": (20, 3, 20, 12)}), CELL)
    assert found.table.columns == before.columns


def test_other_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="other groups"):
        correct([disclose(table({"A": (3, 4, 3, 2)}), GROUP)], table(FIRST), GROUP)


def test_a_printed_report_is_shown_as_it_is_printed_now() -> None:
    printed = Policy("published")
    assert correct([disclose(table(FIRST), printed)], table(CLIENTS), printed).waiting == ()
