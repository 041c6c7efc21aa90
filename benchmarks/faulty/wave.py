"""The wave of the kill test: plain choices, half of the people in Telegram, half with a mail address."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from fieldwork.forms import publish_form
from fieldwork.invitations import mint_link
from models.database import migrate, open_database, writing
from models.tables import Address, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Choice, Question, Questionnaire

OPTIONS = ("ja", "nej", "vet_ej")
BOTH = {"sv": "Fråga", "en": "Question"}
TOLD = {"sv": {"purpose": "Vi mäter.", "readers": "Vi läser."}}
DAYS = 999
"""Longer than any trial: where a wave is over, nobody is contacted."""

SCHEDULE = {
    "reminders": list(range(1, 10)),
    "most": 10,
    "spacing": 1,
    "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "hours": ["07:00-20:00"],
}
"""As often as a wave may contact people at all."""


def open_wave(url: str, people: int, questions: int) -> Engine:
    """Make a database with one running wave and so many invitations; odd numbers are for Telegram."""
    migrate(url)
    engine = open_database(url)
    now = datetime.now(UTC)
    with writing(engine) as session:
        session.add(Review(id=1, title="Mätning", year=now.year))
        session.add(
            Wave(
                id=1,
                review_id=1,
                form_id=publish_form(session, (asked(questions),)),
                name="M",
                information=TOLD,
                doors=["web", "telegram"],
                contact_name="I",
                contact_mail="i@example.se",
                schedule=SCHEDULE,
                opens=now.date() - timedelta(days=1),
                closes=now.date() + timedelta(days=DAYS),
                informed_on=now.date() - timedelta(days=9),
                started_at=now - timedelta(days=1),
            )
        )
        session.flush()
        session.add(ReportingUnit(id=1, wave_id=1, label="Bromma", position=1))
        session.flush()
        for number in range(1, people + 1):
            _invite(session, number)
        session.commit()
    return engine


def asked(questions: int) -> Questionnaire:
    """Return a questionnaire of so many plain choices."""
    choices = tuple(Choice(name, {"sv": name, "en": name}) for name in OPTIONS)
    labels = {f"Q-{number:02}": f"Om Q-{number:02}" for number in range(questions)}
    return Questionnaire(
        "BENCH",
        "a",
        1,
        BOTH,
        "self",
        "generated",
        tuple(
            Question(item, "select_one", {"sv": label, "en": label}, choices=choices)
            for item, label in labels.items()
        ),
    )


def link(engine: Engine, invitation: int) -> str:
    """Return a personal link's token."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with writing(engine) as session:
        mint_link(session, invitation, token, now, now + timedelta(days=DAYS))
    return token


def mail_address(invitation: int) -> str:
    """Return the address of somebody who is reached by mail."""
    return f"p{invitation}@example.se"


def _invite(session: Session, number: int) -> None:
    session.add(Person(id=number, reference=str(number)))
    session.flush()
    session.add(Subject(id=number, wave_id=1, kind="person", person_id=number))
    if number % 2 == 0:
        session.add(Address(person_id=number, channel="mail", value=mail_address(number)))
    session.flush()
    session.add(Invitation(id=number, wave_id=1, subject_id=number, reporting_unit_id=1))
    session.flush()
