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


def acting_user(session: Session, name: str = "") -> Viewer | None:
    """Return the user of this name; without a name the only user, or None where there is none yet.

    Raises:
        InputError: nobody is called that, or there are several users and none is named.
    """
    if name:
        return find_viewer(session, name)
    users = session.exec(select(User).limit(2)).all()
    if len(users) > 1:
        remedy = "Name the one who does this with --as USER"
        raise InputError(Problem("the users", "", "are several", remedy))
    return Viewer(users[0].name, Role(users[0].role)) if users else None
