"""The rules of answering: pure functions over a form and what was answered.

``answers`` maps item ids to canonical values (see ``question_types``). An item that is not there is
unanswered; the value ``None`` is a skip. Answers that fall off the route stay in the mapping and count again
when the route comes back. In expressions a skipped, unanswered or off-route item is ``''``.

``asking`` names an item that is asked again (or still being answered); off the route it means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from questionnaires.definition import Form, Missing, Question
from questionnaires.errors import Refusal
from questionnaires.expressions import compile_expression, scope
from questionnaires.prompts import Option, Progress, Prompt
from questionnaires.question_types import QUESTION_TYPES, parse_answer, seconds

Answers = Mapping[str, str | None]

SHORT = 4
"""The most words of a follow-up question that says too little alone."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item of a sent interview came to: options (or a number, or 'text'), or why there are none."""

    item: str
    options: tuple[str, ...] = ()
    text: str = ""
    missing: str = ""


def is_asked(question: Question) -> bool:
    """Say whether a question waits for an answer (a note does not)."""
    return QUESTION_TYPES[question.type].asked


def label_alone(question: Question, language: str) -> str:
    """Return the words of a question as they stand in a list, away from the question that it follows upon.

    A short follow-up ("Which one or ones?") says little there, so its hint stands with it.
    """
    label = question.label[language]
    is_short = bool(question.relevant) and len(label.split()) <= SHORT
    return f"{label} {question.hint[language]}" if is_short and question.hint else label


def can_skip(question: Question) -> bool:
    """Say whether a respondent may leave the question unanswered."""
    return not question.required and question.type != "acknowledge"


def _relevant(form: Form, answers: Answers) -> Iterator[Question]:
    """Yield the questions and notes on the route, in order, each decided by the answers before it."""
    values: dict[str, str] = {}
    context = scope(values)
    for question in form.questions:
        if question.relevant and not compile_expression(question.relevant).holds_in(context):
            continue
        if answer := answers.get(question.name):
            values[question.name] = answer
        yield question


def _weighed(form: Form, answers: Answers, relevant: Iterable[Question]) -> Iterator[tuple[Question, float]]:
    """Yield each question and note that is asked or may still be, with how likely that is taken to be.

    On the route it is 1. Whatever is off the route for want of an answer is as likely as not: half as likely
    as the likeliest item that it waits for.
    """
    on_route = {question.name for question in relevant}
    awaited: dict[str, float] = {}
    for question in form.questions:
        likely = 1.0
        if question.name not in on_route:
            waits_for = compile_expression(question.relevant).names
            likely = max((awaited.get(name, 0) for name in waits_for), default=0) / 2
        if likely:
            if likely < 1 or question.name not in answers:
                awaited[question.name] = likely
            yield question, likely


def _asked(form: Form, answers: Answers) -> Iterator[Question]:
    return filter(is_asked, _relevant(form, answers))


