"""How the fieldwork went, as tables of ready words: rates, codes, where people stopped, doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.dispositions import Code
from analysis.dropout import Dropout
from analysis.rates import RATES, counted, is_known_list, rates
from analysis.statistics_wording import statistics_words
from analysis.wording import number, percent, percent_sign

HIDDEN = ".."
NONE = "-"
"""What stands where a share has no base."""

PRINTED = ("RR1", "RR2")
"""The rates of a page; the others stand on the method page alone."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table of ready words. The first column names the row; notes are the sentences under it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    last_is_total: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitOutcomes:
    """One reporting unit, or all: posts (None where not told) and what became of its invitations.

    ``codes`` count the completeness of interviews in the place of SENT.
    """

    label: str
    posts: int | None
    filled: int | None
    codes: Mapping[Code, int]


@dataclass(frozen=True, slots=True)
class Door:
    """How the interviews that were sent through one door went, and what it is called."""

    name: str
    sent: int
    early: int
    asked: int
    answered: int


def shared(part: int | Fraction, whole: int, language: str) -> str:
    """Return an integer per cent, rounded half up, of exact numbers; a dash where the base is empty."""
    if not whole:
        return NONE
    exact = Fraction(part, whole)
    return percent_sign(percent(exact.numerator, exact.denominator), language)


def rate_table(units: Sequence[UnitOutcomes], language: str) -> WordTable:
    """Return posts, filled posts, possible answers, RR1 and RR2 of each unit of a closed wave.

    The last of ``units`` is all together. Source of the rates: ``analysis.rates``.
    """
    staffed = any(unit.posts is not None for unit in units)
    names = [*(("posts", "filled") if staffed else ()), "possible", "complete", "partial", *PRINTED]
    rows = []
    for unit in units:
        counts = counted(unit.codes)
        found = rates(counts)
        numbers = {
            "posts": unit.posts,
            "filled": unit.filled,
            "possible": counts.eligible + counts.unknown,
            "complete": counts.complete,
            "partial": counts.partial,
        }
        cells = [
            _number(numbers[name], language) if name in numbers else _rate(found[name], language)
            for name in names
        ]
        rows.append((unit.label, *cells))
    notes = ["rates.note"]
    if all(is_known_list(counted(unit.codes)) for unit in units):
        notes.append("rates.known_list")
    return WordTable(
        _say("rates.title", language),
        (_say("unit", language), *(_say(f"rates.{name}", language) for name in names)),
        tuple(rows),
        last_is_total=len(units) > 1,
        notes=tuple(_say(note, language) for note in notes),
    )


def every_rate(codes: Mapping[Code, int], language: str) -> WordTable:
    """Return every rate of the standard with its formula and its value, for the method page."""
    found = rates(counted(codes))
    rows = tuple((name, RATES[name].formula, _rate(found[name], language)) for name in RATES)
    heads = tuple(_say(f"rates.{name}", language) for name in ("rate", "formula", "value"))
    return WordTable(_say("rates.every", language), heads, rows, notes=(_say("rates.letters", language),))


def code_table(units: Sequence[UnitOutcomes], language: str) -> WordTable:
    """Return how many invitations of each unit have each code; codes that nobody has are left out."""
    used = [code for code in Code if any(unit.codes.get(code) for unit in units)]
    names = [f"{code.aapor} {_say(f'code.{code}', language)}".strip() for code in used]
    rows = tuple(
        (name, *(number(unit.codes.get(code, 0), language) for unit in units))
        for name, code in zip(names, used, strict=True)
    )
    heads = (_say("rates.code", language), *(unit.label for unit in units))
    return WordTable(_say("rates.codes", language), heads, rows, notes=(_say("rates.codes_note", language),))


def dropout_table(found: Dropout, labels: Mapping[str, str], language: str) -> WordTable:
    """Return the life table: shown, left, hazard and survival per question, those who wait apart.

    ``labels`` hold the words of each question.
    """
    waits = found.waiting > 0
    names = ("shown", "left", *(("waiting",) if waits else ()), "hazard", "survival")
    rows = []
    for row in found.questions:
        hazard = NONE if row.hazard is None else shared(row.hazard, 1, language)
        counts = [row.shown, row.left, *([row.waiting] if waits else [])]
        shown = (number(n, language) for n in counts)
        rows.append((labels[row.item], *shown, hazard, shared(row.survival, 1, language)))
    notes = [*_introduction(found.introduction, language), _say("dropout.note", language)]
    heads = (_say("dropout.question", language), *(_say(f"dropout.{name}", language) for name in names))
    return WordTable(_say("dropout.title", language), heads, tuple(rows), notes=tuple(notes))


def door_table(doors: Iterable[Door], smallest: int, language: str) -> WordTable:
    """Return per door how many sent, how many of them whole, and how many questions were left unanswered.

    Of a door with fewer than ``smallest`` interviews nothing is told but its name.
    """
    rows = []
    for door in doors:
        if door.sent < smallest:
            rows.append((door.name, _say("doors.few", language, k=smallest), HIDDEN, HIDDEN))
            continue
        whole = shared(door.sent - door.early, door.sent, language)
        rows.append(
            (
                door.name,
                number(door.sent, language),
                whole,
                shared(door.asked - door.answered, door.asked, language),
            )
        )
    heads = tuple(_say(f"doors.{name}", language) for name in ("door", "sent", "whole", "unanswered"))
    return WordTable(_say("doors.title", language), heads, tuple(rows), notes=(_say("doors.note", language),))


def _introduction(declined: int, language: str) -> tuple[str, ...]:
    if not declined:
        return (_say("dropout.introduction_none", language),)
    return (_say("dropout.introduction", language, n=number(declined, language)),)


def _rate(value: Fraction | None, language: str) -> str:
    return NONE if value is None else shared(value, 1, language)


def _number(value: int | None, language: str) -> str:
    return NONE if value is None else number(value, language)


def _say(key: str, language: str, **values: object) -> str:
    return statistics_words(key, language, **values)
