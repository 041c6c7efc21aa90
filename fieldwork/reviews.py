"""Planning, changing and closing the waves of a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from fieldwork.forms import publish_form
from fieldwork.organisations import alphabetical, find_organisations, same_name
from fieldwork.parting import part_all
from fieldwork.passages import forget_doors, keep_stops
from fieldwork.problems import InputError
from fieldwork.wave_files import OrganisationPart, WaveFile, read_wave_file
from fieldwork.wave_rules import conflicts, questionnaires_of
from fieldwork.wave_schedule import stored
from models import queries
from models.database import wipe_erased
from models.tables import (
    AccessToken,
    Answer,
    Interview,
    Invitation,
    Organisation,
    OrganisationName,
    ReportingUnit,
    ReportingUnitMember,
    Review,
    Staffing,
    Subject,
    Wave,
)
from questionnaires.errors import Problem

USUAL_LIMIT = 10
"""From so many answers on a group may be seen to agree, and its words are read, unless the wave says more."""

LINK_GRACE = timedelta(days=30)
"""How long a personal link still opens after the wave closed, to say no more than that it is closed."""


def create_wave(session: Session, body: str, source: str) -> int:
    """Store the wave planned in a TOML text and return its id; commits. Nothing is stored on a problem.

    ``source`` is the path of the file: it names problems and locates questionnaires of one's own.

    Raises:
        InputError: with every problem: which key, which rule, what to do.
    """
    plan = read_wave_file(body, source)
    problems = _problems(session, plan, source)
    if problems:
        raise InputError(*problems)
    parts, _ = questionnaires_of(plan, source)
    found, _ = _known_organisations(session, plan, source)
    review = _review(session, plan) or Review(**plan.review.model_dump())
    session.add(review)
    session.flush()
    wave = _wave(plan, review.id or 0, publish_form(session, parts))
    session.add(wave)
    session.flush()
    organisations = _store_organisations(session, plan, found)
    _store_units(session, plan, wave, organisations)
    _store_staffing_and_files(session, plan, wave, organisations)
    session.commit()
    return wave.id or 0


def wave_problems(session: Session, body: str, source: str) -> tuple[Problem, ...]:
    """Return everything that would keep ``create_wave`` from storing the wave; reads only."""
    try:
        return tuple(_problems(session, read_wave_file(body, source), source))
    except InputError as error:
        return error.problems


def find_wave(session: Session, text: str) -> Wave:
    """Return the wave with this number or this name; raise ``InputError`` where there is none, or several."""
    if text.isdecimal() and (wave := session.get(Wave, int(text))) is not None:
        return wave
    named = session.exec(select(Wave).where(Wave.name == text)).all()
    if len(named) == 1:
        return named[0]
    rule = "is the name of several waves" if named else "is not a wave"
    raise InputError(Problem(text, "", rule, "Give its number as 'granska wave list' shows it"))


def change_wave(
    session: Session,
    wave_id: int,
    *,
    opens: date | None = None,
    closes: date | None = None,
    informed_on: date | None = None,
) -> None:
    """Move the days of a wave that has not been closed; personal links follow. Commits.

    Raises:
        InputError: the wave is closed, or would close before it opens.
    """
    wave = session.get_one(Wave, wave_id)
    _refuse_closed(wave)
    wave.opens, wave.closes = opens or wave.opens, closes or wave.closes
    wave.informed_on = informed_on or wave.informed_on
    if wave.closes < wave.opens:
        session.rollback()
        raise InputError(Problem(wave.name, "closes", "is before the wave opens", "Choose a later day"))
    if closes is not None:
        invitations = select(Invitation.id).where(Invitation.wave_id == wave_id)
        session.execute(
            update(AccessToken)
            .where(col(AccessToken.invitation_id).in_(invitations))
            .values(expires_at=links_end(wave.closes))
        )
    session.commit()


def links_end(closes: date) -> datetime:
    """Return when the personal links of a wave stop to open: a while after its last day."""
    return datetime.combine(closes, time(), UTC) + LINK_GRACE


def close_wave(session: Session, wave_id: int, at: datetime) -> int:
    """Close a wave for good and return how many drafts were erased. Commits.

    Answers that were never sent are deleted with their drafts; how many stopped at which question is kept.
    What leads from an invitation to what was sent is deleted too, as the respondents were promised, and so
    are the counts by a role that fewer than the smallest group have in their unit. Only protocols of files,
    which are about no respondent, stay with their readers. Personal links open for a while longer, only to
    say that the wave is closed. From now on results are shown as they are, no longer in steps.

    Raises:
        InputError: the wave is closed already.
    """
    # On PostgreSQL this waits for the answers that are coming in, and those that follow wait for it.
    wave = session.get_one(Wave, wave_id, with_for_update=True)
    _refuse_closed(wave)
    keep_stops(session, wave)
    wave.closed_at = at
    interviews = select(Interview.id).where(Interview.wave_id == wave_id)
    drafts = interviews.where(col(Interview.sent_at).is_(None))
    erased = len(session.exec(drafts).all())
    gone = drafts if wave.subject == "file" else interviews
    session.execute(delete(Answer).where(col(Answer.interview_id).in_(gone)))
    session.execute(delete(Interview).where(col(Interview.id).in_(drafts)))
    few = {"wave": wave_id, "smallest_group": wave.smallest_group}
    session.execute(queries.ERASE_ROLES_OF_FEW, few)
    if wave.subject != "file":
        forget_doors(session, wave)
        part_all(session, wave_id)
    invitations = select(Invitation.id).where(Invitation.wave_id == wave_id)
    last = at + LINK_GRACE
    session.execute(
        update(AccessToken)
        .where(col(AccessToken.invitation_id).in_(invitations), col(AccessToken.expires_at) > last)
        .values(expires_at=last)
    )
    session.commit()
    wipe_erased(session)
    return erased


def _refuse_closed(wave: Wave) -> None:
    if wave.closed_at is not None:
        raise InputError(Problem(wave.name, "", "is closed", "Plan a new wave; a closed one stays as it is"))


def _problems(session: Session, plan: WaveFile, source: str) -> list[Problem]:
    return [
        *conflicts(plan, source),
        *questionnaires_of(plan, source)[1],
        *_review_problems(session, plan, source),
        *_known_organisations(session, plan, source)[1],
    ]


def _review(session: Session, plan: WaveFile) -> Review | None:
    return session.exec(select(Review).where(Review.title == plan.review.title)).first()


def _review_problems(session: Session, plan: WaveFile, source: str) -> list[Problem]:
    review = _review(session, plan)
    if review is None:
        return []
    problems = []
    if (review.theme, review.year, review.origin) != (
        plan.review.theme,
        plan.review.year,
        plan.review.origin,
    ):
        remedy = "Write them as they are stored, or give this review its own title"
        problems.append(Problem(source, "review", "exists with another theme, year or origin", remedy))
    same = select(Wave).where(Wave.review_id == review.id, Wave.name == plan.wave.name)
    if session.exec(same).first() is not None:
        rule = f"'{plan.wave.name}' is already a wave of this review"
        problems.append(Problem(source, "wave.name", rule, "Choose another name"))
    return problems


def _known_organisations(
    session: Session, plan: WaveFile, source: str
) -> tuple[dict[str, Organisation], list[Problem]]:
    """Return the organisations of the plan that are stored already, by the plan's name for them."""
    known: dict[str, Organisation] = {}
    problems = []
    for number, part in enumerate(plan.organisation, start=1):
        found = find_organisations(session, [part.name, *part.aliases], plan.wave.opens)
        key = f"organisation[{number}]"
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            remedy = "Take away the alias that belongs to another organisation"
            problems.append(Problem(source, key, f"has names of several organisations: {names}", remedy))
        elif found:
            known[part.name] = found[0]
            problems += _date_problems(source, key, part, found[0])
    return known, problems


