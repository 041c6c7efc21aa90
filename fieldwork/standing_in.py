"""An inspector who answers for an invitee, for instance over the telephone, instead of by a personal link."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from fieldwork.invitations import find_invitation
from fieldwork.rights import Viewer, require_inspector
from models.tables import AuditEntry


def stand_in(session: Session, viewer: Viewer, wave_id: int, reference: str, now: datetime) -> int:
    """Return the invitation of the person with this reference, and note who opened it; commits.

    Raises:
        NotAllowed: the viewer is no inspector: whoever is in answers and sends as that person.
        InputError: nobody with this reference is invited to the wave.
    """
    require_inspector(viewer)
    invitation = find_invitation(session, wave_id, reference)
    entry = AuditEntry(at=now, actor=viewer.name, action="answering for", target=f"invitation {invitation}")
    session.add(entry)
    session.commit()
    return invitation
