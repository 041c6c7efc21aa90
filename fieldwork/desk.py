"""What an inspector does with a wave under way: each act checked for her right and noted in the audit log.

The audit log names the wave or the invitation, never a person, an address or a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from fieldwork import invitees, plans, unreached
from fieldwork.forms import form_of
from fieldwork.information import minutes_to_answer
from fieldwork.invitations import find_invitation
from fieldwork.links import PersonalLink, links_file, personal_links
from fieldwork.messages import ContactPerson
from fieldwork.problems import InputError
from fieldwork.reviews import change_wave, close_wave
from fieldwork.rights import Viewer, require_inspector, require_named_inspector
from fieldwork.sendouts import pause_wave, start_wave
from fieldwork.slips import SlipSheet, print_slips
from models.tables import AuditEntry, Invitation, Note, Person, Review, Subject, Wave
from questionnaires.errors import Problem

LONGEST_NOTE = 2000


def references(session: Session, viewer: Viewer, wave_id: int) -> tuple[str, ...]:
    """Return the references of everyone in service, whatever has become of them; reads only."""
    require_inspector(viewer)
    found = session.exec(
        select(Person.reference)
        .join(Subject, col(Subject.person_id) == col(Person.id))
        .join(Invitation, col(Invitation.subject_id) == col(Subject.id))
        .where(Invitation.wave_id == wave_id, col(Invitation.in_service))
        .order_by(col(Person.reference))
    )
    return tuple(found.all())


def contact_plan(session: Session, viewer: Viewer, wave_id: int, now: datetime) -> plans.Plan:
    """Return the contacts of a wave per day, made and coming; reads only."""
    require_inspector(viewer)
    return plans.plan(session, wave_id, now)


def not_reached(session: Session, viewer: Viewer, wave_id: int) -> tuple[unreached.Unreached, ...]:
    """Return who has no address in use; reads only."""
    require_inspector(viewer)
    return unreached.unreached(session, wave_id)


def take_bounce(session: Session, viewer: Viewer, content: bytes, now: datetime) -> int:
    """Take addresses out of use that a saved notification names; as ``unreached.record_bounces``. Commits."""
    _note(session, viewer, now, "bounce", "addresses")
    return unreached.record_bounces(session, content)


def add_person(
    session: Session, viewer: Viewer, wave_id: int, particulars: Mapping[str, str], now: datetime
) -> None:
    """Invite one more person; as ``invitees.add_person``. Commits."""
    _note(session, viewer, now, "add person", f"wave {wave_id}")
    invitees.add_person(session, wave_id, particulars)


def correct_address(  # noqa: PLR0913, PLR0917 - who does what to whom, and when
    session: Session, viewer: Viewer, wave_id: int, reference: str, address: str, now: datetime
) -> None:
    """Give an invitee another address; as ``invitees.correct_address``. Commits."""
    invitation = find_invitation(session, wave_id, reference)
    _note(session, viewer, now, "correct address", f"invitation {invitation}")
    invitees.correct_address(session, invitation, address)


def send_link(session: Session, viewer: Viewer, wave_id: int, reference: str, now: datetime) -> None:
    """Let an invitee be mailed a new link; as ``invitees.send_new_link``. Commits."""
    require_named_inspector(viewer)
    invitees.send_new_link(session, find_invitation(session, wave_id, reference), now, viewer.name)


def mark_left(  # noqa: PLR0913, PLR0917 - likewise
    session: Session, viewer: Viewer, wave_id: int, reference: str, reason: str, now: datetime
) -> None:
    """Note that an invitee has left or is on leave; as ``invitees.mark_left``. Commits."""
    invitation = find_invitation(session, wave_id, reference)
    _note(session, viewer, now, "mark left", f"invitation {invitation}")
    invitees.mark_left(session, invitation, now, reason)


def mark_back(session: Session, viewer: Viewer, wave_id: int, reference: str, now: datetime) -> None:
    """Take back that an invitee has left. Commits."""
    invitation = find_invitation(session, wave_id, reference)
    _note(session, viewer, now, "mark back", f"invitation {invitation}")
    invitees.mark_back(session, invitation)


def move_end(session: Session, viewer: Viewer, wave_id: int, closes: date, now: datetime) -> None:
    """Move the last day of a wave; as ``reviews.change_wave``. Commits."""
    _note(session, viewer, now, "move end", f"wave {wave_id}")
    change_wave(session, wave_id, closes=closes)


def start(session: Session, viewer: Viewer, wave_id: int, now: datetime) -> None:
    """Start a wave, or go on after a pause; as ``sendouts.start_wave``. Commits."""
    require_named_inspector(viewer)
    start_wave(session, wave_id, now, viewer.name)


def pause(session: Session, viewer: Viewer, wave_id: int, now: datetime) -> None:
    """Let a wave contact nobody; as ``sendouts.pause_wave``. Commits."""
    require_named_inspector(viewer)
    pause_wave(session, wave_id, now, viewer.name)


def close(session: Session, viewer: Viewer, wave_id: int, now: datetime) -> int:
    """Close a wave for good and return how many drafts were erased; as ``reviews.close_wave``. Commits."""
    _note(session, viewer, now, "close", f"wave {wave_id}")
    return close_wave(session, wave_id, now)


def write_note(session: Session, viewer: Viewer, wave_id: int, text: str, now: datetime) -> None:
    """Write a line in the diary of a wave; commits.

    Raises:
        InputError: nothing written, or more than ``LONGEST_NOTE`` characters.
    """
    require_named_inspector(viewer)
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        rule = f"is longer than {LONGEST_NOTE} characters" if words else "is empty"
        raise InputError(Problem("the note", "", rule, "Write a few sentences"))
    session.add(Note(wave_id=wave_id, at=now, text=words))
    _note(session, viewer, now, "diary", f"wave {wave_id}")
    session.commit()


def diary(session: Session, viewer: Viewer, wave_id: int) -> tuple[tuple[datetime, str], ...]:
    """Return the lines of the diary with their moments, the newest first; reads only."""
    require_inspector(viewer)
    lines = select(Note).where(Note.wave_id == wave_id).order_by(col(Note.at).desc(), col(Note.id).desc())
    return tuple((line.at, line.text) for line in session.exec(lines))


def links_list(  # noqa: PLR0913 - clock and chance are arguments
    session: Session,
    viewer: Viewer,
    wave_id: int,
    *,
    filename: str,
    language: str,
    base_url: str,
    fresh_token: Callable[[], str],
    now: datetime,
) -> bytes:
    """Return the file of everyone's new personal link; as ``links.personal_links``. Commits."""
    made = _links(session, viewer, wave_id, base_url, fresh_token, now)
    return links_file(made, filename, language)


