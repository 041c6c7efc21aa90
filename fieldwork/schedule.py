"""When people may be contacted, and what is due next: rules over facts, without a clock and without rows.

Times of day are those of the wave's time zone; moments are aware. A contact is an invitation or a reminder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays

TUESDAY_TO_THURSDAY = frozenset({1, 2, 3})
WORKING_WEEK = frozenset({0, 1, 2, 3, 4})
LONGEST_SEARCH = timedelta(days=400)
THANKS_WITHIN = timedelta(days=7)
"""Who could not be thanked within so long after sending is not thanked at all."""

THANKS = 0
"""The ordinal of a thank-you: it is none of the contacts that the plan holds, and there is only one."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a day, from ``start`` up to but not including ``end``."""

    start: time
    end: time


MORNING_AND_AFTERNOON = (Window(time(9), time(11)), Window(time(13), time(15)))
WORKING_HOURS = (Window(time(8), time(17)),)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a wave contacts people.

    ``reminders`` are days after the invitation or fixed dates, in order. ``most`` is the largest number of
    contacts with one person, the invitation included. ``spacing`` is the least time between two contacts.
    ``ends`` is the last day on which anybody is contacted.
    """

    opens: date
    ends: date
    reminders: tuple[int | date, ...] = (7, 14, 21)
    most: int = 4
    spacing: timedelta = timedelta(days=2)
    weekdays: frozenset[int] = TUESDAY_TO_THURSDAY
    hours: tuple[Window, ...] = MORNING_AND_AFTERNOON
    blocked: frozenset[date] = frozenset()
    zone: str = "Europe/Stockholm"


class Kind(StrEnum):
    """What a contact is for."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    THANKS = "thanks"


class Stop(StrEnum):
    """Why somebody is not contacted any more."""

    SENT = "sent"
    DECLINED = "declined"
    NO_MORE = "no_more_reminders"
    DELETED = "deleted"
    LEFT = "left"
    CLOSED = "closed"
    MOST = "maximum_reached"
    PLANNED = "no_more_planned"
    ENDS = "after_the_end"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What has happened with one invitee.

    ``contacts`` holds the moments of all contacts that were made or may have been made (outcome unknown), in
    order. ``chosen`` is the moment the respondent asked to be reminded at; it replaces the next reminder, or
    the invitation of someone who came by a link handed over in person.
    ``stops`` are the reasons already known from rows. ``to_thank`` is when she sent, where a thank-you is
    still to be made.
    """

    contacts: tuple[datetime, ...] = ()
    chosen: datetime | None = None
    stops: tuple[Stop, ...] = ()
    to_thank: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The next contact: which one, from when on, and whether it is the last that the plan holds."""

    kind: Kind
    ordinal: int
    at: datetime
    last: bool = field(default=False)


@cache
def _holidays(year: int) -> frozenset[date]:
    """Return the Swedish holidays, eves and squeeze days of a year, from the package holidays."""
    every_kind = ("public", "bank", "de_facto", "optional")
    return frozenset(holidays.country_holidays("SE", years=year, categories=every_kind))


def is_working_day(day: date, weekdays: frozenset[int], blocked: frozenset[date] = frozenset()) -> bool:
    """Tell whether people may be contacted on a day at all."""
    return day.weekday() in weekdays and day not in blocked and day not in _holidays(day.year)


def next_allowed(
    wanted: datetime,
    schedule: Schedule,
    *,
    weekdays: frozenset[int] | None = None,
    hours: tuple[Window, ...] | None = None,
) -> datetime | None:
    """Return the first allowed moment at or after ``wanted``, in UTC; None within 400 days without one."""
    zone = ZoneInfo(schedule.zone)
    local = wanted.astimezone(zone)
    for start, end in _openings(
        local.date(), schedule, weekdays or schedule.weekdays, hours or schedule.hours
    ):
        if wanted < end:
            return max(wanted.astimezone(UTC), start)
    return None


