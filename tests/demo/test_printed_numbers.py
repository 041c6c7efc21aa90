"""Every published number about a survey or a file review comes out of the stored rows as it was printed.

The numbers are read into a ``Table`` before disclosure control, with the base that the fact itself has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from sqlmodel import Session, col, func, select

from analysis.tables import Base, Column, Row, Table, UnitColumn, share, tabulate, tabulate_rows
from fieldwork import dispositions
from fieldwork.demo.facts import Fact, facts, inconsistencies
from fieldwork.demo.margins import SENT, Cell, Coded, PublishedWave, published_waves
from fieldwork.forms import form_of
from fieldwork.rights import Viewer
from models import queries
from models.queries import CountRow
from models.tables import Coding, Review, Wave

CELLS = [(wave, cell) for wave in published_waves() for cell in wave.cells]
CODED = [coded for wave in published_waves() for coded in wave.codings]
PARTICIPATION = [(wave, fact) for wave in published_waves() for fact in wave.participation]
TABLES = [fact for fact in facts().values() if fact.countable and fact.table]

CANNOT_BE_REPRODUCED: dict[str, str] = {}
"""Facts with a count and a base that no answers can give, and the inconsistency that explains each."""

BASE_UNCLEAR = {"f000.rev.al.uppf_journal": "i08"}
"""Counts without a base in print, so that no table can hold them."""


def stored(session: Session, printed: PublishedWave) -> Wave:
    query = select(Wave).join(Review, col(Review.id) == col(Wave.review_id))
    return session.exec(query.where(Review.title == printed.review, Wave.name == printed.name)).one()


def counted(session: Session, wave: Wave, items: Iterable[str]) -> list[CountRow]:
    rows = session.connection().execute(queries.COUNTS, {"wave": wave.id, "items": list(items)})
    return [CountRow(row.reporting_unit_id, row.item, row.kind, row.value, row.n) for row in rows]


def units_of(session: Session, wave: Wave) -> list[UnitColumn]:
    rows = session.connection().execute(queries.UNITS, {"wave": wave.id})
    return [UnitColumn(row.id, row.label, row.invited, row.answers) for row in rows]


def table_of(session: Session, printed: PublishedWave, cell: Cell) -> Table:
    wave = stored(session, printed)
    question = form_of(session, wave.form_id).by_name[cell.item]
    base = Base("sent") if cell.base == SENT else Base("route", cell.base)
    rows = counted(session, wave, {cell.item, cell.base} - {SENT})
    parts = cell.options if question.type != "month" else tuple({month[:4] for month in cell.options})
    derived = [Row("asked", "asked", parts)]
    return tabulate(question, rows, units_of(session, wave), base=base, derived=derived)


def column_of(table: Table, cell: Cell) -> Column:
    if len(cell.units) == 1:
        return table.column(cell.units[0])
    assert table.total is not None
    return table.total


def named(cell: Cell) -> str:
    return f"{cell.fact}:{cell.item}:{'+'.join(cell.options)}:{'+'.join(cell.units)}"


@pytest.mark.parametrize(("printed", "cell"), CELLS, ids=[named(cell) for _, cell in CELLS])
def test_a_printed_count_has_its_own_base(session: Session, printed: PublishedWave, cell: Cell) -> None:
    table = table_of(session, printed, cell)
    column = column_of(table, cell)
    assert (column.counts[-1], column.base) == (cell.count, cell.n)


@pytest.mark.parametrize(
    ("printed", "cell"),
    [(printed, cell) for printed, cell in CELLS if cell.percent is not None],
    ids=[named(cell) for _, cell in CELLS if cell.percent is not None],
)
def test_a_printed_percentage_is_the_rounded_share(
    session: Session, printed: PublishedWave, cell: Cell
) -> None:
    column = column_of(table_of(session, printed, cell), cell)
    assert share(column.counts[-1], column.base) == cell.percent


@pytest.mark.parametrize(
    ("printed", "cell", "percent"),
    [
        (printed, cell, int(found[1]))
        for printed, cell in CELLS
        if (found := re.fullmatch(r"(\d+) (%|procent)", facts()[cell.fact].percent))
    ],
    ids=lambda value: value.fact if isinstance(value, Cell) else "",
)
def test_a_percentage_in_the_text_is_the_rounded_share(
    session: Session, printed: PublishedWave, cell: Cell, percent: int
) -> None:
    column = column_of(table_of(session, printed, cell), cell)
    assert share(column.counts[-1], column.base) == percent


@pytest.mark.parametrize("fact", TABLES, ids=[fact.id for fact in TABLES])
def test_a_printed_table_of_districts_is_reproduced_cell_by_cell(session: Session, fact: Fact) -> None:
    assert fact.table is not None
    printed = next(wave for wave, cell in CELLS if cell.fact == fact.id)
    wave = stored(session, printed)
    form = form_of(session, wave.form_id)
    base = next(cell.base for _, cell in CELLS if cell.fact == fact.id)
    table = tabulate_rows(
        fact.variable,
        [(form.by_name[row.item], "ja") for row in fact.table.rows],
        counted(session, wave, [row.item for row in fact.table.rows]),
        units_of(session, wave),
        base=Base("sent") if base == SENT else Base("route", base),
    )
    assert table.total is not None
    assert tuple(column.label for column in table.columns) == fact.table.columns
    assert tuple(column.base for column in table.columns) == fact.table.column_n
    assert table.total.base == fact.table.total_n
    for place, row in enumerate(fact.table.rows):
        assert tuple(column.counts[place] for column in table.columns) == row.values
        assert table.total.counts[place] == row.total


@pytest.mark.parametrize(
    "fact_id", ["f000.svy.hl.years", "f000.svy.al.years", "f000.svy.hl.coop_int", "f000.svy.al.coop_ext"]
)
def test_a_printed_table_of_classes_has_every_class_in_its_order(session: Session, fact_id: str) -> None:
    fact = facts()[fact_id]
    printed, cell = next((wave, cell) for wave, cell in CELLS if cell.fact == fact_id)
    table = table_of(session, printed, cell)
    classes = [row.label for row in table.rows if not row.parts]
    column = table.column(fact.district)
    assert classes == [printed_class.sv for printed_class in fact.classes]
    assert list(column.counts[: len(classes)]) == [printed_class.count for printed_class in fact.classes]


def test_the_printed_start_is_stored_to_the_month(session: Session) -> None:
    wave = stored(session, published_waves()[0])
    rows = [row for row in counted(session, wave, ["KOMP-06"]) if row.kind == "option"]
    assert [(row.value, row.n) for row in rows] == [("2012-03", facts()["f000.svy.al.since"].count)]
    assert facts()["f000.svy.al.since"].value == "1 mars 2012"


@pytest.mark.parametrize("coded", CODED, ids=[coded.fact for coded in CODED])
def test_a_coded_open_answer_is_counted_with_its_base(session: Session, coded: Coded) -> None:
    wave = stored(session, published_waves()[0])
    question = form_of(session, wave.form_id).by_name[coded.item]
    chosen = select(Coding.reporting_unit_id, Coding.code, func.count())
    chosen = chosen.where(Coding.wave_id == wave.id, Coding.item == coded.item)
    codes = session.exec(chosen.group_by(col(Coding.reporting_unit_id), col(Coding.code))).all()
    rows = [CountRow(unit, coded.item, "option", code, n) for unit, code, n in codes]
    table = tabulate(question, rows, units_of(session, wave), base=Base("sent"))
    place = [row.value for row in table.rows].index(coded.code)
    column = table.column(coded.unit)
    assert (column.counts[place], column.base) == (coded.count, facts()[coded.fact].n)


@pytest.mark.parametrize(("printed", "fact_id"), PARTICIPATION, ids=[fact for _, fact in PARTICIPATION])
def test_printed_participation_follows_from_the_invitations(
    session: Session, inspector: Viewer, printed: PublishedWave, fact_id: str
) -> None:
    fact = facts()[fact_id]
    wave = stored(session, printed)
    units = dispositions.participation(session, inspector, wave.id or 0).units
    unit = next(unit for unit in units if unit.label == fact.district)
    found = {
        "sent": (unit.sent, unit.invited),
        "dropout": (unit.dropout, unit.invited),
        "staffing": (unit.filled, unit.posts),
    }
    assert found[printed.participation[fact_id]] == (fact.count, fact.n)


def test_every_printed_number_is_either_reproduced_or_explained() -> None:
    tried = (
        {cell.fact for _, cell in CELLS}
        | {coded.fact for coded in CODED}
        | {fact for _, fact in PARTICIPATION}
    )
    countable = {fact.id for fact in facts().values() if fact.countable}
    assert tried | CANNOT_BE_REPRODUCED.keys() == countable
    assert not tried & CANNOT_BE_REPRODUCED.keys()
    for fact, inconsistency in (CANNOT_BE_REPRODUCED | BASE_UNCLEAR).items():
        assert fact in inconsistencies()[inconsistency].facts


def test_the_number_of_reviewed_files_is_the_number_of_stored_protocols(session: Session) -> None:
    expected = {"f000.rev.hl.n": 30, "f000.rev.al.n": 24, "f004.fam.n": 42, "f004.til.n": 80}
    assert {fact: facts()[fact].value for fact in expected} == expected
    sent = {
        printed.code: [unit.answers for unit in units_of(session, stored(session, printed))]
        for printed in published_waves()
    }
    assert sent == {"enkat12": [10, 2], "akt12": [30, 24], "fam20": [15, 15, 12], "till20": [20] * 4}
