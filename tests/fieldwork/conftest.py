from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from office import Office, local
from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session, col, select

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.forms import publish_form
from fieldwork.messages import Action, Door, Incoming
from fieldwork.reviews import create_wave
from fieldwork.sendouts import start_wave
from models.database import open_database, reading, writing
from models.tables import Address, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Questionnaire
from questionnaires.loader import parse

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def archive(database: str) -> Iterator[Engine]:
    """An empty database, migrated."""
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def store(archive: Engine) -> Iterator[Session]:
    """A session that writes to the archive."""
    with writing(archive) as session:
        yield session


@pytest.fixture
def plan() -> str:
    """The example wave: a survey of three districts in two reporting units."""
    return (EXAMPLES / "utskick.toml").read_text(encoding="utf-8")


@pytest.fixture
def staff() -> bytes:
    """The example staff list: 24 in service, one away."""
    return (EXAMPLES / "personal.csv").read_bytes()


@pytest.fixture
def survey(archive: Engine) -> int:
    """The example wave, stored; nobody is invited yet."""
    return wave_where(archive, col(Wave.subject) == "self")


@pytest.fixture
def file_review(archive: Engine) -> int:
    """The example wave about files: 12 in Lindhagen, 8 in Norrvik."""
    return wave_where(archive, col(Wave.subject) == "file")


@pytest.fixture
def trial() -> Questionnaire:
    """Four questions: one, several (only after a yes), a number, a text; then a closing note."""
    return trial_questionnaire()


@pytest.fixture
def october(archive: Engine) -> int:
    """A wave of October 2026 in Bromma and Farsta; invitations 1 to 12 are Bromma's, 13 to 15 Farsta's."""
    return wave_where(archive, col(Wave.name) == "Hösten")


@pytest.fixture
def look(archive: Engine, october: int) -> Callable[..., Conversation]:
    """Read the conversation of invitation 1, as the telephone sees it unless told otherwise."""

    def read(
        invitation: int = 1,
        *,
        device: str = "telefon",
        unlocked: bool = False,
        at: datetime = datetime(2026, 10, 5, 9, tzinfo=UTC),
    ) -> Conversation:
        with reading(archive) as session:
            return interviews.show(session, invitation, now=at, device=device, unlocked=unlocked)

    return read


@pytest.fixture
def act(archive: Engine, look: Callable[..., Conversation]) -> Callable[..., Conversation]:
    """Do something as invitation 1 on the page last shown, from the telephone unless told otherwise."""
    ids = (f"slump-{number}" for number in itertools.count())

    def do(action: Action, *values: str, invitation: int = 1, **changed: object) -> Conversation:
        seen = look(invitation)
        given = {
            "item": seen.prompt.item if seen.prompt else "",
            "revision": seen.revision,
            "device": "telefon",
            "at": datetime(2026, 10, 5, 9, tzinfo=UTC),
            "door": Door.WEB,
            "fresh_id": next(ids),
        }
        with writing(archive) as session:
            message = Incoming(invitation=invitation, action=action, values=values, **(given | changed))
            return interviews.receive(session, message)

    return do


@pytest.fixture
def office(archive: Engine, october: int) -> Office:
    """The wave of October, started; all 15 have a mail address."""
    assert october == 1
    return Office(archive)


def wave_where(archive: Engine, holds: ColumnElement[bool]) -> int:
    with reading(archive) as session:
        return session.exec(select(col(Wave.id)).where(holds)).one() or 0


def trial_questionnaire() -> Questionnaire:
    return parse(Path(__file__).with_name("provenkat.toml").read_text(encoding="utf-8"), "provenkat.toml")


def store_example(name: str, session: Session) -> None:
    source = EXAMPLES / name
    create_wave(session, source.read_text(encoding="utf-8"), str(source))


def store_october(session: Session) -> None:
    session.add(Review(title="Ekonomiskt bistånd", year=2026))
    session.flush()
    form_id = publish_form(session, [trial_questionnaire()])
    told = {"sv": {"purpose": "Vi granskar.", "readers": "Vi läser."}, "en": {"purpose": "We review."}}
    session.add(
        Wave(
            review_id=1,
            form_id=form_id,
            name="Hösten",
            opens=date(2026, 10, 1),
            closes=date(2026, 10, 30),
            contact_name="Anna Ek",
            contact_phone="08-508 00 000",
            information=told,
        )
    )
    session.flush()
    for number, label in enumerate(("Bromma", "Farsta"), start=1):
        session.add(ReportingUnit(wave_id=1, label=label, position=number))
    session.flush()
    for number in range(1, 16):
        session.add(Person(reference=f"P{number}"))
        session.flush()
        session.add(Subject(wave_id=1, kind="person", person_id=number))
        session.flush()
        unit = 1 if number <= 12 else 2
        session.add(Invitation(wave_id=1, subject_id=number, reporting_unit_id=unit, role="utredare"))
    session.commit()


def start_october(session: Session) -> None:
    for number in range(1, 16):
        session.add(Address(person_id=number, channel="mail", value=f"p{number}@example.se"))
    wave = session.get_one(Wave, 1)
    wave.informed_on = date(2026, 9, 20)
    wave.contact_mail = "anna.ek@example.se"
    session.commit()
    start_wave(session, 1, local(2026, 9, 28, 12), "Anna")


@pytest.fixture(scope="session")
def furnishings() -> Mapping[str, Callable[[Session], None]]:
    return {
        "october": store_october,
        "office": start_october,
        "survey": partial(store_example, "utskick.toml"),
        "file_review": partial(store_example, "aktgranskning.toml"),
    }
