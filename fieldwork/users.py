"""The people who work in Granska."""

from __future__ import annotations

from sqlmodel import Session, select

from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer
from models.tables import User
from questionnaires.errors import Problem


def add_user(session: Session, name: str, role: Role) -> None:
    """Add a user; commits. Raise ``InputError`` where the name is empty or taken."""
    if not name.strip():
        raise InputError(Problem("user", "", "has no name", "Give the name that the user signs in with"))
    if session.exec(select(User.id).where(User.name == name)).first() is not None:
        raise InputError(Problem(name, "", "is a user already", "Choose another name"))
    session.add(User(name=name.strip(), role=role))
    session.commit()


def find_viewer(session: Session, name: str) -> Viewer:
    """Return a user as far as rights go; raise ``InputError`` where there is none by that name."""
    user = session.exec(select(User).where(User.name == name)).first()
    if user is None:
        remedy = "Add one with: granska user add NAME ROLE"
        raise InputError(Problem(name, "", "is not a user of Granska", remedy))
    return Viewer(user.name, Role(user.role))
