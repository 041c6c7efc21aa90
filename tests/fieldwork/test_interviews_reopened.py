"""Nothing of a conversation lives in memory: the database may be closed between any two messages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import forms, interviews
from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Door, Incoming, Stage
from models.database import open_database, reading, writing
from models.tables import Answer, Count, Interview, Invitation, Result, TextResult

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)

ACTIONS = [*([Action.ANSWER] * 12), *[each for each in Action if each is not Action.ANSWER]]

Send = Callable[[Incoming], Conversation]


def walk(send: Send, seed: int) -> list[Conversation]:
    """Let two respondents do 60 random things in turn, and return what they were shown."""
    chance = Random(seed)  # noqa: S311 - the same respondents on every run
    seen: dict[int, Conversation] = {}
    talks = []
    for step in range(60):
        invitation = chance.choice((1, 13))
        before = seen.get(invitation)
        prompt = before.prompt if before else None
        action = Action.BEGIN if not prompt and chance.random() < 0.5 else chance.choice(ACTIONS)
        values = ("rad",)
        if action is Action.LANGUAGE:
            values = (chance.choice(("sv", "en")),)
        elif action is Action.PAUSE:
            values = ()
        elif prompt:
            values = (prompt.options[0].value if prompt.options else str(chance.randint(0, 70)),)
        item = "PROV-01" if action is Action.CHANGE else prompt.item if prompt else ""
        revision = before.revision - (chance.random() < 0.1) if before else None
        message = Incoming(
            invitation, Door.WEB, action, AT, item, values, revision, "telefon", fresh_id=f"{seed}-{step}"
        )
        seen[invitation] = send(message)
        talks.append(seen[invitation])
    return talks


def rows(session: Session) -> list[list[str]]:
    tables = (Invitation, Interview, Answer, Result, TextResult, Count)
    return [[repr(row) for row in session.exec(select(table))] for table in tables]


@pytest.fixture
def copied(
    database_kind: str, database: str, archive: Engine, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Something that copies the database as it is, and returns the address of the copy."""
    with ExitStack() as lent:

        def copy() -> str:
            archive.dispose()  # what is in use is no template
            if database_kind == "postgresql":
                server = request.getfixturevalue("postgres")
                return str(lent.enter_context(server.database(database.rpartition("/")[2])))
            target = tmp_path / f"{uuid4()}.db"
            with closing(sqlite3.connect(tmp_path / "granska.db")) as source:
                source.execute("VACUUM INTO ?", (str(target),))
            return f"sqlite:///{target}"

        yield copy


@pytest.mark.parametrize("seed", range(4))
def test_closing_and_reopening_between_any_two_messages_changes_nothing(
    copied: Callable[[], str], october: int, seed: int
) -> None:
    copies = [copied(), copied()]
    steady = open_database(copies[0])

    def stay(message: Incoming) -> Conversation:
        with writing(steady) as session:
            return interviews.receive(session, message)

    def reopen(message: Incoming) -> Conversation:
        forms._published.clear()  # noqa: SLF001 - what a new process does not have
        engine = open_database(copies[1])
        with writing(engine) as session:
            talk = interviews.receive(session, message)
        engine.dispose()
        return talk

    talks = walk(stay, seed)
    assert walk(reopen, seed) == talks
    assert Stage.QUESTION in {talk.stage for talk in talks}
    reopened = open_database(copies[1])
    with reading(steady) as one, reading(reopened) as other:
        assert rows(one) == rows(other)
    steady.dispose()
    reopened.dispose()
