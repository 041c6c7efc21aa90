"""A release as canonical JSON, and the same tables read back from it.

Only what has been made safe can be written here, and only what was written here can be read back: the text
must be what its hash says, and each table must be one that ``disclose`` can have made under the rules that
stand with it. So raw numbers find no second way to become a ``SafeTable``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from analysis.disclosure import _KEY, SafeTable
from analysis.safe_columns import SafeColumn, State
from models.material import WaveFacts

FORMAT = 1
"""The version of this JSON; a later one still reads it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One instrument of the form, by the hash of its content."""

    code: str
    edition: str
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of the invited sent an answer. ``few_invited`` is k where fewer were, and then both are 0."""

    label: str
    invited: int
    sent: int
    few_invited: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """One question by the parts of one split (``sex``, ``years``, ``role``), over the units shown."""

    by: str
    table: SafeTable


@dataclass(frozen=True, slots=True)
class Edition:
    """Every table of a release in one language, in the order of its list, and what there is to say of them.

    ``splits`` holds at most one split a question. ``waiting`` are sentences about changes that a correction
    holds back.
    """

    language: str
    turnout: tuple[Turnout, ...]
    tables: tuple[SafeTable, ...]
    splits: tuple[Split, ...] = ()
    waiting: tuple[str, ...] = ()

    def table(self, item: str) -> SafeTable:
        """Return the table of ``item``; KeyError where the release has none."""
        return {table.item: table for table in self.tables}[item]

    def split(self, item: str) -> Split | None:
        """Return the split of ``item``, or None where none is shown."""
        return next((each for each in self.splits if each.table.item == item), None)


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that is let out of a wave at one time. ``listed`` is the closed list of its tables.

    ``form`` is the hash of what was asked, ``version`` that of the program, ``earlier`` holds the hashes of
    the wave's earlier releases, the oldest first.
    """

    format: int
    number: int
    at: datetime
    version: str
    wave: WaveFacts
    form: str
    asked: tuple[Asked, ...]
    earlier: tuple[str, ...]
    listed: tuple[str, ...]
    editions: tuple[Edition, ...]

    def edition(self, language: str) -> Edition:
        """Return the tables in this language, or in the first one where there are none in it."""
        return next((each for each in self.editions if each.language == language), self.editions[0])


def canonical(release: Release) -> str:
    """Return the release as JSON: sorted keys, no spaces, nothing that depends on where it is made."""
    return json.dumps(
        asdict(release), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_in_text
    )


def sha256(text: str) -> str:
    """Return the hash of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_back(text: str, known: str) -> Release:
    """Return the release that ``canonical`` wrote as ``text``; ``known`` is the hash stored with it.

    Raises:
        ValueError: the text is not what its hash says, or holds what no release can hold.
    """
    if sha256(text) != known:
        raise ValueError("A release is damaged: it is not what its hash says; use a backup")
    release: Release = _built(Release, json.loads(text))
    for edition in release.editions:
        for table in (*edition.tables, *(split.table for split in edition.splits)):
            _refuse_unsafe(table, release.wave)
    return release


def _in_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a release holds no {type(value).__name__}")


def _built(kind: Any, value: Any) -> Any:  # noqa: ANN401 - JSON, and the type it stands for
    """Return ``value`` of the JSON as what its type says it is."""
    if is_dataclass(kind):
        return _record(kind, value)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _built(parts[0], value)
    if origin is tuple:
        inner = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_built(each, part) for each, part in zip(inner, value, strict=True))
    return kind.fromisoformat(value) if kind in {date, datetime} else kind(value)


def _record(kind: Any, value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - likewise
    types = get_type_hints(kind)
    known = {field.name for field in fields(kind)}
    if strange := sorted(set(value) - known):
        raise ValueError(f"A release holds {strange} of a later format: use the version that wrote it")
    made = {name: _built(types[name], part) for name, part in value.items()}
    return kind(**made, key=_KEY) if kind is SafeTable else kind(**made)


def _refuse_unsafe(table: SafeTable, wave: WaveFacts) -> None:
    """Raise ValueError where a column tells what its state or the wave's rules forbid."""
    if table.provenance.source == "" or wave.policy == "published":
        raise ValueError(f"{table.item}: a release is of a wave of one's own, and names it as the source")
    for column in table.all_columns:
        if not _holds(column, wave):
            raise ValueError(f"{table.item}, {column.label}: no release can hold this; use a backup")


def _holds(column: SafeColumn, wave: WaveFacts) -> bool:
    """Say whether the numbers of a column are those that its state lets a reader see."""
    numbers = any(cell.count is not None or cell.percent is not None for cell in column.cells)
    if column.state is State.HIDDEN:
        return column.n is None and not numbers
    if column.state is State.EMPTY:
        return column.n == 0 and not numbers
    if column.n is None or column.n < wave.smallest_group or column.sent < column.n:
        return False
    return not (column.state is State.WORDS and numbers)
