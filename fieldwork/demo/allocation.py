"""Synthetic interviews that add up to printed margins: who answers what is made up, the sums are not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from fieldwork.demo.margins import Cell, Coded, Needed, PublishedWave
from questionnaires.definition import Form, Question
from questionnaires.engine import route

_READ = "ok"


@dataclass(slots=True)
class Synthetic:
    """One made-up interview: its place among the interviews of its unit, and its answers so far."""

    unit: str
    number: int
    answers: dict[str, str | None] = field(default_factory=dict)


def allocate(wave: PublishedWave, form: Form) -> tuple[Synthetic, ...]:
    """Return the sent interviews of a published wave, the same on every run.

    Item by item in form order, each printed count is handed out among the interviews whose route, by the
    engine, holds the item. Whoever has no printed answer leaves the question out. Raises ValueError where a
    count is larger than the number of interviews that can give it.
    """
    people = tuple(Synthetic(unit.label, number) for unit in wave.units for number in range(1, unit.sent + 1))
    for question in form.questions:
        asked = [person for person in people if _is_asked(form, question, person)]
        for person in asked:
            person.answers[question.name] = _READ if question.type == "acknowledge" else None
        _hand_out(wave, question, asked)
    return people


def _is_asked(form: Form, question: Question, person: Synthetic) -> bool:
    if question.type == "note":
        return False
    return not question.relevant or question in route(form, person.answers)


def _hand_out(wave: PublishedWave, question: Question, asked: list[Synthetic]) -> None:
    """Give the printed answers to one question, then the rest of each base its answer."""
    margins = [cell for cell in wave.cells if cell.item == question.name and not cell.derived]
    several = question.type.startswith("select_multiple")
    for needed in (row for row in wave.needed if row.item == question.name):
        _give(wave, _cell(needed), asked, several=several)
    for coded in (row for row in wave.codings if row.item == question.name):
        _give(wave, _text(coded), asked, several=False)
    for cell in margins:
        _give(wave, cell, asked, several=several)
    for cell in margins:
        for person in _among(wave, cell, asked):
            if person.answers[question.name] is None and cell.rest:
                person.answers[question.name] = cell.rest


def _give(wave: PublishedWave, cell: Cell, asked: list[Synthetic], *, several: bool) -> None:
    """Hand out one count. Several options of one person are nested: the rarer among the more frequent."""
    free = [person for person in _among(wave, cell, asked) if several or person.answers[cell.item] is None]
    if len(free) < cell.count:
        raise ValueError(f"{cell.fact or cell.item}: {cell.count} answers, but only {len(free)} can give one")
    for person, option in zip(free, _dealt(cell), strict=False):
        person.answers[cell.item] = " ".join(filter(None, [person.answers[cell.item], option]))


def _dealt(cell: Cell) -> Iterator[str]:
    """Yield the options in turn, for a count that is printed over several of them."""
    return islice(cycle(cell.options), cell.count)


def _among(wave: PublishedWave, cell: Cell, asked: Iterable[Synthetic]) -> list[Synthetic]:
    """Return who can be counted in the cell, in the order in which answers are handed out."""
    return sorted(
        (person for person in asked if person.unit in cell.units),
        key=lambda person: (
            bool(cell.apart_from) and person.answers.get(cell.apart_from) is not None,
            _shuffled(wave.code, cell.item, person),
        ),
    )


def _shuffled(code: str, item: str, person: Synthetic) -> str:
    """Return a place in an order that looks random and is the same on every machine."""
    return hashlib.sha256(f"{code}/{item}/{person.unit}/{person.number}".encode()).hexdigest()


def _cell(needed: Needed) -> Cell:
    return Cell("", needed.item, (needed.unit,), (needed.option,), needed.count, needed.count)


def _text(coded: Coded) -> Cell:
    return Cell(coded.fact, coded.item, (coded.unit,), (coded.text,), coded.count, coded.count)
