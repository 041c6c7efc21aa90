"""How long one step of the engine takes: accept an answer, find the next question, show it."""

from __future__ import annotations

import time
from random import Random
from statistics import median

from questionnaires import engine
from questionnaires.definition import Choice, Form, Question, Questionnaire

QUESTIONS = 200
GOAL = 0.005  # seconds
RUNS = 5
_BOTH = {"sv": "Fråga", "en": "Question"}
_CHOICES = tuple(Choice(name, {"sv": name, "en": name}) for name in ("ja", "nej", "vet_ej"))


def long_form() -> Form:
    """Return a form of 200 questions, each with a ``relevant`` of two clauses."""
    questions = [Question("Q-000", "select_one", _BOTH, choices=_CHOICES)]
    for number in range(1, QUESTIONS):
        before, earlier = f"Q-{number - 1:03}", f"Q-{number // 2:03}"
        questions.append(
            Question(
                f"Q-{number:03}",
                "select_one",
                _BOTH,
                relevant=f"${{{before}}} != 'x{number}' and ${{{earlier}}} != 'y{number}'",
                choices=_CHOICES,
            )
        )
    return Form((Questionnaire("BENCH", "a", 1, _BOTH, "self", "generated", tuple(questions)),))


def interview(form: Form, random: Random) -> float:
    """Answer the whole form and return the median time of a step, in seconds."""
    answers: dict[str, str | None] = {}
    steps: list[float] = []
    question = engine.next_question(form, answers)
    while question is not None:
        chosen = [random.choice(question.choices).name]
        begun = time.perf_counter()
        value = engine.accept(form, answers, question, chosen, "sv")
        answers[question.name] = value if isinstance(value, str) else None
        question = engine.next_question(form, answers)
        if question is not None:
            engine.prompt(form, answers, question, "sv")
        steps.append(time.perf_counter() - begun)
    return median(steps)


def measure() -> float:
    """Return the median of the runs, in seconds."""
    form = long_form()
    random = Random(2012)
    return median(interview(form, random) for _ in range(RUNS))


def run() -> None:
    """Print the median time of a step beside the goal."""
    step = measure()
    print(
        f"engine step, {QUESTIONS} questions with two clauses each: {step * 1000:.2f} ms "
        f"(median of {RUNS} interviews; goal < {GOAL * 1000:.0f} ms, {GOAL / step:.1f} times faster)"
    )


if __name__ == "__main__":
    run()