def _date_problems(source: str, key: str, part: OrganisationPart, stored: Organisation) -> list[Problem]:
    return [
        Problem(source, f"{key}.{name}", "is another day than the one stored", "Leave it out or correct it")
        for name in ("valid_from", "valid_to")
        if getattr(part, name) and getattr(part, name) != getattr(stored, name)
    ]


def _wave(plan: WaveFile, review_id: int, form_id: int) -> Wave:
    values = plan.wave.model_dump(exclude={"form", "policy", "alike_below", "open_answers_from"})
    usual = max(USUAL_LIMIT, plan.wave.smallest_group)
    return Wave(
        **values,
        review_id=review_id,
        form_id=form_id,
        policy=plan.wave.policy or ("cell" if plan.wave.subject == "file" else "group"),
        alike_below=plan.wave.alike_below or usual,
        open_answers_from=plan.wave.open_answers_from or usual,
        schedule=stored(plan.schedule),
        contact_name=plan.contact.name,
        contact_phone=plan.contact.phone,
        contact_mail=plan.contact.mail,
        information={language: part.model_dump() for language, part in plan.information.items()},
    )


def _store_organisations(session: Session, plan: WaveFile, known: dict[str, Organisation]) -> dict[str, int]:
    """Store what is new about organisations; return their ids by every name the plan has for them."""
    ids: dict[str, int] = {}
    taken = {same_name(each.alias) for each in session.exec(select(OrganisationName))}
    for part in plan.organisation:
        organisation = known.get(part.name) or Organisation(
            **part.model_dump(include={"name", "kind", "valid_from", "valid_to"})
        )
        session.add(organisation)
        session.flush()
        number = organisation.id or 0
        for name in (part.name, *part.aliases):
            ids[same_name(name)] = number
            if same_name(name) not in taken | {same_name(organisation.name)}:
                session.add(OrganisationName(organisation_id=number, alias=name))
                taken.add(same_name(name))
    return ids


def _store_units(session: Session, plan: WaveFile, wave: Wave, organisations: dict[str, int]) -> None:
    """Store the reporting units: as the plan orders them, else one an organisation in alphabetical order."""
    units: Sequence[tuple[str, Sequence[str]]] = [(unit.label, unit.members) for unit in plan.reporting_unit]
    if not units:
        units = [(name, [name]) for name in alphabetical(part.name for part in plan.organisation)]
    for position, (label, members) in enumerate(units):
        unit = ReportingUnit(wave_id=wave.id or 0, label=label, position=position)
        session.add(unit)
        session.flush()
        for member in members:
            number = organisations[same_name(member)]
            session.add(ReportingUnitMember(reporting_unit_id=unit.id or 0, organisation_id=number))


def _store_staffing_and_files(
    session: Session, plan: WaveFile, wave: Wave, organisations: dict[str, int]
) -> None:
    for part in plan.organisation:
        place = {"wave_id": wave.id or 0, "organisation_id": organisations[same_name(part.name)]}
        if part.posts is not None:
            session.add(Staffing(**place, posts=part.posts, filled=part.filled or 0))
        for number in range(1, part.files + 1):
            session.add(Subject(**place, kind="file", number=number))
