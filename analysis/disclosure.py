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

from analysis.client_tables import shown
from analysis.groups import band, is_too_small, rest_is_safe
from analysis.primary import Rules
from analysis.safe_columns import (
    HIDDEN,
    NO_ANSWER,
    NOT_APPLICABLE,
    Cell,
    SafeColumn,
    State,
    blank,
    few_invited,
    hidden,
    printed,
)
from analysis.tables import Column, Mark, Measure, Provenance, Row, Table, total_of_numbers
from analysis.wording import in_words, listed, number, words

FLOOR = 3
_KEY = object()


@dataclass(frozen=True, slots=True)
class Policy:
    """How a wave's tables are made safe: its ``unit`` is ``group``, ``cell`` or ``published``.

    ``smallest_group`` is k, never below 3. ``alike_below`` is n0: from so many answers on, a group may be
    seen to agree. ``open_answers_from``: from so many answers on, words of a group may be read. Neither may
    be below k. ValueError where one of them is out of order.
    """

    unit: str
    smallest_group: int = 5
    alike_below: int = 10
    open_answers_from: int = 10

    def __post_init__(self) -> None:
        if self.unit not in {"group", "cell", "published"}:
            raise ValueError(f"unknown policy {self.unit}: use group, cell or published")
        if self.smallest_group < FLOOR:
            raise ValueError(f"the smallest group is {self.smallest_group}: it may not be below {FLOOR}")
        for name in ("alike_below", "open_answers_from"):
            if getattr(self, name) < self.smallest_group:
                raise ValueError(f"{name} is {getattr(self, name)}: it may not be below the smallest group")

    @property
    def rules(self) -> Rules:
        """The same limits as the rules of ``analysis.primary``."""
        return Rules(self.smallest_group, alike_below=self.alike_below)


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
    def covers_all(self) -> bool:
        """Say whether the total covers every unit, also those that are not shown."""
        return self.total is not None and self.total.label == words("total", self.language)

    @property
    def all_columns(self) -> tuple[SafeColumn, ...]:
        """The units in their order, then the total where there is one."""
        return (*self.columns, self.total) if self.total else self.columns

    def column(self, label: str) -> SafeColumn | None:
        """Return the column called ``label``, or None."""
        return next((column for column in self.all_columns if column.label == label), None)


def disclose(table: Table, policy: Policy) -> SafeTable:
    """Return what may be seen of ``table`` under ``policy``."""
    if policy.unit == "published":
        marks = tuple(dict.fromkeys((*table.provenance.marks, Mark.PUBLISHED)))
        table = replace(table, provenance=replace(table.provenance, marks=marks))
        total = printed(table.total) if table.total else None
        return _safe(table, [printed(column) for column in table.columns], total, [], policy)
    if table.measure is Measure.NUMBER:
        return _averages(table, policy)
    columns, total, notes = _protect(table, policy)
    safe = _safe(table, columns, total, notes, policy)
    return _seen_values(safe) if table.open_ended else safe


def reprinted(
    safe: SafeTable, columns: Sequence[SafeColumn], total: SafeColumn | None, waiting: Sequence[str]
) -> SafeTable:
    """Return ``safe`` with columns of several releases of the same table, and say which of them wait."""
    said = words("note.waiting", safe.language, groups=listed(list(waiting), safe.language))
    notes = (*safe.notes, said) if waiting else safe.notes
    return replace(safe, columns=tuple(columns), total=total, notes=notes, key=_KEY)


def relaid(
    safe: SafeTable, rows: Sequence[Row], columns: Sequence[SafeColumn], also: Sequence[SafeTable]
) -> SafeTable:
    """Return ``safe`` with rows and columns of other safe tables (``also``) too, and no total."""
    every = (*also, safe)
    marks = dict.fromkeys(mark for each in every for mark in each.provenance.marks)
    sources = dict.fromkeys(each.provenance.source for each in every if each.provenance.source)
    return replace(
        safe,
        rows=tuple(rows),
        columns=tuple(columns),
        total=None,
        provenance=Provenance("; ".join(sources), tuple(marks)),
        notes=tuple(dict.fromkeys(note for each in every for note in each.notes)),
        key=_KEY,
    )


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
    if policy.unit == "cell":
        return *_clients(table, policy), ["cells"]
    columns = [_group(table, column, policy) for column in table.columns]
    whole = _covers_all(table, columns, policy)
    total = _group(table, _total(table, columns, whole=whole), policy) if table.total else None
    if total and table.total and total.sent == 0 < table.total.sent:
        total = _participation(table, columns, policy)
    states = {column.state for column in columns} | ({total.state} if total else set())
    notes = [note for note in (State.HIDDEN, State.WORDS) if note in states]
    return columns, total, [*notes, *([] if whole or total is None else ["total"])]


