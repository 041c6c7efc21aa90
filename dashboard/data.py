"""The only cached reads. Small aggregates are kept for as long as nobody has written to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import streamlit as st
from sqlmodel import col, select

from analysis.released import Release, read_back
from dashboard.access import viewer
from dashboard.stored import State, present, read
from fieldwork import coding, desk, dispositions, releases, results, sample_letters
from fieldwork import drafts as planning
from fieldwork.dispositions import Participation
from fieldwork.drafts import Draft, StaffReport
from fieldwork.forms import form_of
from fieldwork.organisations import alphabetical
from fieldwork.plans import Plan
from fieldwork.releases import Released
from fieldwork.results import Counts
from fieldwork.rights import Role, Viewer
from fieldwork.sample_letters import Trial
from fieldwork.settings import read_settings
from fieldwork.unreached import Unreached
from models.queries import CountRow
from models.tables import (
    Organisation,
    PublishedFigure,
    ReportingUnit,
    ReportingUnitMember,
    Review,
    Wave,
)
from questionnaires.definition import Form
from questionnaires.errors import Problem

KEPT = 256
"""How many answers of each kind are kept."""


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
    pilot: bool
    started: bool
    paused: bool
    informed_on: date | None
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

    @property
    def state(self) -> str:
        """Where its sendout stands: waiting, running, paused or closed."""
        if self.closed:
            return "closed"
        return "waiting" if not self.started else "paused" if self.paused else "running"

    def may_hand_out(self, today: date) -> bool:
        """Say whether personal links may be handed out: the staff have been informed, and it is not over."""
        informed = self.informed_on is not None and self.informed_on <= today
        return informed and today <= self.closes and not self.closed


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


def every_wave() -> tuple[WaveInfo, ...]:
    """Return every wave: open ones first, then the newest."""
    return _waves(present())


def waves() -> tuple[WaveInfo, ...]:
    """Return the waves that may have results: every one but the pilots."""
    return tuple(wave for wave in every_wave() if not wave.pilot)


def form(wave: WaveInfo) -> Form:
    """Return what the wave asks."""
    return _form(present().url, wave.form_id)


def participation(wave: WaveInfo) -> Participation:
    """Return who has answered, as counts: to a manager, as it was at the last midnight."""
    zone = read_settings().time_zone
    return _participation(present(), wave.id, viewer(), datetime.now(ZoneInfo(zone)).date(), zone)


def sees_releases_only(wave: WaveInfo) -> bool:
    """Say whether this visitor sees of the wave what has been released, and participation once a day."""
    return viewer().role is Role.MANAGER and wave.policy != "published"


def release(wave: WaveInfo) -> Release:
    """Return the newest release of the wave; raises what ``fieldwork.releases.newest`` refuses."""
    found = _newest(present(), wave.id, viewer())
    return _read_back(found.hash, found.canonical)


def counts(wave: WaveInfo, items: Sequence[str], split: str = "") -> Counts:
    """Return the counts of these items, also by a split; raises what ``fieldwork.results.counts`` refuses."""
    return _counts(present(), wave.id, tuple(items), viewer(), split)


def coded(wave: WaveInfo, item: str) -> tuple[CountRow, ...]:
    """Return how many answers to an open question got each code."""
    return _coded(present(), wave.id, item, viewer())


def figures(review_id: int) -> tuple[Figure, ...]:
    """Return what the review's report prints as words, approximations or registers."""
    return _figures(present(), review_id)


def districts(wave: WaveInfo) -> tuple[str, ...]:
    """Return the wave's reporting units in their order."""
    return _districts(present(), wave.id)


def contact_plan(wave: WaveInfo) -> Plan:
    """Return the contacts of a wave per day, made and coming."""
    with read(present().url) as session:
        return desk.contact_plan(session, viewer(), wave.id, datetime.now(UTC))


def not_reached(wave: WaveInfo) -> tuple[Unreached, ...]:
    """Return who of a wave has no address in use."""
    with read(present().url) as session:
        return desk.not_reached(session, viewer(), wave.id)


