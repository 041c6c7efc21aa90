"""Which questions nobody can ever be asked, as far as that can be decided.

The ``relevant`` of a question is split at its outermost ``and``. A clause is decidable if it only compares
answers with constants; the others are taken to be possible. Answers of every kind are then tried, one per
way in which the clauses can tell them apart. What is reported is certain; what is not reported may still be
unreachable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, pairwise

from elementpath import XPathToken

from questionnaires.definition import Question
from questionnaires.errors import ExpressionError
from questionnaires.expressions import compile_expression, scope
from questionnaires.xpath import LITERALS

MOST_TRIES = 5_000
"""How many combinations of answers are tried before a question is taken to be reachable."""

_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_CONNECTIVES = frozenset({"and", "or", "not", "(", "true", "false"})
_NEVER = (
    "unreachable question: its relevant can never be true",
    "correct relevant, or take the question away",
)


class _TooMany(Exception):  # noqa: N818 -- a signal within this module, not an error
    """There are more combinations than may be tried."""


def _clauses(token: XPathToken) -> Iterator[XPathToken]:
    if token.symbol == "(" and len(token) == 1:
        yield from _clauses(token[0])
    elif token.symbol == "and":
        yield from chain(_clauses(token[0]), _clauses(token[1]))
    else:
        yield token


def _decidable(token: XPathToken) -> bool:
    if token.symbol in _CONNECTIVES:
        return all(_decidable(child) for child in token)
    sides = [side.symbol for side in token]
    if token.symbol == "selected":
        return sides == ["$", "(string)"]
    return token.symbol in _COMPARISONS and sides.count("$") == 1 and not LITERALS.isdisjoint(sides)


def _atoms(token: XPathToken) -> Iterator[tuple[str, str]]:
    """Yield every pair of an item and the constant it is compared with."""
    if token.symbol in _CONNECTIVES:
        for child in token:
            yield from _atoms(child)
    else:
        item = next(side for side in token if side.symbol == "$")
        constant = next(side for side in token if side.symbol in LITERALS)
        yield str(item.value), str(constant.value)


def _numbers(constants: set[str], *, whole: bool) -> Iterator[str]:
    """Yield the constants and what lies below, between and above them."""
    values = sorted(Decimal(text) for text in constants if _NUMBER.fullmatch(text)) or [Decimal(0)]
    tried = [values[0] - 1, *values, values[-1] + 1]
    tried += [(low + high) / 2 for low, high in pairwise(values)]
    if whole:
        tried = [Decimal(int(value) + step) for value in tried for step in (-1, 0, 1)]
    yield from (str(value) for value in tried)


def _sets(question: Question, mentioned: set[str]) -> Iterator[str]:
    """Yield the ways to choose several of the mentioned options and one other."""
    telling = [choice for choice in question.choices if choice.name in mentioned]
    telling += [choice for choice in question.choices if choice.name not in mentioned][:1]
    for size in range(1, len(telling) + 1):
        for chosen in combinations(telling, size):
            if size == 1 or not any(choice.exclusive for choice in chosen):
                yield " ".join(choice.name for choice in chosen)


def _days(constants: set[str], *, months: bool) -> Iterator[str]:
    """Yield the dates or months named, and those next to them."""
    for text in constants or {"2000-01-01"}:
        try:
            day = date.fromisoformat(f"{text}-01" if months else text)
        except ValueError:
            continue
        for near in (day - timedelta(days=1), day, day + timedelta(days=32 if months else 1)):
            yield near.isoformat()[: 7 if months else 10]


def _answers(question: Question, constants: set[str]) -> tuple[str, ...]:
    """Return one answer for each way in which the clauses can tell answers apart; first no answer."""
    if question.type == "select_one":
        names = [choice.name for choice in question.choices]
        others = [name for name in names if name not in constants][:1]
        found: Iterator[str] = iter([name for name in names if name in constants] + others)
    elif question.type == "select_multiple":
        found = _sets(question, constants)
    elif question.type in {"integer", "decimal"}:
        found = _numbers(constants, whole=question.type == "integer")
    elif question.type in {"date", "month"}:
        found = _days(constants, months=question.type == "month")
    else:
        found = iter((*sorted(constants), "ok" if question.type == "acknowledge" else "any other words"))
    return tuple(dict.fromkeys(chain(("",), found)))


class Reachability:
    """Tries answers, item by item in the order of the questionnaire."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = {question.name: question for question in questions}
        self._order = {question.name: place for place, question in enumerate(questions)}
        self._clauses = {question.name: self._decidable_clauses(question) for question in questions}
        self._never: set[str] = set()

    def _decidable_clauses(self, question: Question) -> tuple[XPathToken, ...]:
        try:
            expression = compile_expression(question.relevant) if question.relevant else None
        except ExpressionError:
            return ()
        if expression is None:
            return ()
        found = (clause for clause in _clauses(expression.token) if _decidable(clause))
        return tuple(clause for clause in found if self._backward(question.name, clause))

    def _backward(self, name: str, clause: XPathToken) -> bool:
        """Say whether a clause only asks about earlier, known items; other faults are told elsewhere."""
        return all(self._order.get(item, len(self._order)) < self._order[name] for item, _ in _atoms(clause))

    def unreachable(self) -> Iterator[str]:
        """Yield the items that can never be asked."""
        for name in self._questions:
            if self._clauses[name] and not self._possible(name):
                self._never.add(name)
                yield name

    def _possible(self, name: str) -> bool:
        needed = self._behind(name)
        constants: dict[str, set[str]] = {item: set() for item in needed}
        for item in (*needed, name):
            for clause in self._clauses[item]:
                for other, constant in _atoms(clause):
                    constants[other].add(constant)
        domains = {
            item: ("",) if item in self._never else _answers(self._questions[item], constants[item])
            for item in needed
        }
        self._tries = 0
        try:
            return self._search(name, list(domains), domains, {})
        except _TooMany:
            return True

    def _behind(self, name: str) -> list[str]:
        """Return the items that the clauses of an item lead back to, in order."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for clause in self._clauses[waiting.pop()]:
                new = {item for item, _ in _atoms(clause)} - seen
                seen |= new
                waiting += new
        return sorted(seen, key=self._order.__getitem__)

    def _search(
        self, name: str, items: list[str], domains: Mapping[str, tuple[str, ...]], values: dict[str, str]
    ) -> bool:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise _TooMany
        if not items:
            return self._hold(name, values)
        first, *rest = items
        choices = domains[first] if self._hold(first, values) else ("",)
        return any(self._search(name, rest, domains, {**values, first: value}) for value in choices)

    def _hold(self, name: str, values: Mapping[str, str]) -> bool:
        context = scope(values)
        return all(clause.evaluate(context) for clause in self._clauses[name])


def unreachable(questions: Sequence[Question]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each item that can never be asked, with the rule and the remedy."""
    for name in Reachability(questions).unreachable():
        yield name, _NEVER
