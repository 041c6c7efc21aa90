"""Suppression on 500 random tables: is everything safe, is too much hidden, and how long does it take.

With the threshold rule alone the same tables go to an independent engine (τ-Argus, a dependency of the tests
only), which audits our patterns and finds its own optimum.
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from types import ModuleType
from typing import NamedTuple

from analysis.audit import broken
from analysis.primary import Grid, Rules, secrets, seen_from_inside
from analysis.suppression import suppress

TABLES = 500
GOAL = 1.0  # second, median at 12 x 4
FULL = 12, 4
THRESHOLD = Rules(complement=False, alike_below=0, insiders=False)
ENGINE = Path(__file__).parent.parent / "tests" / "analysis" / "independent_engine.py"


class Run(NamedTuple):
    """What was found for one table."""

    grid: Grid
    seconds: float
    outcome: str
    broken: int
    hidden: int
    shown: float


def tables(number: int, seed: int = 2012) -> list[Grid]:
    """Return tables up to 12 x 4, every other one of full size; units and options differ in size."""
    random = Random(seed)
    made = []
    for each in range(number):
        height, width = FULL if each % 2 else (random.randint(2, 12), random.randint(2, 4))
        popular = [random.uniform(0.3, 2) for _ in range(width)]
        sizes = [random.uniform(3, 12) for _ in range(height)]
        made.append(Grid(tuple(tuple(poisson(random, size * p) for p in popular) for size in sizes)))
    return made


def poisson(random: Random, mean: float) -> int:
    """Return how many arrive before ``mean``."""
    n, waited = 0, random.expovariate(1)
    while waited < mean:
        n, waited = n + 1, waited + random.expovariate(1)
    return n


def measure(grids: Sequence[Grid], rules: Rules) -> list[Run]:
    """Suppress every table and audit the pattern once more."""
    runs = []
    for grid in grids:
        begun = time.perf_counter()
        found = suppress(grid, rules)
        seconds = time.perf_counter() - begun
        inside = seen_from_inside(grid, found.secrets, found.hidden, rules.k) if rules.insiders else ()
        failures = broken(grid, found.hidden, (*found.secrets, *inside))
        hidden = sum(grid[position] for position in found.hidden)
        shown = sum(cell not in found.hidden for cell in grid.cells) / len(grid.cells)
        runs.append(Run(grid, seconds, found.outcome.value, len(failures), hidden, shown))
    return runs


def compare(grids: Sequence[Grid]) -> str:
    """Say how the threshold patterns stand beside those of the independent engine."""
    if importlib.util.find_spec("pytauargus") is None:
        return "not compared: pytauargus is not installed"
    engine = _engine()
    more, fewer, unsafe = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for grid in grids:
            asked, found = secrets(grid, THRESHOLD), suppress(grid, THRESHOLD)
            if not asked or grid.grand in found.hidden:
                continue
            unsafe += len(engine.can_be_worked_out(grid, asked, found.hidden, Path(folder)))
            theirs = sum(grid[position] for position in engine.optimum(grid, asked, Path(folder)))
            ours = sum(grid[position] for position in found.hidden)
            more, fewer = more + (ours > theirs), fewer + (ours < theirs)
    beside = f"{more} tables hide more counts than its optimum, {fewer} fewer"
    return f"its audit finds {unsafe} unsafe cells; {beside}"


def _engine() -> ModuleType:
    found = importlib.util.spec_from_file_location("independent_engine", ENGINE)
    if found is None or found.loader is None:
        raise FileNotFoundError(ENGINE)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def report(name: str, runs: Sequence[Run]) -> None:
    """Print one set of rules."""
    full = [run.seconds for run in runs if (run.grid.height, run.grid.width) == FULL]
    outcomes = ", ".join(
        f"{n} {outcome}" for outcome, n in Counter(run.outcome for run in runs).most_common()
    )
    unsafe, cells = sum(run.broken > 0 for run in runs), 100 * median(run.shown for run in runs)
    late = sorted(full)[int(len(full) * 0.95)]
    print(
        f"suppression, {name}: {len(runs)} tables, {unsafe} unsafe; {outcomes}; {cells:.0f} % of cells shown"
    )
    print(
        f"  12 x 4: median {median(full):.2f} s (goal <= {GOAL:.0f} s), "
        f"p95 {late:.2f} s, worst {max(full):.2f} s"
    )


def run() -> None:
    """Print safety, what is hidden and time, under the threshold alone and under all rules."""
    grids = tables(TABLES)
    report("threshold alone", measure(grids, THRESHOLD))
    print(f"  beside an independent engine: {compare(grids)}")
    report("all rules", measure(grids, Rules()))


if __name__ == "__main__":
    run()
