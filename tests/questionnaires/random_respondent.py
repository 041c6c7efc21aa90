"""A respondent who answers anything, by chance and by a seed; walks any form to its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from questionnaires import engine
from questionnaires.definition import Form, Question
from questionnaires.errors import Refusal
from questionnaires.question_types import QUESTION_TYPES

TRIES = 200
"""How many random answers are tried before a constraint is taken to be impossible to meet."""

WORDS = (
    "Samverkan fungerar",
    "vi träffas ofta",
    "svårt 😀",
    "<script>alert(1)</script>",
    "مرحبا",
    "mest tid\nsaknas",
)


def _number(question: Question, random: Random) -> int:
    """Return a number; near those that the constraint names, since few others may be allowed."""
    named = [int(digits) for digits in re.findall(r"\d{1,6}", question.constraint)]
    return random.choice(
        [0, 1, 10, random.randint(0, 2000), *(number + random.randint(-1, 1) for number in named)]
    )


def _options(question: Question, random: Random) -> list[str]:
    chosen = random.sample(question.choices, random.randint(1, len(question.choices)))
    alone = next((choice for choice in chosen if choice.exclusive), None)
    return [alone.name] if alone else [choice.name for choice in chosen]


ANSWERS: Mapping[str, Callable[[Question, Random], list[str]]] = {
    "select_one": lambda question, random: [random.choice(question.choices).name],
    "select_multiple": _options,
    "integer": lambda question, random: [str(_number(question, random))],
    "decimal": lambda question, random: [f"{_number(question, random)},{random.randint(0, 9)}"],
    "date": lambda _, random: [
        f"{random.randint(1, 28)}/{random.randint(1, 12)} {random.randint(1990, 2030)}"
    ],
    "month": lambda _, random: [f"{random.randint(1990, 2030)}-{random.randint(1, 12):02}"],
    "text": lambda _, random: [random.choice(WORDS)],
    "acknowledge": lambda _, __: ["ok"],
}
"""What a respondent might choose or type, by type of question."""


def accepted(
    form: Form, answers: dict[str, str | None], question: Question, random: Random, language: str = "sv"
) -> str:
    """Return a random answer that the engine takes."""
    for _ in range(TRIES):
        value = engine.accept(form, answers, question, ANSWERS[question.type](question, random), language)
        if not isinstance(value, Refusal):
            return value
    raise AssertionError(f"no random answer to {question.name} ({question.type}) is accepted")


def walk(
    form: Form, seed: int, *, skips: float = 0.1, language: str = "sv", changes: bool = True
) -> dict[str, str | None]:
    """Answer a form to its end, going back and changing answers on the way; return all answers given.

    Raises:
        AssertionError: The engine asks something off the route, or never comes to an end.
    """
    random = Random(seed)  # noqa: S311 -- a seeded respondent, no secret
    answers: dict[str, str | None] = {}
    asking = ""
    for _ in range(20 * len(form.questions) + 20):
        question = engine.next_question(form, answers, asking)
        if question is None:
            return answers
        shown = engine.prompt(form, answers, question, language)
        assert shown.widget is QUESTION_TYPES[question.type].widget
        assert 1 <= shown.progress.position <= shown.progress.about
        skipped = shown.can_skip and random.random() < skips
        answers[question.name] = None if skipped else accepted(form, answers, question, random, language)
        asking = _change(form, answers, random) if changes and random.random() < 0.05 else ""
    raise AssertionError("the form never comes to an end")


def _change(form: Form, answers: dict[str, str | None], random: Random) -> str:
    """Return an answered item on the route, to be asked again."""
    return random.choice(list(engine.effective(form, answers)) or [""])