def route(form: Form, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers lead to, in order, notes left out."""
    return tuple(_asked(form, answers))


def next_question(form: Form, answers: Answers, asking: str = "") -> Question | None:
    """Return the question to ask now: the one asked again, else the first unanswered; None at the end."""
    first: Question | None = None
    for question in _asked(form, answers):
        if question.name == asking:
            return question
        if first is None and question.name not in answers:
            first = question
            if not asking:
                break
    return first


def previous_question(form: Form, answers: Answers, asking: str = "") -> Question | None:
    """Return the question before the one to ask now (at the end: the last); None at the first."""
    present = next_question(form, answers, asking)
    before: Question | None = None
    for question in _asked(form, answers):
        if present is not None and question.name == present.name:
            break
        before = question
    return before


def effective(form: Form, answers: Answers) -> dict[str, str | None]:
    """Return the answers and skips on the route, in its order."""
    on_route = _asked(form, answers)
    return {question.name: answers[question.name] for question in on_route if question.name in answers}


def accept(
    form: Form, answers: Answers, question: Question, raw: Sequence[str], language: str
) -> str | Refusal:
    """Return the canonical value of an answer, or why it is refused.

    ``raw`` holds what was chosen or typed. Whether the question is on the route and its constraint holds is
    judged by the answers to earlier questions. Stores nothing.
    """
    values: dict[str, str] = {}
    for earlier in _asked(form, answers):
        if earlier.name == question.name:
            break
        values[earlier.name] = answers.get(earlier.name) or ""
    else:
        return Refusal("off_route")
    value = parse_answer(question, raw, language)
    if isinstance(value, Refusal):
        return Refusal("required") if value.code == "empty" and question.required else value
    if question.constraint and not compile_expression(question.constraint).holds(values, value):
        return Refusal("constraint", {"message": question.constraint_message[language]})
    return value


def _progress(weighed: Iterable[tuple[Question, float]], answers: Answers, question: Question) -> Progress:
    """Return where a question stands on the route, and what is expected of it in all and in minutes.

    Questions that may still come on the route count by how likely they are, so that the end neither runs away
    nor is promised too soon.
    """
    asked = [(found, likely) for found, likely in weighed if is_asked(found)]
    route_names = [found.name for found, likely in asked if likely == 1]
    left = sum(
        seconds(found) * likely
        for found, likely in asked
        if found.name not in answers or found.name == question.name
    )
    about = ceil(sum(likely for _, likely in asked))
    return Progress(route_names.index(question.name) + 1, about, max(1, ceil(left / 60)))


def _notes_before(relevant: Iterable[Question], item: str, language: str) -> tuple[str, ...]:
    """Return the notes between the question before an item and the item; '' stands for the end."""
    notes: list[str] = []
    for question in relevant:
        if question.name == item:
            break
        if is_asked(question):
            notes.clear()
        else:
            notes.append(question.label[language])
    return tuple(notes)


def closing_notes(form: Form, answers: Answers, language: str) -> tuple[str, ...]:
    """Return the notes after the last question on the route."""
    return _notes_before(_relevant(form, answers), "", language)


def _options(question: Question, value: str, language: str) -> tuple[Option, ...]:
    chosen = value.split()
    return tuple(
        Option(choice.name, choice.label[language], choice.exclusive, choice.name in chosen)
        for choice in question.choices
    )


def prompt(form: Form, answers: Answers, question: Question, language: str) -> Prompt:
    """Return the question as a door shows it, with its place on the respondent's own route.

    Raises:
        ValueError: The question is not on the route.
    """
    kind = QUESTION_TYPES[question.type]
    value = answers.get(question.name) or ""
    section = form.sections.get(question.name, {})
    relevant = tuple(_relevant(form, answers))
    return Prompt(
        widget=kind.widget,
        item=question.name,
        label=question.label[language],
        progress=_progress(_weighed(form, answers, relevant), answers, question),
        hint=question.hint.get(language, ""),
        why=question.why.get(language, ""),
        section=section.get(language, ""),
        notes=_notes_before(relevant, question.name, language),
        options=_options(question, value, language),
        format="scale" if question.scale else kind.format,
        value=kind.typed(question, value, language) if value else "",
        can_skip=can_skip(question),
    )


def _given(question: Question, value: str) -> Outcome:
    """Return the outcome of an answer; an option that is a reason for a missing value is that reason."""
    if question.type == "text":
        return Outcome(question.name, ("text",), value)
    if not question.choices:
        return Outcome(question.name, (value,))
    chosen = [choice for name in value.split() if (choice := question.choice(name))]
    options = tuple(choice.name for choice in chosen if not choice.missing)
    reason = next((choice.missing for choice in chosen if choice.missing), "")
    return Outcome(question.name, options, missing="" if options else reason)


def outcomes(form: Form, answers: Answers, *, partial: bool) -> tuple[Outcome, ...]:
    """Return exactly one outcome of every counted question (notes and acknowledgements are not counted).

    Raises:
        ValueError: A question on the route is unanswered, and the sending is not ``partial``.
    """
    on_route = {question.name for question in _asked(form, answers)}
    found: list[Outcome] = []
    for question in form.questions:
        if not QUESTION_TYPES[question.type].counted:
            continue
        if question.name not in on_route:
            found.append(Outcome(question.name, missing=Missing.OFF_ROUTE))
        elif question.name not in answers:
            if not partial:
                raise ValueError(f"{question.name} is on the route and unanswered; skip it or send partially")
            found.append(Outcome(question.name, missing=Missing.NOT_REACHED))
        else:
            value = answers[question.name]
            given = _given(question, value) if value else Outcome(question.name, missing=Missing.SKIPPED)
            found.append(given)
    return tuple(found)
