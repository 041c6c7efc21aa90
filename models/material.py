"""What a release is decided from: read by fieldwork, decided by analysis, which never meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from models.queries import CountRow
from questionnaires.definition import Form


class UnitCount(NamedTuple):
    """A reporting unit with how many were invited and how many interviews were sent in."""

    id: int
    label: str
    invited: int
    answers: int


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """A closed wave as its release names it, with its promise and its rules."""

    name: str
    review: str
    year: int
    origin: str
    subject: str
    promise: str
    policy: str
    smallest_group: int
    alike_below: int
    opens: date
    closes: date
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a release is decided from. These are true counts: never shown, never stored.

    ``coded`` holds the counts of coded open questions by item, ``parts`` those of every question by split,
    in the order in which splits are tried. ``earlier`` is the canonical JSON of the earlier releases of the
    wave, the oldest first.
    """

    wave: WaveFacts
    form: Form
    units: tuple[UnitCount, ...]
    rows: tuple[CountRow, ...]
    coded: tuple[tuple[str, tuple[CountRow, ...]], ...]
    parts: tuple[tuple[str, tuple[CountRow, ...]], ...]
    earlier: tuple[str, ...]

    @property
    def number(self) -> int:
        """The number of the release to come."""
        return len(self.earlier) + 1