def _group(table: Table, column: Column, policy: Policy) -> SafeColumn:
    """Protect one group of respondents."""
    if 0 < column.invited < policy.smallest_group:
        return few_invited(column, policy.smallest_group)
    if column.sent == 0 or is_too_small(table, column, policy.rules):
        return hidden(column)
    bands = [band(table, column, row, policy.rules) for row in range(len(table.rows))]
    if any(bands):
        cells = tuple(Cell(text=words(f"band.{each}", table.language) if each else HIDDEN) for each in bands)
        return SafeColumn(column.label, column.invited, column.sent, column.base, cells, State.WORDS)
    return printed(column)


def _covers_all(table: Table, columns: Sequence[SafeColumn], policy: Policy) -> bool:
    """Say whether a total over all groups gives away nothing about those not shown.

    A group in words must never lie under a shown total: the words bound it too tightly.
    """
    if any(column.state is State.WORDS for column in columns):
        return False
    pairs = zip(table.columns, columns, strict=True)
    rest = [true for true, safe in pairs if safe.state is State.HIDDEN and not true.withheld]
    return rest_is_safe(table, rest, policy.rules)


def _total(table: Table, columns: Sequence[SafeColumn], *, whole: bool) -> Column:
    """Return the sum of every group, or of the shown ones only, under the fitting name."""
    pairs = zip(table.columns, columns, strict=True)
    covered = [true for true, safe in pairs if whole or safe.state is State.SHOWN]
    label = words("total" if whole else "total_shown", table.language)
    return replace(sum(covered, start=_nobody(table)), label=label)


def _nobody(table: Table) -> Column:
    """Return the column of no unit at all."""
    rows = (0,) * len(table.rows)
    return Column("", 0, 0, 0, rows, rows, 0, deciding=0)


def _participation(table: Table, columns: Sequence[SafeColumn], policy: Policy) -> SafeColumn:
    """Return a total without numbers: how many answered, of the units whose participation may be told."""
    pairs = list(zip(table.columns, columns, strict=True))
    few = sum(true.invited for true, safe in pairs if safe.few_invited)
    whole = not 0 < few < policy.smallest_group
    covered = [true for true, safe in pairs if whole or not safe.few_invited]
    label = words("total" if whole else "total_shown", table.language)
    together = replace(sum(covered, start=_nobody(table)), label=label)
    if together.invited < policy.smallest_group:
        return few_invited(together, policy.smallest_group)
    return replace(blank(together, HIDDEN, State.HIDDEN), withheld=together.sent == 0)


def _clients(table: Table, policy: Policy) -> tuple[list[SafeColumn], SafeColumn | None]:
    """Protect attributes of clients: cell by cell, else all units under a safe total."""
    k = policy.smallest_group
    found = shown(table, policy.rules)
    if found is None:
        total = _cells(table.total, policy) if table.total else None
        return [hidden(column) for column in table.columns], total
    why = all(n == 0 or n >= k for column in table.columns for _, n in column.missing)
    pairs = zip(table.columns, found.columns, strict=True)
    columns = [_partly(column, seen, why=why) for column, seen in pairs]
    return columns, _partly(table.total, found.total, why=why) if table.total else None


def _partly(column: Column, seen: Sequence[bool], *, why: bool) -> SafeColumn:
    """Return the numbers of ``seen`` rows, with why answers are missing where that may be told."""
    whole = printed(column if why else replace(column, missing=()))
    if whole.state is not State.SHOWN or all(seen):
        return whole
    if not any(seen):
        return hidden(column)
    pairs = zip(whole.cells, seen, strict=True)
    cells = tuple(cell if visible else Cell(text=HIDDEN) for cell, visible in pairs)
    return replace(whole, cells=cells, state=State.PARTLY)


def _cells(column: Column, policy: Policy) -> SafeColumn:
    """Protect client attributes: every number and every difference is 0 or at least k."""
    k = policy.smallest_group
    parts = [n for _, n in column.missing] + [column.sent - column.base, column.off_route]
    for count, answered in zip(column.counts, column.answered, strict=True):
        parts += [count, column.base - count, answered - count, column.base - answered]
        if answered < policy.alike_below:
            return hidden(column)
    return printed(column) if all(part == 0 or part >= k for part in parts) else hidden(column)


def _averages(table: Table, policy: Policy) -> SafeTable:
    """Return numbers as their mean per group: single values could point at single people or files."""
    columns, total, notes = _protect(table, policy)
    true = {column.label: column for column in table.columns}
    shown = [column for column in columns if column.state is State.SHOWN]
    covered = [true[column.label] for column in (columns if "total" not in notes else shown)]
    means = [_mean(table, column, [true[column.label]]) for column in columns]
    mean_row = Row("mean", words("mean", table.language))
    whole = _mean(table, total, covered) if total else None
    return _safe(replace(table, rows=(mean_row,)), means, whole, notes, policy)


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
    table: Table,
    columns: Sequence[SafeColumn],
    total: SafeColumn | None,
    notes: Sequence[str],
    policy: Policy,
) -> SafeTable:
    below = in_words(policy.alike_below, table.language)
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
        tuple(words(f"note.{note}", table.language, alike_below=below) for note in notes),
        _KEY,
    )
