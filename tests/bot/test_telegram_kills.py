"""Bot, mail server and database killed while people answer: the short version of ``granska bench faults``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server, running

from benchmarks.faults import Trial, measure
from botapi.api import BotApi, started

TRIAL = Trial(kills=3, people=2, questions=4, day=3.0, quiet=1)


@pytest.fixture
def apart() -> Iterator[BotApi]:
    """The stand-in in a process of its own, which outlives the bot."""
    with started() as api:
        yield api


@pytest.fixture
def fragile(database_kind: str) -> Iterator[Server | None]:
    """A database server of this test alone, which may be stopped; SQLite has none."""
    if database_kind == "sqlite":
        yield None
        return
    with running() as server:
        yield server


def test_whatever_is_killed_no_answer_is_lost_or_stored_twice_and_nobody_is_contacted_twice(
    fragile: Server | None, apart: BotApi, tmp_path: Path
) -> None:
    url = fragile.url() if fragile else f"sqlite:///{tmp_path / 'granska.db'}"
    ordeal = measure(TRIAL, url, tmp_path, apart, fragile)
    assert ordeal.verdict.faults == ()
    assert ordeal.verdict.answers == 2 * TRIAL.people * TRIAL.questions
    assert ordeal.kills == TRIAL.kills
    assert ordeal.mail_kills + ordeal.outages > 0
    assert ordeal.verdict.mails >= TRIAL.people
    assert ordeal.verdict.messages >= TRIAL.people
