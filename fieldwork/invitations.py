"""Who is invited to a wave, and the personal links that open their conversations."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from fieldwork.organisations import units_by_name
from fieldwork.problems import InputError
from fieldwork.spreadsheets import examine
from fieldwork.staff_lists import Invitee, read_staff_list
from models.tables import AccessToken, Address, Invitation, Person, Subject, Wave
from questionnaires.errors import Problem

MAIL = "mail"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows only.

    ``updated`` counts invitees whose particulars changed, ``away`` those of the list who are not in service
    and therefore not counted as invited.
    """

    rows: int
    added: int
    updated: int
    unchanged: int
    away: int
    dry_run: bool


def import_invitees(  # noqa: PLR0913 - a file is its name and its content
    session: Session, wave_id: int, content: bytes, filename: str, *, dry_run: bool, language: str = "sv"
) -> ImportReport:
    """Add the people of a staff list (CSV or XLSX) to a wave; commits, or changes nothing at all.

    Someone already invited is updated when the list says something new. Nobody is removed.

    Raises:
        InputError: every fault of the file by row and column; the wave is closed or is about files.
    """
    wave = session.get_one(Wave, wave_id)
    if wave.closed_at is not None:
        raise InputError(Problem(wave.name, "", "is closed", "Import into a wave that is open"))
    if wave.subject == "file":
        remedy = "Import filled protocols, with --part"
        raise InputError(Problem(wave.name, "", "is about files, which nobody is invited to", remedy))
    invitees = read_staff_list(examine(content, filename), units_by_name(session, wave_id), language)
    outcomes = [invite(session, wave, invitee, filename) for invitee in invitees]
    problems = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    problems += _shared_addresses(session, wave_id, invitees, filename)
    if problems or dry_run:
        session.rollback()
    if problems:
        raise InputError(*problems)
    session.commit()
    return ImportReport(
        rows=len(invitees),
        added=outcomes.count("added"),
        updated=outcomes.count("updated"),
        unchanged=outcomes.count("unchanged"),
        away=sum(not invitee.in_service for invitee in invitees),
        dry_run=dry_run,
    )


def invite(session: Session, wave: Wave, invitee: Invitee, filename: str) -> str | Problem:
    """Store one invitee; return what that meant, or why it cannot be done."""
    person = _person(session, invitee.reference)
    moved = set_address(session, person.id or 0, invitee.address)
    stored = session.exec(
        select(Invitation, Subject)
        .join(Subject, col(Subject.id) == col(Invitation.subject_id))
        .where(Invitation.wave_id == wave.id, Subject.person_id == person.id)
    ).first()
    if stored is None:
        _add(session, wave, invitee, person.id or 0)
        return "added"
    invitation, subject = stored
    if invitation.begun_at is not None and invitation.in_service and not invitee.in_service:
        return Problem(
            filename,
            f"row {invitee.row}, i tjänst",
            "is nej for a person who has begun to answer, and was in service at the sendout then",
            "Write ja: who has left since is still among the invited",
        )
    place = (invitation.reporting_unit_id, subject.organisation_id)
    if place != (invitee.reporting_unit_id, invitee.organisation_id):
        if invitation.begun_at is not None:
            where = f"row {invitee.row}, distrikt"
            return Problem(
                filename,
                where,
                "is another district than the one in which this person has begun to answer",
                "Keep the district of the invitation",
            )
        invitation.reporting_unit_id = invitee.reporting_unit_id
        subject.organisation_id = invitee.organisation_id
        moved = True
    for name in ("unit", "role", "in_service", "language"):
        moved = moved or getattr(invitation, name) != getattr(invitee, name)
        setattr(invitation, name, getattr(invitee, name))
    return "updated" if moved else "unchanged"


