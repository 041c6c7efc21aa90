"""Attackers on 200 random waves: is anybody's answer certain to a manager, or to one who answered too?

Both hold the staff list and have watched participation every day: they know who answered, who came late, who
was taken away and whose answers were changed. They read everything released: each question by unit, its
split, and the question once more after a correction. What that leaves possible is asked by integer
programming (HiGHS) over the persons, and by nothing of ``analysis`` that decided the release.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis import client_tables, disclosure, split_disclosure
from analysis.attack import Interval, Published
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.primary import Grid, Rules, secrets
from analysis.release import Correction, correct
from analysis.safe_columns import SafeColumn, State
from analysis.split_disclosure import disclose_split
from analysis.splits import PartName, SplitTable, sizes_of, tabulate_split
from analysis.suppression import Outcome, Suppression
from analysis.tables import ANSWERED, Table, UnitColumn, tabulate
from models.queries import CountRow
from questionnaires.definition import Choice, Question

WAVES = 200
GROUP, CELL = Policy("group"), Policy("cell")
Kind = tuple[str, str, bool, bool, bool]
"""Unit, part, answered before, answers after, touched."""
PARTS = (PartName("kvinna", "Kvinna"), PartName("man", "Man"))
OPTIONS = ("mycket_bra", "bra", "mindre_bra", "daligt")


class Person(NamedTuple):
    """One who answered: before the correction, after it, or both.

    ``part`` is '' for one who did not say. ``touched`` by the correction, the two answers may differ.
    """

    unit: str
    part: str
    before: str
    after: str
    touched: bool = False

    @property
    def kind(self) -> Kind:
        """What an attacker knows: people of one kind cannot be told apart."""
        return self.unit, self.part, bool(self.before), bool(self.after), self.touched


@dataclass(frozen=True)
class Told:
    """One question as it was released twice, with the split that may stand beside it."""

    people: tuple[Person, ...]
    options: tuple[str, ...]
    first: SafeTable
    split: SafeTable | None
    second: Correction


# The waves


def people(random: Random, options: Sequence[str]) -> list[Person]:
    """Return everybody who answers in one wave: 2 to 14 units of 2 to 20 people, alike in some of them."""
    women = random.uniform(0.5, 0.9)
    usual = [random.uniform(0.05, 1) for _ in options]
    found = []
    for number in range(random.randint(2, 14)):
        own = [w * random.choice((1, 1, 0.02)) for w in usual] if random.random() < 0.5 else usual
        invited = random.randint(2, 20)
        for _ in range(sum(random.random() < 0.8 for _ in range(invited))):
            part = random.choices(("kvinna", "man", ""), (women, 1 - women, 0.01))[0]
            answer = random.choices(options, own)[0]
            found.append(Person(f"U{number:02}", part, answer, answer))
    return found


def corrected(random: Random, before: Sequence[Person], options: Sequence[str]) -> tuple[Person, ...]:
    """Return the same people after a correction in one or two units: late, taken away or changed answers."""
    after = list(before)
    units = sorted({each.unit for each in before})
    for unit in random.sample(units, k=min(2, len(units))):
        what, n = random.choice(("late", "gone", "changed")), random.randint(1, 14)
        here = [number for number, each in enumerate(after) if each.unit == unit]
        if what == "late":
            for _ in range(n):
                part = random.choice(("kvinna", "man"))
                after.append(Person(unit, part, "", random.choice(options)))
            continue
        for number in random.sample(here, k=min(n, len(here))):
            answer = "" if what == "gone" else random.choice(options)
            after[number] = after[number]._replace(after=answer, touched=True)
    return tuple(after)


def question(options: Sequence[str], kind: str = "select_one") -> Question:
    """Return a question with these options."""
    named = tuple(Choice(name, {"sv": name, "en": name}) for name in options)
    return Question("Q", kind, {"sv": "Fråga", "en": "Question"}, choices=named)


def tables(everybody: Sequence[Person], options: Sequence[str], when: str) -> tuple[Table, SplitTable]:
    """Return the true table and its split, before or after the correction."""
    labels = sorted({each.unit for each in everybody})
    places = {label: number for number, label in enumerate(labels, start=1)}
    asked = [(each, answer) for each in everybody if (answer := getattr(each, when))]
    sent = Counter(each.unit for each, _ in asked)
    units = [UnitColumn(places[label], label, max(sent[label], 5), sent[label]) for label in labels]
    whole = _counted([(places[each.unit], "", answer) for each, answer in asked])
    parts = _counted([(places[each.unit], each.part, answer) for each, answer in asked if each.part])
    table = tabulate(question(options), whole, units)
    asked_of = {"split": "sex", "parts": PARTS, "sizes": sizes_of(parts, "Q"), "base": ANSWERED}
    return table, tabulate_split(table, question(options), parts, units, **asked_of)  # type: ignore[arg-type]


def _counted(answers: Iterable[tuple[int, str, str]]) -> list[CountRow]:
    rows: Counter[tuple[int, str, str, str, str]] = Counter()
    for unit, part, answer in answers:
        rows[unit, "Q", "option", answer, part] += 1
        rows[unit, "Q", "answered", "", part] += 1
    return [CountRow(unit, item, kind, value, n, part) for (unit, item, kind, value, part), n in rows.items()]


def told(seed: int) -> Told:
    """Return one question of a random wave as the program releases it, twice."""
    random = Random(seed)
    options = OPTIONS if random.random() < 0.7 else ("ja", "nej")
    everybody = corrected(random, people(random, options), options)
    table, split = tables(everybody, options, "before")
    first = disclose(table, GROUP)
    beside = disclose_split([split], first, GROUP)
    now, _ = tables(everybody, options, "after")
    return Told(
        everybody, options, first, beside, correct([first], now, GROUP, split_shown=beside is not None)
    )


# What an attacker holds


class Sum(NamedTuple):
    """How many of some people gave an answer, as released: between ``low`` and ``high``."""

    holds: Callable[[Person, str], bool]
    when: str
    low: int
    high: int


def sums(of: Told) -> Iterator[Sum]:
    """Yield everything that both releases say."""
    yield from _of_units(of.first, of.options, "before", set())
    yield from _of_units(of.second.table, of.options, "after", set(of.second.waiting))
    yield from _of_total(of.first, of.options, "before")
    if _rest(of.first, of.options) != _rest(of.second.table, of.options):
        yield from _of_total(of.second.table, of.options, "after")
    if of.split:
        covered = _covered(of.first)
        for column, part in zip(of.split.columns, _parts(of.split), strict=True):
            yield from _numbers(column, of.options, "before", _belongs(covered, {part}))


def _of_units(table: SafeTable, options: Sequence[str], when: str, waiting: set[str]) -> Iterator[Sum]:
    for column in table.columns:
        if column.label not in waiting:
            yield from _numbers(column, options, when, _belongs({column.label}))


def _of_total(table: SafeTable, options: Sequence[str], when: str) -> Iterator[Sum]:
    """Yield what is left under a total of everybody when the units with numbers are taken away."""
    shown = {column.label for column in table.columns if column.state is State.SHOWN}
    rest = _covered(table) - shown
    for option, n in zip(options, _rest(table, options), strict=True):
        yield Sum(_gave(_belongs(rest), option), when, n, n)


def _rest(table: SafeTable, options: Sequence[str]) -> list[int]:
    if not table.covers_all or table.total is None or table.total.state is not State.SHOWN:
        return [0] * len(options)
    left = [cell.count or 0 for cell in table.total.cells]
    for column in table.columns:
        if column.state is State.SHOWN:
            left = [a - (cell.count or 0) for a, cell in zip(left, column.cells, strict=True)]
    return left


def _covered(table: SafeTable) -> set[str]:
    told_alone = {column.label for column in table.columns if column.state is State.SHOWN}
    known = table.total is not None and table.total.state is State.SHOWN
    return {column.label for column in table.columns} if table.covers_all and known else told_alone


def _parts(split: SafeTable) -> list[str]:
    names = {label: value for value, label in PARTS}
    return [names.get(column.label, "") for column in split.columns]


def _numbers(
    column: SafeColumn, options: Sequence[str], when: str, belongs: Callable[[Person], bool]
) -> Iterator[Sum]:
    """Yield the counts of a column, or what its words leave open."""
    for option, cell in zip(options, column.cells, strict=True):
        if cell.count is not None:
            yield Sum(_gave(belongs, option), when, cell.count, cell.count)
        elif column.state is State.WORDS and cell.text != "..":
            yield Sum(_gave(belongs, option), when, (column.n or 0) - 2, column.n or 0)


def _belongs(units: set[str], parts: set[str] | None = None) -> Callable[[Person], bool]:
    return lambda person: person.unit in units and (parts is None or person.part in parts)


def _gave(belongs: Callable[[Person], bool], option: str) -> Callable[[Person, str], bool]:
    return lambda person, answer: answer == option and belongs(person)


# The attack


class System:
    """How many people of each kind may have given which answers, given all sums."""

    def __init__(self, of: Told) -> None:
        self.told, self.people = of, Counter(of.people)
        self.size = Counter(each.kind for each in of.people)
        answers = [(a, b) for a in ("", *of.options) for b in ("", *of.options)]
        self.places = [
            Person(kind[0], kind[1], a, b, kind[4])
            for kind in self.size
            for a, b in answers
            if (bool(a), bool(b)) == kind[2:4] and (kind[4] or a == b or not (a and b))
        ]
        self.column = {place: number for number, place in enumerate(self.places)}
        kinds = [(self._line(lambda p, k=kind: p.kind == k), n, n) for kind, n in self.size.items()]
        said = [(self._line(lambda p, s=s: s.holds(p, getattr(p, s.when))), s.low, s.high) for s in sums(of)]
        lines, low, high = zip(*kinds, *said, strict=True)
        self.sums = LinearConstraint(sparse.csc_array(np.array(lines, dtype=float)), low, high)

    def _line(self, holds: Callable[[Person], bool]) -> list[int]:
        return [int(holds(place)) for place in self.places]

    def victims(self) -> Iterator[tuple[str, str]]:
        """Yield whose answer is certain, by unit and part: to a manager, or to one who answered too."""
        for kind, n in self.size.items():
            for when, option in ((when, each) for when in ("before", "after") for each in self.told.options):
                here = {p: m for p, m in self.people.items() if p.kind == kind}
                chose = sum(m for p, m in here.items() if getattr(p, when) == option)
                if chose == n or (chose == n - 1 and n > 1):
                    yield from self._certain(kind, when, option, alike=chose == n)

    def _certain(self, kind: Kind, when: str, option: str, *, alike: bool) -> Iterator[tuple[str, str]]:
        n, own = self.size[kind], [p for p in self.people if p.kind == kind]
        readers = list(self.people) if alike else [p for p in own if getattr(p, when) != option]
        readers = [
            p for p in readers if (p.kind != kind or n > 1) and not self._is_plain(kind, when, option, p)
        ]
        form = self._line(lambda p: p.kind == kind and getattr(p, when) == option)
        if readers and not self._in_doubt(np.array(form), n - 1 if alike else n - 2, readers):
            yield kind[0], kind[1]

    def _is_plain(self, kind: Kind, when: str, option: str, reader: Person) -> bool:
        """Say whether the unit is large enough to be seen to agree, and does, as far as the reader goes."""
        same = kind[2] and kind[3] and not kind[4]
        for time_ in ("before", "after") if same else (when,):
            safe = self.told.first if time_ == "before" else self.told.second.table
            column = safe.column(kind[0])
            if column is None or column.state is not State.SHOWN or (column.n or 0) < GROUP.alike_below:
                continue
            answers = [(p, m) for p, m in self.people.items() if p.unit == kind[0] and getattr(p, time_)]
            others = sum(m for p, m in answers if getattr(p, time_) != option)
            if others <= (reader.unit == kind[0] and getattr(reader, time_) not in {"", option}):
                return True
        return False

    def _in_doubt(self, form: np.ndarray, most: int, readers: Sequence[Person]) -> bool:
        """Say whether at most ``most`` may be so to each reader: asked of all at once, then by halves."""
        low = np.zeros(len(self.places))
        low[[self.column[reader] for reader in readers]] = 1
        found = milp(
            np.zeros(len(self.places)),
            integrality=np.ones(len(self.places)),
            bounds=Bounds(low, np.inf),
            constraints=[self.sums, LinearConstraint(form[None, :], -np.inf, most)],
        )
        if found.status == 0:
            return True
        half = len(readers) // 2
        return half > 0 and all(self._in_doubt(form, most, part) for part in (readers[:half], readers[half:]))


# Files


def files(seed: int) -> Table:
    """Return the true table of a file review: 2 to 14 units of 2 to 40 files."""
    random = Random(seed)
    options = OPTIONS[: random.randint(2, 4)]
    usual = [random.uniform(0.2, 1) for _ in options]
    answers = [
        (unit, "", random.choices(options, usual)[0])
        for unit in range(1, random.randint(3, 15))
        for _ in range(random.randint(2, 40))
    ]
    sent = Counter(unit for unit, _, _ in answers)
    units = [UnitColumn(unit, f"U{unit:02}", n, n) for unit, n in sorted(sent.items())]
    return tabulate(question(options), _counted(answers), units)


def narrowed(table: Table, safe: SafeTable) -> list[tuple[str, Interval]]:
    """Return the hidden counts from 1 to k - 1 for which 0 or k is no longer possible to a reader."""
    held = []
    pairs = zip(table.columns, safe.columns, strict=True)
    lines = [(column, seen, {column.label}) for column, seen in pairs]
    if table.total and safe.total:
        lines.append((table.total, safe.total, {column.label for column in table.columns}))
    for column, seen, units in lines:
        held.append((_atoms(units, range(len(table.rows))), column.base))
        held += [
            (_atoms(units, [row]), cell.count)
            for row, cell in enumerate(seen.cells)
            if cell.count is not None
        ]
    published = Published(held, whole=True)
    small = [
        (column.label, row)
        for column, seen, _ in lines[: len(table.columns)]
        for row, cell in enumerate(seen.cells)
        if cell.count is None
        and 0 < column.counts[row] < CELL.smallest_group
        and column.base >= CELL.smallest_group
    ]
    found = [(label, published.interval([(label, row)])) for label, row in small]
    return [each for each in found if not each[1].leaves_room(CELL.smallest_group)]


def _atoms(units: Iterable[str], rows: Iterable[int]) -> list[tuple[str, int]]:
    return [(unit, row) for unit in sorted(units) for row in rows]


# What happens without a rule


def _primary_only(grid: Grid, rules: Rules) -> Suppression:
    """Hide small numbers and no other."""
    small = frozenset(each.cells[0] for each in secrets(grid, rules) if len(each.cells) == 1)
    return Suppression(small - grid.public, (), Outcome.OPTIMAL)


def _at_once(_: Sequence[SafeTable], true: Table, policy: Policy, **__: bool) -> Correction:
    """Release a correction as if it were the first release."""
    return Correction(disclose(true, policy), ())


WITHOUT: Mapping[str, tuple[object, str, Callable[..., object]]] = {
    "the band": (disclosure, "band", lambda *_: ""),
    "the remainder rule": (disclosure, "rest_is_safe", lambda *_: True),
    "the audit of splits": (split_disclosure, "gives_away", lambda *_: False),
    "the waiting of corrections": (sys.modules[__name__], "correct", _at_once),
    "secondary suppression and its audit": (client_tables, "pattern", _primary_only),
}
"""Where each rule is asked, and what answers in its place when it is switched off."""

OF_CLIENTS = "secondary suppression and its audit"


def attack(seeds: Iterable[int], rule: str = "") -> list[int]:
    """Return the waves in which somebody's answer is certain, with all rules or without one of them."""
    with patch.object(*WITHOUT[rule]) if rule else nullcontext():
        return [seed for seed in seeds if any(System(told(seed)).victims())]


def attack_files(seeds: Iterable[int], rule: str = "") -> list[int]:
    """Return the file reviews in which a small hidden number is known too well."""
    with patch.object(*WITHOUT[rule]) if rule else nullcontext():
        return [seed for seed in seeds if narrowed(table := files(seed), disclose(table, CELL))]


def run() -> None:
    """Print how many waves give an answer away, with all rules and without each of them."""
    seeds, begun = range(WAVES), time.process_time()
    made = [told(seed) for seed in seeds]
    shown = sum(each.split is not None for each in made), sum(bool(each.second.waiting) for each in made)
    print(
        f"attackers on {WAVES} waves; {shown[0]} show a split, {shown[1]} hold something of a correction back"
    )
    print(f"  somebody's answer is certain in {len(attack(seeds))} (goal 0)")
    print(f"  file reviews: a small hidden count is known too well in {len(attack_files(seeds))} (goal 0)")
    for rule in WITHOUT:
        found = attack_files(seeds, rule) if rule == OF_CLIENTS else attack(seeds, rule)
        print(f"  without {rule}: {len(found)}")
    print(f"  {time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    run()
