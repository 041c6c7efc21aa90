"""Which numbers of a table of counts nobody may be able to work out: the primary rules of policy ``cell``.

A ``Grid`` has units down and options across; its sums belong to it. A number is kept uncertain by asking that
everything published leaves room for 0 and for k in its place: that is a ``Secret``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

Position = tuple[int, int]
"""Row and column, from 0. One beyond the last row or column means the sum."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by unit and option.

    ``impossible`` cells are zero by design, which everybody knows. ``public`` numbers are known to everybody
    anyway, as the number of files drawn in a district is: they are neither secret nor ever hidden.
    ValueError where rows differ in length, a count is negative, or an impossible cell holds a count.
    """

    counts: tuple[tuple[int, ...], ...]
    impossible: frozenset[Position] = frozenset()
    public: frozenset[Position] = frozenset()

    def __post_init__(self) -> None:
        if len({len(row) for row in self.counts}) != 1 or not self.counts[0]:
            raise ValueError("a table needs at least one row and one column, and rows of the same length")
        if any(n < 0 for row in self.counts for n in row):
            raise ValueError("a count is negative: count answers before asking what may be shown")
        if any(self[position] for position in self.impossible):
            raise ValueError("a cell that is impossible by design holds a count: correct one or the other")

    @property
    def height(self) -> int:
        """How many units there are; also the number of the row of sums."""
        return len(self.counts)

    @property
    def width(self) -> int:
        """How many options there are; also the number of the column of sums."""
        return len(self.counts[0])

    @property
    def grand(self) -> Position:
        """Where the sum of everything stands."""
        return self.height, self.width

    @property
    def positions(self) -> tuple[Position, ...]:
        """Every cell and sum, row by row, without the impossible ones."""
        every = ((i, j) for i in range(self.height + 1) for j in range(self.width + 1))
        return tuple(position for position in every if position not in self.impossible)

    @property
    def cells(self) -> tuple[Position, ...]:
        """Every cell that is not a sum, row by row, without the impossible ones."""
        return tuple((i, j) for i, j in self.positions if i < self.height and j < self.width)

    def parts(self, position: Position) -> tuple[Position, ...]:
        """Return the cells that a position counts: itself, or those it sums."""
        down = range(self.height) if position[0] == self.height else (position[0],)
        across = range(self.width) if position[1] == self.width else (position[1],)
        return tuple((i, j) for i in down for j in across)

    def __getitem__(self, position: Position) -> int:
        return sum(self.counts[i][j] for i, j in self.parts(position))


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a number unsafe.

    ``k``: a count from 1 to k - 1. ``complement``: so few of a unit who did not choose the option.
    ``alike_below``: all, all but one or all but two of a unit with fewer answers chose it; 0 turns that off.
    ``insiders``: whoever is counted in a cell knows it, and must learn no more than others.
    """

    k: int = 5
    complement: bool = True
    alike_below: int = 10
    insiders: bool = True


@dataclass(frozen=True, slots=True)
class Secret:
    """A sum of cells that a reader must find possible to be 0, and possible to be ``high`` or more.

    ``insider`` is the cell in which this reader is counted: it holds at least one, and one who is alone in it
    is taken to know that.
    """

    cells: tuple[Position, ...]
    high: int
    insider: Position | None = None


def secrets(grid: Grid, rules: Rules) -> tuple[Secret, ...]:
    """Return the sums that may not be worked out by anybody outside, each once.

    One who is alone in a sum knows of themself, so there the others must be possible to be k: k + 1 in all.
    """
    found = dict.fromkeys((*_small(grid, rules), *_complements(grid, rules)))
    alone = [rules.insiders and sum(grid[cell] for cell in cells) == 1 for cells in found]
    return tuple(Secret(cells, rules.k + one) for cells, one in zip(found, alone, strict=True))


def seen_from_inside(
    grid: Grid, asked: Iterable[Secret], hidden: Collection[Position], k: int
) -> tuple[Secret, ...]:
    """Return the same sums as seen by everyone who is counted in a hidden cell outside them."""
    homes = [cell for cell in grid.cells if cell in hidden and grid[cell]]
    return tuple(
        Secret(secret.cells, min(secret.high, k), cell)
        for secret in asked
        for cell in homes
        if not any(cell in grid.parts(position) for position in secret.cells)
    )


def _small(grid: Grid, rules: Rules) -> Iterator[tuple[Position, ...]]:
    """Yield every count, sums included, that is above 0 and below k."""
    own = (position for position in grid.positions if position not in grid.public)
    return ((position,) for position in own if 0 < grid[position] < rules.k)


def _complements(grid: Grid, rules: Rules) -> Iterator[tuple[Position, ...]]:
    """Yield, for each option that nearly all of a unit or of the total chose, the other options."""
    for i in range(grid.height + 1):
        base = grid[i, grid.width]
        for j in range(grid.width):
            rest = base - grid[i, j]
            few = rules.complement and 0 < rest < rules.k
            alike = 0 < base < rules.alike_below and rest <= 2
            others = tuple((i, other) for other in range(grid.width) if other != j)
            others = tuple(cell for cell in others if cell not in grid.impossible)
            if others and (few or alike):
                yield others
