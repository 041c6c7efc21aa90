"""The tables of a wave that is still being planned: what the inspector has entered, and letters on trial."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field, SQLModel

from models import tables as _tables  # noqa: F401 - sets the naming of constraints


class WaveDraft(SQLModel, table=True):
    """A wave being planned: ``fields`` as they stand on the page, finished or not, and the staff list.

    It goes when the wave starts or the plan is thrown away, and the staff list with it.
    """

    id: int | None = Field(default=None, primary_key=True)
    author: str
    fields: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    staff_name: str = ""
    staff: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    changed_at: datetime


class SampleLetter(SQLModel, table=True):
    """A letter that an inspector wants sent to herself. ``letter`` holds what it says, and no link.

    The row is the claim, as of a contact: ``outcome`` is empty, then ``sent``, ``failed`` or ``unknown``.
    """

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="wavedraft.id", index=True, ondelete="CASCADE")
    address: str
    letter: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    asked_at: datetime
    claimed_at: datetime | None = None
    outcome: str = ""
    reason: str = ""