def _shared_addresses(
    session: Session, wave_id: int, invitees: Sequence[Invitee], filename: str
) -> list[Problem]:
    """Return a problem for each address that two people would have: both links would go to one of them."""
    session.flush()
    held = session.exec(
        select(Address.value, Person.reference)
        .join(Person, col(Person.id) == col(Address.person_id))
        .join(Subject, col(Subject.person_id) == col(Person.id))
        .where(Subject.wave_id == wave_id, Address.channel == MAIL)
    ).all()
    taken = {(value.casefold(), reference) for value, reference in held}
    holders = Counter(value for value, _ in taken)
    return [
        Problem(
            filename,
            f"row {invitee.row}, adress",
            "is that of somebody else in this wave",
            "Give everyone an address of their own",
        )
        for invitee in invitees
        if holders[invitee.address.casefold()] > 1
    ]


def _known(session: Session, reference: str) -> Person | None:
    """Return the person with this reference, whatever its capitals, as within a list."""
    exact = session.exec(select(Person).where(Person.reference == reference)).first()
    if exact is not None:
        return exact
    # SQLite folds the capitals of ASCII only, so any other reference is compared here.
    near = (
        func.lower(Person.reference) == reference.lower()
        if reference.isascii()
        else func.length(Person.reference) == len(reference)
    )
    found = session.exec(select(Person).where(near).order_by(col(Person.id))).all()
    return next((each for each in found if each.reference.casefold() == reference.casefold()), None)


def _person(session: Session, reference: str) -> Person:
    person = _known(session, reference)
    if person is None:
        person = Person(reference=reference)
        session.add(person)
        session.flush()
    return person


def set_address(session: Session, person_id: int, value: str) -> bool:
    """Make ``value`` the person's mail address; an old one is deleted. Say whether anything changed."""
    mine = select(Address).where(Address.person_id == person_id, Address.channel == MAIL)
    old = session.exec(mine).all()
    if [address.value for address in old] == ([value] if value else []):
        return False
    for address in old:
        session.delete(address)
    session.flush()
    if value:
        session.add(Address(person_id=person_id, channel=MAIL, value=value))
    return True


def _add(session: Session, wave: Wave, invitee: Invitee, person_id: int) -> None:
    subject = Subject(
        wave_id=wave.id or 0,
        kind=wave.subject,
        person_id=person_id,
        organisation_id=invitee.organisation_id,
    )
    session.add(subject)
    session.flush()
    session.add(
        Invitation(
            wave_id=wave.id or 0,
            subject_id=subject.id or 0,
            reporting_unit_id=invitee.reporting_unit_id,
            role=invitee.role,
            unit=invitee.unit,
            in_service=invitee.in_service,
            language=invitee.language,
        )
    )


def find_invitation(session: Session, wave_id: int, reference: str, *, away: bool = False) -> int:
    """Return the invitation of the person with this reference; raise ``InputError`` where there is none.

    Who is not in service is in the staff list but not invited, and found only with ``away``.
    """
    person = _known(session, reference)
    mine = (
        select(Invitation.id)
        .join(Subject, col(Subject.id) == col(Invitation.subject_id))
        .where(Invitation.wave_id == wave_id, Subject.person_id == (person.id if person else -1))
    )
    found = session.exec(mine if away else mine.where(col(Invitation.in_service))).first()
    if found is None:
        raise InputError(Problem(reference, "", "is not invited to this wave", "See the staff list"))
    return found


def mint_link(session: Session, invitation_id: int, token: str, now: datetime, expires: datetime) -> None:
    """Let ``token`` open the conversation of an invitation until ``expires``; commits.

    Only the SHA-256 of the token is kept, so that nobody can read a link out of the database.
    """
    session.add(access(invitation_id, token, now, expires))
    session.commit()


def access(invitation_id: int, token: str, now: datetime, expires: datetime) -> AccessToken:
    """Return the row that lets ``token`` in, not yet stored."""
    return AccessToken(invitation_id=invitation_id, hash=_hash(token), created_at=now, expires_at=expires)


def open_link(session: Session, token: str, now: datetime) -> int | None:
    """Return the invitation that a personal link opens, or None if it is unknown or has expired; reads only.

    A link of a closed wave still opens for a while: the conversation then says that the wave is closed.
    """
    return session.exec(
        select(AccessToken.invitation_id).where(
            AccessToken.hash == _hash(token), col(AccessToken.expires_at) > now
        )
    ).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
