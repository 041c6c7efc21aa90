"""Are the kept counts those of the stored results? Only where they differ is told, never a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from fieldwork.forms import form_of
from fieldwork.results import SPLITS
from models import recount_queries
from models.tables import AuditEntry, Count, ReportingUnit, Wave


class Place(NamedTuple):
    """What one count is of: the key of ``models.tables.Count``, in its order."""

    reporting_unit_id: int
    split: str
    item: str
    kind: str
    value: str
    part: str


class Difference(NamedTuple):
    """How many counts of an item in a unit are wrong, unsplit or by a split; no item: the number of answers.

    Neither the counts nor what they are of: whoever looks after the database sees no results.
    """

    unit: str
    item: str
    split: str
    wrong: int


def recount(session: Session, wave_id: int) -> tuple[Difference, ...]:
    """Return where the counts of a wave are not those of its stored results; reads only.

    The role is no answer, so its counts can be counted anew only while the wave is open and confidential.
    Afterwards they are wrong where the roles hold more than all together. LookupError: no such wave.
    """
    wrong, sent = _compare(session, _wave(session, wave_id))
    labels = {unit.id: unit.label for unit in _units(session, wave_id)}
    found = Counter((place.reporting_unit_id, place.item, place.split) for place in wrong)
    found.update((unit, "", "") for unit in sent)
    return tuple(Difference(labels[unit], item, split, n) for (unit, item, split), n in sorted(found.items()))


def repair(session: Session, wave_id: int, actor: str, now: datetime) -> tuple[Difference, ...]:
    """Make the counts of a wave those of its stored results; return where they were not. Commits.

    What an open wave has let out stays let out, but never more than there is. LookupError: no such wave.
    """
    units = {unit.id: unit for unit in _units(session, wave_id, to_change=True)}
    found = recount(session, wave_id)
    wrong, sent = _compare(session, _wave(session, wave_id))
    for place, n in wrong.items():
        _set(session, place, n)
    for unit, n in sent.items():
        units[unit].answers, units[unit].shown = n, min(units[unit].shown, n)
    if found:
        session.add(AuditEntry(at=now, actor=actor, action="counts repaired", target=f"wave {wave_id}"))
    session.commit()
    return found


def _wave(session: Session, wave_id: int) -> Wave:
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise LookupError(f"There is no wave {wave_id}")
    return wave


def _units(session: Session, wave_id: int, *, to_change: bool = False) -> list[ReportingUnit]:
    """Return the units; ``to_change`` lets nobody send in them meanwhile."""
    found = select(ReportingUnit).where(ReportingUnit.wave_id == wave_id).order_by(col(ReportingUnit.id))
    return list(session.exec(found.with_for_update() if to_change else found).all())


def _compare(session: Session, wave: Wave) -> tuple[Mapping[Place, int], Mapping[int, int]]:
    """Return what the wrong counts should be, and how many answers the units have whose number is wrong."""
    connection = session.connection()
    of = {"wave": wave.id}
    kept = {Place(*row[:-1]): row[-1] for row in connection.execute(recount_queries.KEPT_COUNTS, of)}
    anew = dict(_anew(session, connection, wave))
    if not _roles_are_known(wave):
        anew |= _roles_as_kept(kept, anew)
    wrong = {
        place: anew.get(place, 0) for place in {*kept, *anew} if kept.get(place, 0) != anew.get(place, 0)
    }
    sent = {row[0]: row[1] for row in connection.execute(recount_queries.SENT_INTERVIEWS, of)}
    units = _units(session, wave.id or 0)
    return wrong, {unit.id or 0: n for unit in units if (n := sent.get(unit.id or 0, 0)) != unit.answers}


def _roles_are_known(wave: Wave) -> bool:
    return wave.closed_at is None and wave.promise == "confidential" and wave.subject != "file"


def _anew(session: Session, connection: Connection, wave: Wave) -> Iterator[tuple[Place, int]]:
    """Yield every count of the stored results."""
    of = {"wave": wave.id}
    counted = [connection.execute(recount_queries.EVERYBODY_ANEW, of)]
    for split, question in form_of(session, wave.form_id).backgrounds.items():
        if split in SPLITS:
            told = of | {"split": split, "background": question.name}
            counted.append(connection.execute(recount_queries.BACKGROUND_ANEW, told))
    if _roles_are_known(wave):
        counted.append(connection.execute(recount_queries.ROLE_ANEW, of))
    for rows in counted:
        yield from ((Place(*row[:-1]), row[-1]) for row in rows)


def _roles_as_kept(kept: Mapping[Place, int], anew: Mapping[Place, int]) -> dict[Place, int]:
    """Return the kept counts by role, but none of those that together hold more than the whole."""
    together: Counter[Place] = Counter()
    roles = {place: n for place, n in kept.items() if place.split == "role"}
    for place, n in roles.items():
        together[place._replace(split="", part="")] += n
    return {
        place: n
        for place, n in roles.items()
        if together[whole := place._replace(split="", part="")] <= anew.get(whole, 0)
    }


def _set(session: Session, place: Place, n: int) -> None:
    row = session.get(Count, place)
    if row is None:
        session.add(Count(**place._asdict(), n=n))
    elif n:
        row.n, row.shown = n, min(row.shown, n)
    else:
        session.delete(row)
