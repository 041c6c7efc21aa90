"""Two rounds of a question side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from analysis.disclosure import Policy, SafeTable, disclose
from analysis.rounds import Round, side_by_side, tabulate_rounds
from analysis.tables import Mark, Provenance
from questionnaires.definition import Question

from .conftest import Units, choice, question, rows

STEPS = ("bra", "mindre_bra", "daligt")
ASKED = question("KVAL-05", names=STEPS)
BEFORE = {"A": {"bra": 6, "mindre_bra": 3, "daligt": 1}, "B": {"bra": 4, "mindre_bra": 4, "daligt": 4}}
AFTER = {"A": {"bra": 3, "mindre_bra": 3, "daligt": 5}, "B och C": {"bra": 8, "mindre_bra": 8, "daligt": 9}}


def asked(label: str, units: Units, of: Question = ASKED) -> Round:
    counts, columns = rows(of.name, units)
    return Round(label, of, counts, columns, Provenance(label, (Mark.EXAMPLE,)))


def beside(units: Mapping[str, Mapping[str, str]], *rounds: Round) -> SafeTable:
    made = tabulate_rounds(rounds)
    safe = {each.label: disclose(table, Policy("group")) for each, table in zip(rounds, made, strict=True)}
    return side_by_side(safe, units)


def test_each_unit_that_may_be_compared_has_its_rounds_side_by_side_and_each_round_its_total() -> None:
    table = beside({"A": {"2012": "A", "2014": "A"}}, asked("2012", BEFORE), asked("2014", AFTER))
    shown = [(column.label, column.n, [cell.count for cell in column.cells]) for column in table.columns]
    assert shown == [
        ("A 2012", 10, [6, 3, 1]),
        ("A 2014", 11, [3, 3, 5]),
        ("Totalt 2012", 22, [10, 7, 5]),
        ("Totalt 2014", 36, [11, 11, 14]),
    ]
    assert table.total is None
    assert (table.provenance.source, table.provenance.marks) == ("2012; 2014", (Mark.EXAMPLE,))


def test_a_unit_with_another_name_is_found_by_it() -> None:
    units = {"B": {"2012": "B", "2014": "B och C"}}
    table = beside(units, asked("2012", BEFORE), asked("2014", AFTER))
    assert [column.label for column in table.columns][:2] == ["B 2012", "B 2014"]


def test_a_round_that_is_too_small_stays_hidden_beside_the_other() -> None:
    small = {"A": {"bra": 2, "mindre_bra": 1, "daligt": 1}, "B": BEFORE["B"]}
    table = beside({"A": {"2012": "A", "2014": "A"}}, asked("2012", small), asked("2014", AFTER))
    first, second, *_ = table.columns
    assert {cell.text for cell in first.cells} == {".."}
    assert second.cells[0].count == 3


def test_editions_are_laid_together_in_the_classes_of_the_printed_one() -> None:
    options = [
        choice("alltid", printed="bra"),
        choice("oftast", printed="bra"),
        choice("mindre_bra"),
        choice("daligt"),
    ]
    short = Question("KVAL-05", "select_one", ASKED.label, choices=tuple(options))
    newer = {"A": {"alltid": 2, "oftast": 4, "mindre_bra": 3, "daligt": 3}}
    table = beside({"A": {"x": "A", "y": "A"}}, asked("x", BEFORE), asked("y", newer, short))
    assert [row.label for row in table.rows] == ["Bra", "Mindre bra", "Daligt"]
    assert [cell.count for cell in table.columns[1].cells] == [6, 3, 3]


def test_years_that_one_round_lacks_are_none_in_the_units_it_shows() -> None:
    started = question("KOMP-06", "integer", (), year=True)
    table = beside(
        {"A": {"x": "A", "y": "A"}},
        asked("x", {"A": {"2010": 6, "2011": 7}}, started),
        asked("y", {"A": {"2011": 5, "2012": 9}}, started),
    )
    assert [row.value for row in table.rows] == ["2010", "2011", "2012"]
    assert [[cell.count for cell in column.cells] for column in table.columns[:2]] == [[6, 7, 0], [0, 5, 9]]


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, name="KVAL-06"),
        replace(ASKED, type="select_multiple"),
        question("KVAL-05", "integer", ()),
        question("KVAL-05", names=("bra", "daligt")),
    ],
)
def test_rounds_that_asked_different_things_are_refused(other: Question) -> None:
    counts = {"A": {"bra": 5, "daligt": 5}} if other.choices else {"A": {"3": 5}}
    with pytest.raises(ValueError, match="cannot be"):
        tabulate_rounds([asked("2012", BEFORE), asked("2014", counts, other)])
