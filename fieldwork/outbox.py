"""What is to be said in chats, as rows: a template and its parameters, sent at least once and in order.

A message is put in the transaction that makes it true. One process sends (a ``Lease``); it claims and marks
many messages in one commit. What was on its way when a process was killed is sent again: a question may then
stand twice in a chat, and either keyboard may be used once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import chat_queries as queries

QUESTION = "conversation"
"""The template that shows where a conversation stands. The latest of a chat is what people answer."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
MOST_ATTEMPTS = 12

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say, before it is put."""

    template: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message. ``followed`` says that the same template waits once more for the same chat."""

    id: int
    address_id: int
    template: str
    params: Params
    language: str
    attempts: int
    followed: bool
    chat: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message.

    ``sent`` with the number that the channel gave it (None where nothing had to be sent), else again at
    ``again``, else never. ``gone``: the chat takes no messages any more.
    """

    message: Outgoing
    sent: bool = False
    number: int | None = None
    again: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a chat was asked: its row, its parameters and its number in the channel.

    ``shown`` says that it may have arrived; else it is still to be sent. ``number`` is None until known.
    """

    id: int
    params: Params
    number: int | None
    shown: bool


def put(  # noqa: PLR0913 - what makes a row
    session: Session, address_id: int, messages: Iterable[Message], *, language: str, key: str, now: datetime
) -> None:
    """Put messages into the outbox, in order; does not commit. ``key`` keeps them from being put twice."""
    rows = [
        {
            "address_id": address_id,
            "template": message.template,
            "params": dict(message.params),
            "language": language,
            "next_attempt_at": now,
            "attempts": 0,
            "state": "pending",
            "dedupe_key": f"{key} {number}",
            "created_at": now,
        }
        for number, message in enumerate(messages)
    ]
    if rows:
        session.connection().execute(queries.NEW_MESSAGE, rows)


def exchange(session: Session, results: Sequence[Result], now: datetime, most: int) -> list[Outgoing]:
    """Record what became of messages and claim at most so many others; one commit for all of it."""
    connection = session.connection()
    for result in results:
        _record(session, result, now)
    rows = connection.execute(queries.TO_SEND, {"now": now, "most": most}).all() if most > 0 else []
    claimed: dict[int, Outgoing] = {}
    for row in rows:
        claimed.setdefault(row.address_id, Outgoing(**row._mapping))  # noqa: SLF001 - a row as a mapping
    if claimed:
        connection.execute(queries.CLAIM, [{"message": each.id} for each in claimed.values()])
    session.commit()
    return list(claimed.values())


def _record(session: Session, result: Result, now: datetime) -> None:
    connection, message = session.connection(), result.message
    state = "sent" if result.sent else "pending" if result.again else "failed"
    mark = {"message": message.id, "became": state, "number": result.number, "at": result.again or now}
    connection.execute(queries.MARK, mark)
    address = {"address": message.address_id}
    if result.gone:
        connection.execute(queries.SET_ACTIVE, {**address, "now_active": False})
        connection.execute(queries.GIVE_UP_CHAT, address)
    if result.sent and message.template == QUESTION and result.number is not None:
        connection.execute(queries.FORGET_MESSAGES, {**address, "message": message.id})


def next_attempt(session: Session) -> datetime | None:
    """Return when the next message may be sent; None where none waits. Reads only."""
    found: datetime | None = session.connection().execute(queries.NEXT_ATTEMPT).scalar()
    return found


def recover(session: Session, sending: Sequence[int] = ()) -> None:
    """Let what was claimed be sent again but for what is being sent; commits. For the holder of the lease.

    So what was on its way when a process ended goes out, and what was claimed just when the database failed.
    """
    session.connection().execute(queries.RECOVER, {"sending": list(sending)})
    session.commit()


def asked(session: Session, address_id: int) -> list[Asked]:
    """Return the questions that a chat was asked last, the latest first; reads only."""
    found = {"address": address_id, "called": QUESTION}
    rows = session.connection().execute(queries.LATEST, found).all()
    return [Asked(row.id, row.params, row.message_id, row.attempts > 0) for row in rows]


def change(session: Session, message_id: int, params: Params) -> None:
    """Replace the parameters of a message; does not commit."""
    session.connection().execute(queries.SET_PARAMS, {"message": message_id, "to": dict(params)})


def refresh(session: Session, message_id: int, params: Params) -> None:
    """Replace the parameters of a message that is about to be sent; commits."""
    change(session, message_id, params)
    session.commit()


def wait(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts; it doubles. None: enough, it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: int = 2 ** max(attempts - 1, 0)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
