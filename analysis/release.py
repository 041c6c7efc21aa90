"""A correction after a release: which of its rows may be shown beside everything that was released before.

Whoever holds two releases can take one from the other, and may know whose answers came in, were taken away or
were changed in between. So the pattern of a table is frozen at its first release, and a group is shown anew
only where each of its printed numbers moves by 0 or at least k against every earlier release, where those who
moved are not alike, and where those who did not move hold nobody or a group that could be told by itself.
What is left under a total of everybody is one more group. All others wait: their earlier numbers stay.

The groups of one table have no person in common. So the linear system of all its releases falls apart into
one for each group, and these rules decide it. Where single numbers of a unit are hidden (policy ``cell``),
and of means, it does not: then the whole table waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.disclosure import Policy, SafeTable, disclose, reprinted
from analysis.groups import SEPARATE, rest_is_safe
from analysis.primary import Rules
from analysis.safe_columns import SafeColumn, State, printed
from analysis.tables import Column, Measure, Table

NUMBERS = {State.SHOWN, State.EMPTY}
"""States in which every number of a column is known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What may be shown of a table after a correction, and the labels of the groups that wait."""

    table: SafeTable
    waiting: tuple[str, ...]


def correct(
    released: Sequence[SafeTable], true: Table, policy: Policy, *, split_shown: bool = False
) -> Correction:
    """Return what may be shown of ``true``, the table as it is now, beside its earlier releases.

    ``released`` are the SafeTables of the same table in every earlier release, the oldest first; none means
    that this is the first, and nothing waits. Where a split of the question has been released
    (``split_shown``), numbers may only rise; the split itself is never corrected but carried over as it is.
    ValueError where an earlier release has other groups than ``true``.
    """
    now = disclose(true, policy)
    if not released or policy.unit == "published":
        return Correction(now, ())
    if any(_labels(each.columns) != _labels(true.columns) for each in released):
        raise ValueError(f"{true.item}: the earlier releases have other groups than the correction")
    moves = _Moves(true, policy, rising=split_shown)
    if _is_opaque([*released, now]):
        return _wait(now, released)
    if policy.unit == "cell":
        whole = all(moves.are_safe(*pair) for each in released for pair in _pairs(each, now))
        return Correction(now, ()) if whole else _wait(now, released)
    return _group_by_group(released, now, moves)


def _group_by_group(released: Sequence[SafeTable], now: SafeTable, moves: _Moves) -> Correction:
    """Return each group of respondents anew where it may be, and a total of what is shown."""
    last = released[-1]
    columns = [
        _column([each.columns[place] for each in released], new, moves)
        for place, new in enumerate(now.columns)
    ]
    if last.total is None or last.total.state is not State.SHOWN:
        return _corrected(now, released, columns, last.total)
    told = [column for column in columns if column.state in NUMBERS]
    if last.covers_all:
        rests = [_less(each.total, each.columns) for each in released if each.total]
        hidden = [column.state is State.HIDDEN for column in last.columns]
        rest = [true for true, unseen in zip(moves.table.columns, hidden, strict=True) if unseen]
        told.append(_rest(rests, rest, moves))
    total = _sum(moves.table, told, last.total.label)
    if not all(each.total and moves.are_wide(each.total, total) for each in released):
        return _wait(now, released)
    return _corrected(now, released, columns, total)


def _column(earlier: Sequence[SafeColumn], new: SafeColumn, moves: _Moves) -> SafeColumn:
    """Return ``new`` where it may be shown beside the earlier releases, else the latest of those."""
    last = earlier[-1]
    if last.state is State.HIDDEN or new.state is State.HIDDEN:
        return new if last.state is new.state else last
    if State.WORDS in {last.state, new.state}:
        same = last.cells == new.cells and all(moves.are_wide(each, new) for each in earlier)
        return new if same else last
    return new if all(moves.are_safe(each, new) for each in earlier) else last


def _rest(earlier: Sequence[SafeColumn], rest: Sequence[Column], moves: _Moves) -> SafeColumn:
    """Return the groups hidden under the total, as one, where they may count anew; else as they did last."""
    new = _sum(moves.table, [printed(column) for column in rest], "")
    safe = rest_is_safe(moves.table, rest, moves.policy.rules)
    return new if safe and all(moves.are_safe(each, new) for each in earlier) else earlier[-1]


def _corrected(
    now: SafeTable, released: Sequence[SafeTable], columns: Sequence[SafeColumn], total: SafeColumn | None
) -> Correction:
    shown = (*columns, total) if total else tuple(columns)
    waiting = tuple(
        column.label
        for column, new in zip(shown, now.all_columns, strict=True)
        if (column.cells, column.n, column.missing) != (new.cells, new.n, new.missing)
    )
    return Correction(reprinted(released[0], columns, total, waiting), waiting)


def _wait(now: SafeTable, released: Sequence[SafeTable]) -> Correction:
    """Return the last release once more."""
    return _corrected(now, released, released[-1].columns, released[-1].total)


@dataclass(frozen=True, slots=True)
class _Moves:
    """What numbers of one table may do between two releases; ``rising``: they may not fall."""

    table: Table
    policy: Policy
    rising: bool

    def are_wide(self, old: SafeColumn, new: SafeColumn) -> bool:
        """Say whether every printed number moves by 0 or at least k."""
        before, after = self._numbers(old), self._numbers(new)
        moved = [after.get(key, 0) - before.get(key, 0) for key in before.keys() | after.keys()]
        return all(n == 0 or abs(n) >= self.policy.smallest_group for n in moved)

    def are_safe(self, old: SafeColumn, new: SafeColumn) -> bool:
        """Say whether they do, and neither those who moved nor those who stayed are too few or too alike."""
        if old.state not in NUMBERS or new.state not in NUMBERS:
            return old == new
        pairs = zip(self._alternatives(old), self._alternatives(new), strict=True)
        return self.are_wide(old, new) and all(self._differ(*pair) for pair in pairs)

    def _numbers(self, column: SafeColumn) -> Mapping[str, int]:
        """Return every number that is printed of a column, about clients with its complement."""
        rows = zip(self.table.rows, column.cells, strict=True)
        counts = {row.value: cell.count or 0 for row, cell in rows}
        base = {" n": column.n or 0, " sent": column.sent}
        rest = {f" not {value}": base[" n"] - n for value, n in counts.items()}
        left = rest if self.policy.unit == "cell" else {}
        return counts | base | left | {f" {reason}": n for reason, n in column.missing}

    def _alternatives(self, column: SafeColumn) -> list[tuple[int, ...]]:
        """Return the answers of which each person gave one: the options, or yes and no of each row."""
        pairs = zip(self.table.rows, column.cells, strict=True)
        counts = [cell.count or 0 for row, cell in pairs if not row.parts]
        if self.table.measure in SEPARATE:
            return [(n, (column.n or 0) - n) for n in counts]
        return [tuple(counts)]

    def _differ(self, old: tuple[int, ...], new: tuple[int, ...]) -> bool:
        """Say whether those who came, those who went and those who stayed may each be told."""
        pairs = list(zip(old, new, strict=True))
        came, went = [max(b - a, 0) for a, b in pairs], [max(a - b, 0) for a, b in pairs]
        if self.rising and any(went):
            return False
        stayed = [min(pair) for pair in pairs]
        rules = self.policy.rules
        moved = [each for each in (came, went) if any(each)]
        return all(max(each) <= sum(each) - 3 for each in moved) and (not moved or _is_told(stayed, rules))


def _is_told(counts: Sequence[int], rules: Rules) -> bool:
    """Say whether a group with these counts is empty or could be told by itself."""
    n = sum(counts)
    return n == 0 or (n >= rules.k and (n >= rules.alike_below or max(counts) <= n - 3))


def _labels(columns: Iterable[Column | SafeColumn]) -> list[str]:
    return [column.label for column in columns]


def _is_opaque(tables: Sequence[SafeTable]) -> bool:
    """Say whether what moved cannot be seen: means, single hidden numbers, values that come and go."""
    partly = any(column.state is State.PARTLY for each in tables for column in each.all_columns)
    values = {tuple(row.value for row in each.rows) for each in tables}
    return partly or len(values) > 1 or tables[0].measure is Measure.NUMBER


def _pairs(old: SafeTable, new: SafeTable) -> Iterable[tuple[SafeColumn, SafeColumn]]:
    return zip(old.all_columns, new.all_columns, strict=True)


def _sum(table: Table, columns: Sequence[SafeColumn], label: str) -> SafeColumn:
    """Return columns of numbers as one."""
    counts = [[cell.count or 0 for cell in column.cells] for column in columns]
    zero = (0,) * len(table.rows)
    reasons: dict[str, int] = {}
    for reason, n in (pair for column in columns for pair in column.missing):
        reasons[reason] = reasons.get(reason, 0) + n
    whole = Column(
        label,
        sum(column.invited for column in columns),
        sum(column.sent for column in columns),
        sum(column.n or 0 for column in columns),
        tuple(map(sum, zip(zero, *counts, strict=True))),
        zero,
        0,
        tuple(reasons.items()),
    )
    return printed(whole)


def _less(total: SafeColumn, columns: Sequence[SafeColumn]) -> SafeColumn:
    """Return what is left of a total when the columns with numbers are taken from it."""
    told = [column for column in columns if column.state in NUMBERS]
    reasons = dict(total.missing)
    for reason, n in (pair for column in told for pair in column.missing):
        reasons[reason] = reasons.get(reason, 0) - n
    counts = zip(*([cell.count or 0 for cell in column.cells] for column in (total, *told)), strict=True)
    cells = tuple(
        replace(cell, count=first - sum(others))
        for cell, (first, *others) in zip(total.cells, counts, strict=True)
    )
    n = (total.n or 0) - sum(column.n or 0 for column in told)
    sent, invited = (
        getattr(total, name) - sum(getattr(column, name) for column in told) for name in ("sent", "invited")
    )
    missing = tuple((reason, n) for reason, n in reasons.items() if n)
    return replace(total, label="", invited=invited, sent=sent, n=n, cells=cells, missing=missing)
