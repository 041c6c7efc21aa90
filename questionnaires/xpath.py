"""The language of expressions: the XPath 1.0 grammar of a maintained library, with XLSForm's functions.

Comparison and arithmetic follow XPath 1.0, sections 3.4 and 3.5 (the library's own treat a text and a number
as always different): a comparison with a number compares numbers, what is no number is NaN. Beyond XPath, two
ISO dates or months can be ordered, as in XLSForm. A variable without a value is ''.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from elementpath import XPathContext, XPathToken
from elementpath.xpath1 import XPath1Parser


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is called: the kinds of its arguments, and of what it gives (see expression_checks).

    A function that ``repeats`` may have further arguments of its last kind.
    """

    arguments: tuple[str, ...]
    result: str
    repeats: bool = False


FUNCTIONS: Mapping[str, Function] = {
    "selected": Function(("several", "option"), "boolean"),
    "count-selected": Function(("several",), "number"),
    "coalesce": Function(("any", "same"), "same"),
    "if": Function(("boolean", "any", "same"), "same"),
    "regex": Function(("text", "pattern"), "boolean"),
    "not": Function(("boolean",), "boolean"),
    "true": Function((), "boolean"),
    "false": Function((), "boolean"),
    "number": Function(("any",), "number"),
    "round": Function(("number",), "number"),
    "floor": Function(("number",), "number"),
    "ceiling": Function(("number",), "number"),
    "string-length": Function(("text",), "number"),
    "contains": Function(("text", "text"), "boolean"),
    "starts-with": Function(("text", "text"), "boolean"),
    "concat": Function(("any", "any"), "text", repeats=True),
    "substring": Function(("text", "number", "number"), "text"),
}
"""The functions an expression may use; every other one is refused."""

OPERATORS = frozenset({"or", "and", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "div", "mod", "("})
LITERALS = frozenset({"(string)", "(integer)", "(decimal)", "(float)"})

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_NUMBER = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*")
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


class QuestionnaireParser(XPath1Parser):
    """The library's parser with XLSForm's functions; the library's own symbol table stays as it was."""

    def parse(self, source: str) -> XPathToken:
        """Return the parsed tree; unlike the library, evaluate nothing before it was looked through."""
        return super(XPath1Parser, self).parse(source)


