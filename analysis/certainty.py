"""Whose answer becomes certain when one question is told by unit and by part (by sex, by years in service).

Unit and part are two tables of the same people. A reader who knows who works where, and how each is counted
in the split, holds three sums: how many of each part answered in each unit, what each unit answered, what
each part answered. An answer is certain where no other table of whole persons fits these sums (integer
programming, HiGHS). The reader may be one of those counted, and then knows that answer too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.primary import Rules

Cube = NDArray[np.int_]
"""Counts by unit, part and option."""

_SOLVED = 0


class Place(NamedTuple):
    """Where a person is counted: unit, part and option, each from 0."""

    unit: int
    part: int
    option: int


def gives_away(cube: Cube, told: Sequence[bool], rules: Rules) -> bool:
    """Say whether somebody's answer becomes certain to somebody else.

    ``told`` says which units are shown by themselves; of the others the reader has the sum. What a unit with
    at least n0 answers shows by itself, since nearly all of it agree, does not count.
    """
    if not cube.any():
        return False
    readers = [Place(*map(int, each)) for each in np.argwhere(cube)]
    system = _System(cube, told)
    return any(_is_certain(system, target, readers, rules) for target in _targets(cube))


def _targets(cube: Cube) -> Iterator[Place]:
    """Yield the options that everybody, or everybody but one, chose where a unit and a part meet."""
    for unit, part in np.argwhere(cube.sum(axis=2)):
        people = cube[unit, part]
        n = int(people.sum())
        for option in np.flatnonzero((people == n) | ((people == n - 1) & (n > 1))):
            yield Place(int(unit), int(part), int(option))


def _is_certain(system: _System, target: Place, readers: Collection[Place], rules: Rules) -> bool:
    """Say whether a reader can be sure that everybody else at the target's place chose its option."""
    cube, n = system.cube, int(system.cube[target.unit, target.part].sum())
    alike = int(cube[target]) == n
    here = [each for each in readers if each[:2] == target[:2]]
    outside = [each for each in (readers if alike else here) if each != target or (alike and n > 1)]
    asked = [each for each in outside if not _agrees_anyway(system, target, each, rules)]
    least = n - 1 if alike else n - 2
    return bool(asked) and not system.leaves_doubt(target, least, asked)


def _agrees_anyway(system: _System, target: Place, reader: Place, rules: Rules) -> bool:
    """Say whether the reader knows as much from the unit alone, which is large enough to be seen to agree."""
    answers = system.cube[target.unit].sum(axis=0)
    own = reader.unit == target.unit and reader.option != target.option
    large = system.told[target.unit] and answers.sum() >= rules.alike_below
    return bool(large and answers[target.option] >= answers.sum() - own)


class _System:
    """Everything that is told of one question, as sums over the places."""

    def __init__(self, cube: Cube, told: Sequence[bool]) -> None:
        self.cube, self.told = cube, told
        people = cube.sum(axis=2, keepdims=True)
        self._places = [Place(*map(int, each)) for each in np.argwhere(np.broadcast_to(people, cube.shape))]
        self._column = {place: number for number, place in enumerate(self._places)}
        keys = [key for place in self._places for key in self._sums(place)]
        rows = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        entries = [(rows[key], i) for i, place in enumerate(self._places) for key in self._sums(place)]
        shape = (len(rows), len(self._places))
        matrix = sparse.csc_array((np.ones(len(entries)), tuple(zip(*entries, strict=True))), shape=shape)
        truth = np.array([cube[place] for place in self._places], dtype=float)
        self._held = LinearConstraint(matrix, matrix @ truth, matrix @ truth)

    def _sums(self, place: Place) -> tuple[tuple[object, ...], ...]:
        """Return the three sums that a place is counted in."""
        unit = place.unit if self.told[place.unit] else "rest"
        return ("people", *place[:2]), ("unit", unit, place.option), ("part", place.part, place.option)

    def leaves_doubt(self, target: Place, most: int, readers: Sequence[Place]) -> bool:
        """Say whether ``has_room`` holds for each of the readers; all at once is asked first, then halves."""
        if self.has_room(target, most, readers):
            return True
        half = len(readers) // 2
        return bool(half) and all(
            self.leaves_doubt(target, most, each) for each in (readers[:half], readers[half:])
        )

    def has_room(self, target: Place, most: int, readers: Collection[Place]) -> bool:
        """Say whether at most ``most`` may have chosen the target while each reader is where she is."""
        low, high = np.zeros(len(self._places)), np.full(len(self._places), np.inf)
        low[[self._column[each] for each in readers]] = 1
        high[self._column[target]] = most
        if np.any(low > high):
            return False
        found = milp(
            np.zeros(len(self._places)),
            integrality=np.ones(len(self._places)),
            bounds=Bounds(low, high),
            constraints=self._held,
        )
        return bool(found.status == _SOLVED)
