"""The example: an invented, open review in invented districts, for visitors to answer and to look at.

Its survey was asked half a year ago too, so that two rounds can be laid beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from string import Template

from sqlmodel import Session, col, select

from fieldwork.demo.invention import (
    draw,
    example_data,
    invent,
    tendencies_of_files,
    tendencies_of_staff,
)
from fieldwork.demo.rows import Place, add_invitation, add_sent, made_up
from fieldwork.file_results import AGREED
from fieldwork.forms import form_of
from fieldwork.invitations import access, import_invitees
from fieldwork.messages import Door
from fieldwork.reviews import close_wave, create_wave, links_end
from models.tables import (
    Answer,
    Interview,
    Invitation,
    Organisation,
    ReportingUnit,
    ReportingUnitMember,
    Staffing,
    Subject,
    Wave,
)
from questionnaires.engine import next_question

VISITOR_TOKEN = made_up("the visitor of the demo")[:32]
"""The visitor's personal link, the same in every demo; it opens nothing but invented data."""

_VISITORS_DISTRICT = "Björkdalen"
_OPEN_FOR = timedelta(days=12)
_STILL_OPEN = timedelta(days=16)
_BEFORE = timedelta(days=182)
"""How long before the survey its first round was opened."""


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one invitation: sent (perhaps before the end), begun, declined or nothing yet."""

    sent: bool = False
    partial: bool = False
    begun: bool = False
    declined: bool = False


def build_example(session: Session, now: datetime) -> int:
    """Add the example review with its open survey and its closed file review, and the survey's first round.

    Everything is invented and depends on the day of ``now`` alone. Commits several times. Returns the
    visitor's invitation.
    """
    begin, end = now.date() - _OPEN_FOR, now.date() + _STILL_OPEN
    first = _create(
        session, "example_first_round.toml", begin - _BEFORE, end - _BEFORE, (begin - _BEFORE).year
    )
    _answer(session, first, "first_round")
    close_wave(session, first, _at(end - _BEFORE, 10))
    survey = _create(session, "example_survey.toml", begin, end, now.year)
    _answer(session, survey, "survey")
    files = _create(session, "example_files.toml", begin - _OPEN_FOR, begin, now.year)
    _review_files(session, files)
    close_wave(session, files, _at(begin, 8))
    return _invite_visitor(session, survey, now)


def _create(session: Session, name: str, opens: date, closes: date, year: int) -> int:
    """Create a wave from its file, as an inspector would."""
    path = Path(__file__).with_name(name)
    days = {"opens": opens, "closes": closes, "informed": opens - timedelta(days=7), "year": year}
    body = Template(path.read_text(encoding="utf-8")).substitute(days)
    return create_wave(session, body, str(path))


def _answer(session: Session, wave_id: int, round_: str) -> None:
    """Invite the invented staff to a round of the survey, and let them do what it says of its districts."""
    import_invitees(session, wave_id, _staff_list(session, wave_id), "exempel.csv", dry_run=False)
    opens = session.get_one(Wave, wave_id).opens
    for invitation, fate in _fates(session, wave_id, round_):
        _enact(session, invitation, fate, opens, round_)


def _staff_list(session: Session, wave_id: int) -> bytes:
    """Return the invented staff list: everybody in a filled post."""
    lines = ["referens;adress;distrikt;enhet;roll;i tjänst"]
    for district, filled in session.exec(
        select(Organisation.name, Staffing.filled)
        .join(ReportingUnitMember, col(ReportingUnitMember.organisation_id) == col(Organisation.id))
        .join(ReportingUnit, col(ReportingUnit.id) == col(ReportingUnitMember.reporting_unit_id))
        .join(Staffing, col(Staffing.organisation_id) == col(Organisation.id))
        .where(ReportingUnit.wave_id == wave_id, Staffing.wave_id == wave_id)
        .order_by(col(ReportingUnit.position), col(Organisation.id))
    ):
        lines += [
            f"{district}-{number:02};{made_up(district, number)[:8]}@exempel.invalid;{district};"
            "Ekonomiskt bistånd;socialsekreterare;ja"
            for number in range(1, filled + 1)
        ]
    return "\n".join(lines).encode()


def _fates(session: Session, wave_id: int, round_: str) -> Iterator[tuple[Invitation, _Fate]]:
    """Yield who has done what, those who have sent in the order in which they did."""
    decided: list[tuple[Invitation, _Fate]] = []
    for unit in session.exec(select(ReportingUnit).where(ReportingUnit.wave_id == wave_id)).all():
        people = session.exec(select(Invitation).where(Invitation.reporting_unit_id == unit.id)).all()
        plan: Mapping[str, int] = example_data()["participation"][round_][unit.label]
        decided += zip(people, _plan(plan), strict=False)
    yield from sorted(decided, key=lambda pair: (_day_sent(pair[0]), pair[0].id))


def _plan(plan: Mapping[str, int]) -> Iterator[_Fate]:
    for number in range(plan["sent"]):
        yield _Fate(sent=True, begun=True, partial=number < plan["partial"])
    yield from [_Fate(begun=True)] * plan["begun"]
    yield from [_Fate(declined=True)] * plan["declined"]


def _enact(session: Session, invitation: Invitation, fate: _Fate, opens: date, round_: str) -> None:
    """Let one invitee have sent, begun or declined."""
    place, district = _place(session, invitation)
    begun_at = _at(opens + timedelta(days=_day_sent(invitation)), draw(8, invitation.id, "hour"))
    if fate.declined:
        invitation.declined_at = begun_at
        return
    who = f"{district}/{invitation.id}"
    answers = invent(place.form, who, tendencies_of_staff(district, round_))
    if fate.partial or not fate.sent:
        kept = 4 + draw(len(answers) - 8, who, "kept")
        answers = dict(list(answers.items())[:kept])
    if fate.sent:
        sent_at = begun_at + timedelta(minutes=4 + draw(7, who, "minutes"))
        add_sent(
            session, place, invitation, answers,
            at=sent_at, begun_at=begun_at, key=made_up(who)[:32], partial=fate.partial,
            door=_door(invitation),
        )  # fmt: skip
    else:
        _add_draft(session, place, invitation, answers, begun_at)


def _door(invitation: Invitation) -> str:
    """Return the way in that somebody chose: a fifth answer on paper or in a talk."""
    return Door.PAPER if draw(5, invitation.id, "door") == 0 else Door.WEB


def _add_draft(
    session: Session, place: Place, invitation: Invitation, answers: Mapping[str, str | None], at: datetime
) -> None:
    """Add an interview that is begun: its answers are there for the respondent, and for nobody else."""
    shown = next_question(place.form, answers)
    invitation.begun_at = at
    interview = Interview(
        id=made_up("draft", invitation.id)[:32],
        invitation_id=invitation.id,
        wave_id=place.wave_id,
        form_id=place.form_id,
        reporting_unit_id=place.unit_id,
        role=invitation.role,
        revision=len(answers),
        last_shown=shown.name if shown else "",
    )
    session.add(interview)
    session.flush()
    for number, (item, value) in enumerate(answers.items()):
        moment = at + timedelta(seconds=12 * number)
        session.add(
            Answer(
                interview_id=interview.id,
                revision=number + 1,
                item=item,
                value=value,
                door=Door.WEB,
                at=moment,
            )
        )


def _review_files(session: Session, wave_id: int) -> None:
    """Let the example's inspectors have filled in one protocol for every drawn file."""
    drawn = session.exec(
        select(Subject, ReportingUnit)
        .join(ReportingUnitMember, col(ReportingUnitMember.organisation_id) == col(Subject.organisation_id))
        .join(ReportingUnit, col(ReportingUnit.id) == col(ReportingUnitMember.reporting_unit_id))
        .where(Subject.wave_id == wave_id, ReportingUnit.wave_id == wave_id)
        .order_by(col(Subject.id))
    ).all()
    wave = session.get_one(Wave, wave_id)
    form = form_of(session, wave.form_id)
    for subject, unit in drawn:
        place = Place(wave_id, wave.form_id, form, unit.id or 0)
        invitation = add_invitation(session, place, subject, AGREED)
        who = f"{unit.label}/{subject.number}"
        at = _at(wave.opens + timedelta(days=draw(10, who, "day")), draw(8, who, "hour"))
        answers = invent(form, who, tendencies_of_files())
        add_sent(session, place, invitation, answers, at=at, key=made_up("file", who)[:32])


