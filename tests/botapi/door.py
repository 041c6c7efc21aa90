"""The Telegram door over a wave, in a thread, and people who chat with it through the Bot API stand-in."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.archive import Archive
from bot.telegram_dialogue import Reaction, handle
from bot.telegram_door import TelegramDoor, Terms
from bot.telegram_running import running
from bot.telegram_updates import UpdatesRequest
from botapi.api import PATIENCE, BotApi, Shown, User
from fieldwork.inbox import Waiting, device_of, store
from fieldwork.interviews import receive
from fieldwork.invitations import mint_link
from fieldwork.messages import Action, Door, Incoming
from models.contact_tables import IncomingUpdate, OutgoingMessage
from models.database import reading, writing
from models.tables import Address, Answer, Wave

T = TypeVar("T")
START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SECRET = b"a key of the tests, of 32 letters."
BASE_URL = "https://granska.example"
ROUTE = {
    "ALLA-01": ("ok", "Nu börjar provet"),
    "ALLA-02": ("ja", "Arbetar du med barnfamiljer?"),
    "ALLA-03": ("40", "Hur många ärenden"),
    "ALLA-04": ("3,5", "Hur många timmar"),
    "ALLA-05": ("2012-03-01", "När började du här?"),
    "ALLA-06": ("201203", "När gick du kursen?"),
    "ALLA-07": ("bra", "Hur fungerar samverkan?"),
    "ALLA-08": ("fia", "Vilka instrument använder du?"),
    "ALLA-09": ("Att vara med", "Vad innebär delaktighet"),
}
"""What is answered to each question of the trial form, and how it is asked."""


@dataclass
class Ticking:
    """A clock that goes, from a day on which the wave is open."""

    begun: float = field(default_factory=time.monotonic)
    ahead: timedelta = timedelta()
    looks: int = 0

    def __call__(self) -> datetime:
        self.looks += 1
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
            "look": 0.02,
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

    @property
    def asked_for_the_time(self) -> int:
        """How often somebody has looked at the clock."""
        assert isinstance(self.clock, Ticking)
        return self.clock.looks

    def until(self, found: Callable[[], T]) -> T:
        """Look until there is something, and return it."""
        until = time.monotonic() + PATIENCE
        while not (there := found()):
            assert time.monotonic() < until, "it has never come"
            time.sleep(0.01)
        return there

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
        """Somebody who has answered in this chat as far as ``item``, and has just come back to it.

        The answers are stored without a dialogue: that one leads here has a test of its own.
        """
        user = self.api.user()
        device = device_of(SECRET, str(user.id))
        with writing(self.engine) as session:
            for action, asked, value in self._acts_until(item):
                incoming = Incoming(
                    self.invited[which],
                    Door.TELEGRAM,
                    action,
                    self.clock(),
                    asked,
                    (value,) if value else (),
                    device=device,
                    fresh_id=secrets.token_urlsafe(16),
                )
                assert not receive(session, incoming).notices
        user.start(self.token(which))
        user.expect(ROUTE[item][1])
        return user

    def _acts_until(self, item: str) -> Iterator[tuple[Action, str, str]]:
        yield Action.BEGIN, "", ""
        for asked, (value, _) in ROUTE.items():
            if asked == item:
                return
            yield Action.ANSWER, asked, value

    def change_wave(self, **columns: object) -> None:
        with writing(self.engine) as session:
            wave = session.get_one(Wave, self.wave)
            for name, value in columns.items():
                setattr(wave, name, value)
            session.commit()

    def hear(self) -> list[Reaction]:
        """Do what has come in, one update after the other, while the door is closed: nothing is sent."""
        raw = json.dumps({"ok": True, "result": self.api.pending()}).encode()
        updates = [each["reduced"] for each in UpdatesRequest.parse_json_payload(raw)["result"]]
        with writing(self.engine) as session:
            waiting, _ = store(session, updates, self.clock(), SECRET)
        return [self._handled(update) for update in waiting]

    def _handled(self, update: Waiting) -> Reaction:
        with writing(self.engine) as session:
            return handle(session, update, self.clock(), secrets.token_urlsafe(16), SECRET)

    def answers(self) -> dict[str, str | None]:
        """The present answers of all drafts together."""
        with reading(self.engine) as session:
            rows = session.exec(select(Answer).where(col(Answer.superseded_at).is_(None))).all()
            return {row.item: row.value for row in rows}

    def versions(self, item: str) -> list[str | None]:
        """Every answer ever stored to an item, superseded ones too."""
        with reading(self.engine) as session:
            return [row.value for row in session.exec(select(Answer).where(Answer.item == item)).all()]

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
        self.until(lambda: not self._unfinished())

    def _unfinished(self) -> bool:
        coming = any(row.done_at is None for row in self.inbox())
        return coming or any(row.state in {"pending", "sending"} for row in self.outbox())


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
    return str(user.answered()["text"])
