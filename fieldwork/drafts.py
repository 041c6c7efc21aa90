"""Planning a wave: what the inspector has entered is kept as rows until it starts or is thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from fieldwork.contact_facts import CHANNELS
from fieldwork.draft_fields import SOURCE, Fields, beginning, day_of, wave_file
from fieldwork.invitations import import_invitees
from fieldwork.organisations import same_name
from fieldwork.plans import Plan, simulate
from fieldwork.problems import InputError
from fieldwork.reviews import create_wave, wave_problems
from fieldwork.rights import Viewer, require_inspector, require_named_inspector
from fieldwork.sendouts import start_wave
from fieldwork.spreadsheets import examine
from fieldwork.staff_lists import Invitee, districts_of, read_staff_list
from fieldwork.standing import STOCKHOLM
from fieldwork.wave_files import read_wave_file
from fieldwork.wave_schedule import schedule_of, stored
from models.planning_tables import WaveDraft
from models.tables import AuditEntry
from questionnaires.errors import Problem


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it is kept."""

    id: int
    fields: Fields
    staff_name: str
    staff: bytes | None


@dataclass(frozen=True, slots=True)
class StaffReport:
    """What a staff list says: counts by district, and every fault by row."""

    invited: Mapping[str, int]
    away: int
    without_address: int
    problems: tuple[Problem, ...] = ()

    @property
    def total(self) -> int:
        """How many would be invited."""
        return sum(self.invited.values())


def drafts(session: Session, viewer: Viewer) -> tuple[Draft, ...]:
    """Return every plan that is not finished, the last changed first; reads only."""
    require_inspector(viewer)
    rows = session.exec(
        select(WaveDraft).order_by(col(WaveDraft.changed_at).desc(), col(WaveDraft.id).desc())
    )
    return tuple(Draft(row.id or 0, row.fields, row.staff_name, row.staff) for row in rows)


def begin(session: Session, viewer: Viewer, now: datetime) -> int:
    """Begin a plan and return its id; commits."""
    require_named_inspector(viewer)
    fields = beginning(now.astimezone(STOCKHOLM).date(), viewer.name)
    row = WaveDraft(author=viewer.name, fields=fields, changed_at=now)
    session.add(row)
    session.commit()
    return row.id or 0


def change(session: Session, viewer: Viewer, draft_id: int, changes: Fields, now: datetime) -> None:
    """Keep what was entered in some fields, whether it is right or not; commits.

    Raises:
        InputError: the plan is gone. So do all acts on a plan.
    """
    require_named_inspector(viewer)
    row = _row(session, draft_id)
    row.fields, row.changed_at = {**row.fields, **changes}, now
    session.commit()


def keep_staff(  # noqa: PLR0913, PLR0917 - a file is its name and its content
    session: Session, viewer: Viewer, draft_id: int, filename: str, content: bytes, now: datetime
) -> None:
    """Keep a staff list, with its faults if it has any; commits.

    Where no district has been entered yet, those of the list become the districts of the wave.
    """
    require_named_inspector(viewer)
    row = _row(session, draft_id)
    row.staff_name, row.staff, row.changed_at = filename, content, now
    if not row.fields.get("districts"):
        try:
            names = districts_of(examine(content, filename))
        except InputError:
            names = ()
        row.fields = {**row.fields, "districts": [[name, None, None] for name in names]}
    session.commit()


def discard(session: Session, viewer: Viewer, draft_id: int) -> None:
    """Throw a plan away, with its staff list; commits."""
    require_named_inspector(viewer)
    session.delete(_row(session, draft_id))
    session.commit()


def _row(session: Session, draft_id: int) -> WaveDraft:
    """Return a plan for changing; of two who change it at once, one waits for the other."""
    row = session.get(WaveDraft, draft_id, with_for_update=True)
    if row is None:
        session.rollback()
        remedy = "Look under Sendout, or plan a new one"
        raise InputError(Problem(SOURCE, "", "has been started or thrown away in another window", remedy))
    return row


