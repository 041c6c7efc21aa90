"""What has become of the invitations of a wave: counts only, never who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from fieldwork.rights import Role, Viewer
from models.tables import Invitation, ReportingUnit, ReportingUnitMember, Staffing, Subject, Wave


@dataclass(frozen=True, slots=True)
class UnitParticipation:
    """The counts of one reporting unit, or of all (``id`` 0).

    ``posts`` and ``filled`` are None where no staffing was told. ``invited`` counts those in service at the
    sendout, in a wave about files the drawn files. ``begun`` includes those who have sent, ``sent`` the
    partial ones. ``withheld`` marks a unit with too few invited for this viewer: its counts are 0 here. A
    manager sees invited and sent only: to her ``begun`` is ``sent``, ``partial`` and ``declined`` are 0.
    """

    id: int
    label: str
    posts: int | None
    filled: int | None
    invited: int
    begun: int = 0
    sent: int = 0
    partial: int = 0
    declined: int = 0
    withheld: bool = False

    @property
    def dropout(self) -> int:
        """How many of the invited have not sent anything."""
        return self.invited - self.sent


@dataclass(frozen=True, slots=True)
class Participation:
    """A wave's participation. ``curve`` is sent per day.

    The total is ``whole`` where it covers every unit, also those withheld, who then have enough invited
    together; otherwise it covers the others. It tells posts only where every one of them does.
    """

    units: tuple[UnitParticipation, ...]
    total: UnitParticipation
    curve: tuple[tuple[date, int], ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """One invited person or drawn file: what has happened to it."""

    unit: int
    begun: bool = False
    sent_at: datetime | None = None
    declined: bool = False


def participation(
    session: Session,
    viewer: Viewer,
    wave_id: int,
    zone: str = "Europe/Stockholm",
    *,
    now: datetime | None = None,
) -> Participation:
    """Return the participation of a wave as the viewer may see it; days begin and end in ``zone``.

    A manager sees how many of the invited had sent at the last midnight before ``now``, and no curve;
    ValueError where ``now`` is missing. Units with fewer invited than the wave's smallest group are
    withheld, and the total covers them only where they have at least that many together. Of a published
    wave everyone sees what is printed.
    """
    wave = session.get_one(Wave, wave_id)
    places = _files(session, wave_id) if wave.subject == "file" else _people(session, wave_id)
    restricted = viewer.role is Role.MANAGER and wave.policy != "published"
    if restricted:
        places = _at_midnight(places, now, ZoneInfo(zone))
    units = _units(session, wave_id, places, partial=not restricted and wave.subject != "file")
    if not restricted:
        return Participation(units, _total(units), _curve(places, ZoneInfo(zone)))
    k = wave.smallest_group
    few = sum(unit.invited for unit in units if unit.invited < k)
    whole = few == 0 or few >= k
    shown = tuple(_withheld(unit) if unit.invited < k else unit for unit in units)
    return Participation(shown, _total(units if whole else shown), (), whole)


def _units(
    session: Session, wave_id: int, places: Sequence[_Place], *, partial: bool
) -> tuple[UnitParticipation, ...]:
    """Return the counts of every reporting unit in its order; ``partial`` ones only where they are told."""
    posts, filled = _staffing(session, wave_id)
    units = session.exec(
        select(ReportingUnit).where(ReportingUnit.wave_id == wave_id).order_by(col(ReportingUnit.position))
    ).all()
    return tuple(
        _count(
            UnitParticipation(
                unit.id or 0,
                unit.label,
                posts.get(unit.id or 0),
                filled.get(unit.id or 0),
                invited=0,
                partial=unit.partial if partial else 0,
            ),
            [place for place in places if place.unit == unit.id],
        )
        for unit in units
    )


def _at_midnight(places: Iterable[_Place], now: datetime | None, zone: ZoneInfo) -> list[_Place]:
    """Return who had sent when the present day began; nothing else of them is told."""
    if now is None:
        raise ValueError("A manager sees the state of the last midnight: say what time it is")
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    sent = ((place, place.sent_at is not None and _aware(place.sent_at) < midnight) for place in places)
    return [_Place(place.unit, begun=had, sent_at=place.sent_at if had else None) for place, had in sent]


def _people(session: Session, wave_id: int) -> list[_Place]:
    rows = session.exec(
        select(Invitation).where(Invitation.wave_id == wave_id, col(Invitation.in_service))
    ).all()
    return [
        _Place(
            unit=invitation.reporting_unit_id,
            begun=invitation.begun_at is not None,
            sent_at=invitation.finished_at,
            declined=invitation.declined_at is not None,
        )
        for invitation in rows
    ]


def _files(session: Session, wave_id: int) -> list[_Place]:
    """Return the drawn files; one read by several counts once, and is sent when its first protocol is."""
    drawn = session.exec(
        select(Subject.id, ReportingUnitMember.reporting_unit_id)
        .join(ReportingUnitMember, col(ReportingUnitMember.organisation_id) == col(Subject.organisation_id))
        .join(ReportingUnit, col(ReportingUnit.id) == col(ReportingUnitMember.reporting_unit_id))
        .where(Subject.wave_id == wave_id, ReportingUnit.wave_id == wave_id, Subject.kind == "file")
    ).all()
    protocols = session.exec(
        select(Invitation.subject_id, func.min(Invitation.begun_at), func.min(Invitation.finished_at))
        .where(Invitation.wave_id == wave_id, col(Invitation.part).in_(("respondent", "reader1", "agreed")))
        .group_by(col(Invitation.subject_id))
    ).all()
    happened = {subject: (begun, sent) for subject, begun, sent in protocols}
    return [
        _Place(unit=unit, begun=begun is not None, sent_at=sent)
        for subject, unit in drawn
        for begun, sent in [happened.get(subject or 0, (None, None))]
    ]


def _staffing(session: Session, wave_id: int) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return posts and filled posts by reporting unit, where they were told."""
    rows = session.exec(
        select(ReportingUnitMember.reporting_unit_id, func.sum(Staffing.posts), func.sum(Staffing.filled))
        .join(Staffing, col(Staffing.organisation_id) == col(ReportingUnitMember.organisation_id))
        .join(ReportingUnit, col(ReportingUnit.id) == col(ReportingUnitMember.reporting_unit_id))
        .where(Staffing.wave_id == wave_id, ReportingUnit.wave_id == wave_id)
        .group_by(col(ReportingUnitMember.reporting_unit_id))
    ).all()
    return {unit: posts for unit, posts, _ in rows}, {unit: filled for unit, _, filled in rows}


