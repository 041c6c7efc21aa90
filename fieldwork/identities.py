"""Erasing the key to who was invited, some weeks after a wave has closed.

What goes: the links, the particulars of each invited person, and which person it was; the person and her
addresses too, unless another wave still needs them. What stays are the invitations without a name, so that
rates can still be counted, and results, which never held any. Until then people can be reached once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.database import wipe_erased
from models.tables import AccessToken, Address, AuditEntry, Invitation, Person, Subject, Wave

KEPT = timedelta(days=30)
"""How long after its close it is kept who was invited to a wave."""

BY_ITSELF = "granska"
"""Whom the audit log names where the running program did it."""


def erase_identities(session: Session, now: datetime, actor: str = BY_ITSELF) -> tuple[str, ...]:
    """Erase who was invited to every wave that has been closed long enough; return their names. Commits.

    Waves about files have no respondents; their protocols stay with their readers.
    """
    due = session.exec(
        select(Wave)
        .where(col(Wave.closed_at) <= now - KEPT, col(Wave.identities_erased_at).is_(None))
        .where(Wave.subject != "file")
        .order_by(col(Wave.id))
    ).all()
    for wave in due:
        _erase(session, wave.id or 0)
        wave.identities_erased_at = now
        session.add(AuditEntry(at=now, actor=actor, action="erase identities", target=f"wave {wave.id}"))
    session.commit()
    if due:
        wipe_erased(session)
    return tuple(wave.name for wave in due)


def _erase(session: Session, wave_id: int) -> None:
    mine = col(Subject.wave_id) == wave_id
    people = session.exec(select(Subject.person_id).where(mine, col(Subject.person_id).is_not(None))).all()
    invitations = select(Invitation.id).where(Invitation.wave_id == wave_id)
    session.execute(delete(AccessToken).where(col(AccessToken.invitation_id).in_(invitations)))
    session.execute(
        update(Invitation)
        .where(col(Invitation.wave_id) == wave_id)
        .values(role="", unit="", left_reason="", language="sv")
    )
    session.execute(update(Subject).where(mine).values(person_id=None))
    _forget(session, [person for person in people if person is not None])


def _forget(session: Session, people: Sequence[int]) -> None:
    """Delete these people and their addresses, but for those of whom another wave still knows."""
    needed = set(session.exec(select(Subject.person_id).where(col(Subject.person_id).is_not(None))).all())
    for person in set(people) - needed:
        session.execute(delete(Address).where(col(Address.person_id) == person))
        session.execute(delete(Person).where(col(Person.id) == person))
