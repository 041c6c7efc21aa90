"""The published reviews as closed waves: who answers what is synthetic, the margins are those in print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from fieldwork.demo.allocation import Synthetic, allocate
from fieldwork.demo.facts import facts
from fieldwork.demo.figures import figures
from fieldwork.demo.margins import PublishedUnit, PublishedWave, published_waves
from fieldwork.demo.organisations import add_organisations, organisation_ids
from fieldwork.demo.printed import printed_items
from fieldwork.demo.rows import Place, add_invitation, add_sent, made_up
from fieldwork.file_results import AGREED
from fieldwork.forms import publish_form
from models.tables import (
    Coding,
    Invitation,
    ReportingUnit,
    ReportingUnitMember,
    Review,
    Staffing,
    Subject,
    Wave,
)
from questionnaires.definition import Form
from questionnaires.loader import from_library

FOLLOW_UP = "Uppföljning av kvalitetsgranskning av ekonomiskt bistånd"
"""The review of 2014: interviews only, so it has figures but no wave."""

CODER = "publicerad"
"""Who coded the open answers of a published wave: the report itself."""


def build_published(session: Session) -> None:
    """Add the districts, the published reviews with their waves, and the figures that are no rows.

    The same rows on every run. Commits once.
    """
    add_organisations(session)
    organisations = organisation_ids(session)
    for printed in published_waves():
        _add_wave(session, printed, organisations)
    session.add(
        Review(title=FOLLOW_UP, theme="Ekonomiskt bistånd", year=2014, phase="avslutad", origin="published")
    )
    session.flush()
    session.add_all(figures(published_only(), _reviews(session)))
    session.commit()


def published_only() -> frozenset[str]:
    """Return the facts that are kept as published figures, since no table of answers shows them."""
    shown = {cell.fact for wave in published_waves() for cell in wave.cells if not cell.figure}
    fieldwork = {fact for wave in published_waves() for fact in wave.participation}
    return frozenset(facts().keys() - shown - fieldwork)


def _reviews(session: Session) -> Mapping[str, int]:
    """Return the review that each fact belongs to, where it was reviewed."""
    ids = {review.title: review.id for review in session.exec(select(Review)) if review.id is not None}
    begins = {wave.facts: wave.review for wave in published_waves()} | {"f002.": FOLLOW_UP}
    return {fact: ids[title] for fact in facts() for start, title in begins.items() if fact.startswith(start)}


def _add_wave(session: Session, printed: PublishedWave, organisations: Mapping[str, int]) -> None:
    form = Form(tuple(from_library(name) for name in printed.form))
    wave = _wave(session, printed, form)
    interviews = allocate(printed, form)
    for position, unit in enumerate(printed.units):
        row = ReportingUnit(wave_id=wave.id or 0, label=unit.label, position=position)
        session.add(row)
        session.flush()
        place = Place(wave.id or 0, wave.form_id, form, row.id or 0)
        _add_members(session, place, unit, organisations)
        sent = [interview for interview in interviews if interview.unit == unit.label]
        for number in range(1, unit.invited + 1):
            # A unit of two districts does not print how its files fall on them: they take turns.
            member = unit.members[number % len(unit.members)]
            invitation = _invite(session, place, printed, organisations[member], number)
            if number <= len(sent):
                _send(session, place, printed, invitation, sent[number - 1])
    session.flush()


def _wave(session: Session, printed: PublishedWave, form: Form) -> Wave:
    """Store the review and the wave. Only the year is printed, so the wave spans that year."""
    known = session.exec(select(Review).where(Review.title == printed.review)).first()
    review = known or Review(
        title=printed.review, theme=printed.theme, year=printed.year, phase="avslutad", origin="published"
    )
    session.add(review)
    session.flush()
    wave = Wave(
        review_id=review.id or 0,
        form_id=publish_form(session, form.parts),
        name=printed.name,
        subject=printed.subject,
        policy="published",
        opens=date(printed.year, 1, 1),
        closes=date(printed.year, 12, 31),
        closed_at=_end(printed),
        printed=printed_items(printed),
    )
    session.add(wave)
    session.flush()
    return wave


def _end(printed: PublishedWave) -> datetime:
    return datetime(printed.year, 12, 31, 12, tzinfo=UTC)


def _add_members(
    session: Session, place: Place, unit: PublishedUnit, organisations: Mapping[str, int]
) -> None:
    for member in unit.members:
        number = organisations[member]
        session.add(ReportingUnitMember(reporting_unit_id=place.unit_id, organisation_id=number))
        if unit.posts is not None:
            session.add(
                Staffing(
                    wave_id=place.wave_id, organisation_id=number, posts=unit.posts, filled=unit.filled or 0
                )
            )


def _invite(
    session: Session, place: Place, printed: PublishedWave, organisation: int, number: int
) -> Invitation:
    """Add a respondent without a name, or a file by its running number."""
    subject = Subject(
        wave_id=place.wave_id, kind=printed.subject, organisation_id=organisation, number=number
    )
    session.add(subject)
    session.flush()
    if printed.subject == "file":
        return add_invitation(session, place, subject, AGREED)
    return add_invitation(session, place, subject)


def _send(
    session: Session, place: Place, printed: PublishedWave, invitation: Invitation, sent: Synthetic
) -> None:
    """Store one synthetic interview, and how the report read its open answers."""
    key = made_up(printed.code, sent.unit, sent.number)[:32]
    tied = printed.subject == "file"
    add_sent(session, place, invitation, sent.answers, at=_end(printed), key=key, tied=tied)
    for coded in printed.codings:
        if coded.unit == sent.unit and sent.answers.get(coded.item):
            session.add(
                Coding(
                    key=key,
                    item=coded.item,
                    code=coded.code,
                    coder=CODER,
                    wave_id=place.wave_id,
                    reporting_unit_id=place.unit_id,
                    at=_end(printed),
                )
            )
