"""Who is looking. What each role may see is decided where it is read (``fieldwork.results``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldwork.errors import NotAllowed


class Role(StrEnum):
    """What a user of Granska does."""

    INSPECTOR = "inspector"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in user, as far as rights go. An unknown role is a ValueError."""

    name: str
    role: Role

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))


def require_inspector(viewer: Viewer) -> None:
    """Raise ``NotAllowed`` unless the viewer is an inspector."""
    if viewer.role is not Role.INSPECTOR:
        raise NotAllowed("Only an inspector may do this: ask one of them")


def require_named_inspector(viewer: Viewer) -> None:
    """Raise ``NotAllowed`` unless the viewer is an inspector whom the audit log can name."""
    require_inspector(viewer)
    if not viewer.name:
        raise NotAllowed("Nobody is named who does this: add a user with granska user add NAME inspector")
