"""What may be seen, and what may never be worked out from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import Policy, SafeTable, disclose
from analysis.safe_columns import HIDDEN, NO_ANSWER, NOT_APPLICABLE, State
from analysis.tables import ROUTE, Mark, Row, tabulate, tabulate_rows

from .conftest import STEPS, Made, question, rows

GROUP = Policy("group")
CELL = Policy("cell")
PUBLISHED = Policy("published")


def counts_of(table: SafeTable, label: str) -> list[int | None]:
    column = table.column(label)
    assert column is not None
    return [cell.count for cell in column.cells]


def texts_of(table: SafeTable, label: str) -> list[str]:
    column = table.column(label)
    assert column is not None
    return [cell.text for cell in column.cells]


def invited(made: Made, **units: int) -> Made:
    """Return the same with more invited than have answered in some units."""
    asked, counts, columns = made
    more = [dataclasses.replace(each, invited=units.get(each.label, each.invited)) for each in columns]
    return asked, counts, more


def test_nobody_but_disclose_makes_a_safe_table(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2))), GROUP)
    with pytest.raises(TypeError, match="disclose"):
        SafeTable(
            safe.item, safe.title, safe.measure, safe.rows, safe.columns, safe.total,
            safe.base_label, safe.language, safe.provenance, safe.notes, object(),
        )  # fmt: skip
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(safe, title="another")


def test_a_group_with_fewer_than_five_answers_shows_participation_only(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*invited(scale(A=(0, 2, 1, 1), B=(3, 4, 3, 2)), A=7)), GROUP)
    hidden = safe.column("A")
    assert hidden is not None
    assert (hidden.state, hidden.sent, hidden.invited, hidden.n) == (State.HIDDEN, 4, 7, None)
    assert texts_of(safe, "A") == [HIDDEN] * 4
    assert counts_of(safe, "B") == [3, 4, 3, 2]


def test_a_unit_with_fewer_than_five_invited_shows_not_even_that(scale: Callable[..., Made]) -> None:
    """Nor does the total tell: it leaves the unit out, or covers five or more who were invited so."""
    safe = disclose(tabulate(*scale(A=(0, 1, 1, 0), B=(3, 4, 3, 2))), GROUP)
    few = safe.columns[0]
    assert (few.state, few.sent, few.invited, few.few_invited) == (State.HIDDEN, 0, 0, 5)
    assert safe.total is not None
    assert (safe.total.label, safe.total.invited, safe.total.sent) == ("Totalt, redovisade", 12, 12)
    with_another = invited(scale(A=(0, 1, 1, 0), B=(3, 4, 3, 2), C=(2, 0, 1, 1)), C=9)
    hidden_too = disclose(tabulate(*with_another), GROUP)
    assert hidden_too.column("Totalt") is None


@pytest.mark.parametrize(
    ("others", "told"), [((9, 4), ("Totalt, redovisade", 9, 4)), ((4, 4), ("Totalt", 6, 6))]
)
def test_a_total_of_hidden_units_tells_no_participation_of_a_tiny_one(
    scale: Callable[..., Made], others: tuple[int, int], told: tuple[str, int, int]
) -> None:
    """Two were invited in A. In B either nine, whose participation is told, or four, which is not."""
    made = invited(scale(A=(0, 1, 1, 0), B=(0, 4, 0, 0)), B=others[0])
    total = disclose(tabulate(*made), GROUP).total
    assert total is not None
    assert (total.state, total.label, total.invited, total.sent) == (State.HIDDEN, *told)


def test_from_five_answers_on_the_whole_distribution_is_shown(scale: Callable[..., Made]) -> None:
    assert counts_of(disclose(tabulate(*scale(A=(2, 2, 1, 0))), GROUP), "A") == [2, 2, 1, 0]


def test_a_unit_without_answers_has_a_dash(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 0, 0, 0), B=(3, 4, 3, 2))), GROUP)
    assert texts_of(safe, "A") == [NO_ANSWER] * 4
    assert safe.total is not None
    assert safe.total.label == "Totalt"


def test_a_unit_whose_answers_are_withheld_is_hidden_and_not_empty(scale: Callable[..., Made]) -> None:
    asked, counts, columns = scale(A=(2, 5, 3, 2), B=(0, 0, 0, 0))
    columns[1] = dataclasses.replace(columns[1], invited=8, withheld=True)
    safe = disclose(tabulate(asked, counts, columns), GROUP)
    assert texts_of(safe, "B") == [HIDDEN] * 4
    b = safe.column("B")
    assert b is not None
    assert (b.state, b.withheld, b.sent, b.n) == (State.HIDDEN, True, 0, None)
    assert counts_of(safe, "Totalt") == [2, 5, 3, 2]


def test_a_total_of_withheld_answers_alone_is_hidden_too(scale: Callable[..., Made]) -> None:
    asked, counts, columns = scale(A=(0, 0, 0, 0), B=(0, 0, 0, 0))
    columns[0] = dataclasses.replace(columns[0], withheld=True)
    safe = disclose(tabulate(asked, counts, columns), GROUP)
    assert texts_of(safe, "Totalt") == [HIDDEN] * 4
    assert texts_of(safe, "B") == [NO_ANSWER] * 4


def test_a_total_leaves_out_hidden_groups_that_hold_fewer_than_five(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(1, 2, 1, 0), B=(3, 4, 3, 2), C=(4, 3, 2, 3))), GROUP)
    assert safe.total is not None
    assert safe.total.label == "Totalt, redovisade"
    assert counts_of(safe, "Totalt, redovisade") == [7, 7, 5, 5]
    assert any("enheter som redovisas" in note for note in safe.notes)


def test_a_total_covers_hidden_groups_that_hold_five_and_differ(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(1, 1, 1, 1), B=(1, 1, 1, 1), C=(4, 3, 2, 3))), GROUP)
    assert counts_of(safe, "Totalt") == [6, 5, 4, 5]


def test_a_total_leaves_out_hidden_groups_that_answered_alike(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 4, 0, 0), B=(0, 3, 1, 0), C=(4, 3, 2, 3))), GROUP)
    assert counts_of(safe, "Totalt, redovisade") == [4, 3, 2, 3]


@pytest.mark.parametrize(("counts", "banded"), [((0, 9, 0, 0), True), ((0, 8, 1, 0), True),
                                                ((1, 5, 1, 0), True), ((0, 4, 3, 0), False),
                                                ((0, 10, 0, 0), False)])  # fmt: skip
def test_a_small_group_that_agrees_is_told_in_words(
    scale: Callable[..., Made], counts: Sequence[int], *, banded: bool
) -> None:
    safe = disclose(tabulate(*scale(A=counts)), GROUP)
    if banded:
        assert texts_of(safe, "A") == [HIDDEN, "alla eller de flesta", HIDDEN, HIDDEN]
        assert all(cell.count is None and cell.percent is None for cell in safe.columns[0].cells)
    else:
        assert counts_of(safe, "A") == list(counts)


@pytest.mark.parametrize(
    ("last", "whole"), [((0, 4, 0, 0), False), ((1, 3, 0, 0), False), ((2, 2, 0, 0), True)]
)
def test_a_total_leaves_out_small_groups_that_all_or_all_but_one_answered_alike_however_many_they_are(
    scale: Callable[..., Made], last: tuple[int, ...], *, whole: bool
) -> None:
    """The one who did not would know what everybody in the other small groups answered."""
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2), B=(0, 4, 0, 0), C=(0, 4, 0, 0), D=last)), GROUP)
    assert safe.total is not None
    assert (safe.total.label, safe.total.n) == (("Totalt", 24) if whole else ("Totalt, redovisade", 12))


def test_a_group_told_in_words_never_lies_under_a_total(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 0, 0), B=(0, 6, 1, 0), C=(4, 3, 2, 3))), GROUP)
    assert counts_of(safe, "Totalt, redovisade") == [4, 3, 2, 3]


def test_a_choice_among_several_is_alike_when_nearly_nobody_made_it() -> None:
    counts, units = rows("KVAL-04", {"A": {"ib": 8, "fia": 4, "freda": 1, "answered": 8}})
    asked = question("KVAL-04", "select_multiple", ("ib", "fia", "freda"))
    safe = disclose(tabulate(asked, counts, units), GROUP)
    assert texts_of(safe, "A") == ["alla eller de flesta", HIDDEN, "ingen eller få"]


def test_the_base_of_a_filtered_question_does_not_tell_who_was_filtered(yes_no: Callable[..., Made]) -> None:
    nearly_all_asked = yes_no(
        relevant="${KVAL-08} = 'ja'", A={"ja": 3, "nej": 4, "missing:off_route": 1}, B={"ja": 8, "nej": 9}
    )
    safe = disclose(tabulate(*nearly_all_asked), GROUP)
    assert safe.columns[0].state is State.HIDDEN
    nobody_asked = yes_no(relevant="${KVAL-08} = 'ja'", A={"missing:off_route": 6}, B={"ja": 8, "nej": 9})
    assert disclose(tabulate(*nobody_asked), GROUP).columns[0].state is State.HIDDEN


def test_missing_answers_do_not_dilute_agreement(yes_no: Callable[..., Made]) -> None:
    made = yes_no(A={"ja": 6, "missing:skipped": 6})
    assert disclose(tabulate(*made), GROUP).columns[0].state is State.WORDS


def test_a_sum_of_classes_hides_with_its_classes() -> None:
    counts, units = rows("KVAL-05", {"A": dict(zip(STEPS, (0, 2, 1, 1), strict=True))})
    good = Row("good", "Bra eller mycket bra", ("mycket_bra", "bra"))
    table = tabulate(question("KVAL-05", names=STEPS, scale=True), counts, units, derived=[good])
    assert texts_of(disclose(table, GROUP), "A") == [HIDDEN] * 5


def test_numbers_are_shown_as_a_mean_only() -> None:
    counts, units = rows("LED-13", {"A": {"40": 3, "55": 2, "35": 2}, "B": {"40": 1, "90": 1}})
    safe = disclose(tabulate(question("LED-13", "integer", ()), counts, units), GROUP)
    assert texts_of(safe, "A") == ["42,9"]
    assert texts_of(safe, "B") == [HIDDEN]
    assert texts_of(safe, "Totalt, redovisade") == ["42,9"]


def test_a_year_that_only_hidden_people_gave_is_no_row() -> None:
    started = {"A": {"2019": 6, "2012": 5}, "B": {"1984": 1, "2012": 2}, "C": {"2019": 6, "1977": 1}}
    counts, columns = rows("KOMP-06", started)
    safe = disclose(tabulate(question("KOMP-06", "month", ()), counts, columns), GROUP)
    assert [row.label for row in safe.rows] == ["2012", "2019"]
    assert counts_of(safe, "A") == [5, 6]
    assert texts_of(safe, "B") == [HIDDEN] * 2
    assert texts_of(safe, "C") == [HIDDEN, "alla eller de flesta"]


def test_a_question_whose_every_answer_is_hidden_has_one_row_and_no_value() -> None:
    counts, columns = rows("KOMP-06", {"A": {"2019": 1, "2012": 2}, "B": {"missing:skipped": 6}})
    safe = disclose(tabulate(question("KOMP-06", "month", ()), counts, columns), GROUP)
    assert [row.label for row in safe.rows] == ["Svar"]
    assert [texts_of(safe, label) for label in ("A", "B", "Totalt, redovisade")] == [[HIDDEN]] * 3


def test_a_number_nobody_was_asked_for_has_no_mean() -> None:
    units = rows("LED-13", {"A": {}})[1]
    safe = disclose(tabulate(question("LED-13", "integer", ()), [], units), GROUP)
    assert texts_of(safe, "A") == [NO_ANSWER]


def test_attributes_of_clients_are_shown_by_unit_where_no_number_is_small() -> None:
    counts, units = rows("TILL20-03", {"A": {"ja": 12, "nej": 8}, "B": {"ja": 9, "nej": 11}})
    safe = disclose(tabulate(question("TILL20-03"), counts, units), CELL)
    assert counts_of(safe, "A") == [12, 8]
    assert counts_of(safe, "Totalt") == [21, 19]


def test_a_small_number_of_clients_hides_others_with_it_and_no_percentage_or_sum_gives_it_back() -> None:
    options = ("ja", "nej", "framgar_inte")
    counts, units = rows(
        "TILL20-03",
        {
            "A": dict(zip(options, (12, 8, 3), strict=True)),
            "B": dict(zip(options, (9, 11, 6), strict=True)),
            "C": dict(zip(options, (10, 10, 9), strict=True)),
        },
    )
    most = Row("known", "Framgår", ("ja", "nej"))
    table = tabulate(question("TILL20-03", names=options), counts, units, derived=[most])
    safe = disclose(table, CELL)
    assert texts_of(safe, "A") == ["12", HIDDEN, HIDDEN, HIDDEN]
    assert texts_of(safe, "B") == ["9", HIDDEN, HIDDEN, HIDDEN]
    assert counts_of(safe, "C") == [10, 10, 9, 20]
    assert counts_of(safe, "Totalt") == [31, 29, 18, 60]
    assert [column.state for column in safe.columns] == [State.PARTLY, State.PARTLY, State.SHOWN]
    assert all(
        cell.percent is None for column in safe.columns for cell in column.cells if cell.text == HIDDEN
    )
    assert safe.columns[0].n == 23


def test_a_question_on_a_route_about_clients_is_shown_in_all_only(yes_no: Callable[..., Made]) -> None:
    made = yes_no(
        relevant="${TILL20-02} = 'ja'",
        A={"ja": 12, "nej": 8, "missing:off_route": 9},
        B={"ja": 9, "nej": 11, "missing:off_route": 7},
    )
    safe = disclose(tabulate(*made), CELL)
    assert texts_of(safe, "A") == [HIDDEN] * 2
    assert counts_of(safe, "Totalt") == [21, 19]


def test_few_files_without_an_answer_hide_every_unit() -> None:
    counts, units = rows(
        "TILL20-03", {"A": {"ja": 12, "nej": 8, "missing:skipped": 1}, "B": {"ja": 9, "nej": 11}}
    )
    safe = disclose(tabulate(question("TILL20-03"), counts, units), CELL)
    assert all(column.state is State.HIDDEN for column in safe.all_columns)


@pytest.mark.parametrize(
    "tally", [{"ja": 17, "nej": 3}, {"ja": 4}, {"ja": 9}, {"ja": 10, "nej": 8, "missing:skipped": 2}]
)
def test_a_small_number_of_clients_hides_the_total_too(tally: Mapping[str, int]) -> None:
    counts, units = rows("TILL20-03", {"A": tally})
    safe = disclose(tabulate(question("TILL20-03"), counts, units), CELL)
    assert texts_of(safe, "Totalt") == [HIDDEN] * 2


def test_printed_numbers_are_shown_as_printed_and_marked() -> None:
    counts, units = rows("KOMP-03", {"Älvsjö": {"ja": 1, "nej": 1}, "Tom": {}})
    safe = disclose(tabulate(question("KOMP-03"), counts, units, total=False), PUBLISHED)
    assert counts_of(safe, "Älvsjö") == [1, 1]
    assert safe.columns[0].cells[0].percent == 50
    assert texts_of(safe, "Tom") == [NO_ANSWER] * 2
    assert safe.provenance.marks == (Mark.PUBLISHED,)


def test_a_printed_base_of_nobody_is_not_applicable() -> None:
    counts, units = rows("TILL20-17", {"A": {"missing:off_route": 20}})
    table = tabulate_rows("Barn", [(question("TILL20-17"), "ja")], counts, units, base=ROUTE)
    assert texts_of(disclose(table, PUBLISHED), "A") == [NOT_APPLICABLE]


@pytest.mark.parametrize(("kind", "k"), [("group", 2), ("nothing", 5)])
def test_a_policy_out_of_order_is_refused(kind: str, k: int) -> None:
    with pytest.raises(ValueError, match="group"):
        Policy(kind, k)


unit_counts = st.tuples(*[st.integers(0, 6)] * 4)


@given(st.lists(unit_counts, min_size=1, max_size=6))
def test_nothing_hidden_can_be_worked_out_from_a_total(units: list[tuple[int, ...]]) -> None:
    """Whatever is left when the shown units are taken from the total holds nobody, or five who differ."""
    tallies = {f"U{i}": dict(zip(STEPS, counts, strict=True)) for i, counts in enumerate(units)}
    counts, columns = rows("KVAL-05", tallies)
    safe = disclose(tabulate(question("KVAL-05", names=STEPS, scale=True), counts, columns), GROUP)
    assert safe.total is not None
    for column in safe.columns:
        assert column.state is not State.SHOWN or column.sent >= 5
    if safe.total.state is not State.SHOWN:
        return
    shown = [[cell.count or 0 for cell in c.cells] for c in safe.columns if c.state is State.SHOWN]
    total = [cell.count or 0 for cell in safe.total.cells]
    rest = [n - sum(unit[i] for unit in shown) for i, n in enumerate(total)]
    assert sum(rest) == 0 or sum(rest) >= 5
    assert sum(rest) == 0 or sum(rest) >= 10 or max(rest) < sum(rest) - 2
    assert sum(rest) == 0 or State.WORDS not in {column.state for column in safe.columns}
