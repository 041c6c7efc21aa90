"""Where one conversation stands: what the rows say, and the stage that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple, overload
from zoneinfo import ZoneInfo

from sqlmodel import Session

from fieldwork.errors import UnknownInvitation
from fieldwork.messages import Stage
from fieldwork.schedule import Schedule
from fieldwork.wave_schedule import schedule_of
from models import queries
from questionnaires.definition import Question

STOCKHOLM = ZoneInfo("Europe/Stockholm")
"""Where people live: a wave opens and closes at midnight there."""


@overload
def start_of_day(moment: datetime) -> datetime: ...
@overload
def start_of_day(moment: datetime | None) -> datetime | None: ...
def start_of_day(moment: datetime | None) -> datetime | None:
    """Return the midnight in Stockholm with which the day of a moment begins; None stays None."""
    if moment is None:
        return None
    midnight = datetime.combine(moment.astimezone(STOCKHOLM).date(), time(), STOCKHOLM)
    return midnight.astimezone(UTC)


class Given(NamedTuple):
    """A present answer (None: a skip) and the device it was given on."""

    value: str | None
    device: str


@dataclass(frozen=True)
class Standing:
    """One invitation with its wave, its interview (id None before it is begun) and its present answers."""

    invitation: int
    wave_id: int
    reporting_unit_id: int
    role: str
    language: str
    begun_at: datetime | None
    finished_at: datetime | None
    declined_at: datetime | None
    chosen_at: datetime | None
    no_more_at: datetime | None
    form_id: int
    subject: str
    promise: str
    doors: Sequence[str]
    smallest_group: int
    opens: date
    closes: date
    closed_at: datetime | None
    informed_on: date | None
    contact_name: str
    contact_phone: str
    contact_mail: str
    information: Mapping[str, Mapping[str, str]]
    schedule: Mapping[str, Any]
    running: bool
    contacts: int
    reachable: bool
    form_hash: str
    title: str
    origin: str
    number: int | None
    interview: str | None
    revision: int
    asking: str
    adding: bool
    code_hash: str
    code_tries: int
    given: Mapping[str, Given]

    @cached_property
    def answers(self) -> Mapping[str, str | None]:
        """The answers as the engine wants them."""
        return {item: given.value for item, given in self.given.items()}

    @cached_property
    def terms(self) -> Schedule:
        """When the wave contacts people."""
        return schedule_of(self.schedule, self.opens, self.closes)

    @property
    def gets_reminders(self) -> bool:
        """Whether reminders come unless something stops them."""
        return self.running and self.reachable

    @property
    def can_be_reminded(self) -> bool:
        """Whether a reminder that is asked for now would be sent: promised is only what can be kept."""
        return self.gets_reminders and self.contacts < self.terms.most

    def visible_to(self, device: str, *, unlocked: bool) -> frozenset[str]:
        """Return the items whose answers this device may see: its own, or all once unlocked."""
        own = {item for item, given in self.given.items() if unlocked or (device and given.device == device)}
        return frozenset(own)


def stand(session: Session, invitation: int, *, to_change: bool = False) -> Standing:
    """Read where the conversation of this invitation stands; raise ``UnknownInvitation``.

    ``to_change``: in a writing session, and nobody closes the wave before it ends.
    """
    connection = session.connection()
    statement = queries.STANDING_TO_CHANGE if to_change else queries.STANDING
    row = connection.execute(statement, {"invitation": invitation}).one_or_none()
    if row is None:
        raise UnknownInvitation(f"There is no invitation {invitation}")
    given: dict[str, Given] = {}
    if row.interview is not None:
        answers = connection.execute(queries.PRESENT_ANSWERS, {"interview": row.interview}).all()
        given = {item: Given(value, device) for item, value, device in answers}
    return Standing(**row._mapping, given=given)  # noqa: SLF001 - the documented name of a row as a mapping


def stage(standing: Standing, question: Question | None, at: datetime) -> Stage:
    """Return the stage at that time, where ``question`` is the next one.

    What was sent stays sent; a wave that is not open takes no answers.
    """
    today = at.astimezone(STOCKHOLM).date()
    if standing.finished_at is not None:
        return Stage.SENT
    if standing.closed_at is not None or today > standing.closes:
        return Stage.CLOSED
    if today < standing.opens:
        return Stage.NOT_OPEN
    if standing.declined_at is not None:
        return Stage.DECLINED
    if standing.begun_at is None:
        return Stage.INFORMATION
    return Stage.REVIEW if question is None else Stage.QUESTION
