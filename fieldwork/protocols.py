"""Reviewing case files: which there are, whose protocol is whose, and protocols filled in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from fieldwork.file_results import FIRST, PARTS, store_protocol
from fieldwork.forms import form_of
from fieldwork.messages import Door
from fieldwork.organisations import same_name, units_by_name
from fieldwork.problems import InputError
from fieldwork.protocol_sheets import Filled, read_protocols, write_template
from fieldwork.rights import Role
from fieldwork.spreadsheets import read
from models.tables import Answer, Interview, Invitation, Organisation, Subject, User, Wave
from questionnaires.definition import Form
from questionnaires.errors import Problem


@dataclass(frozen=True, slots=True)
class ProtocolReport:
    """What an import of protocols did, or would do. ``empty`` counts rows of files not read yet."""

    rows: int
    empty: int
    dry_run: bool


def add_files(session: Session, wave_id: int, district: str, number: int) -> int:
    """See to it that a district has files 1 to ``number``; return how many were added. Commits.

    Raises:
        InputError: the wave is not about files or is closed, or has no such district.
    """
    wave = _file_wave(session, wave_id)
    organisation, _ = _district(session, wave, district)
    known = set(_files(session, wave_id, organisation))
    missing = [each for each in range(1, number + 1) if each not in known]
    session.add_all(
        Subject(wave_id=wave_id, kind="file", organisation_id=organisation, number=each) for each in missing
    )
    session.commit()
    return len(missing)


def open_protocol(  # noqa: PLR0913 - a protocol is someone's part in one file of one district
    session: Session, wave_id: int, *, district: str, number: int, user: str, part: str = FIRST
) -> int:
    """Return the invitation under which a user fills in the protocol of a file; makes it if needed, commits.

    Raises:
        InputError: no such file, no such inspector, or the protocol belongs to another inspector.
    """
    wave = _file_wave(session, wave_id)
    organisation, unit = _district(session, wave, district)
    subject = _files(session, wave_id, organisation).get(number)
    if subject is None:
        rule = f"file {number} of {district} is not in the sample"
        remedy = "Choose another number, or add files with: granska wave files"
        raise InputError(Problem(wave.name, "", rule, remedy))
    invitation = _invitation(session, wave, subject, unit, _inspector(session, user), part)
    if isinstance(invitation, str):
        raise InputError(Problem(wave.name, f"file {number}", invitation, "Take another file or part"))
    session.commit()
    return invitation.id or 0


def import_protocols(  # noqa: PLR0913 - a file is its name and its content; clock and chance are arguments
    session: Session,
    wave_id: int,
    content: bytes,
    filename: str,
    *,
    user: str,
    part: str,
    now: datetime,
    fresh_id: Callable[[], str],
    dry_run: bool,
) -> ProtocolReport:
    """Store the protocols of a workbook or CSV file, one row a file, as sent; commits, or changes nothing.

    Raises:
        InputError: every fault by row and column; the wave is closed or not about files; no such inspector.
    """
    wave = _file_wave(session, wave_id)
    inspector = _inspector(session, user)
    form = form_of(session, wave.form_id)
    places = units_by_name(session, wave_id)
    numbers = {
        (district, number): subject
        for district, (organisation, _) in places.items()
        for number, subject in _files(session, wave_id, organisation).items()
    }
    sheet = read(content, filename)
    filled = read_protocols(sheet, form, numbers)
    problems = []
    for each in filled:
        unit = places[each.district][1]
        invitation = _invitation(session, wave, numbers[each.district, each.number], unit, inspector, part)
        if not isinstance(invitation, str) and invitation.begun_at is not None:
            invitation = "has been begun already"
        if isinstance(invitation, str):
            remedy = "Take the row away, or choose another part with --part"
            problems.append(Problem(filename, f"row {each.row}", f"the {part} protocol {invitation}", remedy))
        elif not problems:
            _send(session, invitation, form, wave, each, now, fresh_id)
    if problems or dry_run:
        session.rollback()
    if problems:
        raise InputError(*problems)
    session.commit()
    return ProtocolReport(len(filled), len(sheet.rows) - len(filled), dry_run)


def _send(  # noqa: PLR0913, PLR0917 - one interview and all that belongs to it
    session: Session,
    invitation: Invitation,
    form: Form,
    wave: Wave,
    filled: Filled,
    now: datetime,
    fresh_id: Callable[[], str],
) -> None:
    """Store one protocol as an interview that was begun and sent at once."""
    invitation.begun_at = invitation.finished_at = now
    interview = Interview(
        id=fresh_id(),
        invitation_id=invitation.id,
        wave_id=wave.id or 0,
        form_id=wave.form_id,
        reporting_unit_id=invitation.reporting_unit_id,
        revision=len(filled.answers),
        sent_at=now,
        result_key=fresh_id(),
    )
    session.add(interview)
    session.flush()
    session.add_all(
        Answer(interview_id=interview.id, revision=number, item=item, value=value, door=Door.IMPORT, at=now)
        for number, (item, value) in enumerate(filled.answers.items(), start=1)
    )
    store_protocol(
        session,
        invitation_id=invitation.id or 0,
        form=form,
        answers=filled.answers,
        key=interview.result_key or "",
        partial=False,
    )


def _file_wave(session: Session, wave_id: int) -> Wave:
    wave = session.get_one(Wave, wave_id)
    if wave.subject != "file":
        remedy = 'Protocols belong to a wave with subject = "file"'
        raise InputError(Problem(wave.name, "", "is not about files", remedy))
    if wave.closed_at is not None:
        raise InputError(Problem(wave.name, "", "is closed", "Nothing more can be stored in it"))
    return wave


def _district(session: Session, wave: Wave, name: str) -> tuple[int, int]:
    place = units_by_name(session, wave.id or 0).get(same_name(name))
    if place is None:
        remedy = "Use a name or an alias from the wave file"
        raise InputError(Problem(wave.name, "", f"'{name[:60]}' is no district of this wave", remedy))
    return place


def _files(session: Session, wave_id: int, organisation_id: int) -> Mapping[int, int]:
    """Return the files of a district: running number -> subject."""
    rows = session.exec(
        select(Subject.number, Subject.id).where(
            Subject.wave_id == wave_id,
            Subject.kind == "file",
            Subject.organisation_id == organisation_id,
            col(Subject.number).is_not(None),
        )
    )
    return {number or 0: subject or 0 for number, subject in rows}


def _inspector(session: Session, name: str) -> User:
    user = session.exec(select(User).where(User.name == name)).first()
    if user is None or user.role != Role.INSPECTOR:
        remedy = "Name one with --as, or add one with: granska user add NAME inspector"
        raise InputError(Problem(name, "", "is not an inspector of Granska", remedy))
    return user


def _invitation(  # noqa: PLR0913, PLR0917 - all that makes a protocol someone's
    session: Session, wave: Wave, subject_id: int, unit_id: int, user: User, part: str
) -> Invitation | str:
    """Return the user's place as this reader of a file, or why it cannot be theirs."""
    if part not in PARTS:
        return f"cannot be '{part}', only {', '.join(PARTS)}"
    mine = select(Invitation).where(Invitation.subject_id == subject_id, Invitation.part == part)
    found = session.exec(mine).first()
    if found is None:
        found = Invitation(
            wave_id=wave.id or 0,
            subject_id=subject_id,
            reporting_unit_id=unit_id,
            user_id=user.id,
            part=part,
            role=Role.INSPECTOR,
        )
        session.add(found)
        session.flush()
    if found.user_id not in (None, user.id) and found.begun_at is not None:
        return "has been begun by another inspector"
    found.user_id = user.id
    return found


def template(session: Session, wave_id: int, part: str, language: str) -> bytes:
    """Return a workbook with a row for each file that has no protocol of this part yet.

    Raises:
        InputError: the wave is closed or not about files.
    """
    wave = _file_wave(session, wave_id)
    begun = select(Invitation.subject_id).where(
        Invitation.wave_id == wave_id, Invitation.part == part, col(Invitation.begun_at).is_not(None)
    )
    files = session.exec(
        select(Organisation.name, Subject.number)
        .join(Subject, col(Subject.organisation_id) == col(Organisation.id))
        .where(Subject.wave_id == wave_id, Subject.kind == "file", col(Subject.id).not_in(begun))
        .order_by(col(Organisation.name), col(Subject.number))
    ).all()
    numbered = [(district, number) for district, number in files if number is not None]
    return write_template(form_of(session, wave.form_id), numbered, language)
