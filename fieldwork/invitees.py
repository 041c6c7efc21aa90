"""One invitee at a time, while a wave is under way: added, reached elsewhere, gone, sent a new link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from fieldwork.contact_facts import one
from fieldwork.invitations import invite, set_address
from fieldwork.mail_addresses import mail_address
from fieldwork.organisations import units_by_name
from fieldwork.problems import InputError
from fieldwork.schedule import Stop
from fieldwork.spreadsheets import Row, Sheet
from fieldwork.staff_lists import COLUMNS, read_staff_list
from models.tables import Address, AuditEntry, Invitation, Person, Subject, Wave
from questionnaires.errors import Problem

KNOWN = (Stop.LEFT, Stop.CLOSED)
"""What keeps somebody from being sent a new link and is told, since the inspector has entered it herself."""


def add_person(session: Session, wave_id: int, particulars: Mapping[str, str], language: str = "sv") -> int:
    """Invite one more person and return the invitation; commits.

    ``particulars`` are those of the staff list by their key in ``staff_lists.COLUMNS``: reference, address,
    district, and where wanted unit, role and language.

    Raises:
        InputError: as for a staff list; or the person is invited already, or the wave is closed.
    """
    wave = _open_wave(session, wave_id)
    values = {"in_service": "ja", **particulars}
    header = Row(1, tuple(headings[0] for headings in COLUMNS.values()))
    cells = tuple(" ".join(values.get(key, "").split()) for key in COLUMNS)
    sheet = Sheet("the person", header, (Row(2, cells),))
    (invitee,) = read_staff_list(sheet, units_by_name(session, wave_id), language)
    outcome = invite(session, wave, invitee, sheet.source)
    if outcome != "added":
        session.rollback()
        remedy = "Correct the address, or import the staff list again"
        raise InputError(Problem("the person", "referens", "is invited already", remedy))
    session.flush()
    newest = session.exec(select(func.max(Invitation.id)).where(Invitation.wave_id == wave_id)).one()
    session.commit()
    return newest or 0


def correct_address(session: Session, invitation_id: int, value: str) -> None:
    """Give an invitee another mail address, in use from now on; the old one is deleted. Commits.

    A contact that reached nobody is then made, if the schedule still allows it.

    Raises:
        InputError: no mail address, or somebody else's in this wave.
    """
    address = mail_address(value)
    if address is None:
        raise InputError(Problem("the address", "", "is not a mail address", "Write it as name@example.se"))
    invitation, subject = _invited(session, invitation_id)
    others = (
        select(Address.id)
        .join(Subject, col(Subject.person_id) == col(Address.person_id))
        .where(Subject.wave_id == invitation.wave_id, Subject.person_id != subject.person_id)
        .where(func.lower(Address.value) == address.lower())
    )
    if session.exec(others).first() is not None:
        session.rollback()
        rule = "is that of somebody else in this wave"
        raise InputError(Problem("the address", "", rule, "Give everyone an address of their own"))
    set_address(session, subject.person_id or 0, "")
    set_address(session, subject.person_id or 0, address)
    session.commit()


def mark_left(session: Session, invitation_id: int, now: datetime, reason: str) -> None:
    """Note that an invitee has left or is on leave: no more contacts, but still among the invited. Commits.

    Raises:
        InputError: no reason.
    """
    if not reason.strip():
        raise InputError(Problem("the reason", "", "is empty", "Write for example: slutat, föräldraledig"))
    invitation, _ = _invited(session, invitation_id)
    invitation.left_at, invitation.left_reason = now, reason.strip()
    session.commit()


def mark_back(session: Session, invitation_id: int) -> None:
    """Take back that an invitee has left; contacts go on. Commits."""
    invitation, _ = _invited(session, invitation_id)
    invitation.left_at, invitation.left_reason = None, ""
    session.commit()


def send_new_link(session: Session, invitation_id: int, now: datetime, actor: str) -> None:
    """Let an invitee who asks be sent a new link within working hours, in place of a reminder; commits.

    Nothing is sent to who has answered, declined or had the most contacts that the schedule allows; that is
    not told, since nobody is to learn who has answered. Where no mail comes, make a link and hand it over.

    Raises:
        InputError: she has left, cannot be reached or is being contacted, or the wave contacts nobody.
    """
    found = one(session, invitation_id)
    problem = "is being contacted right now" if found is None else ""
    if found is not None:
        terms, candidate = found
        stops = [stop for stop in candidate.facts.stops if stop in KNOWN]
        if stops:
            problem = f"is not contacted any more ({stops[0]})"
        elif not terms.running:
            problem = "belongs to a wave that is not contacting anybody"
        elif not candidate.channels:
            problem = "has no address in use"
    if problem:
        session.rollback()
        remedy = "Correct what can be corrected, or hand over a link: granska wave links"
        raise InputError(Problem("the person", "", problem, remedy))
    _change(session, invitation_id, chosen_at=now, no_more_at=None)
    session.add(AuditEntry(at=now, actor=actor, action="new link", target=f"invitation {invitation_id}"))
    session.commit()


def stop_mails(session: Session, invitation_id: int, now: datetime) -> None:
    """Send no more reminders: what the link at the end of every mail does, at any stage. Commits."""
    _change(session, invitation_id, no_more_at=now, chosen_at=None)
    session.commit()


def _change(session: Session, invitation_id: int, **columns: object) -> None:
    session.execute(update(Invitation).where(col(Invitation.id) == invitation_id).values(**columns))


def _open_wave(session: Session, wave_id: int) -> Wave:
    wave = session.get_one(Wave, wave_id)
    if wave.closed_at is not None or wave.subject == "file":
        raise InputError(Problem(wave.name, "", "takes no invitees", "Use an open wave that is not of files"))
    return wave


def _invited(session: Session, invitation_id: int) -> tuple[Invitation, Subject]:
    return session.exec(
        select(Invitation, Subject)
        .join(Subject, col(Subject.id) == col(Invitation.subject_id))
        .join(Person, col(Person.id) == col(Subject.person_id))
        .where(Invitation.id == invitation_id)
    ).one()