def _invite_visitor(session: Session, wave_id: int, now: datetime) -> int:
    """Give the visitor the place of somebody who has not begun; return that invitation."""
    invitation = session.exec(
        select(Invitation)
        .join(ReportingUnit, col(ReportingUnit.id) == col(Invitation.reporting_unit_id))
        .where(
            Invitation.wave_id == wave_id,
            ReportingUnit.label == _VISITORS_DISTRICT,
            col(Invitation.begun_at).is_(None),
            col(Invitation.declined_at).is_(None),
        )
        .order_by(col(Invitation.id))
    ).first()
    if invitation is None or invitation.id is None:
        raise ValueError(f"everybody in {_VISITORS_DISTRICT} has answered: leave somebody for the visitor")
    session.add(access(invitation.id, VISITOR_TOKEN, now, links_end(session.get_one(Wave, wave_id).closes)))
    session.commit()
    return invitation.id


def _place(session: Session, invitation: Invitation) -> tuple[Place, str]:
    wave = session.get_one(Wave, invitation.wave_id)
    unit = session.get_one(ReportingUnit, invitation.reporting_unit_id)
    place = Place(invitation.wave_id, wave.form_id, form_of(session, wave.form_id), unit.id or 0)
    return place, unit.label


def _day_sent(invitation: Invitation) -> int:
    """Return on which day of the wave somebody answers: many at once, some after a reminder in week two."""
    return (0, 0, 0, 1, 1, 2, 3, 5, 7, 7, 8, 9)[draw(12, invitation.id, "day")]


def _at(day: date, hour: int) -> datetime:
    """Return a moment within office hours of that day."""
    return datetime.combine(day, time(7 + hour % 9, 10), tzinfo=UTC)
