"""Laying the results of a unit out anew, so that nothing about where they lie tells when they came.

A database keeps more than its rows say: SQLite where on its page a row was put, PostgreSQL which transaction
wrote it (``xmin``) and where (``ctid``). Whoever holds all of it could lay the order of the results beside
the order in which people sent. Rows written anew together, in the order of their keys, have one moment and no
order but that of the keys, which are random.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select

from models import tables
from models.passage_tables import StopCount

_all = tables.Wave.metadata.tables
_result, _text, _count = _all["result"], _all["textresult"], _all["count"]
_stop = _all[str(StopCount.__tablename__)]

AROUND = 200
"""So many interviews on either side of the one just sent are mixed with it: all of any group of staff."""

_of_unit = select(_result.c.key).where(_result.c.reporting_unit_id == bindparam("unit"))
_keys = _of_unit.distinct().limit(AROUND)
_NEXT = _keys.where(_result.c.key >= bindparam("new")).order_by(_result.c.key)
_LAST = _keys.where(_result.c.key < bindparam("new")).order_by(_result.c.key.desc())


def mix_around(connection: Connection, unit: int, new: str) -> None:
    """Write the counts of a reporting unit anew, and its results around those just stored. Does not commit.

    ``new`` is their key. In a unit with more than twice ``AROUND`` interviews those with the nearest keys are
    taken: keys are random, so these are any interviews.
    """
    place = {"unit": unit, "new": new}
    keys = [key for near in (_LAST, _NEXT) for key in connection.execute(near, place).scalars()]
    for table in (_result, _text):
        _write_anew(connection, table, and_(table.c.reporting_unit_id == unit, table.c.key.in_(keys)))
    for table in (_count, _stop):
        _write_anew(connection, table, table.c.reporting_unit_id == unit)


def mix_unit(connection: Connection, unit: int) -> None:
    """Write all results and counts of a reporting unit anew. Does not commit."""
    for table in (_result, _text, _count, _stop):
        _write_anew(connection, table, table.c.reporting_unit_id == unit)


def _write_anew(connection: Connection, table: Table, chosen: ColumnElement[bool]) -> None:
    """Take rows out and put them back in the order of their primary key."""
    in_order = select(table).where(chosen).order_by(*table.primary_key)
    rows = [dict(row) for row in connection.execute(in_order).mappings()]
    if rows:
        connection.execute(delete(table).where(chosen))
        connection.execute(insert(table), rows)
