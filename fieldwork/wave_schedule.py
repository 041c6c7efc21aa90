"""The schedule of a wave: as the inspector writes it, as it is stored, and as the rules read it.

What is left out is as ``schedule.Schedule`` has it. The first and the last day are those of the wave.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from fieldwork.schedule import Schedule, Window

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EARLIEST, LATEST = time(7), time(20)
"""Nobody is contacted before or after these, whatever a wave says."""

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _reminder(value: object) -> int | date:
    if isinstance(value, date) or (type(value) is int and 1 <= value <= 200):
        return value
    raise PydanticCustomError("reminder", "is neither a date nor a number of days from 1 to 200")


def _weekday(value: str) -> str:
    if value not in WEEKDAYS:
        raise PydanticCustomError("weekday", "is not a day of the week: write monday, tuesday ...")
    return value


def _hours(value: str) -> str:
    window = _window(value)
    if window is None or not EARLIEST <= window.start < window.end <= LATEST:
        raise PydanticCustomError("hours", "is not a stretch between 07:00 and 20:00 such as 09:00-11:00")
    return value


def _window(text: str) -> Window | None:
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    return Window(time(start_hour, start_minute), time(end_hour, end_minute))


class SchedulePart(BaseModel):
    """When people are contacted, as the wave file says it; None is the default of ``Schedule``.

    ``reminders`` are days after the invitation or dates; ``spacing`` is days.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    reminders: list[Annotated[int | date, BeforeValidator(_reminder)]] | None = None
    most: Annotated[int, Field(ge=1, le=10)] | None = None
    spacing: Annotated[int, Field(ge=1, le=30)] | None = None
    weekdays: Annotated[list[Annotated[str, AfterValidator(_weekday)]], Field(min_length=1)] | None = None
    hours: Annotated[list[Annotated[str, AfterValidator(_hours)]], Field(min_length=1)] | None = None
    blocked: list[Annotated[date, Strict()]] | None = None


def stored(part: SchedulePart) -> dict[str, object]:
    """Return what is kept of a schedule, as JSON: only what the inspector has said."""
    return part.model_dump(mode="json", exclude_none=True)


def schedule_of(kept: Mapping[str, Any], opens: date, closes: date) -> Schedule:
    """Return the schedule of a wave from what is stored and its first and last day."""
    schedule = Schedule(opens=opens, ends=closes)
    changes: dict[str, Any] = {}
    if "reminders" in kept:
        changes["reminders"] = tuple(_day_or_interval(each) for each in kept["reminders"])
    if "most" in kept:
        changes["most"] = kept["most"]
    if "spacing" in kept:
        changes["spacing"] = timedelta(days=kept["spacing"])
    if "weekdays" in kept:
        changes["weekdays"] = frozenset(WEEKDAYS.index(each) for each in kept["weekdays"])
    if "hours" in kept:
        windows = (_window(each) for each in sorted(kept["hours"]))
        changes["hours"] = tuple(window for window in windows if window)
    if "blocked" in kept:
        changes["blocked"] = frozenset(date.fromisoformat(each) for each in kept["blocked"])
    return replace(schedule, **changes)


def _day_or_interval(value: int | str) -> int | date:
    return value if isinstance(value, int) else date.fromisoformat(value)
