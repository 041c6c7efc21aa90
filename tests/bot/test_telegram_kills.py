"""A bot that is killed again and again: no acknowledged answer is lost, none is stored twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from botapi.api import BotApi, User, started
from botapi.door import Chats
from browser.steps import free_port
from models.database import reading
from models.tables import Answer, Interview, Invitation

KILLS = 8
PEOPLE = 4
PATIENCE = 120.0
TYPED = {
    "ärenden": "40",
    "timmar": "3,5",
    "började": "2012-03-01",
    "kursen": "201203",
    "delaktighet": "Att vara med",
}
GRANSKA = Path(sys.executable).with_name("granska")
SEED = 2012


class Bot:
    """The bot as a process of its own, started as people start it."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [GRANSKA, "bot"], env={**os.environ, **self.settings}, stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """End it at whatever line it is: SIGKILL cannot be caught."""
        assert self.process
        self.process.kill()
        self.process.wait()


class Respondent:
    """Somebody who answers what is on the screen, and else waits."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.user.start(token)
        self.seen = 0
        self.is_done = False

    def act(self) -> None:
        """Answer the newest question, once; never ask for it again."""
        said = [each for each in self.user.sees() if each.by_bot]
        if any("Dina svar är inskickade" in each.text for each in said):
            self.is_done = True
            return
        latest = max((each.message_id for each in said), default=0)
        if latest <= self.seen:
            return
        self.seen = latest
        self.answer(said[-1].text, [label for row in said[-1].buttons for label in row])

    def answer(self, asked: str, labels: list[str]) -> None:
        for label in ("Jag har läst, börja", "Skicka in", "Nästa", "☐ FIA", "Ja", "Fungerar bra"):
            if label in labels:
                self.user.press(label)
                if label == "☐ FIA":
                    self.user.press("Klar")
                return
        if "Det är sparat" in asked and "Klar" in labels:
            self.user.press("Klar")
            return
        for word, answer in TYPED.items():
            if word in asked and "Fråga " in asked:
                self.user.say(answer)
                return


@pytest.fixture
def apart() -> Iterator[BotApi]:
    """The stand-in in a process of its own, which outlives the bot."""
    with started() as api:
        yield api


@pytest.fixture
def chats_of_today(apart: BotApi, chats: Chats) -> Chats:
    """The wave, open today: the bot's own clock cannot be set."""
    today = datetime.now(UTC).date()
    chats.change_wave(opens=today - timedelta(days=1), closes=today + timedelta(days=30))
    return Chats(apart, chats.engine, chats.wave, chats.invited, lambda: datetime.now(UTC))


def test_a_bot_killed_at_random_moments_loses_nothing_and_stores_nothing_twice(
    chats_of_today: Chats, tmp_path: Path
) -> None:
    chats, random = chats_of_today, Random(SEED)  # noqa: S311 - the same moments in every run
    bot = Bot(
        {
            "GRANSKA_DATA_DIR": str(tmp_path),
            "GRANSKA_DATABASE_URL": chats.engine.url.render_as_string(hide_password=False),
            "GRANSKA_TELEGRAM_TOKEN": chats.api.token,
            "GRANSKA_TELEGRAM_API": chats.api.url,
            "GRANSKA_WEB_PORT": str(free_port()),
            "GRANSKA_SECRET_KEY": "a key of the tests, of 32 letters.",
        }
    )
    people = [Respondent(chats.api.user(), chats.token(which)) for which in range(PEOPLE)]
    bot.start()
    try:
        play(bot, people, random)
    finally:
        bot.kill()
    check(chats)


def play(bot: Bot, people: list[Respondent], random: Random) -> None:
    """Let everybody answer while the bot is killed; ends when all have finished."""
    kills, until = 0, time.monotonic() + PATIENCE
    next_kill = time.monotonic() + 2
    while not all(each.is_done for each in people):
        assert time.monotonic() < until, f"{kills} kills; {[each.user.sees()[-1] for each in people]}"
        for each in people:
            each.act()
        if kills < KILLS and time.monotonic() > next_kill:
            bot.kill()
            bot.start()
            kills += 1
            next_kill = time.monotonic() + random.uniform(1.0, 2.5)
        time.sleep(0.02)
    assert kills >= KILLS / 2


def check(chats: Chats) -> None:
    with reading(chats.engine) as session:
        rows = session.exec(select(Answer)).all()
        interviews = session.exec(select(Interview)).all()
        sent = session.exec(select(Invitation).where(col(Invitation.finished_at).is_not(None))).all()
        results = session.connection().execute(text("SELECT count(DISTINCT key) FROM result")).scalar_one()
    assert len(interviews) == len(sent) == results == PEOPLE
    given = [(row.interview_id, row.item, row.value) for row in rows]
    assert len(given) == len(set(given)), "an answer was stored twice"
    items = {row.item for row in rows}
    assert len(given) == PEOPLE * len(items)
    assert len(items) == 9
    assert {row.state for row in chats.outbox()} <= {"sent", "pending"}
    assert not [row for row in chats.inbox() if row.done_at is None]
