"""Which numbers of a table about clients may be shown (policy ``cell``).

How many files each unit has is known, and how many of them have an answer is shown, or nothing by unit is.
Options of a single choice form one table with their sums; a question or battery with several answers is, row
by row, a table of yes and no.

Units are shown only beside a total that is safe by itself and shown whole. The base of a question on a route
is a number in the total of another question: so it tells nothing that is not shown already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.primary import Grid, Rules, secrets
from analysis.suppression import Outcome, Suppression, suppress
from analysis.tables import Column, Measure, Table

KEPT = 2_000
"""How many patterns a process remembers: the same table is drawn, listed and exported."""

Counts = Sequence[tuple[int, ...]]
"""One unit a row, one class a column."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which counts may be shown: ``columns`` along the units, ``total`` beside them, each along the rows."""

    columns: tuple[tuple[bool, ...], ...]
    total: tuple[bool, ...]


def shown(table: Table, rules: Rules) -> Shown | None:
    """Return which counts may be shown beside every base; None where units cannot be shown.

    A question on a route is never shown by unit: how many were asked is an answer to another question.
    """
    if table.routed or table.measure is Measure.NUMBER or not table.columns:
        return None
    if not _bases_are_safe(table.columns, rules):
        return None
    own = {row.value: index for index, row in enumerate(table.rows) if not row.parts}
    single = table.measure in {Measure.NOMINAL, Measure.ORDINAL}
    lines = _single(table, tuple(own.values()), rules) if single else _several(table, own, rules)
    if lines is None:
        return None
    seen = [dict(zip(own, line, strict=True)) for line in lines]
    parts = [row.parts or (row.value,) for row in table.rows]
    every = [tuple(all(line[part] for part in each) for each in parts) for line in seen]
    return Shown(tuple(every[:-1]), every[-1])


def _bases_are_safe(columns: Sequence[Column], rules: Rules) -> bool:
    """Say whether every base may be shown beside the number of files."""
    if any(column.withheld or column.off_route for column in columns):
        return False
    left = [(column.base, column.sent - column.base) for column in columns]
    seen = _visible(left, rules) if any(without for _, without in left) else [(True, True)]
    return seen is not None and all(all(line) for line in seen)


def _single(table: Table, own: Sequence[int], rules: Rules) -> list[tuple[bool, ...]] | None:
    """Return what is shown of a single choice, whose classes add up to the base."""
    counts = [tuple(column.counts[index] for index in own) for column in table.columns]
    if any(sum(row) != column.base for row, column in zip(counts, table.columns, strict=True)):
        return None
    return _visible(counts, rules)


def _several(table: Table, own: dict[str, int], rules: Rules) -> list[tuple[bool, ...]] | None:
    """Return what is shown of rows that are independent of each other: not two options of one question."""
    if len({value.partition("=")[0] for value in own}) < len(own):
        return None
    rows = []
    for index in own.values():
        counts = [(column.counts[index], column.base - column.counts[index]) for column in table.columns]
        seen = _visible(counts, rules) or [(False,)] * (len(counts) + 1)
        rows.append([all(line) for line in seen])
    return list(zip(*rows, strict=True))


def _visible(counts: Counts, rules: Rules) -> list[tuple[bool, ...]] | None:
    """Return which classes are shown of each unit, then of the total, beside the bases; None where none."""
    height, width = len(counts), len(counts[0])
    whole = tuple(sum(column) for column in zip(*counts, strict=True))
    if secrets(Grid((whole,), public=frozenset({(0, width), (1, width)})), rules):
        return None
    bases = {(number, width) for number in range(height)}
    total = {(height, place) for place in range(width + 1)}
    found = pattern(Grid(tuple(counts), public=frozenset(bases | total)), rules)
    if found.outcome is Outcome.NOTHING:
        return None
    return [
        tuple((number, place) not in found.hidden for place in range(width)) for number in range(height + 1)
    ]


@lru_cache(maxsize=KEPT)
def pattern(grid: Grid, rules: Rules) -> Suppression:
    """Return the pattern of ``grid``, searched for once."""
    return suppress(grid, rules)
