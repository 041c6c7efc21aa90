"""What a reader can work out from published sums: linear programmes over the finest cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

Vector = NDArray[np.float64]
Atom = Hashable
"""One of the finest cells: whoever knows all of them knows every table."""

_SOLVED = 0
_NEAR = 1e-6


class Interval(NamedTuple):
    """The least and the greatest number that fit what is published; ``high`` is None without end."""

    low: int
    high: int | None

    def leaves_room(self, high: int) -> bool:
        """Say whether both 0 and ``high`` fit."""
        return self.low <= 0 and (self.high is None or self.high >= high)

    def __add__(self, other: object) -> Interval:
        """Return between which numbers the sum of two lies that do not bind each other."""
        if not isinstance(other, Interval):
            return NotImplemented
        ends = self.high is None or other.high is None
        return Interval(self.low + other.low, None if ends else (self.high or 0) + (other.high or 0))


Known = Mapping[Atom, Interval]


class Published:
    """Sums that a reader holds. Counts are never negative; what is not published may be any number.

    ``whole``: the reader also uses that counts are whole numbers. In one table with its sums that adds
    nothing, as the extreme tables are whole already; over several tables it may.
    """

    def __init__(self, sums: Iterable[tuple[Collection[Atom], int]], *, whole: bool) -> None:
        held = [(tuple(atoms), value) for atoms, value in sums if atoms]
        atoms = list(dict.fromkeys(atom for each, _ in held for atom in each))
        column = {atom: number for number, atom in enumerate(atoms)}
        links = [(column[each[0]], column[atom]) for each, _ in held for atom in each]
        pairs = np.array(links, dtype=int).reshape(-1, 2)
        graph = sparse.coo_array((np.ones(len(pairs)), pairs.T), shape=(len(atoms), len(atoms)))
        island = connected_components(graph, directed=False)[1]
        self._island = {atom: int(island[number]) for atom, number in column.items()}
        grouped: dict[int, list[tuple[tuple[Atom, ...], int]]] = defaultdict(list)
        for each, value in held:
            grouped[self._island[each[0]]].append((each, value))
        self._islands = {number: _Island(group, whole=whole) for number, group in grouped.items()}

    def interval(self, atoms: Collection[Atom], known: Known | None = None) -> Interval:
        """Return between which numbers the sum of ``atoms`` lies for one who also knows ``known``.

        ValueError where the published sums contradict each other.
        """
        bounds = known or {}
        parts: dict[int, list[Atom]] = defaultdict(list)
        whole = Interval(0, 0)
        for atom in atoms:
            if atom in self._island:
                parts[self._island[atom]].append(atom)
            else:
                whole += bounds.get(atom, Interval(0, None))
        for number, part in parts.items():
            whole += self._islands[number].interval(part, bounds)
        return whole


class _Island:
    """Atoms bound to each other, and to no others, by published sums."""

    def __init__(self, sums: list[tuple[tuple[Atom, ...], int]], *, whole: bool) -> None:
        atoms = dict.fromkeys(atom for each, _ in sums for atom in each)
        self._column = {atom: number for number, atom in enumerate(atoms)}
        rows = [row for row, (each, _) in enumerate(sums) for _ in each]
        columns = [self._column[atom] for each, _ in sums for atom in each]
        shape = (len(sums), len(atoms))
        matrix = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        values = np.array([value for _, value in sums], dtype=float)
        self._sums = LinearConstraint(matrix, values, values)
        self._whole = np.full(len(atoms), int(whole))

    def interval(self, atoms: Collection[Atom], known: Known) -> Interval:
        """Return where the sum of ``atoms`` lies. It has ends, as each counts towards a published sum."""
        form, least, most = (np.full(self._whole.size, each) for each in (0.0, 0.0, np.inf))
        form[[self._column[atom] for atom in atoms]] = 1
        for atom, bound in known.items():
            column = self._column.get(atom)
            if column is not None:
                least[column] = bound.low
                most[column] = np.inf if bound.high is None else bound.high
        return Interval(self._least(form, Bounds(least, most)), -self._least(-form, Bounds(least, most)))

    def _least(self, form: Vector, bounds: Bounds) -> int:
        found = milp(form, integrality=self._whole, bounds=bounds, constraints=self._sums)
        if found.status != _SOLVED:
            raise ValueError(
                f"no counts fit the published sums: they contradict each other ({found.message})"
            )
        return int(np.ceil(found.fun - _NEAR))
