"""Coarser tables where one about clients would be all crosses: options or units laid together.

Where no number of any unit may be shown, neighbouring options (the upper two and the lower two steps of a
scale) or neighbouring units are laid together and protected anew. Both tables count the same files, so the
coarser one is offered only where the audit of the two finds nothing that each does not tell by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.audit import Release, given_away, release
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.primary import Grid, Position, secrets
from analysis.tables import Column, Measure, Row, Table, sum_of
from analysis.wording import listed

Groups = tuple[tuple[int, ...], ...]
"""Neighbours laid together: places from 0, each once, in order."""

LARGEST = 4
"""So many units at most are laid together."""

SINGLE = {Measure.NOMINAL, Measure.ORDINAL}


@dataclass(frozen=True, slots=True)
class Merge:
    """A coarser table that may be shown beside the one it replaces: what was laid together, by label."""

    table: SafeTable
    options: tuple[tuple[str, ...], ...]
    units: tuple[tuple[str, ...], ...]


def offer(table: Table, policy: Policy) -> Merge | None:
    """Return the finest coarser table in which a unit has numbers; None where none is needed or safe.

    Only single choices that everybody was asked are laid together; derived rows are left out. The table by
    itself must show no number of any unit (``is_all_crosses``).
    """
    plain = _plain(table)
    if policy.unit != "cell" or table.measure not in SINGLE or table.routed or len(plain.columns) < 2:
        return None
    seen = disclose(plain, policy)
    if not is_all_crosses(seen):
        return None
    before = _release(plain, seen, _by(1, len(plain.rows)), _by(1, len(plain.columns)), policy)
    for options, units in _ways(len(plain.rows), len(plain.columns)):
        coarse = _laid_together(plain, options, units)
        safe = disclose(coarse, policy)
        if is_all_crosses(safe):
            continue
        if not _gives_away(before, _release(coarse, safe, options, units, policy)):
            return Merge(safe, _named(plain.rows, options), _named(plain.columns, units))
    return None


def is_all_crosses(table: SafeTable) -> bool:
    """Say whether no number of any unit is shown."""
    return all(cell.count is None for column in table.columns for cell in column.cells)


def _plain(table: Table) -> Table:
    """Return the table without rows that only sum others."""
    own = [place for place, row in enumerate(table.rows) if not row.parts]

    def cut(column: Column) -> Column:
        counts, answered = (tuple(each[i] for i in own) for each in (column.counts, column.answered))
        return replace(column, counts=counts, answered=answered)

    rows, columns = tuple(table.rows[i] for i in own), tuple(cut(column) for column in table.columns)
    return replace(table, rows=rows, columns=columns, total=cut(table.total) if table.total else None)


def _ways(rows: int, columns: int) -> Iterator[tuple[Groups, Groups]]:
    """Yield what may be laid together, the finest first: options, else units."""
    every_row, every_column = _by(1, rows), _by(1, columns)
    halves = [_by(2, rows)] if rows > 3 else []
    halves += [((0, 1), (2,)), ((0,), (1, 2))] if rows == 3 else []
    yield from ((options, every_column) for options in halves)
    yield from ((every_row, _by(size, columns)) for size in range(2, min(LARGEST, columns // 2) + 1))


def _by(size: int, number: int) -> Groups:
    """Return neighbours in groups of ``size``; what is left over joins the last group."""
    starts = range(0, max(number - size, 0) + 1, size)
    return tuple(tuple(range(start, number if start == starts[-1] else start + size)) for start in starts)


def _laid_together(table: Table, options: Groups, units: Groups) -> Table:
    def joined(column: Column) -> Column:
        counts = tuple(sum(column.counts[i] for i in group) for group in options)
        return replace(column, counts=counts, answered=tuple(column.answered[group[0]] for group in options))

    rows = tuple(
        Row("+".join(table.rows[i].value for i in group), " / ".join(table.rows[i].label for i in group))
        for group in options
    )
    labels = [listed([table.columns[i].label for i in group], table.language) for group in units]
    summed = [
        sum_of([table.columns[i] for i in group], label) for group, label in zip(units, labels, strict=True)
    ]
    columns = tuple(joined(column) for column in summed if column)
    return replace(table, rows=rows, columns=columns, total=joined(table.total) if table.total else None)


def _gives_away(fine: Release, coarse: Release) -> bool:
    """Say whether both tables together tell more of a number than each by itself."""
    alone = {*given_away([fine]), *given_away([coarse])}
    return not alone.issuperset(given_away([fine, coarse]))


def _release(table: Table, seen: SafeTable, options: Groups, units: Groups, policy: Policy) -> Release:
    """Return what one table says of the finest cells, with the number of files of every unit."""
    grid = Grid(tuple(column.counts for column in table.columns))
    shown = {(i, grid.width) for i in range(grid.height + 1)} | {
        (i, j)
        for i, column in enumerate(seen.all_columns)
        for j, cell in enumerate(column.cells)
        if cell.count is not None
    }
    hidden = [place for place in grid.positions if place not in shown]
    asked = secrets(replace(grid, public=frozenset(shown)), policy.rules)

    def atoms(row: int, column: int) -> list[Position]:
        return [(unit, option) for unit in units[row] for option in options[column]]

    return release(table.title, grid, hidden, asked, atoms)


def _named(parts: Sequence[Row] | Sequence[Column], groups: Groups) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(parts[i].label for i in group) for group in groups)
