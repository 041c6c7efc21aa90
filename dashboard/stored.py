"""The database of the settings: read here, written only through the use cases of fieldwork."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from fieldwork.settings import read_settings
from models.database import migrate, open_database, reading, writing

T = TypeVar("T")

FRESH = 2.0
"""Seconds that an answer is kept where the database cannot say whether it has changed."""


class State(NamedTuple):
    """Where the data are and which version they have: the key of everything that is kept."""

    url: str
    version: int


class _Database:
    """The engine, and one connection of its own that notices when another one has written."""

    def __init__(self, url: str) -> None:
        migrate(url)
        self.engine: Engine = open_database(url)
        self._watch = self.engine.raw_connection()
        self._turn = threading.Lock()

    def version(self) -> int:
        """Return a number that changes whenever another connection has committed."""
        if self.engine.dialect.name != "sqlite":
            return int(time.monotonic() / FRESH)
        with self._turn:
            cursor = self._watch.cursor()
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone() or (0,)
            return int(version)


@st.cache_resource(show_spinner=False)
def _database(url: str) -> _Database:
    return _Database(url)


def present() -> State:
    """Return the present state of the database of the settings."""
    url = read_settings().database_url
    return State(url, _database(url).version())


def read(url: str) -> Session:
    """Return a session that only reads the database at this address."""
    return reading(_database(url).engine)


def write(work: Callable[[Session], T]) -> T:
    """Run a use case on a writing session; it commits, and refuses by what it raises."""
    with writing(_database(read_settings().database_url).engine) as session:
        return work(session)
