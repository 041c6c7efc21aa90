"""Which organisations reporting units stand for: what decides whether rounds can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlmodel import Session, col, select

from models.tables import ReportingUnit, ReportingUnitMember


def unit_members(session: Session, wave_id: int) -> Mapping[str, frozenset[int]]:
    """Return the organisations of each reporting unit, by its label and in the order of the wave."""
    rows = session.exec(
        select(ReportingUnit.label, ReportingUnitMember.organisation_id)
        .join(ReportingUnitMember, col(ReportingUnitMember.reporting_unit_id) == col(ReportingUnit.id))
        .where(ReportingUnit.wave_id == wave_id)
        .order_by(col(ReportingUnit.position))
    )
    members: defaultdict[str, set[int]] = defaultdict(set)
    for label, organisation in rows:
        members[label].add(organisation)
    return {label: frozenset(each) for label, each in members.items()}
