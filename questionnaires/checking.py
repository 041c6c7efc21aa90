"""Everything that is wrong with a questionnaire file, at once: ``granska check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from questionnaires.definition import LANGUAGES, Question, Questionnaire
from questionnaires.errors import Problem
from questionnaires.loader import read
from questionnaires.reachability import unreachable

LONGEST_LABEL = 60
"""Longest label of an option, in characters; more does not fit a button on a phone."""


def check(body: str, source: str, previous: Questionnaire | None = None) -> tuple[Problem, ...]:
    """Return every problem of a TOML text: those that make it unusable, and those that only harm.

    ``previous`` is the version before of the same edition; an item that kept its id must have kept its
    wording, type and options.
    """
    draft = read(body, source)
    problems = list(draft.problems)
    for question in draft.questions:
        problems += (Problem(source, question.name, *found) for found in _options(question))
    if draft.questions:
        problems += (Problem(source, name, *found) for name, found in unreachable(draft.questions))
    if previous is not None:
        problems += (Problem(source, name, *found) for name, found in _changes(draft.questions, previous))
        problems += _version(draft.questionnaire, previous, source)
    return tuple(problems)


def _options(question: Question) -> Iterator[tuple[str, str]]:
    for place, choice in enumerate(question.choices, 1):
        for language in LANGUAGES:
            length = len(choice.label.get(language, ""))
            if length > LONGEST_LABEL:
                rule = f"option label too long for a button: {choice.name}.{language} has {length} characters"
                yield rule, f"shorten it to {LONGEST_LABEL}; explain in hint"
        if choice.name.isdecimal() and int(choice.name) != place:
            rule = (
                f"option “{choice.name}” is number {place} in the list, so a typed {choice.name} is ambiguous"
            )
            yield rule, "give it a name that is no number, or its own place"
    for language in LANGUAGES:
        labels = Counter(choice.label.get(language, "").casefold() for choice in question.choices)
        for label, times in labels.items():
            if label and times > 1:
                yield f"duplicate label “{label}” in {language}", "give each option its own words"


def _changes(
    questions: tuple[Question, ...], previous: Questionnaire
) -> Iterator[tuple[str, tuple[str, str]]]:
    before = {question.name: question for question in previous.questions}
    remedy = "give the item a new id, or keep it as it was"
    for question in questions:
        old = before.get(question.name)
        if old is None:
            continue
        if dict(old.label) != dict(question.label):
            yield question.name, ("changed wording under an unchanged id", remedy)
        if old.type != question.type:
            yield question.name, (f"changed type under an unchanged id (was {old.type})", remedy)
        if _shown(old) != _shown(question):
            yield question.name, ("changed options under an unchanged id", remedy)


def _shown(question: Question) -> list[tuple[str, dict[str, str]]]:
    return [(choice.name, dict(choice.label)) for choice in question.choices]


def _version(present: Questionnaire | None, previous: Questionnaire, source: str) -> Iterator[Problem]:
    if present and present.hash != previous.hash and present.version <= previous.version:
        rule = f"version {present.version} differs from the version {previous.version} before it"
        yield Problem(source, "version", rule, f"set version = {previous.version + 1}")
