"""Counting codes of open answers in the database: no words of an answer leave it.

Each statement takes ``wave``, ``item`` and ``closed``: while a wave is open, a unit is left out unless all
its answers have been let out in a step. Those by part also take ``background``, the item that tells the part.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, bindparam, func, literal, or_, select

from models import tables

_table = tables.Wave.metadata.tables
_text, _coding, _unit = _table["textresult"], _table["coding"], _table["reportingunit"]
_told = _table["result"].alias("told")

_let_out = or_(bindparam("closed", type_=Boolean), _unit.c.answers == _unit.c.shown)
_of_the_item = and_(
    _text.c.wave_id == bindparam("wave"),
    _text.c.item == bindparam("item"),
    _text.c.reporting_unit_id == _unit.c.id,
)
_by_its_coder = and_(_coding.c.key == _text.c.key, _coding.c.item == _text.c.item)
_tells = and_(_told.c.key == _text.c.key, _told.c.item == bindparam("background"), _told.c.missing == "")


def _given(part: ColumnElement[str], *belongs: ColumnElement[bool]) -> Select[Any]:
    """Return (unit, part, number of answers)."""
    group = _text.c.reporting_unit_id, part
    return select(*group, func.count()).where(_of_the_item, _let_out, *belongs).group_by(*group)


def _coded(part: ColumnElement[str], *belongs: ColumnElement[bool]) -> Select[Any]:
    """Return (coder, unit, part, number of answers that the coder coded)."""
    group = _coding.c.coder, _text.c.reporting_unit_id, part
    number = func.count(_text.c.key.distinct())
    return select(*group, number).where(_of_the_item, _let_out, _by_its_coder, *belongs).group_by(*group)


def _codes(part: ColumnElement[str], *belongs: ColumnElement[bool]) -> Select[Any]:
    """Return (unit, part, code, number) of one ``coder``."""
    group = _text.c.reporting_unit_id, part, _coding.c.code
    rules = _of_the_item, _let_out, _by_its_coder, _coding.c.coder == bindparam("coder")
    return select(*group, func.count()).where(*rules, *belongs).group_by(*group)


GIVEN, CODED, CODES = (make(literal("")) for make in (_given, _coded, _codes))
GIVEN_BY_PART, CODED_BY_PART, CODES_BY_PART = (
    make(_told.c.option, _tells) for make in (_given, _coded, _codes)
)
