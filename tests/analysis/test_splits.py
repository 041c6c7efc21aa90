"""A question by the background of those who answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.splits import UNTOLD, PartName, SplitTable, part_names, sizes_of, tabulate_split
from analysis.tables import ANSWERED, ROUTE, SENT, Base, tabulate
from models.queries import CountRow
from questionnaires.definition import Question

from .conftest import Units, choice, question, rows

SEX = (PartName("kvinna", "Kvinna"), PartName("man", "Man"))


def split(
    whole: Units, women: Units, men: Units, asked: Question | None = None, base: Base = ANSWERED
) -> SplitTable:
    """``whole`` by unit, and of the same units the women and the men."""
    asked = asked or question()
    counts, units = rows(asked.name, whole)
    parts: list[CountRow] = []
    for value, tally in (("kvinna", women), ("man", men)):
        parts += [row._replace(part=value) for row in rows(asked.name, tally)[0]]
    table = tabulate(asked, counts, units, base=base)
    sizes = sizes_of(parts, asked.name)
    return tabulate_split(table, asked, parts, units, split="sex", parts=SEX, sizes=sizes, base=base)


TWO = split(
    {"A": {"ja": 8, "nej": 4, "missing:skipped": 1}, "B": {"ja": 6, "nej": 2}},
    {"A": {"ja": 5, "nej": 2, "missing:skipped": 1}, "B": {"ja": 4, "nej": 2}},
    {"A": {"ja": 3, "nej": 1}, "B": {"ja": 2, "nej": 0}},
)


def test_the_parts_of_a_split_are_the_columns() -> None:
    table = TWO.over(["A", "B"])
    assert [(column.label, column.counts, column.base) for column in table.columns] == [
        ("Kvinna", (9, 4), 13),
        ("Man", (5, 1), 6),
        ("kön inte uppgett", (0, 1), 1),
    ]
    assert table.total is not None
    assert (table.total.label, table.total.counts, table.total.sent) == ("Totalt", (14, 6), 21)


def test_the_parts_add_up_to_the_whole_in_every_unit() -> None:
    for place, column in enumerate(TWO.whole.columns):
        first, *others = (part.columns[place] for part in TWO.parts)
        together = sum(others, start=first)
        assert (together.counts, together.sent, together.base) == (column.counts, column.sent, column.base)
        assert dict(together.missing) == dict(column.missing)


def test_a_split_covers_the_units_it_is_told_to_cover() -> None:
    table = TWO.over(["B"])
    assert [column.sent for column in table.columns] == [6, 2, 0]
    assert table.total is not None
    assert table.total.counts == (6, 2)


def test_a_split_of_no_unit_has_no_column() -> None:
    table = TWO.over([])
    assert (table.columns, table.total) == ((), None)


@pytest.mark.parametrize(("base", "n"), [(SENT, 9), (ROUTE, 7), (ANSWERED, 6)])
def test_every_part_has_its_own_base(base: Base, n: int) -> None:
    women = {"A": {"ja": 4, "nej": 2, "missing:skipped": 1, "missing:off_route": 2}}
    made = split(
        {"A": {"ja": 9, "nej": 4, "missing:skipped": 1, "missing:off_route": 3}}, women, {}, base=base
    )
    (column,) = made.parts[0].columns
    assert (column.base, column.sent, column.missing) == (n, 9, (("skipped", 1), ("off_route", 2)))


def test_numbers_codes_and_several_answers_are_split_along_the_rows_of_the_whole() -> None:
    numbers = split({"A": {"2": 3, "10": 1}}, {"A": {"2": 3}}, {"A": {"10": 1}}, question("X", "integer", ()))
    assert [part.columns[0].counts for part in numbers.parts] == [(3, 0), (0, 1), (0, 0)]
    several = question("Y", "select_multiple", ("ib", "fia"))
    women = {"A": {"ib": 4, "fia": 2, "answered": 5}}
    made = split({"A": {"ib": 6, "fia": 4, "answered": 7}}, women, {}, several)
    assert [part.columns[0].counts for part in made.parts] == [(4, 2), (0, 0), (2, 2)]


def test_parts_that_hold_more_than_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match=r"A: the parts hold 1 more"):
        split({"A": {"ja": 3}}, {"A": {"ja": 4}}, {})


def test_the_rest_is_of_those_who_did_not_say() -> None:
    assert (TWO.parts[-1].value, [column.sent for column in TWO.parts[-1].columns]) == (UNTOLD, [1, 0])


def test_parts_are_the_options_of_the_item_that_tells_them_or_else_the_roles_counted() -> None:
    told = question("KOMP-01", names=("kvinna", "man"))
    declined = replace(told, choices=(*told.choices, choice("vill_inte", missing="declined")))
    assert part_names(declined, [], "sv") == SEX
    counts = [
        CountRow(1, "KVAL-03", "answered", "", 5, role) for role in ("utredare", "samordnare", "utredare")
    ]
    assert [name.label for name in part_names(None, counts, "sv")] == ["Samordnare", "Utredare"]
