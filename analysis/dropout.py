"""Where respondents leave a questionnaire: at risk, hazard and survival per question.

A discrete life table (Singer and Willett, *Applied Longitudinal Data Analysis*, 2003, chapter 10): S(q) is
how many persons were shown q, B(q) how many left at q, hazard h(q) = B(q) / S(q), survival the product of
1 - h. Persons, not displays: going back shows nothing new. Whoever waits at q in an open wave (paused or
away) has been shown q and has not left. The introduction comes before the questions and is kept apart.

Questions are those that everybody is asked (``questionnaires.blocks.heads``), each with the follow-ups after
it. Whoever is at one has been shown every one before it, so S follows from where people stopped alone: no
answer is read, and no number tells who was asked a follow-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Persons = Mapping[str, int]
"""How many persons, by question."""


@dataclass(frozen=True, slots=True)
class Stops:
    """How the begun interviews of a group went.

    ``finished`` went through every question and were sent; ``early`` were sent before the end, ``broken_off``
    never sent when the wave closed, ``waiting`` are drafts of an open wave: each at the last question shown.
    ValueError where a count is negative.
    """

    finished: int = 0
    early: Persons = field(default_factory=dict)
    broken_off: Persons = field(default_factory=dict)
    waiting: Persons = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.finished, *self.early.values(), *self.broken_off.values(), *self.waiting.values(), 0) < 0:
            raise ValueError(f"a count of interviews is negative: {self}")

    @property
    def begun(self) -> int:
        """How many began and did not delete what they had."""
        return self.finished + sum(sum(each.values()) for each in self.stopped)

    @property
    def stopped(self) -> tuple[Persons, Persons, Persons]:
        """The three ways to stop at a question."""
        return self.early, self.broken_off, self.waiting

    def __add__(self, other: Stops) -> Stops:
        """Return both groups as one."""
        joined = zip(self.stopped, other.stopped, strict=True)
        return Stops(self.finished + other.finished, *(_sum(one, another) for one, another in joined))


@dataclass(frozen=True, slots=True)
class QuestionDropout:
    """The row of one question. ``hazard`` is None where nobody was shown it.

    ``left`` are those who broke off there and those who sent before the end. ``survival`` is the share that
    would be left after this question.
    """

    item: str
    shown: int
    left: int
    waiting: int
    hazard: Fraction | None
    survival: Fraction


@dataclass(frozen=True, slots=True)
class Dropout:
    """The dropout of a group; ``introduction`` counts those who declined without beginning."""

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


def dropout(order: Sequence[str], stops: Stops, introduction: int = 0) -> Dropout:
    """Return the life table of the questions in the ``order`` of the form.

    ValueError where somebody stopped at a question that is not in it.
    """
    unknown = {item for each in stops.stopped for item in each} - set(order)
    if unknown:
        raise ValueError(f"not in the form: {', '.join(sorted(unknown))}")
    rows: list[QuestionDropout] = []
    survival, shown = Fraction(1), stops.begun
    for item in order:
        early, broken_off, waiting = (each.get(item, 0) for each in stops.stopped)
        left = early + broken_off
        hazard = Fraction(left, shown) if shown else None
        survival *= 1 - (hazard or 0)
        rows.append(QuestionDropout(item, shown, left, waiting, hazard, survival))
        shown -= left + waiting
    return Dropout(introduction, tuple(rows))


def large_enough(begun: Mapping[str, int], smallest: int) -> frozenset[str]:
    """Return the groups whose dropout may stand beside that of all.

    Each has begun at least ``smallest`` times, and so have those left out together, or none: else the next
    smallest is left out too.
    """
    seen = sorted(
        (label for label, n in begun.items() if n >= smallest), key=lambda label: (-begun[label], label)
    )
    while seen and 0 < sum(n for label, n in begun.items() if label not in seen) < smallest:
        seen.pop()
    return frozenset(seen)


def _sum(one: Persons, other: Persons) -> Persons:
    return {item: one.get(item, 0) + other.get(item, 0) for item in _both(one, other)}


def _both(one: Iterable[str], other: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys((*one, *other))
