"""The database of the settings: read here, written only through the use cases of fieldwork."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from fieldwork.settings import read_settings
from models.changes import watch
from models.database import migrate, open_database, reading, writing

T = TypeVar("T")


class State(NamedTuple):
    """Where the data are and which version they have: the key of everything that is kept."""

    url: str
    version: str


class _Database:
    """The engine, and what notices when somebody has written."""

    def __init__(self, url: str) -> None:
        migrate(url)
        self.engine: Engine = open_database(url)
        self.version: Callable[[], str] = watch(self.engine)


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
