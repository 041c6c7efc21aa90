"""XLSForm's expressions: the XPath 1.0 grammar of a maintained library, and the few functions of XLSForm.

``${KVAL-08}`` is the answer to another item, ``.`` the answer being judged. Every answer is a string, and an
unanswered, skipped or off-route item is ``''``. Comparison and arithmetic follow XPath 1.0, section 3.4 and
3.5: a comparison with a number compares numbers, what is no number is NaN. Beyond XPath, two ISO dates or
months can be ordered, as in XLSForm. Nothing is ever given to Python's ``eval``.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from elementpath import ElementPathError, XPathContext, XPathToken
from elementpath.xpath1 import XPath1Parser

from questionnaires.errors import ExpressionError

MAX_LENGTH = 2_000
"""Longest expression, in characters."""


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is called: the kinds of its arguments, and of what it gives (see expression_checks).

    A function with ``repeats`` takes one or more further arguments of its last kind.
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
_REFERENCE = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{\s*([^{}]*?)\s*\}|\$")
_ITEM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([.-][A-Za-z0-9_]+)*")


class _Parser(XPath1Parser):
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
        return _truth(left) == _truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number(left) == number(right)


def _ordered(symbol: str, left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str) and _DATE.fullmatch(left) and _DATE.fullmatch(right):
        return _ORDER[symbol](left, right)
    return _ORDER[symbol](number(left), number(right))


def _truth(value: object) -> bool:
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
    inherited: Any = _Parser.symbol_table[symbol]
    _Parser.symbol_table[symbol] = type(inherited)(inherited.__name__, (inherited,), {"evaluate": evaluate})


def _answer(token: XPathToken, context: XPathContext | None = None) -> object:
    if context is None:
        raise token.missing_context()
    return context.variables.get(str(token.value), "")


def _both(token: XPathToken, context: XPathContext | None = None) -> bool:
    return _truth(token[0].evaluate(context)) and _truth(token[1].evaluate(context))


def _either(token: XPathToken, context: XPathContext | None = None) -> bool:
    return _truth(token[0].evaluate(context)) or _truth(token[1].evaluate(context))


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


def _arguments(token: XPathToken, context: XPathContext | None) -> list[str]:
    values = [argument.evaluate(context) for argument in token]
    return [value if isinstance(value, str) else str(value) for value in values]


@_Parser.method(_Parser.function("selected", nargs=2))
def evaluate__selected(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Say whether an option is among the chosen ones."""
    chosen, option = _arguments(self, context)
    return option in chosen.split()


@_Parser.method(_Parser.function("count-selected", nargs=1))
def evaluate__count_selected(self: XPathToken, context: XPathContext | None = None) -> int:
    """Count the chosen options."""
    return len(_arguments(self, context)[0].split())


@_Parser.method(_Parser.function("coalesce", nargs=2))
def evaluate__coalesce(self: XPathToken, context: XPathContext | None = None) -> object:
    """Return the first value, or the second where the first is empty."""
    first: object = self[0].evaluate(context)
    return self[1].evaluate(context) if first == "" else first


@_Parser.method(_Parser.function("if", nargs=3))
def evaluate__if(self: XPathToken, context: XPathContext | None = None) -> object:
    """Return the second value where the first holds, else the third."""
    chosen: object = self[1 if _truth(self[0].evaluate(context)) else 2].evaluate(context)
    return chosen


@_Parser.method(_Parser.function("regex", nargs=2))
def evaluate__regex(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Say whether the whole value matches a regular expression."""
    value, pattern = _arguments(self, context)
    return re.fullmatch(pattern, value) is not None


_BLANK = XPathContext(item="")


def scope(values: Mapping[str, str], current: str = "") -> XPathContext:
    """Return what expressions are evaluated in; ``values`` is read live, so one scope serves a whole walk."""
    context = copy(_BLANK)
    context.variables = values  # type: ignore[assignment]  # only ever read, so any mapping will do
    context.item = current
    return context


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. ``names`` are the items it refers to; ``token`` is the root of the parsed tree."""

    text: str
    names: frozenset[str]
    token: XPathToken = field(repr=False, compare=False)

    def holds(self, values: Mapping[str, str], current: str = "") -> bool:
        """Say whether it is true when the items have these values (absent: '') and ``.`` is ``current``."""
        return self.holds_in(scope(values, current))

    def holds_in(self, context: XPathContext) -> bool:
        """Say whether it is true in a scope."""
        return _truth(self.token.evaluate(context))


def _with_variables(text: str) -> str:
    """Return XPath with variables for XLSForm's references; the blank ends the variable's name."""

    def variable(match: re.Match[str]) -> str:
        name = match.group(1)
        if match.group() == "$":
            raise ExpressionError("a “$” stands alone; refer to an item as ${ITEM}")
        if name is None:
            return match.group()
        if not _ITEM_NAME.fullmatch(name):
            raise ExpressionError(
                f"“${{{name}}}” does not name an item; write an item's id, like ${{KVAL-08}}"
            )
        return f"${name} "

    return _REFERENCE.sub(variable, text)


def _check_token(token: XPathToken) -> None:
    """Refuse what XPath knows but a questionnaire has no use for: paths, nodes, other functions."""
    symbol = token.symbol
    if symbol in LITERALS or symbol in {"$", "."} or (symbol in OPERATORS and len(token)):
        return
    if symbol == "(name)":
        raise ExpressionError(f"“{token.value}” is a bare word; write ${{{token.value}}} or '{token.value}'")
    if symbol not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise ExpressionError(f"unknown function or operator “{symbol}”; the functions are {known}")


def _check_pattern(token: XPathToken) -> None:
    """Refuse a regular expression that is not a literal, or is not valid, before any answer meets it."""
    if token.symbol != "(string)":
        raise ExpressionError("the second argument of regex() is a pattern in quotes")
    try:
        re.compile(str(token.value))
    except re.error as error:
        raise ExpressionError(f"the regular expression “{token.value}” is not valid: {error}") from None


def _tokens(token: XPathToken) -> list[XPathToken]:
    """Return a token and all below it, without the names inside variables."""
    below = [] if token.symbol == "$" else [found for child in token for found in _tokens(child)]
    return [token, *below]


def _explain(error: Exception) -> str:
    """Return the library's message without its own position and error code."""
    message = str(error).rpartition("] ")[2]
    if message.startswith("unknown function"):
        return f"{message}; the functions are {', '.join(FUNCTIONS)}"
    return f"{message}; look for a missing quote, bracket or operator"


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return the parsed expression, cached.

    Raises:
        ExpressionError: It cannot be parsed, or uses something that is not part of the language.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters; divide the question")
    source = _with_variables(text)
    try:
        token = _Parser().parse(source)
        tokens = _tokens(token)
    except RecursionError:
        raise ExpressionError("nested too deeply; divide the question") from None
    except ElementPathError as error:
        raise ExpressionError(_explain(error)) from None
    for found in tokens:
        _check_token(found)
        if found.symbol == "regex":
            _check_pattern(found[1])
    names = frozenset(str(found.value) for found in tokens if found.symbol == "$")
    return Expression(text, names, token)
