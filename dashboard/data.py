"""The only cached reads. Small aggregates are kept for as long as nobody has written to the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import col, select

from dashboard.access import viewer
from fieldwork import coding, dispositions, results
from fieldwork.dispositions import Participation
from fieldwork.forms import form_of
from fieldwork.results import Counts
from fieldwork.rights import Viewer
from fieldwork.settings import read_settings
from models.database import migrate, open_database, reading
from models.queries import CountRow
from models.tables import PublishedFigure, ReportingUnit, Review, Wave
from questionnaires.definition import Form

KEPT = 256
"""How many answers of each kind are kept."""

FRESH = 2.0
"""Seconds that an answer is kept where the database cannot say whether it has changed."""


@dataclass(frozen=True, slots=True)
class WaveInfo:
    """What pages need to know of a wave. ``printed`` lists the tables of a published one."""

    id: int
    review_id: int
    review: str
    year: int
    origin: str
    name: str
    subject: str
    policy: str
    promise: str
    smallest_group: int
    comment_threshold: int
    opens: date
    closes: date
    closed: bool
    form_id: int
    printed: tuple[Mapping[str, Any], ...]

    @property
    def label(self) -> str:
        """The name by which it is chosen; it also stands in the address of the page."""
        return f"{self.name} ({self.year}) – {self.review}"

    @property
    def review_label(self) -> str:
        """The name of its review."""
        return f"{self.review} ({self.year})"


class Figure(NamedTuple):
    """A printed figure or statement that is no row of answers; see ``models.tables.PublishedFigure``."""

    source: str
    district: str
    method: str
    variable: str
    variable_en: str
    item: str
    base: int | None
    value: str
    unit: str
    approximate: bool
    missing: bool


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


class State(NamedTuple):
    """Where the data are and which version they have: the key of everything that is kept."""

    url: str
    version: int


def _open() -> State:
    """Return the present state of the database of the settings."""
    url = read_settings().database_url
    return State(url, _database(url).version())


def waves() -> tuple[WaveInfo, ...]:
    """Return every wave: open ones first, then the newest."""
    return _waves(_open())


def form(wave: WaveInfo) -> Form:
    """Return what the wave asks."""
    return _form(_open().url, wave.form_id)


def participation(wave: WaveInfo) -> Participation:
    """Return who has answered, as counts."""
    return _participation(_open(), wave.id, viewer())


def counts(wave: WaveInfo, items: Sequence[str]) -> Counts:
    """Return the counts of these items; raises what ``fieldwork.results.counts`` refuses."""
    return _counts(_open(), wave.id, tuple(items), viewer())


def coded(wave: WaveInfo, item: str) -> tuple[CountRow, ...]:
    """Return how many answers to an open question got each code."""
    return _coded(_open(), wave.id, item, viewer())


def figures(review_id: int) -> tuple[Figure, ...]:
    """Return what the review's report prints as words, approximations or registers."""
    return _figures(_open(), review_id)


def districts(wave: WaveInfo) -> tuple[str, ...]:
    """Return the wave's reporting units in their order."""
    return _districts(_open(), wave.id)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _waves(at: State) -> tuple[WaveInfo, ...]:
    with reading(_database(at.url).engine) as session:
        rows = session.exec(select(Wave, Review).join(Review, col(Review.id) == col(Wave.review_id))).all()
        found = [_info(wave, review) for wave, review in rows]
    return tuple(sorted(found, key=lambda wave: (wave.closed, -wave.opens.toordinal(), wave.id)))


def _info(wave: Wave, review: Review) -> WaveInfo:
    return WaveInfo(
        id=wave.id or 0,
        review_id=wave.review_id,
        review=review.title,
        year=review.year,
        origin=review.origin,
        name=wave.name,
        subject=wave.subject,
        policy=wave.policy,
        promise=wave.promise,
        smallest_group=wave.smallest_group,
        comment_threshold=wave.comment_threshold,
        opens=wave.opens,
        closes=wave.closes,
        closed=wave.closed_at is not None,
        form_id=wave.form_id,
        printed=tuple(wave.printed),
    )


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _form(url: str, form_id: int) -> Form:
    with reading(_database(url).engine) as session:
        return form_of(session, form_id)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _participation(at: State, wave_id: int, who: Viewer) -> Participation:
    with reading(_database(at.url).engine) as session:
        return dispositions.participation(session, who, wave_id)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _counts(at: State, wave_id: int, items: tuple[str, ...], who: Viewer) -> Counts:
    with reading(_database(at.url).engine) as session:
        return results.counts(session, who, wave_id, items)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _coded(at: State, wave_id: int, item: str, who: Viewer) -> tuple[CountRow, ...]:
    with reading(_database(at.url).engine) as session:
        return coding.counts(session, who, wave_id, item)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _figures(at: State, review_id: int) -> tuple[Figure, ...]:
    chosen = select(PublishedFigure).where(PublishedFigure.review_id == review_id)
    with reading(_database(at.url).engine) as session:
        rows = session.exec(chosen.order_by(col(PublishedFigure.id))).all()
        return tuple(Figure(**{name: getattr(row, name) for name in Figure._fields}) for row in rows)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _districts(at: State, wave_id: int) -> tuple[str, ...]:
    chosen = select(ReportingUnit.label).where(ReportingUnit.wave_id == wave_id)
    with reading(_database(at.url).engine) as session:
        return tuple(session.exec(chosen.order_by(col(ReportingUnit.position))).all())
