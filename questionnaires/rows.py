"""The tables of a questionnaire file: what each may hold, and reading past what is wrong in one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from questionnaires.definition import LANGUAGES

Words = dict[str, str]


class Table(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CodeRow(Table):
    """One code of a code book."""

    name: str
    label: Words


class ChoiceRow(CodeRow):
    """One option of a list."""

    exclusive: bool = False
    other: bool = False
    missing: str = ""
    printed: str = ""


class SurveyRow(Table):
    """One row of the survey."""

    type: str
    name: str
    label: Words
    appearance: str = ""
    hint: Words = Field(default_factory=dict)
    why: Words = Field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Words = Field(default_factory=dict)
    area: str = ""
    status: str = "reconstructed"
    base: str = ""
    section: str = ""
    codes: str = ""
    background: str = ""
    seconds: int = Field(default=0, ge=0, le=3600)


class Header(Table):
    """Everything above the survey."""

    code: str
    edition: str
    version: int = Field(ge=1)
    title: Words
    subject: str
    source: str
    sections: dict[str, Words] = Field(default_factory=dict)
    bases: dict[str, Words] = Field(default_factory=dict)
    choices: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    codes: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    survey: list[dict[str, Any]] = Field(min_length=1)


Row = TypeVar("Row", bound=Table)

_WORDS: Words = dict.fromkeys(LANGUAGES, "…")
_STAND_INS: Mapping[str, object] = {
    "type": "",
    "label": _WORDS,
    "code": "X",
    "edition": "x",
    "version": 1,
    "title": _WORDS,
    "subject": "self",
    "source": "",
    "survey": [{}],
}
"""What a needed key that is missing or cannot be read counts as, so that the others can be judged."""

_LANGUAGES_TABLE = "{ " + ", ".join(f'{language} = "…"' for language in LANGUAGES) + " }"
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("text", '{key} = "…"'),
    "int_type": ("a whole number", "{key} = 10, without quotation marks"),
    "bool_type": ("true or false", "{key} = true or {key} = false, without quotation marks"),
    "dict_type": ("a table", "{key} = " + _LANGUAGES_TABLE.replace("{", "{{").replace("}", "}}")),
    "list_type": ("a list", "{key} = [ … ]"),
    "greater_than_equal": ("at least {ge}", "a number from {ge}"),
    "less_than_equal": ("at most {le}", "a number up to {le}"),
    "too_short": ("filled in", "at least one"),
    "model_type": ("a table", "{{ key = value }}"),
}
"""What the validator misses, by the type of its finding: what the value is not, and what to write."""

_TABLES: Mapping[str, str] = {
    "survey": "a [[survey]] for each question",
    "choices": "[choices] with a list of options by name",
    "codes": "[codes] with a list of codes by name",
    "sections": "[sections] with a title in each language by name",
    "bases": "[bases] with words in each language by name",
}
"""How the tables of a file are written."""


class Read(NamedTuple, Generic[Row]):
    """A row as far as it could be read, the keys that could not, and the faults as rule and remedy."""

    row: Row | None
    unread: frozenset[str]
    faults: tuple[tuple[str, str], ...]


def read_row(model: type[Row], table: object, name: str) -> Read[Row]:
    """Return a table as a row of ``model``; ``name`` stands in for a name that is missing.

    ``row`` is None where nothing can be read. Keys in ``unread`` hold their default or a stand-in.
    """
    try:
        return Read(model.model_validate(table), frozenset(), ())
    except ValidationError as error:
        findings = error.errors()
    faults = tuple(_explained(finding, model.model_fields) for finding in findings)
    unread = frozenset(str(finding["loc"][0]) for finding in findings if finding["loc"])
    if not isinstance(table, dict):
        return Read(None, unread, faults)
    kept = {key: value for key, value in table.items() if key not in unread}
    stand_ins = {**_STAND_INS, "name": name}
    needed = {key: stand_ins[key] for key in model.model_fields if key in unread and key in stand_ins}
    return Read(model.model_validate({**kept, **needed}), unread, faults)


def _explained(error: Mapping[str, Any], keys: Collection[str]) -> tuple[str, str]:
    """Return one finding of the validator as a rule and a remedy."""
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key “{key}”", f"take it away or correct it; the keys here are {', '.join(keys)}"
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "missing":
        example = _TABLES.get(key, f"{key} = {_LANGUAGES_TABLE if key in {'label', 'title'} else '…'}")
        return f"“{key}” is missing", f"add {example}"
    limits = error.get("ctx", {})
    expected, example = _EXPECTED[error["type"]]
    if key in _TABLES:
        example = _TABLES[key]
    rule = f"the value of “{key}” is not {expected.format(**limits)}" if key else "this is no table"
    return rule, f"write {example.format(key=last, **limits)}"
