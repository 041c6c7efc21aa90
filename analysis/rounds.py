"""Two rounds of a question side by side: each made safe as the table of its own wave, then laid together.

Only units with the same members in both rounds are compared (``differences.comparable``); persons are never
linked. Nothing is summed over rounds, and each total stays that of its whole wave: a total of the compared
units alone would, beside it, tell those left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.disclosure import SafeTable, relaid
from analysis.safe_columns import HIDDEN, Cell, SafeColumn, State
from analysis.tables import ANSWERED, Base, Column, Provenance, Row, Table, UnitColumn, tabulate
from models.queries import CountRow
from questionnaires.definition import Choice, Question


@dataclass(frozen=True, slots=True)
class Round:
    """One wave's counts of a question, as it was asked then; ``label`` tells the rounds apart: ``2012``."""

    label: str
    question: Question
    counts: Sequence[CountRow]
    units: Sequence[UnitColumn]
    provenance: Provenance


def tabulate_rounds(rounds: Sequence[Round], *, base: Base = ANSWERED, language: str = "sv") -> list[Table]:
    """Return the table of each round, all with the same classes, those of the printed edition if they differ.

    Raises ValueError where the item has another id, another type, or classes that cannot be laid together.
    """
    questions = [each.question for each in rounds]
    if len({(each.name, each.type, bool(each.choices)) for each in questions}) > 1:
        raise ValueError(
            f"{questions[0].name}: the rounds ask different questions, so they cannot be compared"
        )
    made = [
        tabulate(
            each.question, each.counts, each.units, base=base, language=language, provenance=each.provenance
        )
        for each in rounds
    ]
    if len({tuple(row.value for row in table.rows) for table in made}) == 1 or made[0].open_ended:
        return made
    classes = [_classes(question) for question in questions]
    if questions[0].type != "select_one" or len({tuple(each) for each in classes}) > 1:
        raise ValueError(f"{questions[0].name}: the classes of the rounds cannot be laid together")
    labels = {choice.name: choice.label[language] for question in questions for choice in question.choices}
    return [_in_classes(table, each, labels) for table, each in zip(made, classes, strict=True)]


def side_by_side(tables: Mapping[str, SafeTable], units: Mapping[str, Mapping[str, str]]) -> SafeTable:
    """Return safe tables of several rounds as one: for each unit its rounds, then the total of each round.

    ``tables`` are by the label of their round, the latest last; ``units`` gives, for each unit that may be
    compared, its name in each round. A class that one round lacks is 0 in a unit whose numbers it shows.
    """
    *earlier, latest = tables.values()
    rows = _all_rows(latest, earlier)
    columns: list[SafeColumn] = []
    for unit, names in units.items():
        for label, table in tables.items():
            if found := table.column(names[label]):
                columns.append(_aligned(found, table, rows, f"{unit} {label}"))
    for label, table in tables.items():
        if table.total:
            columns.append(_aligned(table.total, table, rows, f"{table.total.label} {label}"))
    return relaid(latest, rows, columns, earlier)


def _all_rows(latest: SafeTable, earlier: Sequence[SafeTable]) -> Sequence[Row]:
    """Return the classes of all rounds; years that only some of them have stand in order."""
    if all(each.rows == latest.rows for each in earlier):
        return latest.rows
    rows = {row.value: row for table in (latest, *earlier) for row in table.rows if row.value}
    return sorted(rows.values(), key=lambda row: row.value)


def _aligned(column: SafeColumn, table: SafeTable, rows: Sequence[Row], label: str) -> SafeColumn:
    """Return a column under another name, its cells along the rows of all rounds."""
    own = dict(zip((row.value for row in table.rows), column.cells, strict=True))
    unknown = column.cells[0] if column.state is State.EMPTY else Cell(text=HIDDEN)
    none = Cell(0, 0, "0") if column.state is State.SHOWN else unknown
    return replace(column, label=label, cells=tuple(own.get(row.value, none) for row in rows))


def _classes(question: Question) -> dict[str, list[Choice]]:
    """Return the options by the class of the printed edition that they belong to."""
    found: dict[str, list[Choice]] = {}
    for choice in question.choices:
        if not choice.missing:
            found.setdefault(choice.printed or choice.name, []).append(choice)
    return found


def _in_classes(table: Table, classes: Mapping[str, Sequence[Choice]], labels: Mapping[str, str]) -> Table:
    """Return the table with one row for each class, its counts those of its options together."""
    places = {row.value: i for i, row in enumerate(table.rows)}
    members = [[places[choice.name] for choice in choices] for choices in classes.values()]

    def summed(column: Column) -> Column:
        counts = tuple(sum(column.counts[i] for i in each) for each in members)
        return replace(column, counts=counts, answered=tuple(column.answered[each[0]] for each in members))

    rows = tuple(Row(name, labels.get(name, name)) for name in classes)
    total = summed(table.total) if table.total else None
    return replace(table, rows=rows, columns=tuple(map(summed, table.columns)), total=total)
