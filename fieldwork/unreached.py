"""Who cannot be reached: addresses that are missing, refused or bounced. Never who has answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldwork.bounces import read_bounces
from models import contact_queries as queries


@dataclass(frozen=True, slots=True)
class Unreached:
    """Someone in service without an address in use; ``refused``: she had one that takes no messages."""

    reference: str
    refused: bool


def unreached(session: Session, wave_id: int) -> tuple[Unreached, ...]:
    """Return those invited to a wave who cannot be reached, by the inspector's own reference; reads only."""
    rows = session.connection().execute(queries.UNREACHED, {"wave": wave_id})
    return tuple(Unreached(row.reference, row.refused) for row in rows)


def record_bounces(session: Session, content: bytes) -> int:
    """Take the addresses that a saved notification says take no mail out of use; commits.

    The last mail to each counts as not made, and is made again once the address is corrected. Returns how
    many of our addresses it was about; those that were only delayed, or full, are left as they are.

    Raises:
        NotABounce: it is no notification of a mail that did not arrive.
    """
    values = [bounce.recipient.lower() for bounce in read_bounces(content) if bounce.permanent]
    connection = session.connection()
    found = connection.execute(queries.BOUNCED_ADDRESSES, {"values": values}).all()
    for address in found:
        connection.execute(queries.DEACTIVATE, {"address": address.id})
        connection.execute(queries.UNDELIVERED, {"person": address.person_id})
    session.commit()
    return len(found)
