"""Noticing that somebody has written to the database, so that nothing is computed anew without need."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine, text

from models.database import reading

SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")
"""Which transactions are done: nothing can become visible without this changing, and readers do not count."""


def watch(engine: Engine) -> Callable[[], str]:
    """Return what tells the database's version: a text that changes when another connection has committed.

    It may change for other reasons too. It may be called from any thread.
    """
    return _File(engine).version if engine.dialect.name == "sqlite" else partial(_snapshot, engine)


class _File:
    """An SQLite file: one connection of its own notices that another one has written."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._turn = threading.Lock()

    def version(self) -> str:
        with self._turn:
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone() or (0,)
            return str(version)


def _snapshot(engine: Engine) -> str:
    with reading(engine) as session:
        return str(session.connection().execute(SNAPSHOT).scalar_one())
