"""What came in from chats, as rows: stored before it is acknowledged, done in the transaction of its answer.

A row says nothing of who wrote it. ``chat`` is the id of the address, with a keyed hash of the number of the
chat, since ids are used again; only the address, which can be deleted alone, holds the number. A stranger's
chat has no address: its row holds the hash, for counting guesses, and nothing of what was said. A personal
link is opened before anything is stored, so its token is never stored either.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from fieldwork import outbox
from fieldwork.invitations import open_link
from fieldwork.outbox import Message
from models import chat_queries as queries
from models.chat_queries import TELEGRAM

WINDOW = timedelta(hours=1)
MOST_GUESSES = 5
"""So many links that open nothing within the window, and no link is looked up from that chat."""

MOST_REPLIES = 10
"""So many replies a stranger gets within the window."""

KEPT = timedelta(days=3)
"""How long it is remembered that an update was done. Telegram repeats none after a day."""

REFUSED = ("unusable", "guesses")
"""What becomes of a link that does not open: it is none of ours or somebody else's; too many were tried."""

Body = Mapping[str, Any]


class DoneBefore(Exception):  # noqa: N818 - it says what has happened
    """An update was already done: it must not be done a second time."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update, already without names. ``chat`` and ``token`` are used here and never stored.

    ``presence`` is False where the chat has just been closed to us, True where it was opened again.
    """

    number: int
    body: Body = field(default_factory=dict)
    presence: bool | None = None
    chat: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is stored and not done. ``device`` is the keyed hash of the chat it came from."""

    number: int
    address_id: int
    device: str
    body: Body


@dataclass(frozen=True, slots=True)
class Reply:
    """What a stranger is told at once, outside the outbox: an update, and what became of it."""

    update: Update
    kind: str


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation that a chat may hold."""

    invitation: int
    free_text: bool
    closes: date
    chat: str = field(repr=False)


def device_of(secret: bytes, chat: str) -> str:
    """Return the device that a chat is: the same for the same chat, and telling nothing of it."""
    return hmac.new(secret, f"telegram {chat}".encode(), hashlib.sha256).hexdigest()[:32]


def store(
    session: Session, updates: Sequence[Update], now: datetime, secret: bytes
) -> tuple[list[Waiting], list[Reply]]:
    """Store a batch of updates, once each; commits. After this they may be acknowledged.

    The first chat that uses a personal link is bound to its person. ``secret`` keys the hash of strangers.
    Returns what is to be done, and what strangers are told.
    """
    intake = _Intake(session.connection(), now, secret)
    if updates:
        first = min(update.number for update in updates)
        intake.connection.execute(queries.FORGET_ACKNOWLEDGED, {"first": first})
    known = set(
        intake.connection.execute(
            queries.KNOWN_UPDATES, {"updates": [update.number for update in updates]}
        ).scalars()
    )
    fresh = {update.number: update for update in updates if update.number not in known}
    intake.meet({update.chat for update in fresh.values() if update.chat})
    for update in fresh.values():
        intake.take(session, update)
    if intake.rows:
        intake.connection.execute(queries.NEW_UPDATES, intake.rows)
    session.commit()
    return intake.waiting, intake.replies


def waiting(session: Session) -> list[Waiting]:
    """Return every update that is stored and not done, in order; reads only."""
    rows = session.connection().execute(queries.WAITING_UPDATES).all()
    found = []
    for row in rows:
        address, _, device = row.chat.partition(" ")
        found.append(Waiting(row.update_id, int(address), device, row.body))
    return found


def done(
    session: Session,
    update: Waiting,
    now: datetime,
    *,
    language: str = "sv",
    messages: Iterable[Message] = (),
) -> None:
    """Mark an update as done, forget what it said and put the answers to it; does not commit.

    Raises ``DoneBefore``: another process was first, and nothing of this transaction may be kept.
    """
    marked = session.connection().execute(queries.DONE, {"number": update.number, "at": now})
    if marked.rowcount != 1:
        raise DoneBefore(f"update {update.number}")
    key = f"update {update.number}"
    outbox.put(session, update.address_id, messages, language=language, key=key, now=now)


def finish(
    session: Session,
    update: Waiting,
    now: datetime,
    *,
    language: str = "sv",
    messages: Iterable[Message] = (),
) -> None:
    """Do the same and commit."""
    done(session, update, now, language=language, messages=messages)
    session.commit()


def places(session: Session, address_id: int) -> dict[int, Place]:
    """Return the conversations of the person in a chat by invitation, those still to be answered first."""
    rows = session.connection().execute(queries.PLACES_OF_CHAT, {"address": address_id}).all()
    usable = [row for row in rows if TELEGRAM in row.doors]
    usable.sort(key=lambda row: (row.closed_at is not None, row.finished_at is not None))
    return {row.id: Place(row.id, row.telegram_free_text, row.closes, row.value) for row in usable}


