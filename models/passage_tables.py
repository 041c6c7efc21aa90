"""The tables of how interviews went, as counts: where they ended, and through which door they came.

Nothing here is about one person. Importing ``models.tables`` first sets the names of constraints.
"""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models import tables as _tables  # noqa: F401 - sets the naming of constraints, and what is referred to


class StopCount(SQLModel, table=True):
    """How many interviews of a reporting unit ended at one question, written when the wave closes.

    Those of an anonymous wave that were sent early are counted as they are sent. ``item`` is a question
    that everybody is asked; the follow-ups after it are counted with it. ``ending`` is ``early`` (sent before
    the end) or ``broken_off`` (never sent).
    """

    reporting_unit_id: int = Field(foreign_key="reportingunit.id", primary_key=True)
    item: str = Field(primary_key=True)
    ending: str = Field(primary_key=True)
    n: int


class DoorCount(SQLModel, table=True):
    """How the interviews of a reporting unit that were sent through one door went.

    ``early`` counts those sent before the end, ``asked`` the questions on all their routes, ``answered`` the
    ones of these with an answer. Written in the transaction that stores the result. Never in an anonymous
    wave; of a closed one the counts of all units stand together, where every door has enough.
    """

    reporting_unit_id: int = Field(foreign_key="reportingunit.id", primary_key=True)
    door: str = Field(primary_key=True)
    sent: int
    early: int
    asked: int
    answered: int
