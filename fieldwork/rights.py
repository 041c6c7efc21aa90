"""Who is looking. What each role may see is decided where it is read (``fieldwork.results``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
