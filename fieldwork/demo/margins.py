"""How the printed figures of a published wave read as answers: one ``margins_*.toml`` for each wave."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fieldwork.demo.facts import Fact, facts

SENT = "sent"
"""The base of all sent interviews of a unit; any other base is an item, whose route it is."""

_WAVES = ("enkat12", "akt12", "fam20", "till20")


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """A column of the printed tables, and how many were invited and sent."""

    label: str
    members: tuple[str, ...]
    invited: int
    sent: int
    posts: int | None = None
    filled: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number: ``count`` of the ``n`` in the base, over ``units``, chose one of ``options``.

    ``rest`` is the answer of everybody else in the base ('' for none). ``apart_from`` names an item whose
    respondents the source says are others. A ``derived`` cell follows from other cells and is only read back;
    a ``figure`` is shown as printed, not as a row of a table.
    """

    fact: str
    item: str
    units: tuple[str, ...]
    options: tuple[str, ...]
    count: int
    n: int
    base: str = SENT
    percent: int | None = None
    rest: str = ""
    apart_from: str = ""
    derived: bool = False
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """Answers that are not printed, the fewest without which a printed answer would be off its route."""

    item: str
    option: str
    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Coded:
    """How many open answers of a unit got one code; ``text`` stands for words that are not published."""

    fact: str
    item: str
    unit: str
    code: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class PublishedWave:
    """One published round of collecting, with every number that its report prints about stored answers.

    ``participation`` says of which count of the fieldwork a fact speaks: sent, dropout or staffing. ``total``
    is whether the report prints a total over the units, ``facts`` how the ids of the review's facts begin.
    """

    code: str
    name: str
    form: tuple[str, ...]
    subject: str
    facts: str
    year: int
    review: str
    theme: str
    total: bool
    units: tuple[PublishedUnit, ...]
    cells: tuple[Cell, ...]
    needed: tuple[Needed, ...]
    codings: tuple[Coded, ...]
    participation: Mapping[str, str]


@cache
def published_waves() -> tuple[PublishedWave, ...]:
    """Return the published waves, in the order in which they were published."""
    return tuple(_wave(_read(code)) for code in _WAVES)


def _read(code: str) -> dict[str, Any]:
    path = Path(__file__).with_name(f"margins_{code}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _wave(data: dict[str, Any]) -> PublishedWave:
    units = tuple(_unit(row) for row in data["units"])
    labels = tuple(unit.label for unit in units)
    plain = ("code", "name", "subject", "facts", "year", "review", "theme", "total")
    return PublishedWave(
        form=tuple(data["form"]),
        units=units,
        cells=tuple(cell for row in data["readings"] for cell in _cells(row, labels)),
        needed=tuple(
            Needed(row["item"], row["option"], unit, count)
            for row in data.get("needed", ())
            for unit, count in row["counts"].items()
        ),
        codings=tuple(_coded(row) for row in data.get("codings", ())),
        participation=data.get("participation", {}),
        **{key: data[key] for key in plain},
    )


def _unit(row: dict[str, Any]) -> PublishedUnit:
    return PublishedUnit(**{**row, "members": tuple(row.get("members", [row["label"]]))})


def _coded(row: dict[str, Any]) -> Coded:
    fact = facts()[row["fact"]]
    return Coded(fact.id, fact.items[0], fact.district, row["code"], row["text"], fact.count or 0)


def _cells(row: dict[str, Any], labels: tuple[str, ...]) -> Iterator[Cell]:
    """Yield the numbers of one printed fact: its classes, the cells of its table, or its one count."""
    fact = facts()[row["fact"]]
    units = (fact.district,) if fact.district in labels else labels
    options: list[str] = row["options"]
    derived: bool = row.get("derived", False)
    common = {
        "fact": fact.id,
        "base": row.get("base", SENT),
        "rest": row.get("rest", ""),
        "apart_from": row.get("apart_from", ""),
        "derived": derived,
        # Counts that are printed over several options together are no row of a table of the question.
        "figure": row.get("figure", False) or (len(options) > 1 and not fact.classes and not derived),
    }
    if fact.table:
        yield from _cells_of_table(fact, labels, tuple(options), common)
        return
    item = row.get("item") or fact.items[0]
    if fact.classes:
        for option, printed in zip(options, fact.classes, strict=True):
            yield Cell(item=item, units=units, options=(option,), count=printed.count, n=_base(fact),
                       percent=printed.percent, **common)  # fmt: skip
    elif fact.count is not None:
        yield Cell(item=item, units=units, options=tuple(options), count=fact.count, n=_base(fact), **common)


def _cells_of_table(
    fact: Fact, labels: tuple[str, ...], options: tuple[str, ...], common: dict[str, Any]
) -> Iterator[Cell]:
    """Yield every cell of a table with a column per unit, and the total of each row."""
    table = fact.table
    if table is None or table.columns != labels or table.total_n is None:
        raise ValueError(
            f"{fact.id}: the columns of the table are not the units of the wave; correct the margins"
        )
    for row in table.rows:
        for label, value, n in zip(labels, row.values, table.column_n, strict=True):
            yield Cell(item=row.item, units=(label,), options=options, count=int(value), n=n, **common)
        total = {**common, "derived": True}
        yield Cell(
            item=row.item, units=labels, options=options, count=row.total or 0, n=table.total_n, **total
        )


def _base(fact: Fact) -> int:
    if fact.n is None:
        raise ValueError(f"{fact.id} has no base; a number without a base cannot be answers")
    return fact.n
