"""Letters that an inspector sends to herself on trial: asked for on a page, sent by whoever may send mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from fieldwork.contacts import Sending
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import Letter
from fieldwork.mail_addresses import mail_address
from fieldwork.previews import as_row, from_row
from fieldwork.problems import InputError
from fieldwork.rights import Viewer, require_inspector, require_named_inspector
from fieldwork.settings import SettingsError
from models.planning_tables import SampleLetter
from models.tables import AuditEntry
from questionnaires.errors import Problem

CHANNEL = "mail"
WAITING, ON_ITS_WAY, SENT, FAILED, UNKNOWN = "waiting", "on_its_way", "sent", "failed", "unknown"


@dataclass(frozen=True, slots=True)
class Trial:
    """A letter on trial: when it was asked for, and what became of it (``reason`` where it was not sent)."""

    kind: str
    language: str
    asked_at: datetime
    outcome: str
    reason: str


def ask(  # noqa: PLR0913, PLR0917 - who asks for which letter, where to, and when
    session: Session, viewer: Viewer, draft_id: int, letter: Letter, address: str, now: datetime
) -> None:
    """Ask for a letter to be sent to the inspector's own address; commits.

    Raises:
        InputError: no mail address.
    """
    require_named_inspector(viewer)
    recipient = mail_address(address)
    if recipient is None:
        raise InputError(Problem("the address", "", "is not a mail address", "Write it as name@example.se"))
    session.add(SampleLetter(draft_id=draft_id, address=recipient, letter=as_row(letter), asked_at=now))
    session.add(AuditEntry(at=now, actor=viewer.name, action="test letter", target=f"plan {draft_id}"))
    session.commit()


def trials(session: Session, viewer: Viewer, draft_id: int) -> tuple[Trial, ...]:
    """Return the letters on trial of a plan, the last first; reads only."""
    require_inspector(viewer)
    mine = select(SampleLetter).where(SampleLetter.draft_id == draft_id).order_by(col(SampleLetter.id).desc())
    return tuple(
        Trial(str(row.letter["kind"]), str(row.letter["language"]), row.asked_at, _state(row), row.reason)
        for row in session.exec(mine)
    )


def _state(row: SampleLetter) -> str:
    return row.outcome or (ON_ITS_WAY if row.claimed_at else WAITING)


def send_waiting(sending: Sending) -> int:
    """Send the letters on trial that wait, each claimed and committed first; return how many were sent.

    Raises:
        SettingsError: no mail can be sent at all; what was claimed is recorded as failed.
    """
    sent = 0
    while CHANNEL in sending.channels and sending.may_go_on():
        claimed = sending.write(lambda session: _claim(session, sending.clock()))
        if claimed is None:
            break
        sent += _send(sending, *claimed)
    return sent


def _send(sending: Sending, number: int, address: str, row: dict[str, object]) -> bool:
    outcome, reason = UNKNOWN, "error"
    try:
        sending.channels[CHANNEL].send(address, from_row(row, sending.base_url))
        outcome, reason = SENT, ""
    except DeliveryFailed as failure:
        outcome, reason = UNKNOWN if failure.unknown else FAILED, failure.reason
    except SettingsError:
        outcome, reason = FAILED, "settings"
        raise
    finally:
        sending.write(lambda session: _finish(session, number, outcome, reason))
    return outcome == SENT


def _claim(session: Session, now: datetime) -> tuple[int, str, dict[str, object]] | None:
    waiting = (
        select(SampleLetter).where(col(SampleLetter.claimed_at).is_(None)).order_by(col(SampleLetter.id))
    )
    row = session.exec(waiting.limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        session.rollback()
        return None
    row.claimed_at = now
    session.commit()
    return row.id or 0, row.address, row.letter


def _finish(session: Session, number: int, outcome: str, reason: str) -> None:
    """Record what became of a letter; commits. The plan may have gone meanwhile."""
    row = session.get(SampleLetter, number)
    if row is not None:
        row.outcome, row.reason = outcome, reason
    session.commit()
