"""Starting a wave's sendout, pausing it and going on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from fieldwork.contact_facts import CHANNELS
from fieldwork.problems import InputError
from fieldwork.standing import STOCKHOLM
from fieldwork.wave_schedule import SchedulePart, stored
from models.tables import AuditEntry, Invitation, Wave
from questionnaires.errors import Problem


def start_wave(session: Session, wave_id: int, now: datetime, actor: str) -> None:
    """Let a wave contact people from now on, or go on after a pause; commits.

    Raises:
        InputError: with everything that stands in the way.
    """
    wave = session.get_one(Wave, wave_id)
    problems = [Problem(wave.name, key, rule, remedy) for key, rule, remedy in _obstacles(session, wave, now)]
    if problems:
        raise InputError(*problems)
    wave.started_at, wave.paused_at = wave.started_at or now, None
    session.add(AuditEntry(at=now, actor=actor, action="start", target=f"wave {wave_id}"))
    session.commit()


def pause_wave(session: Session, wave_id: int, now: datetime, actor: str) -> None:
    """Let a wave contact nobody until it is started again; commits. Answering goes on.

    Raises:
        InputError: it has not started, or is paused or closed.
    """
    wave = session.get_one(Wave, wave_id)
    if wave.started_at is None or wave.paused_at is not None or wave.closed_at is not None:
        raise InputError(Problem(wave.name, "", "is not contacting anybody", "There is nothing to pause"))
    wave.paused_at = now
    session.add(AuditEntry(at=now, actor=actor, action="pause", target=f"wave {wave_id}"))
    session.commit()


def change_schedule(session: Session, wave_id: int, part: SchedulePart) -> None:
    """Replace the schedule of a wave, also while it runs; commits. Contacts made already count.

    Raises:
        InputError: the wave is closed.
    """
    wave = session.get_one(Wave, wave_id)
    if wave.closed_at is not None:
        raise InputError(Problem(wave.name, "", "is closed", "Nobody is contacted any more"))
    wave.schedule = stored(part)
    session.commit()


def _obstacles(session: Session, wave: Wave, now: datetime) -> list[tuple[str, str, str]]:
    """Return what keeps a wave from starting: key, rule, remedy."""
    today = now.astimezone(STOCKHOLM).date()
    if wave.closed_at is not None or today > wave.closes:
        return [("", "is closed or over", "Move its last day with: granska wave change, or plan a new wave")]
    if wave.subject == "file":
        return [("", "is about files, which nobody is invited to", "Fill in protocols instead")]
    found = []
    if wave.started_at is not None and wave.paused_at is None:
        found.append(("", "has started already", "Follow it with: granska wave plan"))
    if wave.informed_on is None or wave.informed_on > today:
        remedy = "Inform them first, then: granska wave change WAVE --informed-on DATE"
        found.append(("informed_on", "the staff have not been informed of the purpose yet", remedy))
    if not set(wave.doors) & CHANNELS.keys():
        found.append(("doors", "holds no door that people can be invited to", "Use web or telegram"))
    if "telegram" in wave.doors and not wave.telegram_reason.strip():
        found.append(("telegram_reason", "is missing", "Write down who decided to use Telegram, and why"))
    if wave.started_at is None and not _number_invited(session, wave):
        found.append(("", "has nobody to invite", "Import the staff list first: granska import"))
    return found


def _number_invited(session: Session, wave: Wave) -> int:
    invited = select(func.count()).where(Invitation.wave_id == wave.id, col(Invitation.in_service))
    return session.exec(invited.select_from(Invitation)).one()
