"""Finding districts and units of the city by any name they have had."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from models.tables import Organisation, OrganisationName, ReportingUnit, ReportingUnitMember

_SWEDISH_ORDER = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


def same_name(name: str) -> str:
    """Return what two spellings of one name have in common: case, spaces, hyphen or slash do not matter."""
    return re.sub(r"\s*[-–/]\s*", "-", re.sub(r"\s+", " ", name.strip())).casefold()


def alphabetical(names: Iterable[str]) -> list[str]:
    """Return the names in the order of the Swedish alphabet: å, ä and ö last."""
    return sorted(names, key=lambda name: name.casefold().translate(_SWEDISH_ORDER))


def existed(organisation: Organisation, on: date) -> bool:
    """Say whether the organisation existed on that day."""
    begins, ends = organisation.valid_from or date.min, organisation.valid_to or date.max
    return begins <= on <= ends


def find_organisations(session: Session, names: Sequence[str], on: date) -> list[Organisation]:
    """Return the organisations that existed on that day and go by any of the names, the oldest row first."""
    wanted = {same_name(name) for name in names}
    known = {each.id: each for each in session.exec(select(Organisation)) if existed(each, on)}
    ids = {number for number, each in known.items() if same_name(each.name) in wanted}
    ids |= {
        other.organisation_id
        for other in session.exec(select(OrganisationName))
        if same_name(other.alias) in wanted
    }
    return [each for number, each in sorted(known.items()) if number in ids]


def units_by_name(session: Session, wave_id: int) -> dict[str, tuple[int, int]]:
    """Return, for every name of an organisation in the wave, its id and that of its reporting unit.

    Keys are as ``same_name`` gives them. The label of a reporting unit with one member is such a name too.
    """
    members = session.exec(
        select(ReportingUnit, Organisation)
        .join(ReportingUnitMember, col(ReportingUnitMember.reporting_unit_id) == col(ReportingUnit.id))
        .join(Organisation, col(Organisation.id) == col(ReportingUnitMember.organisation_id))
        .where(ReportingUnit.wave_id == wave_id)
    ).all()
    aliases = session.exec(select(OrganisationName)).all()
    places: dict[str, tuple[int, int]] = {}
    for unit, organisation in members:
        place = (organisation.id or 0, unit.id or 0)
        alone = sum(other.id == unit.id for other, _ in members) == 1
        names = [unit.label] if alone else []
        names += [alias.alias for alias in aliases if alias.organisation_id == organisation.id]
        for name in [*names, organisation.name]:
            places[same_name(name)] = place
    return places