def number(value: object) -> float:
    """Return a value as XPath reads a number: NaN where it is none."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else math.nan
    return float(value) if isinstance(value, (int, float, Decimal)) else math.nan


def _equal(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number(left) == number(right)


def _ordered(symbol: str, left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str) and _DATE.fullmatch(left) and _DATE.fullmatch(right):
        return _ORDER[symbol](left, right)
    return _ORDER[symbol](number(left), number(right))


def truth(value: object) -> bool:
    """Return a value as XPath reads true or false: an empty text, 0 and NaN are false."""
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def _quotient(left: float, right: float) -> float:
    if right:
        return left / right
    return math.copysign(math.inf, left) if left else math.nan


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _quotient,
    "mod": _remainder,
}


def _redefine(symbol: str, evaluate: Callable[[Any, Any], object]) -> None:
    """Give this parser its own meaning of a symbol (the library's classes are shared by all parsers)."""
    inherited: Any = QuestionnaireParser.symbol_table[symbol]
    QuestionnaireParser.symbol_table[symbol] = type(inherited)(
        inherited.__name__, (inherited,), {"evaluate": evaluate}
    )


def _answer(token: XPathToken, context: XPathContext | None = None) -> object:
    if context is None:
        raise token.missing_context()
    return context.variables.get(str(token.value), "")


def _both(token: XPathToken, context: XPathContext | None = None) -> bool:
    return truth(token[0].evaluate(context)) and truth(token[1].evaluate(context))


def _either(token: XPathToken, context: XPathContext | None = None) -> bool:
    return truth(token[0].evaluate(context)) or truth(token[1].evaluate(context))


def _same(token: XPathToken, context: XPathContext | None = None) -> bool:
    return _equal(token[0].evaluate(context), token[1].evaluate(context))


def _different(token: XPathToken, context: XPathContext | None = None) -> bool:
    return not _equal(token[0].evaluate(context), token[1].evaluate(context))


def _compare(token: XPathToken, context: XPathContext | None = None) -> bool:
    return _ordered(token.symbol, token[0].evaluate(context), token[1].evaluate(context))


def _calculate(token: XPathToken, context: XPathContext | None = None) -> float:
    operands = [number(operand.evaluate(context)) for operand in token]
    left, right = operands if len(operands) == 2 else (0.0, *operands)
    return _ARITHMETIC[token.symbol](left, right)


_redefine("$", _answer)
_redefine("and", _both)
_redefine("or", _either)
_redefine("=", _same)
_redefine("!=", _different)
for _symbol in _ORDER:
    _redefine(_symbol, _compare)
for _symbol in _ARITHMETIC:
    _redefine(_symbol, _calculate)


def text(value: object) -> str:
    """Return a value as XPath writes it: whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (float, Decimal)) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def _arguments(token: XPathToken, context: XPathContext | None) -> list[str]:
    return [text(argument.evaluate(context)) for argument in token]


def _length(token: XPathToken, context: XPathContext | None = None) -> int:
    return len(_arguments(token, context)[0])


def _contains(token: XPathToken, context: XPathContext | None = None) -> bool:
    whole, part = _arguments(token, context)
    return part in whole


def _starts_with(token: XPathToken, context: XPathContext | None = None) -> bool:
    whole, part = _arguments(token, context)
    return whole.startswith(part)


def _joined(token: XPathToken, context: XPathContext | None = None) -> str:
    return "".join(_arguments(token, context))


def _substring(token: XPathToken, context: XPathContext | None = None) -> str:
    """Return the signs from a place, counted from 1, and so many of them; '' where either is no number."""
    whole = text(token[0].evaluate(context))
    first, length = (number(argument.evaluate(context)) for argument in token[1:])
    if not (math.isfinite(first) and math.isfinite(length)):
        return ""
    begin = math.floor(first + 0.5) - 1
    return whole[max(begin, 0) : max(begin + math.floor(length + 0.5), 0)]


_redefine("string-length", _length)
_redefine("contains", _contains)
_redefine("starts-with", _starts_with)
_redefine("concat", _joined)
_redefine("substring", _substring)


@QuestionnaireParser.method(QuestionnaireParser.function("selected", nargs=2))
def evaluate__selected(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Say whether an option is among the chosen ones."""
    chosen, option = _arguments(self, context)
    return option in chosen.split()


@QuestionnaireParser.method(QuestionnaireParser.function("count-selected", nargs=1))
def evaluate__count_selected(self: XPathToken, context: XPathContext | None = None) -> int:
    """Count the chosen options."""
    return len(_arguments(self, context)[0].split())


@QuestionnaireParser.method(QuestionnaireParser.function("coalesce", nargs=2))
def evaluate__coalesce(self: XPathToken, context: XPathContext | None = None) -> object:
    """Return the first value, or the second where the first is empty."""
    first: object = self[0].evaluate(context)
    return self[1].evaluate(context) if first == "" else first


@QuestionnaireParser.method(QuestionnaireParser.function("if", nargs=3))
def evaluate__if(self: XPathToken, context: XPathContext | None = None) -> object:
    """Return the second value where the first holds, else the third."""
    chosen: object = self[1 if truth(self[0].evaluate(context)) else 2].evaluate(context)
    return chosen


@QuestionnaireParser.method(QuestionnaireParser.function("regex", nargs=2))
def evaluate__regex(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Say whether the whole value matches a regular expression."""
    value, pattern = _arguments(self, context)
    return re.fullmatch(pattern, value) is not None
