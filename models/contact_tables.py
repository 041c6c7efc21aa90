"""The tables of reaching people: contacts, what came in from a chat, what is to go out, and who may send.

Everything that waits is a row: no timer and no queue lives in memory. Importing ``models.tables`` first sets
the names of constraints.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models import tables as _tables  # noqa: F401 - sets the naming of constraints, and what is referred to

COUNTED = ("", "sent", "unknown")
"""The outcomes of contacts that were made or may have been made; "" is on its way."""


class Contact(SQLModel, table=True):
    """One contact with an invitee: the invitation (``ordinal`` 1), a reminder or the thank-you (0).

    The row is the claim: whoever writes ``claimed_at`` sends, nobody else. ``outcome`` is empty while the
    message is on its way, then ``sent``, ``unknown`` (it may have arrived, and counts), ``postponed``
    (nothing arrived; due again at ``retry_at``) or ``failed`` (nothing arrived at any address). The last two
    are taken up again under the same ordinal; ``attempts`` counts the claims. ``reason`` is a short code
    without addresses.
    """

    id: int | None = Field(default=None, primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id")
    ordinal: int
    kind: str
    channel: str
    due_at: datetime
    claimed_at: datetime = Field(index=True)
    finished_at: datetime | None = None
    outcome: str = ""
    attempts: int = 1
    retry_at: datetime | None = None
    reason: str = ""

    __table_args__ = (UniqueConstraint("invitation_id", "ordinal"),)


class IncomingUpdate(SQLModel, table=True):
    """One update from Telegram, stored before it is acknowledged. ``chat`` orders updates of one chat.

    ``body`` holds no personal data, and nothing at all once the update is done.
    """

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chat: str = Field(index=True)
    body: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    received_at: datetime
    done_at: datetime | None = Field(default=None, index=True)


class OutgoingMessage(SQLModel, table=True):
    """One message to be sent to an address: template and parameters, never a link or a name.

    ``state`` is pending, sending, sent or failed; ``dedupe_key`` keeps the same message from being put twice
    until it is sent.
    ``message_id`` is the number that the channel gave it. It goes when its address is deleted.
    """

    id: int | None = Field(default=None, primary_key=True)
    address_id: int = Field(foreign_key="address.id", index=True, ondelete="CASCADE")
    template: str
    params: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    language: str = "sv"
    next_attempt_at: datetime
    attempts: int = 0
    state: str = "pending"
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    dedupe_key: str = Field(unique=True)
    created_at: datetime

    __table_args__ = (Index("messages_to_send", "state", "next_attempt_at"),)


class Lease(SQLModel, table=True):
    """Who may do something that only one process may do at a time, and until when."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime
