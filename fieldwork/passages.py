"""How interviews went, as counts only: where they stopped, and through which door they were sent.

Of a draft only the last question shown is used, never an answer; when the wave closes, counts are kept of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlmodel import Session

from fieldwork.forms import form_of
from fieldwork.rights import Viewer, require_inspector
from models import passage_queries
from models.method_material import DoorCounts
from models.passage_tables import DoorCount, StopCount
from models.tables import Wave
from questionnaires import engine
from questionnaires.blocks import heads
from questionnaires.definition import Form, Missing, Question

EARLY, BROKEN_OFF, OPEN = "early", "broken_off", "open"
"""How an interview stopped: sent before the end, never sent, or still a draft in an open wave."""


@dataclass(slots=True)
class UnitPassages:
    """One reporting unit: how many went through to the end, and how many stopped at which question.

    Questions are those that everybody is asked, each with its follow-ups.
    """

    finished: int = 0
    stops: dict[str, Counter[str]] = field(
        default_factory=lambda: {each: Counter() for each in (EARLY, BROKEN_OFF, OPEN)}
    )


def passages(session: Session, viewer: Viewer, wave_id: int) -> Mapping[int, UnitPassages]:
    """Return how the interviews of each reporting unit went, for inspectors; reads only."""
    require_inspector(viewer)
    wave = session.get_one(Wave, wave_id)
    connection = session.connection()
    sent = connection.execute(passage_queries.ANSWERS, {"wave": wave_id}).all()
    found = {unit: UnitPassages(finished=answers) for unit, answers in sent}
    for unit, item, ending, n in _stops(connection, wave, form_of(session, wave.form_id)):
        found[unit].stops[ending][item] += n
        found[unit].finished -= n if ending == EARLY else 0
    return found


def doors(session: Session, viewer: Viewer, wave_id: int) -> tuple[DoorCounts, ...]:
    """Return how the interviews went that were sent through each door, for inspectors; reads only."""
    require_inspector(viewer)
    rows = session.connection().execute(passage_queries.DOORS, {"wave": wave_id})
    return tuple(DoorCounts(door, *map(int, counts)) for door, *counts in rows)


def keep_stops(session: Session, wave: Wave) -> None:
    """Keep where interviews of a closing wave stopped, and forget it of each; does not commit.

    Called before the drafts are erased.
    """
    connection = session.connection()
    kept: Counter[tuple[int, str, str]] = Counter()
    for unit, item, ending, n in _present(connection, wave, form_of(session, wave.form_id)):
        kept[unit, item, BROKEN_OFF if ending == OPEN else ending] += n
    session.add_all(
        StopCount(reporting_unit_id=unit, item=item, ending=ending, n=n)
        for (unit, item, ending), n in kept.items()
    )
    connection.execute(passage_queries.FORGET_LAST_SHOWN, {"wave": wave.id})


def count_early(session: Session, unit: int, form: Form, question: Question | None) -> None:
    """Count an anonymous interview that is being sent before the end, at this question; does not commit."""
    if question is not None:
        place = {"unit": unit, "item": heads(form)[question.name], "ending": EARLY}
        session.connection().execute(passage_queries.COUNT_STOP, place)


def forget_doors(session: Session, wave: Wave) -> None:
    """Forget how interviews went through each door, unless enough came through every one; does not commit.

    Who has answered on paper is in the audit log, who has Telegram among the addresses: through a door of
    few, or through what the others leave, they would be found. What is kept is of the wave, not of its units.
    """
    connection = session.connection()
    doors = connection.execute(passage_queries.DOORS, {"wave": wave.id}).all()
    units = connection.execute(passage_queries.ANSWERS, {"wave": wave.id}).all()
    connection.execute(passage_queries.FORGET_DOORS, {"wave": wave.id})
    if doors and all(int(each.sent) >= wave.smallest_group for each in doors):
        first = min(unit for unit, _ in units)
        session.add_all(
            DoorCount(
                reporting_unit_id=first,
                door=each.door,
                sent=int(each.sent),
                early=int(each.early),
                asked=int(each.asked),
                answered=int(each.answered),
            )
            for each in doors
        )


def count_door(  # noqa: PLR0913 - an interview is a form and answers, and has a unit and a door
    session: Session,
    *,
    reporting_unit_id: int,
    door: str,
    form: Form,
    answers: Mapping[str, str | None],
    partial: bool,
) -> None:
    """Count an interview that is being sent under its door; does not commit. Not in an anonymous wave."""
    reasons = [each.missing for each in engine.outcomes(form, answers, partial=partial)]
    asked = [reason for reason in reasons if reason != Missing.OFF_ROUTE]
    counts = {
        "unit": reporting_unit_id,
        "door": door,
        "early": int(partial),
        "asked": len(asked),
        "answered": sum(reason in {"", Missing.NOT_APPLICABLE} for reason in asked),
    }
    session.connection().execute(passage_queries.COUNT_DOOR, counts)


def _stops(connection: Connection, wave: Wave, form: Form) -> list[tuple[int, str, str, int]]:
    kept = connection.execute(passage_queries.KEPT_STOPS, {"wave": wave.id})
    return [*_present(connection, wave, form), *((unit, item, ending, n) for unit, item, ending, n in kept)]


def _present(connection: Connection, wave: Wave, form: Form) -> list[tuple[int, str, str, int]]:
    """Return unit, question that everybody is asked, ending and number of the interviews that stopped."""
    head = heads(form)
    rows = connection.execute(passage_queries.STOPS, {"wave": wave.id})
    return [(unit, head[item], ending, n) for unit, item, ending, n in rows]
