"""What PostgreSQL needs: limits to how long anything is waited for, and errors without values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, ExceptionContext

WAITS = {"connect_timeout": "5", "tcp_user_timeout": "10000", "options": "-c lock_timeout=5s"}
"""A server that is gone, a broken line, a lock held by another: after so long nothing was stored, and that is
said. The address may set them otherwise."""

STEADY = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
"""How a reading transaction is begun, as SQLite's are: it sees one moment and cannot write."""

TURN = 0x6772616E
"""The number of the lock of migrations: "gran" in ASCII."""


def open_server(address: URL) -> Engine:
    """Return an engine for a PostgreSQL address; a connection that has died is replaced before it is used."""
    address = address.set(drivername="postgresql+psycopg", query={**WAITS, **address.query})
    engine = create_engine(address, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "handle_error", _leave_out_values)
    return engine


def take_turns(connection: Connection) -> None:
    """Wait until nobody else migrates this database; the turn ends with the transaction."""
    connection.execute(select(func.pg_advisory_xact_lock(TURN)))


def _leave_out_values(context: ExceptionContext) -> None:
    """Keep the first line of an error: the lines after it quote the row that broke the rule."""
    original: Any = context.original_exception
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    if primary and context.sqlalchemy_exception:
        whole = str(original)
        context.sqlalchemy_exception.args = tuple(
            part.replace(whole, primary) if isinstance(part, str) else part
            for part in context.sqlalchemy_exception.args
        )
        original.args = (primary,)
