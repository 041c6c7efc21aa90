"""The audit of a pattern before release, and of all releases together: what can be worked out after all.

Independent of the search for a pattern: it knows only what is published and asks for the least and the
greatest value that each secret may have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations

from analysis.attack import Atom, Interval, Published
from analysis.primary import Grid, Position, Secret


def broken(grid: Grid, hidden: Collection[Position], asked: Sequence[Secret]) -> tuple[Secret, ...]:
    """Return those of ``asked`` that can be worked out too closely when ``hidden`` is not published.

    Readers of one secret are first taken to tell each other what they know: what is safe then is safe alone.
    """
    shown = [position for position in grid.positions if position not in hidden]
    published = Published(((_cells(grid, [each]), grid[each]) for each in shown), whole=False)
    failures: list[Secret] = []
    for _, group in groupby(asked, key=lambda secret: secret.cells):
        readers = list(group)
        if not _safe(grid, published, readers):
            failures += [secret for secret in readers if not _safe(grid, published, [secret])]
    return tuple(failures)


def intervals(grid: Grid, hidden: Collection[Position]) -> dict[Position, Interval]:
    """Return between which numbers an outsider finds each hidden cell and sum."""
    shown = [position for position in grid.positions if position not in hidden]
    published = Published(((_cells(grid, [each]), grid[each]) for each in shown), whole=False)
    return {each: published.interval(_cells(grid, [each])) for each in hidden if each not in grid.impossible}


def _safe(grid: Grid, published: Published, readers: Sequence[Secret]) -> bool:
    """Say whether readers who share what they know find both 0 and the number asked for possible."""
    homes = [secret.insider for secret in readers if secret.insider is not None]
    known: dict[Atom, Interval] = {home: Interval(1, 1 if grid[home] == 1 else None) for home in homes}
    high = max(secret.high for secret in readers)
    return published.interval(_cells(grid, readers[0].cells), known).leaves_room(high)


def _cells(grid: Grid, positions: Collection[Position]) -> frozenset[Position]:
    return frozenset(
        cell for position in positions for cell in grid.parts(position) if cell not in grid.impossible
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """One number of a release and the finest cells that it counts.

    ``value`` is None where the number is unsafe and hidden; then a reader must find 0 and ``high`` possible.
    """

    label: str
    atoms: frozenset[Atom]
    value: int | None
    high: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that one released table says."""

    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that the releases together give away: who holds them knows it lies within ``interval``.

    ``release`` names the release that hides it, or two whose difference it is.
    """

    release: str
    label: str
    interval: Interval


def release(
    name: str,
    grid: Grid,
    hidden: Collection[Position],
    asked: Sequence[Secret],
    atoms: Callable[[int, int], Collection[Atom]],
) -> Release:
    """Return what ``grid`` says when ``hidden`` is not published; ``atoms`` names what each cell counts.

    Cells of two tables that count the same people must have the same atoms. An unchanged row of a corrected
    table keeps its atoms; a changed row gets new ones.
    """

    def counted(positions: Collection[Position]) -> frozenset[Atom]:
        return frozenset(atom for cell in _cells(grid, positions) for atom in atoms(*cell))

    shown = [each for each in grid.positions if each not in hidden]
    numbers = [Statement(str(each), counted([each]), grid[each]) for each in shown]
    unsafe = [
        Statement(" + ".join(map(str, secret.cells)), counted(secret.cells), None, secret.high)
        for secret in asked
    ]
    return Release(name, (*numbers, *unsafe))


def audit(released: Sequence[Release], k: int) -> tuple[Finding, ...]:
    """Return every number that all releases together give away.

    That is an unsafe number for which 0 or ``high`` is no longer possible, and a difference between numbers
    of two releases that must be below k and is not known to be 0. ValueError where the releases contradict
    each other.
    """
    published = _published(released, whole=len(released) > 1)
    return (*_given_away(released, published), *_differences(released, published, k))


def given_away(released: Sequence[Release]) -> tuple[Finding, ...]:
    """Return the unsafe numbers that all releases together give away, of one table laid together in two ways.

    Their sums are nested along the rows and along the columns: that counts are whole adds nothing there.
    """
    return tuple(_given_away(released, _published(released, whole=False)))


def _published(released: Sequence[Release], *, whole: bool) -> Published:
    """Return every number that the releases say."""
    numbers = ((each.atoms, each.value) for one in released for each in one.statements)
    return Published(((atoms, value) for atoms, value in numbers if value is not None), whole=whole)


def _given_away(released: Sequence[Release], published: Published) -> Iterator[Finding]:
    """Yield the unsafe numbers for which 0 or ``high`` is no longer possible."""
    for one in released:
        for each in one.statements:
            if each.value is None and not (seen := published.interval(each.atoms)).leaves_room(each.high):
                yield Finding(one.name, each.label, seen)


def _differences(released: Sequence[Release], published: Published, k: int) -> Iterator[Finding]:
    """Yield what is left when a number of one release is taken from the next larger one of another."""
    for larger, smaller in permutations(released, 2):
        for part in smaller.statements:
            around = [each for each in larger.statements if part.atoms < each.atoms]
            nearest = [each for each in around if not any(other.atoms < each.atoms for other in around)]
            for each in nearest:
                interval = published.interval(each.atoms - part.atoms)
                if interval.high is not None and 0 < interval.high < k:
                    names = f"{larger.name} − {smaller.name}", f"{each.label} − {part.label}"
                    yield Finding(*names, interval)


def moved_too_little(before: Grid, after: Grid, k: int) -> tuple[Position, ...]:
    """Return the cells and sums that a correction moves by less than k, but not by 0: it has to wait.

    ValueError where the tables have not the same shape.
    """
    if (before.height, before.width) != (after.height, after.width):
        raise ValueError("a corrected table must have the rows and columns of the one it corrects")
    moved = {each: abs(after[each] - before[each]) for each in before.positions}
    return tuple(each for each, by in moved.items() if 0 < by < k)