def _count(unit: UnitParticipation, places: Sequence[_Place]) -> UnitParticipation:
    return replace(
        unit,
        invited=len(places),
        begun=sum(place.begun for place in places),
        sent=sum(place.sent_at is not None for place in places),
        declined=sum(place.declined for place in places),
    )


def _withheld(unit: UnitParticipation) -> UnitParticipation:
    return UnitParticipation(unit.id, unit.label, None, None, 0, withheld=True)


def _total(units: Iterable[UnitParticipation]) -> UnitParticipation:
    seen = [unit for unit in units if not unit.withheld]
    posts = [unit.posts for unit in seen if unit.posts is not None]
    filled = [unit.filled for unit in seen if unit.filled is not None]
    told = bool(seen) and len(posts) == len(filled) == len(seen)
    return UnitParticipation(
        id=0,
        label="",
        posts=sum(posts) if told else None,
        filled=sum(filled) if told else None,
        invited=sum(unit.invited for unit in seen),
        begun=sum(unit.begun for unit in seen),
        sent=sum(unit.sent for unit in seen),
        partial=sum(unit.partial for unit in seen),
        declined=sum(unit.declined for unit in seen),
    )


def _curve(places: Iterable[_Place], zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    moments = (_aware(place.sent_at) for place in places if place.sent_at is not None)
    return tuple(sorted(Counter(at.astimezone(zone).date() for at in moments).items()))


def _aware(at: datetime) -> datetime:
    """Return a moment with its zone, which SQLite does not keep in what it computes."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
