"""How much a manager's tables say: simulated waves of the short survey, 8 to 14 answers a unit.

A table says something where the manager's own unit has numbers or words in it. Respondents have habits: in
each wave every question has options that are chosen more often than others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from analysis.disclosure import Policy, SafeTable, disclose
from analysis.question_tables import Collected, items_tabulated, table_of
from analysis.safe_columns import State
from analysis.tables import Provenance, UnitColumn
from models.queries import CountRow
from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.engine import Outcome
from questionnaires.loader import from_library, joined
from tests.questionnaires.random_respondent import accepted

WAVES = 20
GOAL = 80  # percent
POLICY = Policy("group")


class Share(NamedTuple):
    """Of ``tables`` of units: how many show numbers, how many words."""

    tables: int
    numbers: int
    words: int

    @property
    def percent(self) -> float:
        """How many in a hundred say something."""
        return 100 * (self.numbers + self.words) / self.tables


def respondent(form: Form, random: Random, habits: dict[str, list[float]]) -> dict[str, str | None]:
    """Return the answers of one who skips one question in twenty and follows the habits of the wave."""
    answers: dict[str, str | None] = {}
    while (question := engine.next_question(form, answers)) is not None:
        habit = habits.setdefault(question.name, [random.uniform(0.2, 1) for _ in question.choices])
        if random.random() < 0.05 and not question.required:
            answers[question.name] = None
        elif question.type == "select_one":
            answers[question.name] = random.choices(question.choices, habit)[0].name
        else:
            answers[question.name] = accepted(form, answers, question, random)
    return answers


def wave(form: Form, seed: int) -> Iterator[SafeTable]:
    """Yield every table of one simulated wave of 2 to 14 units."""
    random, habits = Random(seed), dict[str, list[float]]()
    sent = [random.randint(8, 14) for _ in range(random.randint(2, 14))]
    rows: Counter[tuple[int, str, str, str]] = Counter()
    for unit, n in enumerate(sent, start=1):
        for _ in range(n):
            for each in engine.outcomes(form, respondent(form, random, habits), partial=False):
                rows.update((unit, each.item, *said) for said in _said(each))
    units = tuple(UnitColumn(unit, f"U{unit}", n + 2, n) for unit, n in enumerate(sent, start=1))
    counts = tuple(CountRow(*key, n) for key, n in rows.items())
    collected = Collected(form, "self", units, counts, Provenance())
    for item in items_tabulated(form):
        yield disclose(table_of(form.by_name[item], collected, "sv"), POLICY)


def _said(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield what one interview adds to the counts of an item."""
    yield ("missing", outcome.missing) if outcome.missing else ("answered", "")
    for option in outcome.options:
        yield "option", option


def share(seeds: Iterable[int]) -> Share:
    """Return what the tables of some waves say, unit by unit."""
    form = joined(from_library("komp.kort"), from_library("kval.kort"))
    states = Counter(column.state for seed in seeds for table in wave(form, seed) for column in table.columns)
    return Share(sum(states.values()), states[State.SHOWN], states[State.WORDS])


def run() -> None:
    """Print how many of a manager's tables say something."""
    found = share(range(WAVES))
    print(
        f"group: of {found.tables} tables of a unit in {WAVES} waves with 8 to 14 answers, "
        f"{found.percent:.0f} % say something (goal {GOAL} %): "
        f"{found.numbers} in numbers, {found.words} in words"
    )


if __name__ == "__main__":
    run()
