"""Storing made-up invitations and interviews, by the same door to the results as real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from fieldwork.passages import count_door
from fieldwork.results import store
from models.tables import Interview, Invitation, Subject
from questionnaires.definition import Form
from questionnaires.engine import next_question


@dataclass(frozen=True, slots=True)
class Place:
    """Where made-up interviews belong: the wave with its form, and one of its reporting units."""

    wave_id: int
    form_id: int
    form: Form
    unit_id: int


def made_up(*parts: object) -> str:
    """Return 64 hexadecimal digits that look random and are the same on every machine."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def add_invitation(session: Session, place: Place, subject: Subject, part: str = "respondent") -> Invitation:
    """Add the place of a stored subject in the wave."""
    invitation = Invitation(
        wave_id=place.wave_id, subject_id=subject.id or 0, reporting_unit_id=place.unit_id, part=part
    )
    session.add(invitation)
    session.flush()
    return invitation


def add_sent(  # noqa: PLR0913 - who, what, when and under which key are different things
    session: Session,
    place: Place,
    invitation: Invitation,
    answers: Mapping[str, str | None],
    *,
    at: datetime,
    key: str,
    begun_at: datetime | None = None,
    partial: bool = False,
    tied: bool = True,
    door: str = "",
) -> None:
    """Store an interview that was sent in ``at``: its results and counts, no draft. Does not commit.

    ``tied`` keeps the key of its results with it, as in waves that are open or about files. ``door`` counts
    it among those sent through it.
    """
    shown = next_question(place.form, answers) if partial else None
    invitation.begun_at, invitation.finished_at = begun_at or at, at
    session.add(
        Interview(
            id=made_up("interview", key)[:32],
            invitation_id=invitation.id,
            wave_id=place.wave_id,
            form_id=place.form_id,
            reporting_unit_id=place.unit_id,
            role=invitation.role,
            sent_at=at,
            partial=partial,
            last_shown=shown.name if shown else "",
            result_key=key if tied else None,
        )
    )
    session.flush()
    sent: dict[str, Any] = {"form": place.form, "answers": answers, "partial": partial}
    store(
        session,
        wave=place.wave_id,
        reporting_unit_id=place.unit_id,
        key=key,
        role=invitation.role,
        **sent,
    )
    if door:
        count_door(session, reporting_unit_id=place.unit_id, door=door, **sent)
