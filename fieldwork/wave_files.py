"""The file an inspector writes to plan a wave: TOML, one part per table of the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from fieldwork.mail_addresses import mail_address
from fieldwork.problems import InputError
from fieldwork.wave_schedule import SchedulePart
from questionnaires.errors import Problem

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
SEE = "See docs/commands.md, 'The wave file'"


def _mail(text: str) -> str:
    """Return a mail address as it is written to; '' stays. ValueError names the rule, never the address."""
    if not text.strip():
        return ""
    address = mail_address(text)
    if address is None:
        raise PydanticCustomError("mail_address", "is not a mail address")
    return address


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ReviewPart(_Part):
    """The quality review that the wave belongs to."""

    title: Line
    theme: str = ""
    year: Annotated[int, Field(ge=1990, le=2100)]
    origin: Literal["collected", "published", "example"] = "collected"


class WavePart(_Part):
    """The round of collecting: what is asked, when, and what is promised."""

    name: Line
    form: Annotated[list[Line], Field(min_length=1)]
    subject: Literal["self", "file", "unit", "district"] = "self"
    opens: date
    closes: date
    informed_on: date | None = None
    promise: Literal["confidential", "anonymous"] = "confidential"
    policy: Literal["group", "cell", "published"] | None = None
    smallest_group: Annotated[int, Field(ge=3, le=100)] = 5
    alike_below: Annotated[int, Field(ge=3, le=100)] | None = None
    open_answers_from: Annotated[int, Field(ge=3, le=100)] | None = None
    comment_threshold: Annotated[int, Field(ge=0, le=100)] = 75
    doors: Annotated[list[Literal["web", "telegram", "console", "paper"]], Field(min_length=1)] = ["web"]
    pilot: bool = False
    telegram_reason: str = ""
    telegram_free_text: bool = False


class ContactPart(_Part):
    """The named inspector whom respondents may turn to."""

    name: Line
    phone: Line
    mail: Annotated[str, AfterValidator(_mail)] = ""


class InformationPart(_Part):
    """What respondents are told in one language: what it is for, and who reads what."""

    purpose: Paragraph
    readers: Paragraph


class OrganisationPart(_Part):
    """One organisation that takes part, with its staffing and its number of drawn files."""

    name: Line
    kind: Line = "district"
    aliases: list[Line] = []
    valid_from: date | None = None
    valid_to: date | None = None
    posts: Annotated[int, Field(ge=0)] | None = None
    filled: Annotated[int, Field(ge=0)] | None = None
    files: Annotated[int, Field(ge=0, le=10_000)] = 0


class ReportingUnitPart(_Part):
    """One column of the tables: the organisations reported together under one label."""

    label: Line
    members: Annotated[list[Line], Field(min_length=1)]


class WaveFile(_Part):
    """A whole wave file whose every part is valid by itself."""

    review: ReviewPart
    wave: WavePart
    schedule: SchedulePart = SchedulePart()
    contact: ContactPart
    information: dict[str, InformationPart]
    organisation: Annotated[list[OrganisationPart], Field(min_length=1)]
    reporting_unit: list[ReportingUnitPart] = []


def read_wave_file(body: str, source: str) -> WaveFile:
    """Return the plan written in ``body``; ``source`` names the file in problems.

    Whether the parts agree with each other is for ``wave_rules`` to say.

    Raises:
        InputError: with every problem found: which key, which rule, what to do.
    """
    try:
        data = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(source, "", f"is not valid TOML: {error}", "Correct that line")) from None
    try:
        return WaveFile.model_validate(data)
    except ValidationError as error:
        problems = [_problem(source, fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()]
        raise InputError(*problems) from None


_FAULTS: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", "Add it"),
    "extra_forbidden": ("is not a key of the wave file", "Correct its spelling or take it away"),
    "string_too_short": ("is empty", "Write something there"),
    "mail_address": ("is not a mail address", "Write it as name@example.se, or leave it out"),
    "too_short": ("is empty", "Name at least one"),
}


def _problem(source: str, location: tuple[int | str, ...], kind: str, message: str) -> Problem:
    """Return one fault of the file in words; ``[0]`` is shown as the first of its kind: ``[1]``."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location)
    if kind.startswith(("date", "datetime")):
        return Problem(source, key[1:], "is not a date", "Write it as 2026-10-01, without quotation marks")
    rule, remedy = _FAULTS.get(kind, (message[:1].lower() + message[1:], SEE))
    return Problem(source, key[1:], rule, remedy)
