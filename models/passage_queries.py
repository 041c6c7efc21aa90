"""Statements about how interviews went: where they stopped, and through which door they came."""

from __future__ import annotations

from sqlalchemy import bindparam, case, func, or_, select, text, update

from models import tables
from models.passage_tables import DoorCount, StopCount

_table = tables.Wave.metadata.tables
_interview, _unit = _table["interview"], _table["reportingunit"]
_stop, _door = _table[str(StopCount.__tablename__)], _table[str(DoorCount.__tablename__)]

_is_open = _interview.c.sent_at.is_(None)
_ending = case((_is_open, "open"), else_="early")

# Of a draft nothing but the last question shown; a deleted one shows none.
STOPS = (
    select(_interview.c.reporting_unit_id, _interview.c.last_shown, _ending.label("ending"), func.count())
    .where(
        _interview.c.wave_id == bindparam("wave"),
        _interview.c.last_shown != "",
        or_(_is_open, _interview.c.partial),
    )
    .group_by(_interview.c.reporting_unit_id, _interview.c.last_shown, _ending)
)

KEPT_STOPS = (
    select(_stop.c.reporting_unit_id, _stop.c.item, _stop.c.ending, _stop.c.n)
    .join(_unit, _unit.c.id == _stop.c.reporting_unit_id)
    .where(_unit.c.wave_id == bindparam("wave"))
)

FORGET_LAST_SHOWN = update(_interview).where(_interview.c.wave_id == bindparam("wave")).values(last_shown="")

ANSWERS = select(_unit.c.id, _unit.c.answers).where(_unit.c.wave_id == bindparam("wave"))

COUNT_STOP = text(
    "INSERT INTO stopcount (reporting_unit_id, item, ending, n) VALUES (:unit, :item, :ending, 1) "
    "ON CONFLICT (reporting_unit_id, item, ending) DO UPDATE SET n = stopcount.n + 1"
)

FORGET_DOORS = _door.delete().where(
    _door.c.reporting_unit_id.in_(select(_unit.c.id).where(_unit.c.wave_id == bindparam("wave")))
)

DOORS = (
    select(
        _door.c.door,
        *(func.sum(_door.c[name]).label(name) for name in ("sent", "early", "asked", "answered")),
    )
    .join(_unit, _unit.c.id == _door.c.reporting_unit_id)
    .where(_unit.c.wave_id == bindparam("wave"))
    .group_by(_door.c.door)
    .order_by(_door.c.door)
)

# One wording of an upsert that SQLite and PostgreSQL both understand.
COUNT_DOOR = text(
    "INSERT INTO doorcount (reporting_unit_id, door, sent, early, asked, answered) "
    "VALUES (:unit, :door, 1, :early, :asked, :answered) "
    "ON CONFLICT (reporting_unit_id, door) DO UPDATE SET sent = doorcount.sent + 1, "
    "early = doorcount.early + :early, asked = doorcount.asked + :asked, "
    "answered = doorcount.answered + :answered"
)
