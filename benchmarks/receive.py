"""How many answers a second are received and on the disk, beside raw SQLite commits in the same run.

A message is received when its commit is on the disk; the next question, which a door then shows, is measured
with the engine and the web chat. Raw commits are those of the sqlite3 module alone with our settings: of one
row in a table of two columns without an index, and of the row that an answer is, with its indexes and keys.
"""

from __future__ import annotations

import gc
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
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
COMMITS = 2_000
RESPONDENTS = 60
GOAL = 0.1  # of the raw commits
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
BARE = "INSERT INTO bare (value) VALUES ('ja')"
ANSWER = (
    "INSERT INTO answer (interview_id, item, revision, value, door, device, at) "
    "VALUES (?, ?, ?, 'ja', 'web', 'telefon', '2026-10-05 09:00:00.000000')"
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


def answering(session: Session, respondents: int) -> Iterator[float]:
    """Let each respondent begin, answer to the end and send; yield the seconds of each message."""
    ids = (f"id-{number}" for number in itertools.count())
    for invitation in range(1, respondents + 1):
        talk: Conversation | None = None
        action, item, values = Action.BEGIN, "", ()
        while talk is None or talk.stage is not Stage.SENT:
            revision = talk.revision if talk else None
            message = Incoming(
                invitation, Door.WEB, action, AT, item, values, revision, "telefon", fresh_id=next(ids)
            )
            begun = time.perf_counter()
            talk = interviews.receive(session, message)
            yield time.perf_counter() - begun
            if talk.prompt:
                action, item, values = Action.ANSWER, talk.prompt.item, chosen(talk.prompt)
            else:
                action, item, values = Action.SEND, "", ()


def receive_per_second(path: Path, asked: Form) -> float:
    """Return the messages received, stored and committed a second, by one writer as in the bot."""
    engine = open_wave(f"sqlite:///{path}", asked, RESPONDENTS)
    gc.freeze()  # as the bot does once it has started
    with writing(engine) as session:
        spent = list(answering(session, RESPONDENTS))
    engine.dispose()
    return len(spent) / sum(spent)


def commits_per_second(path: Path, insert: str, rows: Iterable[tuple[str | int, ...]]) -> float:
    """Return the commits a second of the sqlite3 module alone, one row each."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    begun = time.perf_counter()
    for row in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, row)
        connection.execute("COMMIT")
    taken = time.perf_counter() - begun
    connection.close()
    return COMMITS / taken


def bare_per_second(path: Path) -> float:
    """Return the raw commits a second of one row in a table without an index."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, value TEXT)")
    return commits_per_second(path, BARE, itertools.repeat((), COMMITS))


def answers_per_second(path: Path, asked: Form) -> float:
    """Return the raw commits a second of one answer each, in the table where answers are."""
    engine = open_wave(f"sqlite:///{path}", asked, RESPONDENTS)
    with writing(engine) as session:
        for number in range(RESPONDENTS):
            ids = {"wave_id": 1, "form_id": 1, "reporting_unit_id": 1, "invitation_id": number + 1}
            session.add(Interview(id=f"id-{number}", **ids))
        session.commit()
    engine.dispose()
    rows = ((f"id-{number % RESPONDENTS}", f"KVAL-{number}", number) for number in range(COMMITS))
    return commits_per_second(path, ANSWER, rows)


def measure(folder: Path) -> tuple[float, float, float]:
    """Return the medians of received messages, bare rows and answers a second, taken in turn on one disk."""
    asked = form("komp.kort", "kval.kort")
    runs = [
        (
            receive_per_second(folder / f"granska{number}.db", asked),
            bare_per_second(folder / f"bare{number}.db"),
            answers_per_second(folder / f"answers{number}.db", asked),
        )
        for number in range(RUNS)
    ]
    ours, bare, answers = (median(run) for run in zip(*runs, strict=True))
    return ours, bare, answers


def run() -> None:
    """Print the medians, and what share of the raw commits the received messages are."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        ours, bare, answers = measure(Path(folder))
    print(f"receive to durable commit, KOMP + KVAL (medians of {RUNS} runs in turn): {ours:,.0f} a second")
    for what, raw in (("of one row in a bare table", bare), ("of the row of an answer", answers)):
        print(f"  raw commits {what}: {raw:,.0f} a second; ratio {ours / raw:.2f} (goal at least {GOAL})")


if __name__ == "__main__":
    run()