def problems(
    session: Session, viewer: Viewer, draft: Draft, report: StaffReport, now: datetime
) -> tuple[Problem, ...]:
    """Return everything that keeps the plan from being started, by key of the wave file; reads only.

    ``report`` is that of its staff list, which holds the faults of the list.
    """
    require_inspector(viewer)
    found = [*wave_problems(session, wave_file(draft.fields), SOURCE), *_unready(draft.fields, now)]
    if not report.total and not report.problems:
        found.append(Problem(SOURCE, "staff", "has nobody to invite", "Read the staff list in first"))
    return tuple(found)


def staff_report(draft: Draft) -> StaffReport:
    """Return what the staff list of a plan says. Pure."""
    names = [str(name) for name, *_ in draft.fields.get("districts", ())]
    if draft.staff is None:
        return StaffReport(dict.fromkeys(names, 0), 0, 0)
    places = {same_name(name): (number, number) for number, name in enumerate(names)}
    try:
        listed: Sequence[Invitee] = read_staff_list(examine(draft.staff, draft.staff_name), places, "sv")
    except InputError as error:
        return StaffReport(dict.fromkeys(names, 0), 0, 0, error.problems)
    serving = [each for each in listed if each.in_service]
    counts = Counter(names[each.organisation_id] for each in serving)
    return StaffReport(
        invited={name: counts[name] for name in names},
        away=len(listed) - len(serving),
        without_address=sum(not each.address for each in serving),
    )


def simulated(draft: Draft, report: StaffReport, now: datetime) -> Plan | None:
    """Return the contacts per day if the wave started now and nobody answered; None until the plan has days.

    Pure.
    """
    try:
        plan = read_wave_file(wave_file(_complete(draft.fields)), SOURCE)
    except InputError:
        return None
    schedule = schedule_of(stored(plan.schedule), plan.wave.opens, plan.wave.closes)
    return simulate(schedule, report.total - report.without_address, report.without_address, now)


def _complete(fields: Fields) -> dict[str, Any]:
    """Return the fields with something in those that have nothing to do with days."""
    usual = {"review": "-", "name": "-", "contact_name": "-", "contact_phone": "-", "form": ["komp.kort"]}
    filled = {name: fields.get(name) or value for name, value in usual.items()}
    texts = {name: "-" for name in fields if name.startswith(("purpose_", "readers_"))}
    return {**fields, **filled, **texts, "districts": [["-", None, None]], "informed_on": ""}


def launch(session: Session, viewer: Viewer, draft_id: int, now: datetime, language: str) -> int:
    """Make the wave, invite the staff and start it, all in one transaction; return the wave. Commits.

    The same use cases as those of the command line do it. The plan and its staff list are then gone.

    Raises:
        InputError: with everything that stands in the way of the first step that cannot be taken.
    """
    require_named_inspector(viewer)
    row = _row(session, draft_id)
    unready = _unready(row.fields, now)
    if unready:
        session.rollback()
        raise InputError(*unready)
    with Session(
        bind=session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False
    ) as inner:
        wave = create_wave(inner, wave_file(row.fields), SOURCE)
        if row.staff is not None:
            import_invitees(inner, wave, row.staff, row.staff_name, dry_run=False, language=language)
        start_wave(inner, wave, now, viewer.name)
    session.delete(row)
    session.add(AuditEntry(at=now, actor=viewer.name, action="create", target=f"wave {wave}"))
    session.commit()
    return wave


def _unready(fields: Fields, now: datetime) -> list[Problem]:
    """Return why the start would be refused in the end: what the rules of the wave file do not ask for."""
    today = now.astimezone(STOCKHOLM).date()
    informed, closes = (day_of(str(fields.get(name) or "")) for name in ("informed_on", "closes"))
    found = []
    if closes is not None and closes < today:
        found.append(("wave.closes", "has passed", "Choose a later day"))
    if fields.get("doors") and not set(fields["doors"]) & CHANNELS.keys():
        found.append(("wave.doors", "holds no door that people can be invited to", "Use web or telegram"))
    if informed is None or informed > today:
        rule = "the staff have not been informed of the purpose yet"
        found.append(("wave.informed_on", rule, "Inform them first, then write the day"))
    return [Problem(SOURCE, *each) for each in found]
