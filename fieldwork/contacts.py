"""Making the contacts that are due: each claimed and committed, then sent, then recorded."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import Session

from fieldwork.claims import Claim, Ending, Outcome, claim, ending_of, finish, postponed
from fieldwork.contact_facts import likely, terms_of, to_thank
from fieldwork.contact_letters import letter_of
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import Letter
from fieldwork.schedule import next_allowed
from fieldwork.settings import SettingsError
from models import contact_queries as queries

T = TypeVar("T")
_log = logging.getLogger(__name__)

PATIENT = 5
"""So many postponements in a row on one channel, and the rest of it waits for the next round."""


class Channel(Protocol):
    """A way to reach people."""

    def send(self, address: str, letter: Letter) -> None:
        """Deliver a letter, worded for this channel.

        Raises DeliveryFailed, or SettingsError where nothing at all can be sent. Anything else that it raises
        is taken to mean that the letter may have arrived.
        """


class Database(Protocol):
    """Runs work on a session of its own and returns what the work returned."""

    def __call__(self, work: Callable[[Session], T], /) -> T:
        """Run ``work``."""


@dataclass(frozen=True)
class Sending:
    """What it takes to make contacts: ``channels`` by name, ``base_url`` as respondents meet it.

    ``may_go_on`` is asked before each contact; False ends the round.
    """

    read: Database
    write: Database
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    fresh_token: Callable[[], str]
    base_url: str
    may_go_on: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contacts became what in one round."""

    sent: int = 0
    unknown: int = 0
    postponed: int = 0
    failed: int = 0

    @property
    def made(self) -> int:
        """How many were claimed."""
        return self.sent + self.unknown + self.postponed + self.failed


def due(session: Session, now: datetime, channels: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield whom to contact now, and by which of ``channels``, wave by wave; reads only."""
    for wave_id in session.connection().execute(queries.RUNNING_WAVES).scalars().all():
        terms = terms_of(session.connection(), wave_id)
        wishing = next_allowed(now, terms.schedule) != now
        for candidate in (*likely(session, terms, now, wishing=wishing), *to_thank(session, terms, now)):
            if candidate.due(terms.schedule, now, channels):
                yield candidate.invitation, candidate.usable(channels)[0]


def send_due(sending: Sending, limit: int) -> Tally:
    """Make at most ``limit`` of the contacts that are due, and commit after each; return what became of them.

    One contact that cannot be made stops no other. A channel that postpones again and again is left alone
    until the next round.

    Raises:
        SettingsError: a channel cannot send at all; what was claimed of it is postponed.
    """
    counts: Counter[Outcome] = Counter()
    in_a_row: Counter[str] = Counter()
    names = list(sending.channels)
    for invitation, channel in sending.read(lambda session: list(due(session, sending.clock(), names))):
        if counts.total() >= limit or not sending.may_go_on():
            break
        if in_a_row[channel] >= PATIENT:
            continue
        try:
            outcome = _contact(sending, invitation, names)
        except SettingsError:
            raise
        except Exception as error:  # noqa: BLE001 - the row is bad or the database is: the others are tried
            _complain("a contact could not be made, and is tried again in the next round", error)
            continue
        if outcome is not None:
            counts[outcome] += 1
            in_a_row[channel] = in_a_row[channel] + 1 if outcome is Outcome.POSTPONED else 0
    return Tally(**{outcome.value: counts[outcome] for outcome in Outcome})


def _contact(sending: Sending, invitation: int, channels: Sequence[str]) -> Outcome | None:
    """Claim and make one contact; None where it is no longer due or somebody else's."""
    token = sending.fresh_token()
    made = sending.write(lambda session: claim(session, invitation, sending.clock(), channels, token))
    if made is None:
        return None
    try:
        ending = _send(sending, made, token)
    except SettingsError:
        _record(sending, made, postponed(made, "settings"))
        raise
    _record(sending, made, ending)
    return ending.outcome


def _send(sending: Sending, made: Claim, token: str) -> Ending:
    """Word and send a claimed contact; never raises but SettingsError."""
    try:
        letter = sending.read(
            lambda session: letter_of(session, made, token, sending.base_url, sending.clock())
        )
    except Exception as error:  # noqa: BLE001 - nothing was sent: whatever it was, it is tried again
        _complain("a letter could not be written", error)
        return postponed(made, "letter")
    try:
        sending.channels[made.channel].send(made.address, letter)
    except DeliveryFailed as failure:
        return ending_of(failure, made)
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - the letter may have left: it is never sent again
        _complain("a channel failed while sending", error)
        return Ending(Outcome.UNKNOWN, "error")
    return Ending(Outcome.SENT)


def _record(sending: Sending, made: Claim, ending: Ending) -> None:
    sending.write(lambda session: finish(session, made, ending, sending.clock()))
    if ending.outcome is not Outcome.SENT:
        _log.warning("contact %d by %s: %s (%s)", made.contact, made.channel, ending.outcome, ending.reason)


def _complain(what: str, error: Exception) -> None:
    """Log a fault by its kind and place only: its text may hold an address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("%s: %s at %s:%s", what, type(error).__name__, place.filename, place.lineno)
