"""What a door shows: a closed set of widgets, so that no door knows a question type."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Widget(StrEnum):
    """The six ways of asking that every door can draw."""

    NOTE = "note"  # read, then go on: one button
    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"  # a day or a month, see ``Prompt.format``


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as shown; ``chosen`` marks the present answer."""

    value: str
    label: str
    exclusive: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the respondent is on the own route. ``minutes`` is rounded up, at least 1."""

    position: int
    about: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question in one language.

    ``notes`` are the texts to read before it. ``value`` is the present answer in the form the respondent
    would type it ('' where there is none). ``format`` narrows the widget: ``integer``, ``decimal``, ``date``,
    ``month``, ``scale`` or ''.
    """

    widget: Widget
    item: str
    label: str
    progress: Progress
    hint: str = ""
    why: str = ""
    section: str = ""
    notes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    format: str = ""
    value: str = ""
    can_skip: bool = True
