"""What has become of the invitations of a wave: counts only, never who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from fieldwork.rights import Role, Viewer
from models.tables import Interview, Invitation, ReportingUnit, ReportingUnitMember, Staffing, Subject, Wave


@dataclass(frozen=True, slots=True)
class UnitParticipation:
    """The counts of one reporting unit, or of all (``id`` 0).

    ``posts`` and ``filled`` are None where no staffing was told. ``invited`` counts those in service at the
    sendout, in a wave about files the drawn files. ``begun`` includes those who have sent, ``sent`` the
    partial ones. ``withheld`` marks a unit with too few invited for this viewer: its counts are 0 here.
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
    """A wave's participation. ``total`` covers the units not withheld; ``curve`` is sent per day.

    The total tells posts and filled posts only where every one of those units does.
    """

    units: tuple[UnitParticipation, ...]
    total: UnitParticipation
    curve: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """One invited person or drawn file: what has happened to it."""

    unit: int
    begun: bool = False
    sent_at: datetime | None = None
    partial: bool = False
    declined: bool = False


def participation(
    session: Session, viewer: Viewer, wave_id: int, zone: str = "Europe/Stockholm"
) -> Participation:
    """Return the participation of a wave as the viewer may see it; days begin and end in ``zone``.

    A manager gets no counts of a unit with fewer invited than the wave's smallest group, a total over the
    other units only, and no curve.
    """
    wave = session.get_one(Wave, wave_id)
    places = _files(session, wave_id) if wave.subject == "file" else _people(session, wave_id)
    posts, filled = _staffing(session, wave_id)
    units = session.exec(
        select(ReportingUnit).where(ReportingUnit.wave_id == wave_id).order_by(col(ReportingUnit.position))
    ).all()
    counted = [
        _count(
            UnitParticipation(unit.id or 0, unit.label, posts.get(unit.id or 0), filled.get(unit.id or 0), 0),
            [place for place in places if place.unit == unit.id],
        )
        for unit in units
    ]
    manager = viewer.role is Role.MANAGER
    shown = [_withheld(unit) if manager and unit.invited < wave.smallest_group else unit for unit in counted]
    return Participation(tuple(shown), _total(shown), () if manager else _curve(places, ZoneInfo(zone)))


def _people(session: Session, wave_id: int) -> list[_Place]:
    rows = session.exec(
        select(Invitation, Interview.partial)
        .outerjoin(Interview, col(Interview.invitation_id) == col(Invitation.id))
        .where(Invitation.wave_id == wave_id, col(Invitation.in_service))
    ).all()
    return [
        _Place(
            unit=invitation.reporting_unit_id,
            begun=invitation.begun_at is not None,
            sent_at=invitation.finished_at,
            partial=invitation.finished_at is not None and bool(partial),
            declined=invitation.declined_at is not None,
        )
        for invitation, partial in rows
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
        partial=sum(place.partial for place in places),
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
    moments = [place.sent_at for place in places if place.sent_at is not None]
    aware = (at if at.tzinfo else at.replace(tzinfo=UTC) for at in moments)  # SQLite keeps no zone
    return tuple(sorted(Counter(at.astimezone(zone).date() for at in aware).items()))