def references(wave: WaveInfo) -> tuple[str, ...]:
    """Return the references of everyone in service."""
    with read(present().url) as session:
        return desk.references(session, viewer(), wave.id)


def diary(wave: WaveInfo) -> tuple[tuple[datetime, str], ...]:
    """Return the diary of a wave, its newest line first."""
    with read(present().url) as session:
        return desk.diary(session, viewer(), wave.id)


def drafts() -> tuple[Draft, ...]:
    """Return the waves that are being planned, the last changed first."""
    with read(present().url) as session:
        return planning.drafts(session, viewer())


def staff_report(draft: Draft) -> StaffReport:
    """Return what the staff list of a plan says, read once for each list and its districts."""
    names = tuple(str(name) for name, *_ in draft.fields.get("districts", ()))
    return _staff_report(names, draft.staff_name, draft.staff)


def draft_problems(draft: Draft, report: StaffReport) -> tuple[Problem, ...]:
    """Return what keeps a plan from becoming a wave."""
    with read(present().url) as session:
        return planning.problems(session, viewer(), draft, report, datetime.now(UTC))


def trials(draft: Draft) -> tuple[Trial, ...]:
    """Return the letters on trial of a plan."""
    with read(present().url) as session:
        return sample_letters.trials(session, viewer(), draft.id)


def organisations(wave: WaveInfo) -> tuple[str, ...]:
    """Return the organisations that take part in a wave."""
    members = (
        select(Organisation.name)
        .join(ReportingUnitMember, col(ReportingUnitMember.organisation_id) == col(Organisation.id))
        .join(ReportingUnit, col(ReportingUnit.id) == col(ReportingUnitMember.reporting_unit_id))
        .where(ReportingUnit.wave_id == wave.id)
    )
    with read(present().url) as session:
        return tuple(alphabetical(session.exec(members)))


@st.cache_data(show_spinner=False, max_entries=8)
def _staff_report(names: tuple[str, ...], filename: str, content: bytes | None) -> StaffReport:
    fields = {"districts": [[name, None, None] for name in names]}
    return planning.staff_report(Draft(0, fields, filename, content))


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _waves(at: State) -> tuple[WaveInfo, ...]:
    with read(at.url) as session:
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
        pilot=wave.pilot,
        started=wave.started_at is not None,
        paused=wave.paused_at is not None,
        informed_on=wave.informed_on,
        form_id=wave.form_id,
        printed=tuple(wave.printed),
    )


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _form(url: str, form_id: int) -> Form:
    with read(url) as session:
        return form_of(session, form_id)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _participation(at: State, wave_id: int, who: Viewer, today: date, zone: str) -> Participation:
    noon = datetime.combine(today, time(12), ZoneInfo(zone))  # the state of midnight is that of the whole day
    with read(at.url) as session:
        return dispositions.participation(session, who, wave_id, zone, now=noon)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _newest(at: State, wave_id: int, who: Viewer) -> Released:
    with read(at.url) as session:
        return releases.newest(session, who, wave_id)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _read_back(known: str, _canonical: str) -> Release:
    return read_back(_canonical, known)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _counts(at: State, wave_id: int, items: tuple[str, ...], who: Viewer, split: str) -> Counts:
    with read(at.url) as session:
        return results.counts(session, who, wave_id, items, split)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _coded(at: State, wave_id: int, item: str, who: Viewer) -> tuple[CountRow, ...]:
    with read(at.url) as session:
        return coding.counts(session, who, wave_id, item)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _figures(at: State, review_id: int) -> tuple[Figure, ...]:
    chosen = select(PublishedFigure).where(PublishedFigure.review_id == review_id)
    with read(at.url) as session:
        rows = session.exec(chosen.order_by(col(PublishedFigure.id))).all()
        return tuple(Figure(**{name: getattr(row, name) for name in Figure._fields}) for row in rows)


@st.cache_data(show_spinner=False, max_entries=KEPT)
def _districts(at: State, wave_id: int) -> tuple[str, ...]:
    chosen = select(ReportingUnit.label).where(ReportingUnit.wave_id == wave_id)
    with read(at.url) as session:
        return tuple(session.exec(chosen.order_by(col(ReportingUnit.position))).all())
