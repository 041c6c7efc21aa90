"""Counting the rows that fieldwork keeps: by class, by reason for a missing value, by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from models.queries import CountRow
from questionnaires.definition import Missing, Question

DATES = ("date", "month")
"""The types of questions whose values are days or months."""

Tally = Mapping[tuple[str, str], int]
"""n by (kind, value): answered, option or missing, and which."""


Tallies = Mapping[tuple[int, str], Tally]
"""The tallies of counts, by reporting unit and item."""

REASONS = tuple(reason.value for reason in Missing)

NOBODY: Tally = {}
"""The tally of what was never counted."""


def tallies(counts: Iterable[CountRow]) -> Tallies:
    """Return n by (kind, value) of every item in every reporting unit."""
    found: dict[tuple[int, str], Counter[tuple[str, str]]] = {}
    for unit, item, kind, value, n, _ in counts:
        found.setdefault((unit, item), Counter())[kind, value] += n
    return found


def by_item(counts: Iterable[CountRow]) -> Mapping[str, Sequence[CountRow]]:
    """Return the counts of each item: whoever tabulates many questions then reads each count once."""
    found: dict[str, list[CountRow]] = {}
    for row in counts:
        found.setdefault(row.item, []).append(row)
    return found


def in_years(question: Question, counts: Iterable[CountRow]) -> list[CountRow]:
    """Return dates and months counted by year: a day can point at one person."""
    if question.type not in DATES:
        return list(counts)
    return [row._replace(value=row.value[:4]) if row.kind == "option" else row for row in counts]


def answered(of: Tally) -> int:
    """Return how many gave a valid answer."""
    return of.get(("answered", ""), 0)


def off_route(of: Tally) -> int:
    """Return how many were not asked."""
    return of.get(("missing", Missing.OFF_ROUTE), 0)


def on_route(of: Tally) -> int:
    """Return how many were on the question's route: whoever answered, or is missing for another reason."""
    return answered(of) + sum(n for _, n in missing(of)) - off_route(of)


def missing(of: Tally) -> tuple[tuple[str, int], ...]:
    """Return the reasons for missing values in fixed order, with how many each."""
    found = {value: n for (kind, value), n in of.items() if kind == "missing" and n}
    others = sorted(found.keys() - set(REASONS))
    return tuple((reason, found[reason]) for reason in (*REASONS, *others) if reason in found)
