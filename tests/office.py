"""An office that sends: a wave over real rows, channels that keep what they are given, a clock to set."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from fieldwork.contacts import Sending, Tally, due, send_due
from fieldwork.letters import Letter
from models.contact_tables import Contact
from models.database import reading, writing
from models.tables import Invitation

T = TypeVar("T")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM).astimezone(UTC)


TUESDAY = local(2026, 10, 6, 9)
"""The first allowed morning of the wave of October."""


@dataclass
class Post:
    """A channel that keeps what it was given; ``faults`` are raised first, by address."""

    kept: list[tuple[str, Letter]] = field(default_factory=list)
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    everywhere: Exception | None = None

    def send(self, address: str, letter: Letter) -> None:
        if self.everywhere:
            raise self.everywhere
        if self.faults.get(address):
            raise self.faults[address].pop(0)
        self.kept.append((address, letter))

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.kept]


@dataclass
class Office:
    """The wave of October with a channel, at a time that the test sets."""

    engine: Engine
    mail: Post = field(default_factory=Post)
    telegram: Post = field(default_factory=Post)
    now: datetime = TUESDAY
    tokens: itertools.count[int] = field(default_factory=itertools.count)

    def store(self, work: Callable[[Session], T]) -> T:
        with writing(self.engine) as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        with reading(self.engine) as session:
            return work(session)

    def token(self) -> str:
        return f"token-{next(self.tokens)}"

    def send(self, at: datetime | None = None, limit: int = 1000, **channels: Post) -> Tally:
        self.now = at or self.now
        chosen = channels or {"mail": self.mail}
        sending = Sending(self.read, self.store, chosen, lambda: self.now, self.token, "https://g.example")
        return send_due(sending, limit)

    def change(self, invitation: int, **columns: object) -> None:
        statement = update(Invitation).where(col(Invitation.id) == invitation).values(**columns)
        self.store(lambda session: (session.execute(statement), session.commit()))

    def contacts(self, invitation: int) -> list[Contact]:
        with reading(self.engine) as session:
            mine = select(Contact).where(Contact.invitation_id == invitation).order_by(col(Contact.ordinal))
            return list(session.exec(mine).all())

    def due(self, at: datetime) -> list[int]:
        with reading(self.engine) as session:
            return [invitation for invitation, _ in due(session, at, ["mail"])]
