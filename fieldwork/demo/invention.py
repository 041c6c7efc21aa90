"""Inventing answers: weighted, by the engine's own route, the same for the same name every time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fieldwork.demo.rows import made_up
from questionnaires.definition import Form, Question
from questionnaires.engine import next_question

_FILE = Path(__file__).with_name("example_answers.toml")
_HUNDRED = 100

Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tendencies:
    """How likely each answer is: one option by weight, several by percent, texts by percent.

    ``skips`` is how many of a hundred optional questions are left out, ``never`` those that are not.
    """

    one: Mapping[str, Weights]
    several: Mapping[str, Weights]
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    skips: int = 0
    never: tuple[str, ...] = ()


@cache
def example_data() -> Mapping[str, Any]:
    """Return what ``example_answers.toml`` holds."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def tendencies_of_staff(district: str, round_: str) -> Tendencies:
    """Return how the staff of an invented district answer one round of the survey."""
    data = example_data()
    own = data[f"{round_}_by_district"].get(district, {})
    skips = data["skips"]
    return Tendencies(
        data["survey"] | own,
        data["survey_several"],
        data["survey_texts"],
        skips["percent"],
        tuple(skips["never"]),
    )


def tendencies_of_files() -> Tendencies:
    """Return what the invented case files show."""
    return Tendencies(example_data()["files"], example_data()["files_several"])


def invent(form: Form, who: str, tendencies: Tendencies) -> dict[str, str | None]:
    """Return the answers of ``who`` to every question on the own route; None where it is left out."""
    answers: dict[str, str | None] = {}
    while (question := next_question(form, answers)) is not None:
        answers[question.name] = _answer(question, who, tendencies)
    return answers


def _answer(question: Question, who: str, tendencies: Tendencies) -> str | None:
    name = question.name
    if question.type == "acknowledge":
        return "ok"
    may_skip = not question.required and name not in tendencies.never
    if may_skip and draw(_HUNDRED, who, name, "skip") < tendencies.skips:
        return None
    if name in tendencies.one:
        return pick(tendencies.one[name], who, name)
    if name in tendencies.several:
        return _several(question, who, tendencies.several[name])
    if name in tendencies.texts and draw(_HUNDRED, who, name) < tendencies.texts[name]["percent"]:
        texts: list[str] = tendencies.texts[name]["texts"]
        return texts[draw(len(texts), who, name, "text")]
    return None


def _several(question: Question, who: str, percents: Weights) -> str | None:
    """Return the chosen options in the instrument's order."""
    chosen = [
        choice.name
        for choice in question.choices
        if draw(_HUNDRED, who, question.name, choice.name) < percents.get(choice.name, 0)
    ]
    return " ".join(chosen) or None


def pick(weights: Weights, *seed: object) -> str:
    """Return one of the options, each as likely as its weight."""
    place = draw(sum(weights.values()), *seed)
    for option, weight in weights.items():
        if place < weight:
            return option
        place -= weight
    raise ValueError(f"no option of {sorted(weights)} has any weight")


def draw(below: int, *seed: object) -> int:
    """Return a number from 0 to ``below`` - 1 that looks random and depends on the seed alone."""
    return int(made_up("example", *seed)[:12], 16) % below
