"""A question split by background: the same table for each part of those who answered, unit by unit.

Like a ``Table``, a ``SplitTable`` holds true counts and is never shown itself. Which units may lie under its
columns is for disclosure control to say: exactly those that the total of ``whole`` covers. Then ``over``
makes the table of these units, with the parts as columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.tables import Base, Column, Table, UnitColumn, column_of, sum_of
from analysis.tallies import in_years, tallies
from analysis.wording import capital, words
from models.queries import CountRow
from questionnaires.definition import Question

UNTOLD = ""
"""The part of those who did not say which one they belong to."""

Sizes = Mapping[tuple[int, str], int]
"""How many interviews were sent in, by reporting unit and part."""


class PartName(NamedTuple):
    """A part and what it is called: ``kvinna``, "Kvinna"."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """Those who share a background, as a column for each unit of the whole table, in its order."""

    value: str
    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SplitTable:
    """One question by reporting unit (``whole``) and in each unit by the parts of one split.

    The parts add up to the whole unit by unit: the last one, ``UNTOLD``, is of those who did not say. How
    many of a part were invited is not known, so its ``invited`` is ``sent``.
    """

    whole: Table
    split: str
    parts: tuple[Part, ...]

    def over(self, units: Collection[str]) -> Table:
        """Return the table of these units together, with the parts as columns; the total is their sum."""
        language = self.whole.language
        places = [i for i, column in enumerate(self.whole.columns) if column.label in units]
        chosen = [sum_of([part.columns[i] for i in places], part.label) for part in self.parts]
        total = sum_of([self.whole.columns[i] for i in places], words("total", language))
        columns = tuple(column for column in chosen if column)
        return replace(self.whole, columns=columns, total=total if self.whole.total else None)


def tabulate_split(  # noqa: PLR0913 - a split table is its whole, its parts and what is counted
    whole: Table,
    question: Question,
    counts: Sequence[CountRow],
    units: Sequence[UnitColumn],
    *,
    split: str,
    parts: Sequence[PartName],
    sizes: Sizes,
    base: Base,
) -> SplitTable:
    """Return ``whole``, the table of ``question`` by ``units`` with shares of ``base``, split into ``parts``.

    ``counts`` are those of the parts, each with its ``part``. Raises ValueError where the parts hold more
    than the whole: then they do not belong together.
    """
    mine = in_years(question, [row for row in counts if row.item in {question.name, base.item}])
    made = []
    for part in parts:
        own = tallies(row for row in mine if row.part == part.value)
        places = [replace(unit, answers=sizes.get((unit.id, part.value), 0)) for unit in units]
        columns = (column_of(question, whole.rows, own, place, base, None) for place in places)
        made.append(Part(*part, tuple(replace(each, invited=each.sent) for each in columns)))
    left = tuple(_remainder(column, made, i) for i, column in enumerate(whole.columns))
    return SplitTable(whole, split, (*made, Part(UNTOLD, words(f"untold.{split}", whole.language), left)))


def sizes_of(counts: Sequence[CountRow], item: str) -> Sizes:
    """Return how many were sent in, by unit and part, from the counts of any one item: each counts once."""
    sent: Counter[tuple[int, str]] = Counter()
    for row in counts:
        if row.item == item and row.kind != "option":
            sent[row.reporting_unit_id, row.part] += row.n
    return sent


def _remainder(column: Column, parts: Sequence[Part], place: int) -> Column:
    """Return those of a unit who are in none of the parts."""
    told = [part.columns[place] for part in parts]

    def left(*values: int) -> int:
        n = values[0] - sum(values[1:])
        if n < 0:
            raise ValueError(f"{column.label}: the parts hold {-n} more than the whole; recount the wave")
        return n

    def along(rows: Sequence[tuple[int, ...]]) -> Iterator[int]:
        return (left(*values) for values in zip(*rows, strict=True))

    sent = left(column.sent, *(each.sent for each in told))
    reasons = [dict(each.missing) for each in told]
    missing = ((why, left(n, *(each.get(why, 0) for each in reasons))) for why, n in column.missing)
    return Column(
        column.label,
        sent,
        sent,
        left(column.base, *(each.base for each in told)),
        tuple(along([column.counts, *(each.counts for each in told)])),
        tuple(along([column.answered, *(each.answered for each in told)])),
        left(column.off_route, *(each.off_route for each in told)),
        tuple((why, n) for why, n in missing if n),
        column.withheld,
    )


def part_names(question: Question | None, counts: Sequence[CountRow], language: str) -> tuple[PartName, ...]:
    """Return the parts of a split: the options of the item that tells it, or else the roles counted."""
    if question is None:
        roles = sorted({row.part for row in counts})
        return tuple(PartName(role, capital(role)) for role in roles)
    return tuple(
        PartName(choice.name, choice.label[language]) for choice in question.choices if not choice.missing
    )
