"""What can be wrong: with a definition (a program error for its author), or with an answer (not an error)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

REFUSALS: Mapping[str, tuple[str, ...]] = {
    "required": (),
    "empty": (),
    "not_an_option": ("last",),
    "exclusive": ("option",),
    "not_a_number": (),
    "not_an_integer": (),
    "not_a_date": (),
    "not_a_month": (),
    "too_long": ("limit",),
    "constraint": ("message",),
    "off_route": (),
}
"""Every reason for which an answer can be refused, and the values that its wording may use.

``last`` is the number of the last option, ``limit`` a number of characters; ``option`` and ``message`` are
already in the respondent's language.
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer was not taken: a key of ``REFUSALS`` and its values, worded by the text catalogue."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a definition: the file, the item or key, the rule that is broken, and what to do."""

    source: str
    item: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.source}: {self.item}" if self.item else self.source
        return f"{where}: {self.rule}. {self.remedy[:1].upper()}{self.remedy[1:]}."


class DefinitionError(Exception):
    """A questionnaire or form that cannot be used; ``problems`` holds everything that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ExpressionError(ValueError):
    """An expression that cannot be understood; the text says why and what to write instead."""
