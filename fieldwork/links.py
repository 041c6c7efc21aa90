"""The list of personal links that an inspector mails or hands out herself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from fieldwork.errors import NotAllowed
from fieldwork.invitations import MAIL, access
from fieldwork.problems import InputError
from fieldwork.reviews import links_end
from fieldwork.rights import Role, Viewer
from fieldwork.spreadsheets import as_file
from models.tables import Address, AuditEntry, Invitation, Organisation, Person, Subject, Wave
from questionnaires.errors import Problem

HEADINGS = {
    "sv": ("referens", "adress", "distrikt", "länk"),
    "en": ("reference", "address", "district", "link"),
}


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """One row of the list. Whoever has the link can answer as that person."""

    reference: str
    address: str
    district: str
    link: str


def link_maker(viewer: Viewer) -> str:
    """Return whom the audit log names; raise ``NotAllowed`` for a manager, who could answer as the staff."""
    if viewer.role is Role.MANAGER:
        raise NotAllowed("A manager gets no links: whoever has a link answers as that person")
    return viewer.name


def personal_links(  # noqa: PLR0913 - clock, chance and actor are arguments
    session: Session,
    wave_id: int,
    *,
    fresh_token: Callable[[], str],
    base_url: str,
    now: datetime,
    actor: str,
) -> tuple[PersonalLink, ...]:
    """Make a new link for everyone invited to a wave, and note in the audit log who did; commits.

    Everyone in service gets one, also those who have answered: else the list would tell who has not.
    Earlier links go on working.

    Raises:
        InputError: the wave is about files, closed or over, the staff have not been informed, or nobody is
            invited.
    """
    wave = session.get_one(Wave, wave_id)
    _refuse_unready(wave, now)
    invited = session.exec(
        select(Invitation, Person, Organisation)
        .join(Subject, col(Subject.id) == col(Invitation.subject_id))
        .join(Person, col(Person.id) == col(Subject.person_id))
        .join(Organisation, col(Organisation.id) == col(Subject.organisation_id))
        .where(Invitation.wave_id == wave_id, col(Invitation.in_service))
        .order_by(col(Person.reference))
    ).all()
    if not invited:
        remedy = "Import the staff list first: granska import"
        raise InputError(Problem(wave.name, "", "has nobody to invite", remedy))
    mail = select(Address.person_id, Address.value).where(Address.channel == MAIL, col(Address.active))
    addresses = dict(session.exec(mail).all())
    links = []
    for invitation, person, district in invited:
        token = fresh_token()
        session.add(access(invitation.id or 0, token, now, links_end(wave.closes)))
        address = addresses.get(person.id or 0, "")
        links.append(PersonalLink(person.reference, address, district.name, f"{base_url}/s/{token}"))
    session.add(AuditEntry(at=now, actor=actor, action="personal links", target=f"wave {wave_id}"))
    session.commit()
    return tuple(links)


def _refuse_unready(wave: Wave, now: datetime) -> None:
    if wave.subject == "file":
        remedy = "Write a workbook for its protocols: granska wave protocol-template"
        raise InputError(Problem(wave.name, "", "is about files, which nobody is invited to", remedy))
    if wave.closed_at is not None or now.date() > wave.closes:
        raise InputError(Problem(wave.name, "", "is closed", "Nothing more can be answered in it"))
    if wave.informed_on is None or wave.informed_on > now.date():
        raise InputError(
            Problem(
                wave.name,
                "informed_on",
                "the staff have not been informed of the purpose yet",
                "Inform them first, then: granska wave change WAVE --informed-on DATE",
            )
        )


def links_file(links: Sequence[PersonalLink], filename: str, language: str) -> bytes:
    """Return the list as a file of the kind its name ends with: ``.csv`` or ``.xlsx``.

    Raises:
        InputError: any other ending.
    """
    return as_file(filename, HEADINGS[language], [astuple(link) for link in links])
