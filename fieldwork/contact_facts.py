"""What the rows say about whom to contact: the facts that the rules of ``schedule`` read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Executable
from sqlmodel import Session

from fieldwork.schedule import (
    THANKS,
    THANKS_WITHIN,
    Due,
    PersonFacts,
    Schedule,
    Stop,
    in_working_hours,
    next_contact,
)
from fieldwork.wave_schedule import schedule_of
from models import contact_queries as queries
from models.contact_tables import COUNTED

MAIL = "mail"
STOPS = (Stop.SENT, Stop.DECLINED, Stop.LEFT, Stop.DELETED, Stop.NO_MORE, Stop.CLOSED)

CHANNELS: Mapping[str, str] = {"web": MAIL, "telegram": "telegram"}
"""The channel that brings people to a door. The other doors bring nobody: paper is handed out."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a wave says of contacts: when, by which channels in order, and whether it is running.

    ``thanks``: who has sent is thanked by mail. Not in an anonymous wave: neither the row of a thank-you nor
    the log of a mail server is to tell who has sent.
    """

    wave_id: int
    schedule: Schedule
    channels: tuple[str, ...]
    running: bool
    closed: bool
    thanks: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone invited to a wave, with the facts about her.

    ``channels`` are those of the wave, in its order, on which she has an address in use. ``open_contact`` is
    the row of a contact that reached nobody yet, to be taken up again, ``not_before`` from when on.
    """

    invitation: int
    person: int
    begun: bool
    facts: PersonFacts
    channels: tuple[str, ...]
    in_flight: bool = False
    open_contact: int | None = None
    not_before: datetime | None = None
    attempts: int = 0

    def next(self, schedule: Schedule, now: datetime) -> Due | Stop:
        """Return what is due next; never before a postponed contact may be tried again."""
        return next_contact(schedule, self.facts, max(now, self.not_before or now))

    def usable(self, channels: Collection[str]) -> list[str]:
        """Return those of ``channels`` on which she can be reached, in the order of the wave."""
        # Who is thanked is thanked by mail: the chat has said so already.
        fit = channels if self.facts.to_thank is None else {MAIL} & set(channels)
        return [channel for channel in self.channels if channel in fit]

    def due(self, schedule: Schedule, now: datetime, channels: Collection[str]) -> Due | None:
        """Return the contact to be made now on one of ``channels``, or None."""
        if self.in_flight or not self.usable(channels):
            return None
        following = self.next(schedule, now)
        return following if isinstance(following, Due) and following.at <= now else None


def terms_of(connection: Connection, wave_id: int) -> Terms:
    """Return what a wave says of contacts; raise ``NoResultFound`` where there is no such wave."""
    row = connection.execute(queries.TERMS, {"wave": wave_id}).one()
    closed = row.closed_at is not None
    channels = tuple(CHANNELS[door] for door in row.doors if door in CHANNELS)
    return Terms(
        wave_id=row.id,
        schedule=schedule_of(row.schedule, row.opens, row.closes),
        channels=channels,
        running=row.started_at is not None and row.paused_at is None and not closed,
        closed=closed,
        thanks=row.promise != "anonymous" and MAIL in channels,
    )


def nobody_stopped(session: Session, terms: Terms) -> list[Candidate]:
    """Return everyone who may still be contacted in a wave, in three statements whatever their number."""
    return _candidates(session, terms, queries.OPEN, queries.CONTACTS_OF_OPEN, {})


def likely(session: Session, terms: Terms, now: datetime, *, wishing: bool) -> list[Candidate]:
    """Return those who may be due now: nobody stopped, nobody contacted a moment ago.

    ``wishing``: only those who chose their own moment.
    """
    statement = queries.WISHING if wishing else queries.CANDIDATES
    values = {"now": now} if wishing else {"now": now, "recent": now - terms.schedule.spacing}
    return _candidates(session, terms, statement, queries.CONTACTS_OF_OPEN, values)


def to_thank(session: Session, terms: Terms, now: datetime) -> list[Candidate]:
    """Return those who have sent and may be due a thank-you now; nobody outside working hours."""
    if not terms.thanks or in_working_hours(terms.schedule, now) != now:
        return []
    return _candidates(session, terms, queries.TO_THANK, queries.THANKS, {"since": now - THANKS_WITHIN})


def one(session: Session, invitation_id: int) -> tuple[Terms, Candidate] | None:
    """Return one invitee, locked until the end of the transaction; None where somebody else has her."""
    connection = session.connection()
    row = connection.execute(queries.ONE_INVITEE, {"invitation": invitation_id}).one_or_none()
    if row is None:
        return None
    terms = terms_of(connection, row.wave_id)
    contacts = connection.execute(queries.CONTACTS_OF_ONE, {"invitation": invitation_id}).all()
    addresses = connection.execute(queries.ADDRESSES_OF_ONE, {"person": row.person_id}).all()
    return terms, _candidate(terms, row, contacts, {each.channel for each in addresses})


def _candidates(
    session: Session,
    terms: Terms,
    statement: Executable,
    contacts: Executable,
    values: Mapping[str, object],
) -> list[Candidate]:
    connection = session.connection()
    wave = {"wave": terms.wave_id}
    rows = connection.execute(statement, {**wave, **values}).all()
    if not rows:
        return []
    made: defaultdict[int, list[Any]] = defaultdict(list)
    for contact in connection.execute(contacts, wave).all():
        made[contact.invitation_id].append(contact)
    reached: defaultdict[int, set[str]] = defaultdict(set)
    for address in connection.execute(queries.ADDRESSES, wave).all():
        reached[address.person_id].add(address.channel)
    return [_candidate(terms, row, made[row.id], reached[row.person_id]) for row in rows]


def _candidate(
    terms: Terms,
    row: Any,  # noqa: ANN401 - the columns of INVITEES
    contacts: Sequence[Any],
    channels: set[str],
) -> Candidate:
    sent = row.finished_at is not None
    contacts = [each for each in contacts if (each.ordinal == THANKS) == sent]
    counted = tuple(each.claimed_at for each in contacts if each.outcome in COUNTED)
    waiting = [each for each in contacts if each.outcome not in COUNTED]
    thanks = terms.thanks and sent and all(each.outcome == "postponed" for each in contacts)
    facts = PersonFacts(counted, row.chosen_at, _stops(terms, row), row.finished_at if thanks else None)
    return Candidate(
        invitation=row.id,
        person=row.person_id,
        begun=row.begun,
        facts=facts,
        channels=tuple(each for each in terms.channels if each in channels),
        in_flight=any(not each.outcome for each in contacts),
        open_contact=waiting[0].id if waiting else None,
        not_before=waiting[0].retry_at if waiting else None,
        attempts=waiting[0].attempts if waiting else 0,
    )


def _stops(terms: Terms, row: Any) -> tuple[Stop, ...]:  # noqa: ANN401 - likewise
    found = (row.finished_at, row.declined, row.left, row.deleted, row.no_more, terms.closed)
    return tuple(compress(STOPS, found)) if any(found) else ()