def _openings(
    day: date, schedule: Schedule, weekdays: frozenset[int], hours: tuple[Window, ...]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the allowed stretches from a day on, in UTC, in order."""
    zone = ZoneInfo(schedule.zone)
    for offset in range(LONGEST_SEARCH.days):
        current = day + timedelta(days=offset)
        if is_working_day(current, weekdays, schedule.blocked):
            for window in hours:
                yield (
                    datetime.combine(current, window.start, zone).astimezone(UTC),
                    datetime.combine(current, window.end, zone).astimezone(UTC),
                )


def next_contact(schedule: Schedule, facts: PersonFacts, now: datetime) -> Due | Stop:
    """Decide what is due next for one person, or why nothing is.

    The moment returned is never before ``now``, never outside the allowed hours and never closer than
    ``spacing`` to the contact before it. A moment that the respondent chose follows working hours (Monday to
    Friday 8-17) instead of the wave's own, and may come sooner than ``spacing``. So does the thank-you to
    somebody who has sent and whom nothing else stops: once, within a week, also after the end of the wave.
    """
    if facts.stops:
        return _thanks(schedule, facts, now) or facts.stops[0]
    done = len(facts.contacts)
    if done >= schedule.most:
        return Stop.MOST
    if facts.chosen is not None:
        return _within(schedule, in_working_hours(schedule, max(facts.chosen, now)), Kind.REMINDER, done)
    if done == 0:
        return _within(schedule, _invitation_at(schedule, now), Kind.INVITATION, done)
    if done > len(schedule.reminders):
        return Stop.PLANNED
    return _within(schedule, _reminder_at(schedule, facts, now), Kind.REMINDER, done)


def chosen_contact(schedule: Schedule, chosen: datetime) -> datetime | None:
    """Return when somebody who chose a moment is reminded; None where that is after the end of the wave."""
    due = _within(schedule, in_working_hours(schedule, chosen), Kind.REMINDER, 0)
    return due.at if isinstance(due, Due) else None


def in_working_hours(schedule: Schedule, wanted: datetime) -> datetime | None:
    """Return the first moment of working hours at or after ``wanted``; None within 400 days without one."""
    return next_allowed(wanted, schedule, weekdays=WORKING_WEEK, hours=WORKING_HOURS)


def _thanks(schedule: Schedule, facts: PersonFacts, now: datetime) -> Due | None:
    sent = facts.to_thank
    if sent is None or facts.stops != (Stop.SENT,):
        return None
    at = in_working_hours(schedule, max(sent, now))
    return Due(Kind.THANKS, THANKS, at, last=True) if at and at < sent + THANKS_WITHIN else None


def _invitation_at(schedule: Schedule, now: datetime) -> datetime | None:
    return next_allowed(max(_day_start(schedule, schedule.opens), now), schedule)


def _reminder_at(schedule: Schedule, facts: PersonFacts, now: datetime) -> datetime | None:
    """Return when the next reminder falls due; intervals count from the invitation's day."""
    planned = schedule.reminders[len(facts.contacts) - 1]
    invited = facts.contacts[0].astimezone(ZoneInfo(schedule.zone)).date()
    day = planned if isinstance(planned, date) else invited + timedelta(days=planned)
    earliest = facts.contacts[-1] + schedule.spacing
    return next_allowed(max(_day_start(schedule, day), earliest, now), schedule)


def _within(schedule: Schedule, at: datetime | None, kind: Kind, done: int) -> Due | Stop:
    """Return the contact if it falls before the end of the wave; ``last`` when none can follow it."""
    if at is None or at >= _day_start(schedule, schedule.ends + timedelta(days=1)):
        return Stop.ENDS
    return Due(kind, done + 1, at, last=_is_last(schedule, at, done + 1))


def _is_last(schedule: Schedule, at: datetime, done: int) -> bool:
    """Tell whether no planned contact can follow the one at ``at``."""
    if done >= schedule.most or done > len(schedule.reminders):
        return True
    following = next_allowed(at + schedule.spacing, schedule)
    return following is None or following >= _day_start(schedule, schedule.ends + timedelta(days=1))


def _day_start(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(schedule.zone)).astimezone(UTC)


def choice_to_moment(choice: str, now: datetime, schedule: Schedule) -> datetime | None:
    """Turn a respondent's own choice into a moment: ``hour``, ``next_day`` (working day at nine) or a date.

    Returns None when the date is not a date, lies before today or after the end of the wave.
    """
    zone = ZoneInfo(schedule.zone)
    if choice == "hour":
        return now + timedelta(hours=1)
    today = now.astimezone(zone).date()
    if choice == "next_day":
        day = today + timedelta(days=1)
        while not is_working_day(day, WORKING_WEEK, schedule.blocked):
            day += timedelta(days=1)
        return datetime.combine(day, time(9), zone).astimezone(UTC)
    try:
        day = date.fromisoformat(choice)
    except ValueError:
        return None
    if not today < day <= schedule.ends:
        return None
    return datetime.combine(day, time(9), zone).astimezone(UTC)
