"""The published facts, read from ``facts.toml``: what stands in print, nothing derived."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("facts.toml")

Printed = str | int | float | list[Any] | dict[str, Any]
"""A value as the fact holds it: a number, words, a list of words, or words by heading."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that facts are taken from."""

    id: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Class:
    """One row of a printed table with one column of counts and one of percentages."""

    sv: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a printed table with one column per district (or per period)."""

    sv: str
    en: str
    values: tuple[int | float, ...]
    item: str = ""
    total: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A printed table: columns, the n of each column where printed, rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    column_n: tuple[int, ...] = ()
    total_n: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One published result. ``n`` and ``count`` are exact; ``percent`` and ``value`` are as printed.

    ``missing`` means that the source says it could not be determined. ``period`` is the year, month or span
    the source gives.
    """

    id: str
    source: Source
    section: str
    district: str
    period: str
    method: str
    variable: str
    variable_en: str
    items: tuple[str, ...] = ()
    n: int | None = None
    count: int | None = None
    value: Printed | None = None
    unit: str = ""
    percent: str = ""
    approximate: bool = False
    missing: bool = False
    quote: str = ""
    note: str = ""
    classes: tuple[Class, ...] = ()
    table: PrintedTable | None = None

    @property
    def citation(self) -> str:
        """Where it stands in print: report title, year and section."""
        return f"{self.source.title} ({self.source.year}), {self.section}"

    @property
    def countable(self) -> bool:
        """Whether it must come out of stored answers: a survey or a file review, with counts and a base."""
        counts = bool(self.classes or self.table) or (self.count is not None and self.n is not None)
        return self.method in {"survey", "file_review"} and counts


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """An error, ambiguity or contradiction in the documents themselves."""

    id: str
    kind: str
    text: str
    facts: tuple[str, ...]


@cache
def facts() -> Mapping[str, Fact]:
    """Return every published fact by id, in the order of the documents."""
    sources = {row["id"]: Source(row["id"], row["title"], row["year"]) for row in _read()["sources"]}
    return {row["id"]: _fact(row, sources[row["source"]]) for row in _read()["facts"]}


@cache
def inconsistencies() -> Mapping[str, Inconsistency]:
    """Return what is known to be wrong or unclear in the documents, by id."""
    return {
        row["id"]: Inconsistency(row["id"], row["kind"], row["text"], tuple(row["facts"]))
        for row in _read()["inconsistencies"]
    }


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _fact(row: dict[str, Any], source: Source) -> Fact:
    plain = ("id", "section", "district", "method", "variable", "variable_en", "n", "count", "value", "unit")
    more = ("percent", "approximate", "missing", "quote", "note")
    item = row.get("item", [])
    return Fact(
        source=source,
        period=str(row["year"]),
        items=(item,) if isinstance(item, str) else tuple(item),
        classes=tuple(Class(c["sv"], c["count"], c["percent"]) for c in row.get("categories", ())),
        table=_table(row["table"]) if "table" in row else None,
        **{key: row[key] for key in (*plain, *more) if key in row},
    )


def _table(table: dict[str, Any]) -> PrintedTable:
    return PrintedTable(
        columns=tuple(table["columns"]),
        rows=tuple(Row(**{**row, "values": tuple(row["values"])}) for row in table["rows"]),
        column_n=tuple(table.get("column_n", ())),
        total_n=table.get("total_n"),
    )
