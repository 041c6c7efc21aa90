"""The districts and units of the published documents, read from ``organisations.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlmodel import Session, select

from models.tables import Organisation, OrganisationLink, OrganisationName

_FILE = Path(__file__).with_name("organisations.toml")


def add_organisations(session: Session) -> None:
    """Add the districts, their other spellings and how they belonged together. Does not commit."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    for row in data["organisations"]:
        session.add(Organisation(name=row["name"], kind=row.get("kind", "district")))
    session.flush()
    ids = organisation_ids(session)
    for row in data["organisations"]:
        for alias in row.get("aliases", ()):
            session.add(OrganisationName(organisation_id=ids[row["name"]], alias=alias))
    for row in data["links"]:
        session.add(
            OrganisationLink(
                organisation_id=ids[row["name"]],
                other_id=ids[row["other"]],
                kind=row["kind"],
                valid_from=row.get("from"),
                valid_to=row.get("to"),
            )
        )


def organisation_ids(session: Session) -> dict[str, int]:
    """Return the ids of all organisations by name."""
    return {row.name: row.id for row in session.exec(select(Organisation)) if row.id is not None}