def forget_chat(session: Session, update: Waiting, now: datetime) -> str:
    """Delete the address of a chat and what was to be sent there; commits. Answers stay the person's own.

    Returns the number of the chat, for a last word.
    """
    done(session, update, now)
    gone = session.connection().execute(queries.FORGET_ADDRESS, {"address": update.address_id}).scalar()
    session.commit()
    return str(gone or "")


def tidy(session: Session, now: datetime) -> None:
    """Forget updates that were done long ago; commits."""
    session.connection().execute(queries.FORGET_UPDATES, {"before": now - KEPT})
    session.commit()


class _Intake:
    """One batch on its way in: who is in which chat as far as the batch has come."""

    def __init__(self, connection: Connection, now: datetime, secret: bytes) -> None:
        self.connection = connection
        self.now = now
        self.secret = secret
        self.chats: dict[str, Row[Any]] = {}
        self.rows: list[dict[str, object]] = []
        self.waiting: list[Waiting] = []
        self.replies: list[Reply] = []

    def meet(self, chats: set[str]) -> None:
        """Read who is in these chats."""
        if chats:
            found = self.connection.execute(queries.ADDRESSES_OF_CHATS, {"chats": sorted(chats)})
            self.chats |= {row.value: row for row in found}

    def take(self, session: Session, update: Update) -> None:
        """Decide what an update becomes: something to do, or something to tell a stranger."""
        body = self._opened(session, update) if update.token else dict(update.body)
        address = self.chats.get(update.chat)
        if update.presence is not None:
            if address is not None:
                self._set_active(address.id, active=update.presence)
            return self._add(update, "")
        if address is None or body.get("kind") in REFUSED:
            return self._strange(update, body)
        device = device_of(self.secret, update.chat)
        called = f"{address.id} {device}"
        if not body:
            return self._add(update, called)
        if not address.active:  # whoever writes has let us in again
            self._set_active(address.id, active=True)
        self._add(update, called, body)
        self.waiting.append(Waiting(update.number, address.id, device, body))
        return None

    def _strange(self, update: Update, body: dict[str, Any]) -> None:
        """Count an update of a stranger, or a link that did not open, and say what to tell."""
        kind = str(body.get("kind", ""))
        called = f"{'guess' if update.token else 'stranger'} {device_of(self.secret, update.chat)}"
        self._add(update, called if update.chat else "")
        if kind and self._recent(called) <= MOST_REPLIES:  # it counts itself
            self.replies.append(Reply(update, kind))

    def _opened(self, session: Session, update: Update) -> dict[str, Any]:
        """Open the personal link of an update; bind the chat where it is the first to use it."""
        guesses = f"guess {device_of(self.secret, update.chat)}"
        if self._recent(guesses) >= MOST_GUESSES:
            return {"kind": REFUSED[1]}
        invitation = open_link(session, update.token, self.now)
        place = self._place(invitation) if invitation is not None else None
        if place is None or TELEGRAM not in place.doors or not self._bind(update.chat, place.person_id):
            return {"kind": REFUSED[0]}
        return {"kind": "start", "invitation": invitation}

    def _place(self, invitation: int) -> Any:  # noqa: ANN401 - a row
        found: Any = self.connection.execute(
            queries.PLACE_OF_INVITATION, {"invitation": invitation}
        ).one_or_none()
        return found

    def _bind(self, chat: str, person: int | None) -> bool:
        """Bind a chat to a person unless either is bound elsewhere; tell whether they belong together."""
        if person is None:
            return False
        if chat in self.chats:
            return bool(self.chats[chat].person_id == person)
        if self.connection.execute(queries.CHATS_OF_PERSON, {"person": person}).first():
            return False
        new = {"person_id": person, "channel": TELEGRAM, "value": chat, "active": True}
        self.connection.execute(queries.NEW_ADDRESS, new)
        self.meet({chat})
        return True

    def _set_active(self, address: int, *, active: bool) -> None:
        self.connection.execute(queries.SET_ACTIVE, {"address": address, "now_active": active})

    def _recent(self, called: str) -> int:
        since = {"called": called, "since": self.now - WINDOW}
        stored = self.connection.execute(queries.RECENT_UPDATES, since).scalar_one()
        return int(stored) + sum(row["chat"] == called for row in self.rows)

    def _add(self, update: Update, called: str, body: Body | None = None) -> None:
        self.rows.append(
            {
                "update_id": update.number,
                "chat": called,
                "body": body or {},
                "received_at": self.now,
                "done_at": None if body else self.now,
            }
        )
