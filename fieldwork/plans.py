"""What the schedule of a wave leads to: contacts per day, made and coming, as counts only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from fieldwork.contact_facts import nobody_stopped, terms_of
from fieldwork.schedule import Due, Kind, PersonFacts, Schedule, next_contact
from models import contact_queries as queries

Moments = tuple[tuple[datetime, Kind], ...]


@dataclass(frozen=True, slots=True)
class ContactDay:
    """How many contacts one day holds, in the time zone of the wave."""

    day: date
    invitations: int = 0
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The contacts of a wave per day, in order.

    ``made`` holds those that were made or may have been. ``coming`` is what follows if nobody answers and the
    wave goes on, or starts, now. ``unreachable`` counts those who would be contacted but have no address in
    use on a channel of the wave.
    """

    made: tuple[ContactDay, ...]
    coming: tuple[ContactDay, ...]
    unreachable: int


def plan(session: Session, wave_id: int, now: datetime) -> Plan:
    """Simulate the whole wave from ``now`` on; reads only."""
    terms = terms_of(session.connection(), wave_id)
    zone = ZoneInfo(terms.schedule.zone)
    alike = Counter(
        (_to_the_minute(each.facts), max(now, each.not_before or now), bool(each.channels))
        for each in nobody_stopped(session, terms)
    )
    coming: Counter[tuple[date, Kind]] = Counter()
    unreachable = 0
    for (facts, start, reachable), number in alike.items():
        moments = _simulate(terms.schedule, facts, start)
        if reachable:
            for at, kind in moments:
                coming[at.astimezone(zone).date(), kind] += number
        elif moments:
            unreachable += number
    return Plan(_made(session, wave_id, zone), _days(coming), unreachable)


def simulate(schedule: Schedule, reachable: int, unreachable: int, now: datetime) -> Plan:
    """Return the plan of a wave that has not started: so many people of whom nobody answers. Pure."""
    moments = _simulate(schedule, PersonFacts(), now)
    zone = ZoneInfo(schedule.zone)
    coming = Counter((at.astimezone(zone).date(), kind) for at, kind in moments for _ in range(reachable))
    return Plan((), _days(coming), unreachable if moments else 0)


def _to_the_minute(facts: PersonFacts) -> PersonFacts:
    """Return the facts so that those of people contacted together are alike, and simulated once."""
    minutes = tuple(at.replace(second=0, microsecond=0) for at in facts.contacts)
    return PersonFacts(minutes, facts.chosen, facts.stops)


def _simulate(schedule: Schedule, facts: PersonFacts, now: datetime) -> Moments:
    """Return every contact that follows for someone who does nothing."""
    moments: list[tuple[datetime, Kind]] = []
    while isinstance(following := next_contact(schedule, facts, now), Due):
        now = following.at
        moments.append((now, following.kind))
        facts = PersonFacts(contacts=(*facts.contacts, now))
    return tuple(moments)


def _made(session: Session, wave_id: int, zone: ZoneInfo) -> tuple[ContactDay, ...]:
    rows = session.connection().execute(queries.MADE, {"wave": wave_id}).all()
    by_hour = Counter((at.date(), at.hour, kind) for at, kind in rows)
    days: Counter[tuple[date, Kind]] = Counter()
    for (day, hour, kind), number in by_hour.items():
        at = datetime.combine(day, time(hour), UTC).astimezone(zone)
        days[at.date(), Kind(kind)] += number
    return _days(days)


def _days(counts: Counter[tuple[date, Kind]]) -> tuple[ContactDay, ...]:
    return tuple(
        ContactDay(day, counts[day, Kind.INVITATION], counts[day, Kind.REMINDER])
        for day in sorted({day for day, _ in counts})
    )
