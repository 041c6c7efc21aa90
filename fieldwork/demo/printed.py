"""Which tables a published wave may show: those that its report prints, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from fieldwork.demo.facts import facts
from fieldwork.demo.margins import Cell, PublishedWave


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One item as a report prints it, as kept in ``Wave.printed``.

    ``units`` are the reporting units covered, by label. ``split``: each has a column of its own, else only
    all of them together are printed. ``total``: they are also printed together. ``base`` is "sent" or the
    item whose route the shares are a share of. ``options`` are those with a printed count: the others are
    not zero, they are not told. ``source`` is report title, year and section.
    """

    item: str
    units: tuple[str, ...]
    base: str
    options: tuple[str, ...]
    source: str
    split: bool
    total: bool


def printed_items(wave: PublishedWave) -> list[dict[str, Any]]:
    """Return the allow-list of a published wave, by item. Numbers kept as printed figures are not on it."""
    shown = [cell for cell in wave.cells if not cell.figure]
    tables = sorted((*_split(wave, shown), *_together(shown)), key=lambda table: table.item)
    return [asdict(table) for table in tables]


def _split(wave: PublishedWave, cells: list[Cell]) -> Iterator[PrintedTable]:
    """Yield the items with a column per unit: units with the same options and base share one entry."""
    alone = [cell for cell in cells if len(cell.units) == 1 and not cell.derived]
    groups: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for item, base, unit in dict.fromkeys((cell.item, cell.base, cell.units[0]) for cell in alone):
        options = tuple(cell.options[0] for cell in alone if (cell.item, *cell.units) == (item, unit))
        groups.setdefault((item, base, options), []).append(unit)
    order = [unit.label for unit in wave.units]
    for (item, base, options), units in groups.items():
        here = [cell for cell in alone if cell.item == item and cell.units[0] in units]
        whole = wave.total and len(units) == len(order)
        covered = sorted(units, key=order.index)
        yield PrintedTable(item, tuple(covered), base, options, _source(here), split=True, total=whole)


def _together(cells: list[Cell]) -> Iterator[PrintedTable]:
    """Yield the items of which only all units together are printed."""
    alone = {cell.item for cell in cells if len(cell.units) == 1 and not cell.derived}
    both = [cell for cell in cells if len(cell.units) > 1 and not cell.derived and cell.item not in alone]
    for item in dict.fromkeys(cell.item for cell in both):
        mine = [cell for cell in both if cell.item == item]
        options = tuple(cell.options[0] for cell in mine)
        yield PrintedTable(item, mine[0].units, mine[0].base, options, _source(mine), split=False, total=True)


def _source(cells: list[Cell]) -> str:
    """Return where the numbers stand: the report, its year and each section once."""
    printed = [facts()[cell.fact] for cell in cells]
    sections = "; ".join(dict.fromkeys(fact.section for fact in printed))
    return f"{printed[0].source.title} ({printed[0].source.year}), {sections}"
