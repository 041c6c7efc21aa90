"""One column of a table as it may be seen: numbers, words, or a symbol.

The symbols are those of Kolada: ``..`` hidden, ``-`` no answer, ``.`` not applicable. A hidden number is
never 0 and never blank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.tables import Column, share

HIDDEN = ".."
NO_ANSWER = "-"
NOT_APPLICABLE = "."


class State(StrEnum):
    """What a reader sees of one column."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    WORDS = "words"  # a band instead of numbers
    PARTLY = "partly"  # some numbers, and the base
    EMPTY = "empty"  # nobody has answered


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it may be seen: a count with its integer percentage, or only ``text``."""

    count: int | None = None
    percent: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SafeColumn:
    """One unit or the total as it may be seen; ``n`` is the base of the shares, None where it is hidden.

    ``withheld``: answers have come in, but too few yet to be let out, so not even their number is here.
    ``few_invited`` is k where fewer were invited: then ``invited`` and ``sent`` are 0, whatever they are.
    """

    label: str
    invited: int
    sent: int
    n: int | None
    cells: tuple[Cell, ...]
    state: State
    missing: tuple[tuple[str, int], ...] = ()
    withheld: bool = False
    few_invited: int = 0


def printed(column: Column) -> SafeColumn:
    """Return every number of the column."""
    if column.sent == 0:
        return blank(column, NO_ANSWER, State.EMPTY)
    if column.base == 0:
        return blank(column, NOT_APPLICABLE, State.EMPTY)
    cells = tuple(Cell(count, share(count, column.base), str(count)) for count in column.counts)
    return SafeColumn(
        column.label, column.invited, column.sent, column.base, cells, State.SHOWN, column.missing
    )


def hidden(column: Column) -> SafeColumn:
    """Return the column with its participation only; nobody has answered only where nothing is withheld."""
    if column.sent == 0 and not column.withheld:
        return blank(column, NO_ANSWER, State.EMPTY)
    return replace(blank(column, HIDDEN, State.HIDDEN), withheld=column.sent == 0)


def few_invited(column: Column, k: int) -> SafeColumn:
    """Return the column without even its participation."""
    unseen = blank(replace(column, invited=0, sent=0), HIDDEN, State.HIDDEN)
    return replace(unseen, few_invited=k)


def blank(column: Column, symbol: str, state: State) -> SafeColumn:
    """Return the column with one symbol in every cell."""
    n = 0 if state is State.EMPTY else None
    cells = (Cell(text=symbol),) * len(column.counts)
    return SafeColumn(column.label, column.invited, column.sent, n, cells, state)
