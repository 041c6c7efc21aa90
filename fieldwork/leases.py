"""Leases: one process at a time polls, or sends. Whoever holds one renews it; a dead holder's runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models import contact_queries as queries

SENDING = "sending contacts"
"""The lease of the process that makes contacts."""

TERM = timedelta(minutes=2)
"""How long a lease lasts unless it is renewed."""


def hold(session: Session, name: str, holder: str, now: datetime, term: timedelta = TERM) -> bool:
    """Take a lease or renew it; commits. False where another holder's has not run out."""
    until = now + term
    connection = session.connection()
    values = {"called": name, "by": holder, "now": now, "to": until}
    held = connection.execute(queries.EXTEND_LEASE, values).rowcount == 1
    if not held:
        try:
            connection.execute(queries.NEW_LEASE, {"name": name, "holder": holder, "until": until})
            held = True
        except IntegrityError:
            session.rollback()
            return False
    session.commit()
    return held


def let_go(session: Session, name: str, holder: str) -> None:
    """Give a lease up, so that another process need not wait for it to run out; commits."""
    session.connection().execute(queries.GIVE_UP_LEASE, {"called": name, "by": holder})
    session.commit()
