"""Claiming a contact before it is made, and recording what became of it.

A contact is made at most once: it is claimed and committed, then sent. Whoever is killed in between leaves a
claim without an outcome, which ``recover`` makes unknown; it counts, and the next planned contact applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from fieldwork.contact_facts import Candidate, one
from fieldwork.deliveries import DeliveryFailed
from fieldwork.invitations import access
from fieldwork.reviews import links_end
from fieldwork.schedule import Due, Kind
from models import contact_queries as queries

PATIENCE = timedelta(minutes=5)
"""How long a message may be on its way before its sender is taken for dead."""

SOONEST = timedelta(minutes=15)
LONGEST = timedelta(days=1)
"""The least and the most time until a contact that reached nobody is tried again."""


class Outcome(StrEnum):
    """What became of a contact."""

    SENT = "sent"
    UNKNOWN = "unknown"  # it may have arrived: it counts and is never sent again
    POSTPONED = "postponed"  # nothing arrived; it is tried again
    FAILED = "failed"  # nothing arrived, and no address is left


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a contact and why; ``wait`` is the time until a postponed one is tried again."""

    outcome: Outcome
    reason: str = ""
    wait: timedelta | None = None
    dead_address: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact that this process, and no other, may now make."""

    contact: int
    invitation: int
    due: Due
    begun: bool
    channel: str
    others: tuple[str, ...]
    address_id: int
    attempts: int
    wish: datetime | None
    address: str = field(repr=False)


def claim(
    session: Session, invitation_id: int, now: datetime, channels: Sequence[str], token: str = ""
) -> Claim | None:
    """Claim the contact that is due with someone on one of ``channels``; commits.

    Everything is read anew: who has just sent or declined is not contacted. ``token`` becomes a personal link
    in the same transaction, but for a thank-you, which has none. Returns None where nothing is due, or
    somebody else has claimed it.
    """
    try:
        made = _claim(session, invitation_id, now, channels, token)
    except IntegrityError:  # another process wrote the same contact
        made = None
    if made is None:
        session.rollback()
    else:
        session.commit()
    return made


def _claim(
    session: Session, invitation_id: int, now: datetime, channels: Sequence[str], token: str
) -> Claim | None:
    found = one(session, invitation_id)
    if found is None or not found[0].running:
        return None
    terms, candidate = found
    due = candidate.due(terms.schedule, now, channels)
    if due is None:
        return None
    usable = candidate.usable(channels)
    contact = _write(session, candidate, due, usable[0], now)
    if contact is None:
        return None
    if token and due.kind is not Kind.THANKS:
        session.add(access(invitation_id, token, now, links_end(terms.schedule.ends)))
    connection = session.connection()
    if candidate.facts.chosen is not None:
        connection.execute(queries.FULFIL_WISH, {"invitation": invitation_id})
    address = next(
        each
        for each in connection.execute(queries.ADDRESSES_OF_ONE, {"person": candidate.person})
        if each.channel == usable[0]
    )
    return Claim(
        contact=contact,
        invitation=invitation_id,
        due=due,
        begun=candidate.begun,
        channel=usable[0],
        others=tuple(usable[1:]),
        address_id=address.id,
        attempts=candidate.attempts + 1,
        wish=candidate.facts.chosen,
        address=address.value,
    )


def _write(session: Session, candidate: Candidate, due: Due, channel: str, now: datetime) -> int | None:
    """Write the claim and return its id; None where a contact to be taken up is no longer there to take."""
    connection = session.connection()
    if candidate.open_contact is not None:
        values = {"contact": candidate.open_contact, "to_kind": due.kind.value, "by": channel, "at": now}
        return candidate.open_contact if connection.execute(queries.TAKE_UP, values).rowcount == 1 else None
    new = {
        "invitation_id": candidate.invitation,
        "ordinal": due.ordinal,
        "kind": due.kind.value,
        "channel": channel,
        "due_at": due.at,
        "claimed_at": now,
        "outcome": "",
        "attempts": 1,
        "reason": "",
    }
    key = connection.execute(queries.NEW_CONTACT, new).inserted_primary_key
    return int(key[0]) if key else None


def finish(session: Session, made: Claim, ending: Ending, now: datetime) -> None:
    """Record what became of a contact; commits. Where nothing arrived, the respondent's wish stands again."""
    connection = session.connection()
    result = {
        "contact": made.contact,
        "became": ending.outcome.value,
        "because": ending.reason,
        "at": now,
        "again": None if ending.wait is None else now + ending.wait,
    }
    connection.execute(queries.FINISH, result)
    if ending.dead_address:
        connection.execute(queries.DEACTIVATE, {"address": made.address_id})
    if made.wish is not None and ending.outcome in {Outcome.POSTPONED, Outcome.FAILED}:
        connection.execute(queries.RENEW_WISH, {"invitation": made.invitation, "wish": made.wish})
    session.commit()


def ending_of(failure: DeliveryFailed, made: Claim) -> Ending:
    """Decide what becomes of a contact that the channel could not deliver.

    An address that takes no messages is used no more; where the person has another one on a channel of the
    wave, the same contact is tried there. A refused thank-you takes no address out of use: the list of those
    who cannot be reached would tell that she has answered.
    """
    if failure.unknown:
        return Ending(Outcome.UNKNOWN, failure.reason)
    if failure.permanent and made.due.kind is Kind.THANKS:
        return Ending(Outcome.FAILED, failure.reason)
    if failure.permanent and made.others:
        return Ending(Outcome.POSTPONED, failure.reason, timedelta(), dead_address=True)
    if failure.permanent:
        return Ending(Outcome.FAILED, failure.reason, dead_address=True)
    return postponed(made, failure.reason, failure.retry_after)


def postponed(made: Claim, reason: str, wait: timedelta | None = None) -> Ending:
    """Return the ending of a contact to be tried again: after ``wait``, and longer with each attempt."""
    patience = min(SOONEST * 2 ** min(made.attempts - 1, 10), LONGEST)
    return Ending(Outcome.POSTPONED, reason, max(wait or patience, patience))


def recover(session: Session, now: datetime) -> int:
    """Make every claim unknown whose sender must have died; commits and returns how many there were."""
    values = {"before": now - PATIENCE, "at": now}
    number = session.connection().execute(queries.ABANDON, values).rowcount
    session.commit()
    return number
