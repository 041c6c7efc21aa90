"""Splits by background under disclosure control: which of them may stand beside the table by unit.

A split is shown whole or not at all, and of one question only one, so that no subtraction helps: what two
splits say of those who share both backgrounds is in neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.certainty import Cube, gives_away
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.groups import SEPARATE
from analysis.safe_columns import State
from analysis.splits import SplitTable
from analysis.tables import Mark, Measure

SPLIT = {Measure.NOMINAL, Measure.ORDINAL, Measure.SEVERAL}
"""Measures that are split. A mean and a coded text are not."""


def disclose_split(splits: Sequence[SplitTable], whole: SafeTable, policy: Policy) -> SafeTable | None:
    """Return the first of ``splits`` of one question that may be shown beside ``whole``, its table by unit.

    Its columns are the parts with any answer. It covers exactly the units that the total of ``whole`` covers;
    every part, also of those who did not say, has at least k answers and needs no words; and nobody's answer
    becomes certain by both tables together (``analysis.certainty``). None where no split is so. Questions on
    a route, an open wave and attributes of clients are never split. ValueError where a split is of another
    question.
    """
    if any(split.whole.item != whole.item for split in splits):
        raise ValueError(f"{whole.item}: a split is of another question")
    if policy.unit != "group" or whole.total is None or whole.total.state is not State.SHOWN:
        return None
    return next((safe for split in splits if (safe := _shown(split, whole, policy))), None)


def _shown(split: SplitTable, whole: SafeTable, policy: Policy) -> SafeTable | None:
    """Return one split where it may be shown."""
    if split.whole.routed or split.whole.measure not in SPLIT:
        return None
    if Mark.PRELIMINARY in whole.provenance.marks:
        return None
    told = {column.label for column in whole.columns if column.state is State.SHOWN}
    covered = {column.label for column in whole.columns} if whole.covers_all else told
    table = split.over(covered)
    parts = tuple(column for column in table.columns if column.sent)
    safe = disclose(replace(table, columns=parts), policy)
    if not parts or any(column.state is not State.SHOWN for column in safe.all_columns):
        return None
    seen = [label in told for label in (column.label for column in split.whole.columns) if label in covered]
    cubes = _cubes(split, [column.label in covered for column in split.whole.columns])
    return None if any(gives_away(cube, seen, policy.rules) for cube in cubes) else safe


def _cubes(split: SplitTable, covered: Sequence[bool]) -> list[Cube]:
    """Return what everybody covered answered, by unit and part: one cube, or one for each separate row."""
    columns = [[each for each, of in zip(part.columns, covered, strict=True) if of] for part in split.parts]
    own = [number for number, row in enumerate(split.whole.rows) if not row.parts]
    if split.whole.measure not in SEPARATE:
        counts = [[[column.counts[row] for row in own] for column in part] for part in columns]
        return [np.array(counts, dtype=int).transpose(1, 0, 2)]
    yes = np.array([[[c.counts[row] for c in part] for part in columns] for row in own], dtype=int)
    every = np.array([[[c.answered[row] for c in part] for part in columns] for row in own], dtype=int)
    return [np.stack([a, b - a], axis=2).transpose(1, 0, 2) for a, b in zip(yes, every, strict=True)]
