"""τ-Argus on the same question: a table, what must stay possible of each unsafe cell, and its own optimum."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import chdir
from pathlib import Path

from pytauargus._tauargus import HiTaSCtrl, audit_jj

from analysis.primary import Grid, Position, Secret

_OPTIMAL = {0, 1}


def optimum(grid: Grid, asked: Collection[Secret], folder: Path) -> frozenset[Position]:
    """Return the pattern that τ-Argus finds to hide the fewest counts."""
    question, answer = folder / "table.jj", folder / "hidden.txt"
    _write(grid, asked, (), question)
    with chdir(folder):  # where it writes its logs
        solved = HiTaSCtrl().full_jj(in_file_jj=str(question), out_file=str(answer), max_time=60)
    if solved not in _OPTIMAL:
        raise RuntimeError("the independent engine found no optimum")
    places = list(grid.positions)
    secondary = {places[int(line.split()[0])] for line in answer.read_text().splitlines() if line.strip()}
    return frozenset(secondary | set(_unsafe(asked)))


def can_be_worked_out(
    grid: Grid, asked: Collection[Secret], hidden: Collection[Position], folder: Path
) -> list[Position]:
    """Return the unsafe cells that τ-Argus's own audit can work out when ``hidden`` is not published."""
    question = folder / "pattern.jj"
    _write(grid, asked, hidden, question)
    places = list(grid.positions)
    with chdir(folder):
        rows = audit_jj(str(question))
    return [places[row["cell"]] for row in rows if row["unsafe"]]


def _unsafe(asked: Collection[Secret]) -> Mapping[Position, int]:
    return {secret.cells[0]: secret.high for secret in asked}


def _write(grid: Grid, asked: Collection[Secret], hidden: Collection[Position], path: Path) -> None:
    """Write the engine's input: number, count, price, status, bounds and what must stay possible."""
    places = {place: number for number, place in enumerate(grid.positions)}
    unsafe, top = _unsafe(asked), grid[grid.grand]
    lines = ["0", str(len(places))]
    for place, number in places.items():
        n = grid[place]
        status = "u" if place in unsafe else "m" if place in hidden else "z" if place == grid.grand else "s"
        down, up = (n, unsafe[place] - n) if place in unsafe else (0, 0)
        lines.append(f"{number} {n} {n} {status} 0 {top + 10} {down}.000 {up}.000 0")
    rows = [[(i, j) for j in range(grid.width + 1)] for i in range(grid.height + 1)]
    sums = rows + [list(column) for column in zip(*rows, strict=True)]
    lines.append(str(len(sums)))
    for line in sums:
        parts = " ".join(f"{places[cell]} (1)" for cell in line[:-1])
        lines.append(f"0 {len(line)} : {places[line[-1]]} (-1) {parts} ")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
