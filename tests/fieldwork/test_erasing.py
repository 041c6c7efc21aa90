"""What a respondent was promised is erased is off the disk, not only out of the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Stage
from fieldwork.reviews import close_wave
from models.database import writing
from models.tables import Wave

Act = Callable[..., Conversation]

pytestmark = pytest.mark.only_on("sqlite", "PostgreSQL overwrites what was erased when it vacuums")

SECRET = "Det här har jag ångrat."


def on_disk(archive: Engine, words: str = SECRET) -> bool:
    database = Path(archive.url.database or "")
    return any(words.encode() in file.read_bytes() for file in database.parent.glob("granska.db*"))


def draft(act: Act, archive: Engine) -> None:
    for action, *values in [(Action.BEGIN,), (Action.ANSWER, "nej"), (Action.SKIP,), (Action.ANSWER, SECRET)]:
        act(action, *values)
    assert on_disk(archive)


def test_a_deleted_draft_leaves_nothing_in_the_files_of_the_database(act: Act, archive: Engine) -> None:
    draft(act, archive)
    act(Action.DELETE)
    assert not on_disk(archive)


def test_the_drafts_of_a_closed_wave_leave_nothing_in_its_files(
    act: Act, archive: Engine, october: int
) -> None:
    draft(act, archive)
    with writing(archive) as session:
        close_wave(session, october, datetime(2026, 12, 1, tzinfo=UTC))
    assert not on_disk(archive)


def test_nothing_ties_an_anonymous_answer_to_the_device_it_came_from(
    act: Act, archive: Engine, october: int
) -> None:
    with writing(archive) as session:
        session.get_one(Wave, october).promise = "anonymous"
        session.commit()
    for action, *values in [(Action.BEGIN,), (Action.ANSWER, "nej"), (Action.ANSWER, "40"), (Action.SKIP,)]:
        act(action, *values, device="min-mobil")
    assert on_disk(archive, "min-mobil")
    assert act(Action.SEND).stage is Stage.SENT
    assert not on_disk(archive, "min-mobil")
