"""Small questions and counts by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from analysis.tables import UnitColumn
from models.queries import CountRow
from questionnaires.definition import Choice, Question

Units = Mapping[str, Mapping[str, int]]
Made = tuple[Question, list[CountRow], list[UnitColumn]]


def words(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


def choice(name: str, **more: object) -> Choice:
    return Choice(name, words(name.replace("_", " ").capitalize()), **more)  # type: ignore[arg-type]


def question(
    name: str = "KVAL-03", type_: str = "select_one", names: Sequence[str] = ("ja", "nej"), **more: object
) -> Question:
    choices = tuple(choice(each) for each in names)
    return Question(name, type_, words(f"Fråga {name}"), choices=choices, **more)  # type: ignore[arg-type]


def rows(item: str, units: Units) -> tuple[list[CountRow], list[UnitColumn]]:
    """``units``: label -> counts by option; ``missing:reason`` and ``answered`` may stand beside them."""
    counts: list[CountRow] = []
    columns: list[UnitColumn] = []
    for number, (label, tally) in enumerate(units.items(), start=1):
        options = {
            key: n for key, n in tally.items() if ":" not in key and key not in {"answered", "invited"}
        }
        lost = {key.removeprefix("missing:"): n for key, n in tally.items() if key.startswith("missing:")}
        answered = tally.get("answered", sum(options.values()))
        sent = answered + sum(lost.values())
        counts += [CountRow(number, item, "answered", "", answered)] if answered else []
        counts += [CountRow(number, item, "option", option, n) for option, n in options.items() if n]
        counts += [CountRow(number, item, "missing", reason, n) for reason, n in lost.items()]
        columns.append(UnitColumn(number, label, tally.get("invited", sent), sent))
    return counts, columns


@pytest.fixture
def yes_no() -> Callable[..., Made]:
    def make(*, relevant: str = "", **units: Mapping[str, int]) -> Made:
        counts, columns = rows("KVAL-03", units)
        return question(relevant=relevant), counts, columns

    return make


STEPS = ("mycket_bra", "bra", "mindre_bra", "daligt")


@pytest.fixture
def scale() -> Callable[..., Made]:
    def make(item: str = "KVAL-05", **units: Sequence[int]) -> Made:
        tallies = {label: dict(zip(STEPS, counts, strict=True)) for label, counts in units.items()}
        counts, columns = rows(item, tallies)
        return question(item, names=STEPS, scale=True), counts, columns

    return make