def slips(  # noqa: PLR0913 - likewise
    session: Session,
    viewer: Viewer,
    wave_id: int,
    *,
    language: str,
    base_url: str,
    fresh_token: Callable[[], str],
    now: datetime,
) -> bytes:
    """Return the PDF of slips with everyone's new personal link, by district. Commits.

    Raises:
        InputError: as ``links.personal_links``.
    """
    made = _links(session, viewer, wave_id, base_url, fresh_token, now)
    wave = session.get_one(Wave, wave_id)
    review = session.get_one(Review, wave.review_id)
    sheet = SlipSheet(
        language=language,
        title=review.title,
        contact=ContactPerson(wave.contact_name, wave.contact_phone, wave.contact_mail),
        closes=wave.closes,
        minutes=minutes_to_answer(form_of(session, wave.form_id)),
        slips=tuple((link.district, link.link) for link in made),
        example=review.origin == "example",
    )
    return print_slips(sheet, now)


def _links(  # noqa: PLR0913, PLR0917 - likewise
    session: Session,
    viewer: Viewer,
    wave_id: int,
    base_url: str,
    fresh_token: Callable[[], str],
    now: datetime,
) -> tuple[PersonalLink, ...]:
    require_named_inspector(viewer)
    return personal_links(
        session, wave_id, fresh_token=fresh_token, base_url=base_url, now=now, actor=viewer.name
    )


def _note(session: Session, viewer: Viewer, now: datetime, action: str, target: str) -> None:
    """Check the right, and put the line of the audit log into the transaction of the act."""
    require_named_inspector(viewer)
    session.add(AuditEntry(at=now, actor=viewer.name, action=action, target=target))
