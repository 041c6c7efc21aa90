"""Where respondents leave a questionnaire: at risk, hazard and survival per question.

A discrete life table (Singer and Willett, *Applied Longitudinal Data Analysis*, 2003, chapter 10): S(q) is
how many persons were shown q, B(q) how many left at q, hazard h(q) = B(q) / S(q), survival the product of
1 - h. Persons, not displays: going back shows nothing new. Whoever waits at q in an open wave (paused or
away) has been shown q and has not left. The introduction comes before the questions and is kept apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.engine import Answers


class End(StrEnum):
    """How a begun interview ended, or that it has not."""

    FINISHED = "finished"  # went through every question on the route and sent
    EARLY = "early"  # sent what there was
    BROKEN_OFF = "broken_off"  # not sent when the wave closed, or declined
    WAITING = "waiting"  # a draft in an open wave


LEFT = (End.EARLY, End.BROKEN_OFF)


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's way: the questions shown, how it ended, and ``at`` which question.

    ValueError where ``at`` was not shown; a finished walk is at no question.
    """

    shown: frozenset[str]
    end: End
    at: str = ""

    def __post_init__(self) -> None:
        if self.end is not End.FINISHED and self.at not in self.shown:
            raise ValueError(f"the walk ended at {self.at!r}, which was not shown")


@dataclass(frozen=True, slots=True)
class Tallies:
    """Persons by question: shown it, left at it, waiting at it."""

    shown: Mapping[str, int]
    left: Mapping[str, int]
    waiting: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionDropout:
    """The row of one question. ``hazard`` is None where nobody was shown it.

    ``survival`` is the share that would be left after this question, on a route of all questions so far.
    """

    item: str
    shown: int
    left: int
    waiting: int
    hazard: Fraction | None
    survival: Fraction


@dataclass(frozen=True, slots=True)
class Dropout:
    """The dropout of a wave; ``introduction`` counts those who declined without beginning."""

    introduction: int
    questions: tuple[QuestionDropout, ...]

    @property
    def left(self) -> int:
        """How many left at a question: break-offs, and those who sent before the end."""
        return sum(row.left for row in self.questions)

    @property
    def waiting(self) -> int:
        """How many are in the middle of it."""
        return sum(row.waiting for row in self.questions)


def walk(form: Form, answers: Answers, end: End) -> Walk:
    """Return the way of someone with these answers and skips, those that fell off the route among them.

    A person is at the first unanswered question on the route, whichever earlier answer is being looked at or
    changed: there the questionnaire waits for her. Past the last question it is that one.
    """
    waits = engine.next_question(form, answers)
    asked = {question.name for question in form.questions if engine.is_asked(question)}
    shown = (asked & answers.keys()) | ({waits.name} if waits else set())
    if end is End.FINISHED:
        return Walk(frozenset(shown), end)
    return Walk(frozenset(shown), end, waits.name if waits else engine.route(form, answers)[-1].name)


def counted(walks: Iterable[Walk]) -> Tallies:
    """Count walks by question."""
    shown: Counter[str] = Counter()
    left: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for each in walks:
        shown.update(each.shown)
        left.update([each.at] if each.end in LEFT else [])
        waiting.update([each.at] if each.end is End.WAITING else [])
    return Tallies(shown, left, waiting)


def dropout(order: Sequence[str], persons: Tallies, introduction: int = 0) -> Dropout:
    """Return the life table of the questions in the ``order`` of the form.

    ValueError where a question is not in the form, or more persons left and wait at it than were shown it.
    """
    unknown = (persons.shown.keys() | persons.left.keys() | persons.waiting.keys()) - set(order)
    if unknown:
        raise ValueError(f"not in the form: {', '.join(sorted(unknown))}")
    rows: list[QuestionDropout] = []
    survival = Fraction(1)
    for item in order:
        shown, left, waiting = (each.get(item, 0) for each in (persons.shown, persons.left, persons.waiting))
        if min(left, waiting) < 0 or left + waiting > shown:
            raise ValueError(f"{item}: {left} left and {waiting} wait, of {shown} persons shown it")
        hazard = Fraction(left, shown) if shown else None
        survival *= 1 - (hazard or 0)
        rows.append(QuestionDropout(item, shown, left, waiting, hazard, survival))
    return Dropout(introduction, tuple(rows))
