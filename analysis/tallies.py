"""Counting the rows that fieldwork keeps: by class, by reason for a missing value, by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from models.queries import CountRow
from questionnaires.definition import Missing, Question

DATES = ("date", "month")
"""The types of questions whose values are days or months."""

Tally = Mapping[tuple[str, str], int]
"""n by (kind, value): answered, option or missing, and which."""


def tally(counts: Iterable[CountRow], unit: int, item: str) -> Tally:
    """Return n by (kind, value) of one item in one reporting unit; what was never counted is 0."""
    found: Counter[tuple[str, str]] = Counter()
    for row in counts:
        if row.item == item and row.reporting_unit_id == unit:
            found[row.kind, row.value] += row.n
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
    known: list[str] = list(Missing)
    others = sorted(value for kind, value in of if kind == "missing" and value not in known)
    return tuple((reason, n) for reason in (*known, *others) if (n := of.get(("missing", reason), 0)))
