"""Counting the stored results anew, in the database: what ``tables.Count`` should hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from models import tables

_table = tables.Wave.metadata.tables
_result, _interview, _count, _unit = (
    _table[name] for name in ("result", "interview", "count", "reportingunit")
)
_told = _result.alias("told")

UNITS_OF_A_WAVE = select(_unit.c.id).where(_unit.c.wave_id == bindparam("wave"))

KEPT_COUNTS = select(
    _count.c.reporting_unit_id,
    _count.c.split,
    _count.c.item,
    _count.c.kind,
    _count.c.value,
    _count.c.part,
    _count.c.n,
).where(_count.c.reporting_unit_id.in_(UNITS_OF_A_WAVE))

SENT_INTERVIEWS = (
    select(_result.c.reporting_unit_id, func.count(_result.c.key.distinct()))
    .where(_result.c.wave_id == bindparam("wave"))
    .group_by(_result.c.reporting_unit_id)
)


def _by_kind(
    split: ColumnElement[str], part: ColumnElement[str], *belongs: ColumnElement[bool]
) -> CompoundSelect[Any]:
    """Return the counts of the three kinds, of the interviews that belong to a part."""
    unit, item = _result.c.reporting_unit_id, _result.c.item

    def counted(
        kind: str, value: ColumnElement[str], n: ColumnElement[int], rule: ColumnElement[bool]
    ) -> Select[Any]:
        columns = unit, split, item, literal(kind), value, part, n
        of_the_wave = _result.c.wave_id == bindparam("wave")
        return select(*columns).where(of_the_wave, rule, *belongs).group_by(unit, item, value, part)

    given = _result.c.missing == ""
    return union_all(
        counted("answered", literal(""), func.count(_result.c.key.distinct()), given),
        counted("option", _result.c.option, func.count(), given),
        counted("missing", _result.c.missing, func.count(), _result.c.missing != ""),
    )


EVERYBODY_ANEW = _by_kind(literal(""), literal(""))

# Whose sex or years: what the same interview says about the item that tells it.
BACKGROUND_ANEW = _by_kind(
    bindparam("split", type_=String),
    _told.c.option,
    _told.c.key == _result.c.key,
    _told.c.item == bindparam("background"),
    _told.c.missing == "",
)

# Only while an interview still knows under which key its results are.
ROLE_ANEW = _by_kind(
    literal("role"), _interview.c.role, _interview.c.result_key == _result.c.key, _interview.c.role != ""
)
