"""Tables as the inspectors print them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.tables import (
    ANSWERED,
    ROUTE,
    SENT,
    Base,
    Measure,
    Row,
    UnitColumn,
    share,
    tabulate,
    tabulate_rows,
    total_of_numbers,
)
from models.queries import CountRow
from questionnaires.definition import Choice, Code, Question

from .conftest import Made, question, rows, words

YEARS = ("0-1", "1-2", "2-4", "4-8", "8_eller_mer")


def test_every_class_is_kept_in_the_order_of_the_instrument() -> None:
    counts, units = rows("KOMP-03", {"HL": {"8_eller_mer": 3, "0-1": 4, "1-2": 1, "2-4": 2}})
    table = tabulate(question("KOMP-03", names=YEARS), counts, units)
    assert [row.value for row in table.rows] == list(YEARS)
    assert table.column("HL").counts == (4, 1, 2, 0, 3)
    assert [share(n, table.column("HL").base) for n in table.column("HL").counts] == [40, 10, 20, 0, 30]


def test_a_class_of_the_text_is_the_sum_of_printed_classes() -> None:
    counts, units = rows("KOMP-03", {"HL": {"0-1": 4, "1-2": 1, "2-4": 2, "8_eller_mer": 3}})
    under_two = Row("under_2", "Mindre än två år", ("0-1", "1-2"))
    table = tabulate(question("KOMP-03", names=YEARS), counts, units, derived=[under_two])
    assert table.column("HL").counts == (4, 1, 2, 0, 3, 5)


def test_the_total_adds_the_units(yes_no: Callable[..., Made]) -> None:
    made = yes_no(A={"ja": 3, "nej": 7}, B={"ja": 0, "nej": 2})
    total = tabulate(*made).total
    assert total is not None
    assert (total.label, total.counts, total.sent, total.base) == ("Totalt", (3, 9), 12, 12)


def test_a_report_without_a_total_gets_none(yes_no: Callable[..., Made]) -> None:
    assert tabulate(*yes_no(A={"ja": 3}), total=False).total is None
    assert tabulate(*yes_no()).total is None


@pytest.mark.parametrize(("base", "n"), [(SENT, 13), (ROUTE, 11), (ANSWERED, 10)])
def test_a_share_has_a_named_base(yes_no: Callable[..., Made], base: Base, n: int) -> None:
    made = yes_no(A={"ja": 3, "nej": 7, "missing:skipped": 1, "missing:off_route": 2})
    table = tabulate(*made, base=base)
    assert table.columns[0].base == n
    assert table.columns[0].missing == (("skipped", 1), ("off_route", 2))


def test_a_share_may_be_of_those_on_another_items_route() -> None:
    inner, units = rows("AKT12-05", {"HL": {"ja": 11, "nej": 2, "missing:off_route": 17}})
    outer, _ = rows("AKT12-04", {"HL": {"ja": 13, "nej": 13, "missing:off_route": 4}})
    table = tabulate(question("AKT12-05"), [*inner, *outer], units, base=Base("route", "AKT12-04"))
    assert (table.columns[0].counts[0], table.columns[0].base) == (11, 26)


def test_an_option_that_means_missing_is_no_class() -> None:
    kept = Choice("kvinna", words("Kvinna"))
    declined = Choice("vill_inte_svara", words("Vill inte svara"), missing="declined")
    counts, units = rows("KOMP-01", {"A": {"kvinna": 8, "missing:declined": 1}})
    table = tabulate(Question("KOMP-01", "select_one", words("Kön"), choices=(kept, declined)), counts, units)
    assert [row.value for row in table.rows] == ["kvinna"]
    assert table.columns[0].missing == (("declined", 1),)


def test_several_choices_share_one_base() -> None:
    counts, units = rows("KVAL-04", {"A": {"ib": 6, "fia": 4, "answered": 7}})
    table = tabulate(question("KVAL-04", "select_multiple", ("ib", "fia", "freda")), counts, units)
    assert table.measure is Measure.SEVERAL
    assert (table.columns[0].counts, table.columns[0].base) == ((6, 4, 0), 7)


def test_numbers_are_sorted_by_size_and_can_be_summed() -> None:
    counts, units = rows("AKT12-23", {"HL": {"10": 1, "2": 4, "1": 2}})
    table = tabulate(question("AKT12-23", "integer", ()), counts, units)
    assert [row.value for row in table.rows] == ["1", "2", "10"]
    assert total_of_numbers(table, table.column("HL")) == 20


def test_years_are_classes_written_without_a_space() -> None:
    counts, units = rows("AKT12-17.1", {"HL": {"2012": 6, "2011": 9}})
    table = tabulate(question("AKT12-17.1", "integer", (), year=True), counts, units)
    assert [row.label for row in table.rows] == ["2011", "2012"]
    assert table.measure is Measure.ORDINAL


def test_a_month_is_counted_by_its_year() -> None:
    counts, units = rows("KOMP-06", {"A": {"2012-03": 1, "2012-01": 2, "2009-11": 1}})
    table = tabulate(question("KOMP-06", "month", ()), counts, units)
    assert [(row.label, n) for row, n in zip(table.rows, table.columns[0].counts, strict=True)] == [
        ("2009", 1),
        ("2012", 3),
    ]


def test_an_open_question_shows_its_codes_once_they_are_given() -> None:
    codes = (Code("planering", words("Planeringen")), Code("annat", words("Annat")))
    open_question = Question("KVAL-01", "text", words("Vad innebär delaktighet?"), codes=codes)
    counts, units = rows("KVAL-01", {"A": {"text": 9}})
    assert [row.value for row in tabulate(open_question, counts, units).rows] == ["text"]
    coding = [
        CountRow(1, "KVAL-01", "answered", "", 7),
        CountRow(1, "KVAL-01", "option", "planering", 5),
        CountRow(1, "KVAL-01", "missing", "not_coded", 2),
    ]
    column = tabulate(open_question, coding, units).columns[0]
    assert (column.counts, column.base, column.missing) == ((5, 0), 7, (("not_coded", 2),))


def test_a_report_may_print_some_classes_only(yes_no: Callable[..., Made]) -> None:
    table = tabulate(*yes_no(A={"ja": 3, "nej": 7}), only=["ja"])
    assert [row.value for row in table.rows] == ["ja"]
    assert (table.columns[0].counts, table.columns[0].base) == ((3,), 10)


def test_a_counted_class_that_the_instrument_lacks_is_a_program_error() -> None:
    counts, units = rows("KVAL-03", {"A": {"kanske": 1}})
    with pytest.raises(ValueError, match="kanske"):
        tabulate(question(), counts, units)


def test_a_printed_table_has_questions_as_rows_and_districts_as_columns() -> None:
    card, card_units = rows("FAM20-11", {"HL": {"ja": 6, "nej": 9}, "Farsta": {"ja": 5, "nej": 10}})
    teeth, _ = rows("FAM20-14", {"HL": {"ja": 5, "nej": 10}, "Farsta": {"ja": 2, "nej": 13}})
    asked = [(question("FAM20-11"), "ja"), (question("FAM20-14"), "ja")]
    table = tabulate_rows("Hälsa", asked, [*card, *teeth], card_units)
    assert [(c.label, c.base, c.counts) for c in table.columns] == [
        ("HL", 15, (6, 5)),
        ("Farsta", 15, (5, 2)),
    ]
    assert table.total is not None
    assert (table.total.base, table.total.counts) == (30, (11, 7))


def test_a_subpopulation_has_its_own_n() -> None:
    tally = {"HV": {"ja": 1, "nej": 6, "missing:off_route": 13}, "Sk": {"nej": 2, "missing:off_route": 18}}
    counts, units = rows("TILL20-17", tally)
    table = tabulate_rows("Barnperspektiv", [(question("TILL20-17"), "ja")], counts, units, base=ROUTE)
    assert [(column.base, column.sent) for column in table.columns] == [(7, 20), (2, 20)]


def test_texts_come_in_the_language_asked_for(yes_no: Callable[..., Made]) -> None:
    made = yes_no(A={"ja": 10})
    assert tabulate(*made, language="en").base_label == "those who answered the question"
    assert tabulate(*made, base_label="alla").base_label == "alla"
    assert UnitColumn(1, "A", 10, 10) == made[2][0]
