"""A split beside the table by unit, and what the two say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.certainty import gives_away
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.primary import Rules
from analysis.safe_columns import State
from analysis.split_disclosure import disclose_split
from analysis.splits import PartName, SplitTable, sizes_of, tabulate_split
from analysis.tables import ANSWERED, Mark, Provenance, tabulate
from models.queries import CountRow
from questionnaires.definition import Question

from .conftest import STEPS, question, rows

GROUP = Policy("group")
SEX = (PartName("kvinna", "Kvinna"), PartName("man", "Man"))
Answers = Mapping[str, Mapping[str, Sequence[int]]]
"""Part -> unit -> counts along the options."""

WIDE: Answers = {
    "kvinna": {"A": (3, 4, 3, 2), "B": (2, 4, 2, 3), "C": (3, 3, 2, 2)},
    "man": {"A": (2, 2, 1, 1), "B": (1, 2, 2, 1), "C": (2, 1, 1, 2)},
}


def made(
    answers: Answers, asked: Question | None = None, missing: Mapping[str, int] | None = None
) -> SplitTable:
    """``missing``: how many of a unit did not say which part they belong to; they all said *bra*."""
    asked = asked or question("KVAL-05", names=STEPS, scale=True)
    units = {unit: [0] * len(STEPS) for part in answers.values() for unit in part}
    split: list[CountRow] = []
    for part, by_unit in answers.items():
        tallies = {unit: dict(zip(STEPS, by_unit.get(unit, (0,) * 4), strict=True)) for unit in units}
        split += [row._replace(part=part) for row in rows(asked.name, tallies)[0]]
        for unit, counts in by_unit.items():
            units[unit] = [a + b for a, b in zip(units[unit], counts, strict=True)]
    for unit, n in (missing or {}).items():
        units[unit][1] += n
    whole = {unit: dict(zip(STEPS, counts, strict=True)) for unit, counts in units.items()}
    counts, columns = rows(asked.name, whole)
    table = tabulate(asked, counts, columns)
    sizes = sizes_of(split, asked.name)
    return tabulate_split(table, asked, split, columns, split="sex", parts=SEX, sizes=sizes, base=ANSWERED)


def shown(split: SplitTable) -> SafeTable | None:
    return disclose_split([split], disclose(split.whole, GROUP), GROUP)


def test_a_split_whose_parts_are_large_and_differ_is_shown_with_the_total_of_the_units() -> None:
    safe = shown(made(WIDE))
    assert safe is not None
    assert [(column.label, column.n) for column in safe.all_columns] == [
        ("Kvinna", 33), ("Man", 18), ("Totalt", 51)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "men",
    [
        {"A": (1, 1, 1, 1)},  # four
        {"A": (0, 6, 0, 0), "B": (0, 1, 1, 0)},  # eight, nearly all alike
    ],
)
def test_a_split_with_a_part_that_could_not_be_told_is_not_shown(men: Mapping[str, Sequence[int]]) -> None:
    assert shown(made({**WIDE, "man": men})) is None


def test_those_who_did_not_say_are_a_part_like_the_others() -> None:
    assert shown(made(WIDE, missing={"A": 1})) is None
    told = shown(made({**WIDE, "man": {"A": (1, 2, 1, 1), "B": (1, 1, 2, 1)}}))
    assert told is not None
    assert [column.label for column in told.columns] == ["Kvinna", "Man"]


def test_a_split_covers_the_units_that_the_total_covers() -> None:
    few = {part: {**units, "D": (1, 0, 1, 0)} for part, units in WIDE.items()}
    split = made(few)
    safe, whole = shown(split), disclose(split.whole, GROUP)
    assert safe is not None
    assert safe.total is not None
    assert whole.total is not None
    assert (safe.total.n, whole.total.n, split.whole.columns[3].sent) == (51, 51, 4)


def test_a_split_that_would_make_an_answer_certain_beside_the_units_is_not_shown() -> None:
    """The one man of A: of the two men who said *dåligt*, B can hold no more than one."""
    answers = {
        "kvinna": {"A": (2, 3, 1, 1), "B": (1, 4, 2, 0), "C": (2, 3, 2, 0)},
        "man": {"A": (0, 0, 0, 1), "B": (1, 2, 1, 1), "C": (0, 0, 1, 0)},
    }
    split = made(answers)
    parts = disclose(split.over(["A", "B", "C"]), GROUP)
    assert all(column.state is State.SHOWN for column in parts.columns[:2])
    assert shown(split) is None


def test_of_several_splits_the_first_that_may_be_shown_is_taken() -> None:
    small = made({**WIDE, "man": {"A": (1, 1, 1, 1)}})
    wide = made(WIDE)
    assert disclose_split([small], disclose(wide.whole, GROUP), GROUP) is None
    safe = disclose_split([small, wide], disclose(wide.whole, GROUP), GROUP)
    assert safe is not None
    assert safe.columns[1].n == 18


def test_what_is_never_split() -> None:
    routed = made(WIDE, replace(question("KVAL-05", names=STEPS, scale=True), relevant="${KVAL-08} = 'ja'"))
    assert disclose_split([routed], disclose(made(WIDE).whole, GROUP), GROUP) is None
    split = made(WIDE)
    open_wave = replace(split.whole, provenance=Provenance(marks=(Mark.PRELIMINARY,)))
    assert disclose_split([split], disclose(open_wave, GROUP), GROUP) is None
    assert disclose_split([split], disclose(split.whole, GROUP), Policy("cell")) is None
    nothing = disclose(replace(split.whole, total=None), GROUP)
    assert disclose_split([split], nothing, GROUP) is None
    with pytest.raises(ValueError, match="another question"):
        disclose_split([split], disclose(replace(split.whole, item="X"), GROUP), GROUP)


def test_several_answers_are_split_row_by_row() -> None:
    asked = question("KVAL-04", "select_multiple", STEPS)
    assert shown(made(WIDE, asked)) is not None


small = st.lists(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=2, max_size=2),
                 min_size=2, max_size=3)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(small, st.lists(st.booleans(), min_size=3, max_size=3))
def test_what_is_certain_is_what_holds_in_every_table_that_fits(
    counts: list[list[list[int]]], seen: list[bool]
) -> None:
    """Two parts and two options: every table is tried, and every reader in it."""
    cube = np.array(counts)
    told = seen[: len(counts)]
    ranges = [range(int(n) + 1) for n in cube.sum(axis=2).ravel()]
    people = cube.sum(axis=2)
    every = [np.stack([np.array(x).reshape(people.shape), people - np.array(x).reshape(people.shape)], axis=2)
             for x in product(*ranges)]  # fmt: skip
    fitting = [other for other in every if all(np.array_equal(a, b) for a, b in
               zip(statements(other, told), statements(cube, told), strict=True))]  # fmt: skip
    expected = any(
        is_certain(fitting, reader, (unit, part), option)
        for reader in map(tuple, np.argwhere(cube))
        for unit, part in np.argwhere(people)
        for option in (0, 1)
    )
    assert gives_away(cube, told, Rules(alike_below=100)) is expected


def statements(cube: np.ndarray, told: Sequence[bool]) -> list[np.ndarray]:
    units = cube.sum(axis=1)
    hidden = np.array([not each for each in told])
    return [cube.sum(axis=0), units[~hidden], units[hidden].sum(axis=0)]


def is_certain(
    fitting: Sequence[np.ndarray], reader: tuple[int, ...], place: tuple[int, int], option: int
) -> bool:
    """Say whether everybody at ``place`` but the reader chose ``option`` in every table with the reader."""
    home = tuple(reader[:2]) == tuple(place)
    possible = [each for each in fitting if each[reader] >= 1]
    others = [each[tuple(place)].sum() - home for each in possible]
    chose = [each[tuple(place)][option] - (home and reader[2] == option) for each in possible]
    return bool(others) and others[0] > 0 and all(a == b for a, b in zip(others, chose, strict=True))
