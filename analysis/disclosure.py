"""Disclosure control: the only way from a ``Table`` to something that may be shown.

Three policies (design.md 3.9):

* ``group``, for what staff answer. A group with fewer than k answers shows participation only. From k on the
  whole distribution is shown, except where all, all but one or all but two of fewer than n0 gave one answer:
  then words instead of numbers, so that a lone dissenter cannot be sure of the others. A total covers every
  group only while the groups hidden under it hold none or at least k answers that are not themselves alike;
  otherwise it covers the groups shown, and says so.
* ``cell``, for attributes of clients in files. Small numbers, their complements and nearly unanimous units
  are hidden, and with them the fewest others that keep them uncertain (``analysis.client_tables``). Where
  units cannot be shown so, only the total is, and only where every number in it, and every number that
  follows from it by subtraction, is 0 or at least k.
* ``published``: numbers of a printed report, as printed.

A filter question's answers can be read from the base of the question it opens, so on-route and off-route are
treated as a distribution too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, replace
from enum import StrEnum

from analysis.client_tables import shown
from analysis.primary import Rules
from analysis.tables import WRITTEN, Column, Mark, Measure, Provenance, Row, Table, share, total_of_numbers
from analysis.wording import number, words

FLOOR = 3
HIDDEN = ".."
NO_ANSWER = "-"
NOT_APPLICABLE = "."
_KEY = object()


@dataclass(frozen=True, slots=True)
class Policy:
    """How a wave's tables are made safe: ``group``, ``cell`` or ``published``.

    ``smallest_group`` is k, never below 3. ``alike_below`` is n0. ValueError where either is out of order.
    """

    kind: str
    smallest_group: int = 5
    alike_below: int = 10

    def __post_init__(self) -> None:
        if self.kind not in {"group", "cell", "published"}:
            raise ValueError(f"unknown policy {self.kind}: use group, cell or published")
        if self.smallest_group < FLOOR:
            raise ValueError(f"the smallest group is {self.smallest_group}: it may not be below {FLOOR}")


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
    """

    label: str
    invited: int
    sent: int
    n: int | None
    cells: tuple[Cell, ...]
    state: State
    missing: tuple[tuple[str, int], ...] = ()
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table that may be shown, drawn and exported. Made by ``disclose`` only; TypeError for anyone else.

    ``notes`` are sentences a reader needs under the table, in its language.
    """

    item: str
    title: str
    measure: Measure
    rows: tuple[Row, ...]
    columns: tuple[SafeColumn, ...]
    total: SafeColumn | None
    base_label: str
    language: str
    provenance: Provenance
    notes: tuple[str, ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("Only disclosure.disclose makes a SafeTable: give it a Table and the policy")

    @property
    def all_columns(self) -> tuple[SafeColumn, ...]:
        """The units in their order, then the total where there is one."""
        return (*self.columns, self.total) if self.total else self.columns

    def column(self, label: str) -> SafeColumn | None:
        """Return the column called ``label``, or None."""
        return next((column for column in self.all_columns if column.label == label), None)


def disclose(table: Table, policy: Policy) -> SafeTable:
    """Return what may be seen of ``table`` under ``policy``."""
    if policy.kind == "published":
        marks = tuple(dict.fromkeys((*table.provenance.marks, Mark.PUBLISHED)))
        table = replace(table, provenance=replace(table.provenance, marks=marks))
        total = _printed(table.total) if table.total else None
        return _safe(table, [_printed(column) for column in table.columns], total, [])
    if table.measure is Measure.NUMBER:
        return _averages(table, policy)
    columns, total, notes = _protect(table, policy)
    safe = _safe(table, columns, total, notes)
    return _seen_values(safe) if table.open_ended else safe


def _seen_values(safe: SafeTable) -> SafeTable:
    """Leave out values that are hidden or 0 in every column: the row itself would tell of a hidden one."""
    cells = zip(*(column.cells for column in safe.all_columns), strict=True)
    blank = {HIDDEN, NO_ANSWER, NOT_APPLICABLE, "0"}
    kept = [i for i, row in enumerate(cells) if any(cell.text not in blank for cell in row)]

    def cut(column: SafeColumn) -> SafeColumn:
        return replace(column, cells=tuple(column.cells[i] for i in kept or [0]))

    return replace(
        safe,
        rows=tuple(safe.rows[i] for i in kept) or (Row("", words("values", safe.language)),),
        columns=tuple(cut(column) for column in safe.columns),
        total=cut(safe.total) if safe.total else None,
        key=_KEY,
    )


def _protect(table: Table, policy: Policy) -> tuple[list[SafeColumn], SafeColumn | None, list[str]]:
    """Return the protected columns and total, and the keys of the notes that explain them."""
    if policy.kind == "cell":
        return *_clients(table, policy), ["cells"]
    columns = [_group(table, column, policy) for column in table.columns]
    whole = _total_is_safe(table, columns, policy)
    total = _group(table, _total(table, columns, whole=whole), policy) if table.total else None
    if total and table.total and total.sent == 0 < table.total.sent:
        total = replace(_hidden(table.total), label=words("total", table.language))
    states = {column.state for column in columns} | ({total.state} if total else set())
    notes = [note for note in (State.HIDDEN, State.WORDS) if note in states]
    return columns, total, [*notes, *([] if whole or total is None else ["total"])]


def _group(table: Table, column: Column, policy: Policy) -> SafeColumn:
    """Protect one group of respondents."""
    if column.sent == 0:
        return _hidden(column)
    if _too_small(table, column, policy):
        return _hidden(column)
    bands = [_band(table, column, row, policy) for row in range(len(table.rows))]
    if any(bands):
        cells = tuple(Cell(text=words(f"band.{band}", table.language) if band else HIDDEN) for band in bands)
        return SafeColumn(column.label, column.invited, column.sent, column.base, cells, State.WORDS)
    return _printed(column)


def _too_small(table: Table, column: Column, policy: Policy) -> bool:
    """Say whether fewer than k answered, or the base tells too much about the filter question."""
    alike = min(column.off_route, column.sent - column.off_route) <= 2
    filtered = table.routed and column.sent < policy.alike_below and alike
    return filtered or min(column.answered, default=column.sent) < policy.smallest_group


def _band(table: Table, column: Column, row: int, policy: Policy) -> str:
    """Return ``most`` or ``few`` where a small group answered nearly alike, else ''.

    Rows that are independent of each other (several choices) are each a yes and a no; in a single choice
    only the chosen option is an answer. A derived row follows from the others, and that something was written
    says nothing.
    """
    answered, count = column.answered[row], column.counts[row]
    if answered >= policy.alike_below or table.rows[row].parts or table.rows[row].value == WRITTEN:
        return ""
    if count >= answered - 2:
        return "most"
    return "few" if count <= 2 and table.measure in {Measure.SEVERAL, Measure.TEXT} else ""


def _total_is_safe(table: Table, columns: Sequence[SafeColumn], policy: Policy) -> bool:
    """Say whether a total over all groups gives away nothing about those not shown.

    A group in words must never lie under a shown total: the words bound it too tightly. Nor may those not
    shown have answered all alike, however many they are: each small group among them would be told exactly.
    """
    if any(column.state is State.WORDS for column in columns):
        return False
    pairs = zip(table.columns, columns, strict=True)
    rest = [true for true, safe in pairs if safe.state is State.HIDDEN and not true.withheld]
    if not rest:
        return True
    together = sum(rest[1:], start=rest[0])
    counted = zip(table.rows, together.counts, together.answered, strict=True)
    alike = any(0 < n == answered and row.value != WRITTEN for row, n, answered in counted)
    return not alike and _group(table, together, policy).state is State.SHOWN


def _total(table: Table, columns: Sequence[SafeColumn], *, whole: bool) -> Column:
    """Return the sum of every group, or of the shown ones only, under the fitting name."""
    pairs = zip(table.columns, columns, strict=True)
    covered = [true for true, safe in pairs if whole or safe.state is State.SHOWN]
    rows = (0,) * len(table.rows)
    none = Column("", 0, 0, 0, rows, rows, 0)
    label = words("total" if whole else "total_shown", table.language)
    return replace(sum(covered, start=none), label=label)


def _clients(table: Table, policy: Policy) -> tuple[list[SafeColumn], SafeColumn | None]:
    """Protect attributes of clients: cell by cell, else all units under a safe total."""
    k = policy.smallest_group
    found = shown(table, Rules(k, alike_below=policy.alike_below))
    if found is None:
        total = _cells(table.total, policy) if table.total else None
        return [_hidden(column) for column in table.columns], total
    why = all(n == 0 or n >= k for column in table.columns for _, n in column.missing)
    pairs = zip(table.columns, found.columns, strict=True)
    columns = [_partly(column, seen, why=why) for column, seen in pairs]
    return columns, _partly(table.total, found.total, why=why) if table.total else None


def _partly(column: Column, seen: Sequence[bool], *, why: bool) -> SafeColumn:
    """Return the numbers of ``seen`` rows, with why answers are missing where that may be told."""
    printed = _printed(column if why else replace(column, missing=()))
    if printed.state is not State.SHOWN or all(seen):
        return printed
    if not any(seen):
        return _hidden(column)
    pairs = zip(printed.cells, seen, strict=True)
    cells = tuple(cell if visible else Cell(text=HIDDEN) for cell, visible in pairs)
    return replace(printed, cells=cells, state=State.PARTLY)


def _cells(column: Column, policy: Policy) -> SafeColumn:
    """Protect client attributes: every number and every difference is 0 or at least k."""
    k = policy.smallest_group
    parts = [n for _, n in column.missing] + [column.sent - column.base, column.off_route]
    for count, answered in zip(column.counts, column.answered, strict=True):
        parts += [count, column.base - count, answered - count, column.base - answered]
        if answered < policy.alike_below:
            return _hidden(column)
    return _printed(column) if all(part == 0 or part >= k for part in parts) else _hidden(column)


def _printed(column: Column) -> SafeColumn:
    """Return every number of the column."""
    if column.sent == 0:
        return _blank(column, NO_ANSWER, State.EMPTY)
    if column.base == 0:
        return _blank(column, NOT_APPLICABLE, State.EMPTY)
    cells = tuple(Cell(count, share(count, column.base), str(count)) for count in column.counts)
    return SafeColumn(
        column.label, column.invited, column.sent, column.base, cells, State.SHOWN, column.missing
    )


def _hidden(column: Column) -> SafeColumn:
    """Return the column with its participation only; nobody has answered only where nothing is withheld."""
    if column.sent == 0 and not column.withheld:
        return _blank(column, NO_ANSWER, State.EMPTY)
    return replace(_blank(column, HIDDEN, State.HIDDEN), withheld=column.sent == 0)


def _blank(column: Column, symbol: str, state: State) -> SafeColumn:
    n = 0 if state is State.EMPTY else None
    cells = (Cell(text=symbol),) * len(column.counts)
    return SafeColumn(column.label, column.invited, column.sent, n, cells, state)


def _averages(table: Table, policy: Policy) -> SafeTable:
    """Return numbers as their mean per group: single values could point at single people or files."""
    columns, total, notes = _protect(table, policy)
    true = {column.label: column for column in table.columns}
    shown = [column for column in columns if column.state is State.SHOWN]
    covered = [true[column.label] for column in (columns if "total" not in notes else shown)]
    means = [_mean(table, column, [true[column.label]]) for column in columns]
    mean_row = Row("mean", words("mean", table.language))
    whole = _mean(table, total, covered) if total else None
    return _safe(replace(table, rows=(mean_row,)), means, whole, notes)


def _mean(table: Table, safe: SafeColumn, true: Sequence[Column]) -> SafeColumn:
    """Replace the distribution of one column with the mean of what it covers."""
    answered = sum(sum(column.counts) for column in true)
    if safe.state is not State.SHOWN or not answered:
        text = HIDDEN if safe.state is State.WORDS else safe.cells[0].text if safe.cells else NO_ANSWER
        state = State.HIDDEN if safe.state is State.WORDS else safe.state
        return replace(safe, cells=(Cell(text=text),), state=state)
    mean = sum(total_of_numbers(table, column) for column in true) / answered
    return replace(safe, cells=(Cell(text=number(mean, table.language, 1)),))


def _safe(
    table: Table, columns: Sequence[SafeColumn], total: SafeColumn | None, notes: Sequence[str]
) -> SafeTable:
    return SafeTable(
        table.item,
        table.title,
        table.measure,
        table.rows,
        tuple(columns),
        total,
        table.base_label,
        table.language,
        table.provenance,
        tuple(words(f"note.{note}", table.language) for note in notes),
        _KEY,
    )
