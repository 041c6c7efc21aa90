"""The Telegram door over a wave, in a thread, and people who chat with it through the Bot API stand-in."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.archive import Archive
from bot.telegram_door import TelegramDoor, Terms
from bot.telegram_running import running
from botapi.api import BotApi, Shown, User
from fieldwork.interviews import receive
from fieldwork.invitations import mint_link
from fieldwork.messages import Action, Door, Incoming
from models.contact_tables import IncomingUpdate, OutgoingMessage
from models.database import reading, writing
from models.tables import Address, Answer, Wave

START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SECRET = b"a key of the tests, of 32 letters."
BASE_URL = "https://granska.example"
ROUTE = (
    ("ALLA-01", ("tap", "Nästa"), "Arbetar du med barnfamiljer?"),
    ("ALLA-02", ("tap", "Ja"), "Hur många ärenden"),
    ("ALLA-03", ("write", "40"), "Hur många timmar"),
    ("ALLA-04", ("write", "3,5"), "När började du här?"),
    ("ALLA-05", ("write", "2012-03-01"), "När gick du kursen?"),
    ("ALLA-06", ("write", "201203"), "Hur fungerar samverkan?"),
    ("ALLA-07", ("tap", "Fungerar bra"), "Vilka instrument använder du?"),
    ("ALLA-08", ("tap", "☐ FIA"), "Vilka instrument"),
    ("done", ("tap", "Klar"), "Vad innebär delaktighet"),
)
"""What is answered to each question of the trial form, and what comes then."""


@dataclass
class Ticking:
    """A clock that goes, from a day on which the wave is open."""

    begun: float = field(default_factory=time.monotonic)
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.begun) + self.ahead


@dataclass
class Chats:
    """A wave with the door Telegram, the stand-in, and the door over them when it is open."""

    api: BotApi
    engine: Engine
    wave: int
    invited: tuple[int, ...]
    clock: Callable[[], datetime] = field(default_factory=Ticking)

    def token(self, which: int = 0) -> str:
        """A new personal link of one of the invited."""
        token = secrets.token_urlsafe(32)
        with writing(self.engine) as session:
            mint_link(session, self.invited[which], token, self.clock(), self.clock() + timedelta(days=90))
        return token

    @contextmanager
    def open(self, **terms: object) -> Iterator[TelegramDoor]:
        """The door, open in a thread of its own; limits are lifted unless asked for."""
        archive = Archive(self.engine)
        quick = {
            "token": self.api.token,
            "api": self.api.url,
            "per_second": 0,
            "between": 0,
            "pause": 0.05,
            "lease": timedelta(seconds=2),
            "base_url": BASE_URL,
        }
        given = Terms(**{**quick, **terms})  # type: ignore[arg-type]
        door = TelegramDoor(archive, given, SECRET, self.clock)
        try:
            with running(door):
                yield door
        finally:
            archive.close()

    def person(self, which: int = 0) -> User:
        """Somebody who has used a personal link and sees what it is about."""
        user = self.api.user()
        user.start(self.token(which))
        user.expect("Läs det här innan du börjar")
        return user

    def begun(self, which: int = 0) -> User:
        """Somebody who sees the first question."""
        user = self.person(which)
        tap(user, "Jag har läst, börja", "Fråga 1")
        return user

    def wait(self, time: timedelta) -> None:
        """Let time pass at once."""
        assert isinstance(self.clock, Ticking)
        self.clock.ahead += time

    def on_the_web(self, item: str, *values: str, which: int = 0) -> None:
        """Answer a question at the other door."""
        with writing(self.engine) as session:
            incoming = Incoming(self.invited[which], Door.WEB, Action.ANSWER, self.clock(), item, values)
            assert not receive(session, incoming).notices

    def at(self, item: str, which: int = 0) -> User:
        """Somebody who has answered in Telegram as far as ``item``."""
        user = self.begun(which)
        for asked, (act, answer), expected in ROUTE:
            if asked == item:
                break
            {"tap": tap, "write": write}[act](user, answer, expected)
        return user

    def change_wave(self, **columns: object) -> None:
        with writing(self.engine) as session:
            wave = session.get_one(Wave, self.wave)
            for name, value in columns.items():
                setattr(wave, name, value)
            session.commit()

    def answers(self) -> dict[str, str | None]:
        """The present answers of all drafts together."""
        with reading(self.engine) as session:
            rows = session.exec(select(Answer).where(col(Answer.superseded_at).is_(None))).all()
            return {row.item: row.value for row in rows}

    def doors(self) -> dict[str, str]:
        with reading(self.engine) as session:
            return {row.item: row.door for row in session.exec(select(Answer)).all()}

    def addresses(self) -> list[Address]:
        with reading(self.engine) as session:
            return list(session.exec(select(Address).where(Address.channel == "telegram")).all())

    def inbox(self) -> list[IncomingUpdate]:
        with reading(self.engine) as session:
            return list(session.exec(select(IncomingUpdate)).all())

    def outbox(self) -> list[OutgoingMessage]:
        with reading(self.engine) as session:
            return list(session.exec(select(OutgoingMessage)).all())

    def settled(self) -> None:
        """Wait until everything that came in is done and answered."""
        self.api.expect_acknowledged()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            waiting = [row for row in self.inbox() if row.done_at is None]
            if not waiting and not [row for row in self.outbox() if row.state in {"pending", "sending"}]:
                return
            time.sleep(0.01)
        raise AssertionError([(row.template, row.state, row.attempts) for row in self.outbox()])


def tap(user: User, label: str, expected: str, message: Shown | None = None) -> Shown:
    """Press a button and wait for what it leads to."""
    user.press(label, message)
    return user.expect(expected)


def write(user: User, words: str, expected: str) -> Shown:
    """Write and wait for what it leads to."""
    user.say(words)
    return user.expect(expected)


def popup(user: User) -> str:
    """Wait until the last press is answered; what popped up."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        last = user.popups()[-1]
        if last["answered"]:
            return str(last["text"])
        time.sleep(0.01)
    raise AssertionError("the press was not answered")
