"""Secondary suppression: the fewest counts to hide so that no secret of a table can be worked out.

The compact model of Fischetti and Salazar (2001): a binary variable says of each cell and sum whether it is
hidden; for each secret two other tables must exist that agree with everything published, one in which the
secret is 0 and one in which it is as high as asked. HiGHS finds the pattern that hides the fewest counts and,
of those, the fewest cells. Every pattern passes ``analysis.audit`` before it is returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.audit import broken
from analysis.primary import Grid, Position, Rules, Secret, secrets, seen_from_inside

Vector = NDArray[np.float64]
TIME_LIMIT = 10.0
"""Seconds that one search may take before the best pattern so far is used."""
_ROUNDS = 8
_SOLVED = 0


class Outcome(StrEnum):
    """How good a pattern is. Each but the last has passed the audit."""

    OPTIMAL = "optimal"  # no safe pattern hides fewer counts
    IN_TIME = "in_time"  # the best found within the time limit
    SUMS_ONLY = "sums_only"  # every cell is hidden, sums are published as far as they are safe
    NOTHING = "nothing"  # everything is hidden but what is public anyway: that alone may say too much


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells and sums are hidden, and the secrets that this keeps from readers outside."""

    hidden: frozenset[Position]
    secrets: tuple[Secret, ...]
    outcome: Outcome


def suppress(grid: Grid, rules: Rules, *, time_limit: float = TIME_LIMIT) -> Suppression:
    """Return an audited pattern that hides as few counts of ``grid`` as ``rules`` allow."""
    return keep(grid, secrets(grid, rules), rules, time_limit=time_limit)


def keep(grid: Grid, asked: Sequence[Secret], rules: Rules, *, time_limit: float = TIME_LIMIT) -> Suppression:
    """Return an audited pattern that keeps ``asked`` from everyone.

    What people counted in the table could learn of each other is added to the search when the audit finds it.
    """
    wanted = list(asked)
    for _ in range(_ROUNDS):
        hidden, proven = _search(grid, wanted, time_limit)
        failures = _failures(grid, asked, rules, hidden)
        if not failures:
            return Suppression(hidden, tuple(asked), Outcome.OPTIMAL if proven else Outcome.IN_TIME)
        if not set(failures) - set(wanted):
            break
        wanted += [failure for failure in failures if failure not in wanted]
    return _without_search(grid, asked, rules)


def _failures(
    grid: Grid, asked: Sequence[Secret], rules: Rules, hidden: frozenset[Position]
) -> tuple[Secret, ...]:
    """Return the secrets that somebody can work out: anybody, else those counted in the table."""
    outside = broken(grid, hidden, asked)
    if outside or not rules.insiders:
        return outside
    return broken(grid, hidden, seen_from_inside(grid, asked, hidden, rules.k))


def _without_search(grid: Grid, asked: Sequence[Secret], rules: Rules) -> Suppression:
    """Return the first of ever larger patterns that passes the audit."""
    across = {each for each in grid.positions if each[0] == grid.height} - {grid.grand}
    down = {each for each in grid.positions if each[1] == grid.width} - {grid.grand}
    for sums in (set[Position](), down, across, down | across):
        hidden = (frozenset(grid.cells) | sums) - grid.public
        if not _failures(grid, asked, rules, hidden):
            return Suppression(hidden, tuple(asked), Outcome.SUMS_ONLY)
    return Suppression(frozenset(grid.positions) - grid.public, tuple(asked), Outcome.NOTHING)


class _Pattern(NamedTuple):
    hidden: frozenset[Position]
    proven: bool


class _Attack(NamedTuple):
    """How another table may differ from the true one: by ``total`` in the secret, in cells within bounds."""

    form: Vector
    total: float
    down: Vector
    up: Vector


def _search(grid: Grid, asked: Sequence[Secret], time_limit: float) -> _Pattern:
    """Solve the model. Where it has no solution, or none in time, nothing is hidden and the audit says so."""
    cells = [each for each in grid.positions if each != grid.grand and each not in grid.public]
    truth = np.array([grid[each] for each in cells], dtype=float)
    attacks = [attack for secret in asked for attack in _attacks(grid, secret, cells, truth)]
    count, width = len(cells), len(cells) * (1 + len(attacks))
    forced = {secret.cells for secret in asked}
    least, most = np.full(width, -np.inf), np.full(width, np.inf)
    least[:count], most[:count] = [(cell,) in forced for cell in cells], 1
    price = np.zeros(width)
    price[:count] = truth * (count + 1) + 1
    found = milp(
        price,
        integrality=np.ones(width),  # the attackers' tables could be fractions, but HiGHS prints a line then
        bounds=Bounds(least, most),
        constraints=_constraints(attacks, _sums(grid, cells)) if attacks else [],
        options={"time_limit": time_limit, "mip_rel_gap": 0.0},
    )
    chosen = np.zeros(count) if found.x is None else found.x[:count]
    hidden = frozenset(cell for cell, share in zip(cells, chosen, strict=True) if share > 0.5)
    return _Pattern(hidden, found.status == _SOLVED)


def _attacks(grid: Grid, secret: Secret, cells: Sequence[Position], truth: Vector) -> list[_Attack]:
    """Return the two tables that must exist for one secret.

    Two tables with the same sums differ by cycles of +1 and -1, so no cell needs to differ by more than the
    secret does. Bounds as tight as that make the search fast.
    """
    form = np.array([cell in secret.cells for cell in cells], dtype=float)
    value = sum(grid[cell] for cell in secret.cells)
    home = np.array([cell == secret.insider for cell in cells])
    lone = home & (truth == 1)
    totals = [total for total in (min(-value, 0), max(secret.high - value, 0)) if total]
    return [
        _Attack(form, total, np.minimum(truth - home, abs(total)), np.where(lone, 0.0, abs(total)))
        for total in totals
    ]


def _constraints(attacks: Sequence[_Attack], sums: sparse.csr_array) -> list[LinearConstraint]:
    """Return that each attacker's table keeps the sums, changes its secret, and changes hidden cells only."""
    count = len(attacks[0].form)
    kept = [sparse.vstack([sums, sparse.csr_array(attack.form[None, :])]) for attack in attacks]
    target = np.concatenate([[*np.zeros(sums.shape[0]), attack.total] for attack in attacks])
    unhidden = sparse.csr_array((len(target), count))
    alone = sparse.eye_array(count * len(attacks))
    down = sparse.vstack([sparse.diags_array(attack.down) for attack in attacks])
    up = sparse.vstack([sparse.diags_array(-attack.up) for attack in attacks])
    return [
        LinearConstraint(sparse.hstack([unhidden, sparse.block_diag(kept)], format="csc"), target, target),
        LinearConstraint(sparse.hstack([down, alone], format="csc"), 0, np.inf),
        LinearConstraint(sparse.hstack([up, alone], format="csc"), -np.inf, 0),
    ]


def _sums(grid: Grid, cells: Sequence[Position]) -> sparse.csr_array:
    """Return one row per sum of the table: the cells less their sum are 0."""
    rows = [[_sign(i == cell[0], cell[1] < grid.width) for cell in cells] for i in range(grid.height + 1)]
    columns = [[_sign(j == cell[1], cell[0] < grid.height) for cell in cells] for j in range(grid.width + 1)]
    return sparse.csr_array(np.array(rows + columns, dtype=float))


def _sign(belongs: bool, part: bool) -> int:
    return (1 if part else -1) if belongs else 0
