"""What the method page of a wave is written from: read by fieldwork, worded by analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.material import Material
from models.rate_queries import InvitationFacts


class ContactCount(NamedTuple):
    """How many invitations and reminders were sent on one day."""

    day: date
    invitations: int
    reminders: int


class DoorCounts(NamedTuple):
    """The interviews sent through one door, as ``models.passage_tables.DoorCount`` counts them."""

    door: str
    sent: int
    early: int
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class UnitCourse:
    """How the fieldwork went in one reporting unit: counts only.

    ``invitations`` are by their facts, ``extents`` sent interviews by (answered, applicable) questions;
    ``early`` and ``broken_off`` are by the question where they stopped.
    """

    label: str
    posts: int | None
    filled: int | None
    invitations: Mapping[InvitationFacts, int]
    extents: Mapping[tuple[int, int], int]
    finished: int
    early: Mapping[str, int]
    broken_off: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MethodMaterial:
    """Everything that the method page of a closed wave tells. ``units`` is empty in a wave about files.

    ``form`` is the hash of what was asked, ``doors`` the ways in that were offered, ``most_contacts`` how
    many contacts one person could get.
    """

    release: Material
    informed_on: date | None
    doors: tuple[str, ...]
    most_contacts: int
    comment_threshold: int
    contacts: tuple[ContactCount, ...]
    units: tuple[UnitCourse, ...]
    sent_by_door: tuple[DoorCounts, ...]
