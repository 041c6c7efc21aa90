"""What is wrong with the expressions of a questionnaire, without an answer to try them on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from elementpath import XPathToken

from questionnaires.definition import Question
from questionnaires.errors import ExpressionError, Problem
from questionnaires.expressions import Expression, compile_expression
from questionnaires.xpath import FUNCTIONS, LITERALS

UNKNOWN = "unknown"
"""The kind of what cannot be judged; it goes with everything."""

KINDS: Mapping[str, str] = {
    "select_one": "one",
    "select_multiple": "several",
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "date": "date",
    "month": "month",
    "acknowledge": "acknowledge",
    "note": "nothing",
}
"""The kind of answer of each question type."""

_WORDS: Mapping[str, str] = {
    "one": "one option",
    "several": "several options",
    "number": "a number",
    "text": "text",
    "date": "a date",
    "month": "a month",
    "acknowledge": "an acknowledgement",
    "boolean": "true or false",
    "nothing": "a note, which has no answer",
}
_READABLE = frozenset({"text", "one", "date", "month"})
_ISO: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "month": re.compile(r"\d{4}-\d{2}"),
}
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of an operation: its kind, the question or the quoted text it is, and how it is written."""

    kind: str
    written: str
    question: Question | None = None
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule and what to do about it, before it is known where it stands."""

    rule: str
    remedy: str


def _wrong(rule: str, remedy: str) -> Fault:
    return Fault(f"wrong type: {rule}", remedy)


def _constant(token: XPathToken) -> Operand:
    if token.symbol == "(string)":
        return Operand("text", f"'{token.value}'", literal=str(token.value))
    return Operand("number", str(token.value))


class Judge:
    """Finds the kinds of everything in one expression, and the faults on the way."""

    def __init__(self, known: Mapping[str, Question], current: Question | None) -> None:
        self._known = known
        self._current = current
        self.faults: list[Fault] = []

    def judge(self, expression: Expression) -> tuple[Fault, ...]:
        """Return every fault of an expression that should be true or false."""
        self._condition(self._operand(expression.token))
        return tuple(self.faults)

    def _operand(self, token: XPathToken) -> Operand:
        symbol = token.symbol
        if symbol in LITERALS:
            return _constant(token)
        if symbol == "$":
            return self._item(str(token.value))
        if symbol == ".":
            return self._answer()
        operands = [self._operand(child) for child in token]
        if symbol == "(":
            return operands[0]
        if symbol in FUNCTIONS:
            return self._call(symbol, operands)
        return self._operation(symbol, operands)

    def _item(self, name: str) -> Operand:
        question = self._known.get(name)
        kind = KINDS.get(question.type, UNKNOWN) if question else UNKNOWN
        if kind == "nothing":
            self.faults.append(_wrong(f"${{{name}}} is {_WORDS[kind]}", "refer to a question"))
            kind = UNKNOWN
        return Operand(kind, f"${{{name}}}", question)

    def _answer(self) -> Operand:
        if self._current is None:
            self.faults.append(
                Fault("“.” is the answer itself, which relevant cannot know", "name an earlier item, ${ITEM}")
            )
            return Operand(UNKNOWN, ".")
        return Operand(KINDS.get(self._current.type, UNKNOWN), ".", self._current)

    def _condition(self, operand: Operand) -> None:
        if operand.kind not in {"boolean", UNKNOWN}:
            rule = f"{operand.written} is {_WORDS[operand.kind]} where true or false is needed"
            self.faults.append(_wrong(rule, f"compare it, for instance {operand.written} != ''"))

    def _number(self, operand: Operand, user: str) -> None:
        if operand.kind not in {"number", UNKNOWN}:
            rule = f"{operand.written} is {_WORDS[operand.kind]}, and {user} needs a number"
            self.faults.append(_wrong(rule, "use an integer or decimal item, or number()"))

    def _operation(self, symbol: str, operands: Sequence[Operand]) -> Operand:
        written = f" {symbol} ".join(operand.written for operand in operands)
        if symbol in {"and", "or"}:
            for operand in operands:
                self._condition(operand)
        elif symbol in {"=", "!="}:
            self._equality(*operands)
        elif symbol in {"<", ">", "<=", ">="}:
            self._ordering(symbol, *operands)
        else:
            for operand in operands:
                self._number(operand, f"“{symbol}”")
            return Operand("number", written)
        return Operand("boolean", written)

    def _ordering(self, symbol: str, left: Operand, right: Operand) -> None:
        for one, other in ((left, right), (right, left)):
            if one.kind in _ISO and (other.kind == one.kind or other.literal is not None):
                self._literal(one, other)
                return
        for operand in (left, right):
            self._number(operand, f"“{symbol}”")

    def _equality(self, left: Operand, right: Operand) -> None:
        if UNKNOWN in {left.kind, right.kind}:
            return
        if left.literal is not None:
            left, right = right, left
        if right.literal is not None:
            self._literal(left, right)
        elif left.kind != right.kind:
            self.faults.append(
                _wrong(
                    f"{left.written} is {_WORDS[left.kind]} and {right.written} is {_WORDS[right.kind]}",
                    "compare answers of one kind; an option stands in quotes",
                )
            )
        elif left.kind == "several":
            self.faults.append(_wrong(f"{left.written} is several options", "use selected()"))

    def _literal(self, operand: Operand, quoted: Operand) -> None:
        """Judge a comparison with a text in quotes; the empty one goes with every answer."""
        literal, kind = quoted.literal, operand.kind
        if not literal or kind in {"text", UNKNOWN}:
            return
        if kind == "one":
            self._option(operand, literal)
        elif kind == "several":
            remedy = f"write selected({operand.written}, '{literal}')"
            self.faults.append(_wrong(f"{operand.written} is several options", remedy))
        elif (
            (kind == "number" and not _NUMBER.fullmatch(literal))
            or (kind in _ISO and not _ISO[kind].fullmatch(literal))
            or (kind == "acknowledge" and literal != "ok")
            or kind == "boolean"
        ):
            remedy = "write dates as '2012-03-01', months as '2012-03', numbers without quotes"
            self.faults.append(_wrong(f"{operand.written} is {_WORDS[kind]}, never '{literal}'", remedy))

    def _option(self, operand: Operand, name: str) -> None:
        question = operand.question
        if question and question.choices and not question.choice(name):
            options = ", ".join(choice.name for choice in question.choices)
            rule = f"{operand.written} has no option '{name}', so this can never be true"
            self.faults.append(_wrong(rule, f"use one of {options}"))

    def _call(self, name: str, operands: Sequence[Operand]) -> Operand:
        function = FUNCTIONS[name]
        kinds = function.arguments
        for place, operand in enumerate(operands):
            self._argument(name, kinds[min(place, len(kinds) - 1)], operand, operands[0])
        written = f"{name}({', '.join(operand.written for operand in operands)})"
        if function.result != "same":
            return Operand(function.result, written)
        first, second = operands[-2:]
        return Operand(first.kind if first.kind == second.kind else UNKNOWN, written)

    def _argument(self, name: str, wanted: str, operand: Operand, first: Operand) -> None:
        if wanted == "boolean":
            self._condition(operand)
        elif wanted == "number":
            self._number(operand, f"{name}()")
        elif wanted == "several" and operand.kind not in {"several", UNKNOWN}:
            rule = f"{operand.written} is {_WORDS[operand.kind]}, and {name}() is for a select_multiple"
            self.faults.append(_wrong(rule, f"write for instance {operand.written} = 'option'"))
        elif wanted == "option" and operand.literal is not None and first.kind == "several":
            self._option(first, operand.literal)
        elif wanted == "text" and operand.kind not in _READABLE | {UNKNOWN}:
            rule = f"{operand.written} is {_WORDS[operand.kind]}, and {name}() reads text"
            self.faults.append(_wrong(rule, "use it on a text item"))


class ExpressionChecks:
    """The faults of every ``relevant`` and ``constraint``. ``opaque`` are items whose rows are broken."""

    def __init__(self, questions: Sequence[Question], opaque: Collection[str], source: str) -> None:
        self._questions = questions
        self._opaque = frozenset(opaque)
        self._source = source
        self._known = {question.name: question for question in questions}
        self._place = {question.name: place for place, question in enumerate(questions)}
        self._relevant: dict[str, frozenset[str]] = {}

    def problems(self) -> tuple[Problem, ...]:
        """Return every problem, in the order of the questionnaire."""
        found: list[tuple[str, Fault]] = []
        for question in self._questions:
            found += [(question.name, fault) for fault in self._syntax(question, "relevant")]
            found += [(question.name, fault) for fault in self._syntax(question, "constraint")]
        for question in self._questions:
            found += [(question.name, fault) for fault in self._meaning(question, "relevant")]
            found += [(question.name, fault) for fault in self._meaning(question, "constraint")]
        ordered = sorted(found, key=lambda pair: self._place[pair[0]])
        return tuple(Problem(self._source, name, fault.rule, fault.remedy) for name, fault in ordered)

    def _syntax(self, question: Question, key: str) -> list[Fault]:
        text: str = getattr(question, key)
        if not text:
            return []
        if key == "relevant":
            self._relevant[question.name] = frozenset(_REFERENCE.findall(text))
        try:
            compile_expression(text)
        except ExpressionError as error:
            return [Fault(f"{key} cannot be understood: {error}", f'correct {key} = "{text[:200]}"')]
        return []

    def _meaning(self, question: Question, key: str) -> list[Fault]:
        text: str = getattr(question, key)
        try:
            expression = compile_expression(text) if text else None
        except ExpressionError:
            return []
        if expression is None:
            return []
        faults = [
            fault for name in sorted(expression.names) for fault in self._reference(question, name, key)
        ]
        judged = Judge(self._known, question if key == "constraint" else None).judge(expression)
        return faults + [replace(fault, rule=f"in {key}, {fault.rule}") for fault in judged]

    def _reference(self, question: Question, name: str, key: str) -> list[Fault]:
        if name in self._opaque:
            return []
        if name not in self._known:
            near = get_close_matches(name, self._known, n=1)
            remedy = (
                f"write ${{{near[0]}}}, if that is meant" if near else "name an item of this questionnaire"
            )
            return [Fault(f"{key} refers to the unknown name “{name}”", remedy)]
        if name == question.name and key == "constraint":
            return [Fault("constraint refers to its own item by name", "write . for the answer itself")]
        if self._place[name] < self._place[question.name]:
            return []
        if question.name in self._behind(name):
            return [Fault(f"cycle: {key} and the one of “{name}” depend on each other", "break the circle")]
        remedy = f"move “{name}” before it, or ask about an earlier item"
        return [Fault(f"forward reference: {key} refers to “{name}”, which is asked later", remedy)]

    def _behind(self, name: str) -> set[str]:
        """Return the item itself and everything that its relevance depends on."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            item = waiting.pop()
            if item not in seen:
                seen.add(item)
                waiting += self._relevant.get(item, ())
        return seen
