"""How many answers a second are received and on the disk, beside raw SQLite commits in the same run."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine
from sqlmodel import Session

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.forms import publish_form
from fieldwork.messages import Action, Door, Incoming, Stage
from models.database import PRAGMAS, migrate, open_database, writing
from models.tables import Interview, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Form
from questionnaires.loader import form
from questionnaires.prompts import Prompt, Widget

RUNS = 5
COMMITS = 3_000
RESPONDENTS = 20
GOAL = 0.1  # of the raw commits
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
ANSWER = (
    "INSERT INTO answer (interview_id, item, value, door, device, at) "
    "VALUES (?, ?, 'ja', 'web', 'telefon', '2026-10-05 09:00:00.000000')"
)
TYPED = {"integer": "40", "decimal": "3,5", "date": "2012-03-01", "month": "2012-03", "": "Att få vara med."}


def open_wave(url: str, asked: Form, respondents: int) -> Engine:
    """Make a database with one open wave and so many invitations."""
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        session.add(Review(id=1, title="Mätning", year=2026))
        form_id = publish_form(session, asked.parts)
        days = {"opens": date(2026, 10, 1), "closes": date(2026, 10, 30)}
        told = {"sv": {"purpose": "Vi mäter.", "readers": "Vi läser."}}
        session.add(Wave(id=1, review_id=1, form_id=form_id, name="Mätning", information=told, **days))
        session.flush()
        session.add(ReportingUnit(id=1, wave_id=1, label="Bromma", position=1))
        session.add_all(Person(id=number, reference=str(number)) for number in range(1, respondents + 1))
        session.flush()
        for number in range(1, respondents + 1):
            session.add(Subject(id=number, wave_id=1, kind="person", person_id=number))
            session.flush()
            session.add(Invitation(id=number, wave_id=1, subject_id=number, reporting_unit_id=1))
        session.commit()
    return engine


def chosen(prompt: Prompt) -> tuple[str, ...]:
    """Return some answer to the question asked."""
    if prompt.options:
        return (prompt.options[0].value,)
    return ("ok",) if prompt.widget is Widget.NOTE else (TYPED[prompt.format],)


def answering(session: Session, respondents: int) -> Iterator[None]:
    """Let each respondent begin, answer to the end and send, one message and one commit a step."""
    ids = (f"id-{number}" for number in itertools.count())
    for invitation in range(1, respondents + 1):
        talk: Conversation | None = None
        action, item, values = Action.BEGIN, "", ()
        while talk is None or talk.stage is not Stage.SENT:
            revision = talk.revision if talk else None
            message = Incoming(
                invitation, Door.WEB, action, AT, item, values, revision, "telefon", fresh_id=next(ids)
            )
            talk = interviews.receive(session, message)
            yield
            if talk.prompt:
                action, item, values = Action.ANSWER, talk.prompt.item, chosen(talk.prompt)
            else:
                action, item, values = Action.SEND, "", ()


def receive_per_second(engine: Engine, respondents: int) -> float:
    """Return the messages received, stored and committed a second, by one writer as in the bot."""
    with writing(engine) as session:
        begun = time.perf_counter()
        messages = sum(1 for _ in answering(session, respondents))
        return messages / (time.perf_counter() - begun)


def raw_per_second(path: Path, asked: Form) -> float:
    """Return the commits a second of the sqlite3 module alone: one answer each, same table and settings."""
    engine = open_wave(f"sqlite:///{path}", asked, RESPONDENTS)
    with writing(engine) as session:
        for number in range(RESPONDENTS):
            ids = {"wave_id": 1, "form_id": 1, "reporting_unit_id": 1, "invitation_id": number + 1}
            session.add(Interview(id=f"id-{number}", **ids))
        session.commit()
    engine.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    begun = time.perf_counter()
    for number in range(COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(ANSWER, (f"id-{number % RESPONDENTS}", f"KVAL-{number}"))
        connection.execute("COMMIT")
    taken = time.perf_counter() - begun
    connection.close()
    return COMMITS / taken


def measure(folder: Path) -> tuple[float, float]:
    """Return the medians of both, per second, taken in turn on the same disk."""
    asked = form("komp.kort", "kval.kort")
    ours, raw = [], []
    for number in range(RUNS):
        raw.append(raw_per_second(folder / f"raw{number}.db", asked))
        engine = open_wave(f"sqlite:///{folder / f'granska{number}.db'}", asked, RESPONDENTS)
        ours.append(receive_per_second(engine, RESPONDENTS))
        engine.dispose()
    return median(ours), median(raw)


def run() -> None:
    """Print both medians and their ratio beside the goal."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        ours, raw = measure(Path(folder))
    print(
        f"receive to durable commit, KOMP + KVAL: {ours:,.0f} a second; raw SQLite commits of an answer: "
        f"{raw:,.0f} a second; ratio {ours / raw:.2f} (medians of {RUNS} runs in turn; goal at least {GOAL})"
    )


if __name__ == "__main__":
    run()
