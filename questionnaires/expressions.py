"""XLSForm's expressions: compiled once, checked for what has no place in a questionnaire, evaluated often.

``${KVAL-08}`` is the answer to another item, ``.`` the answer being judged. Every answer is a string, and an
unanswered, skipped or off-route item is ``''``. Nothing is ever given to Python's ``eval``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache

from elementpath import ElementPathError, XPathContext, XPathToken

from questionnaires.errors import ExpressionError
from questionnaires.xpath import FUNCTIONS, LITERALS, OPERATORS, QuestionnaireParser, truth

MAX_LENGTH = 2_000
"""Longest expression, in characters."""

_REFERENCE = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{\s*([^{}]*?)\s*\}|\$")
_ITEM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([.-][A-Za-z0-9_]+)*")


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
        return truth(self.token.evaluate(context))


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


def _check_call(token: XPathToken) -> None:
    """Refuse a call with too few or too many arguments (the library lets some be left out)."""
    function = FUNCTIONS[token.symbol]
    least = len(function.arguments)
    if len(token) < least or (len(token) > least and not function.repeats):
        raise ExpressionError(f"{token.symbol}() takes {least} arguments, not {len(token)}")


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
        token = QuestionnaireParser().parse(source)
        tokens = _tokens(token)
    except RecursionError:
        raise ExpressionError("nested too deeply; divide the question") from None
    except ElementPathError as error:
        raise ExpressionError(_explain(error)) from None
    for found in tokens:
        _check_token(found)
        if found.symbol in FUNCTIONS:
            _check_call(found)
        if found.symbol == "regex":
            _check_pattern(found[1])
    names = frozenset(str(found.value) for found in tokens if found.symbol == "$")
    return Expression(text, names, token)
