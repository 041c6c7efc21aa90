"""The types of questions, each in one place: how it is asked, read, shown and measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaires import answer_words
from questionnaires.definition import Choice, Question
from questionnaires.errors import Refusal
from questionnaires.prompts import Widget

MAX_TEXT = 4_000
"""Longest open answer, in characters."""

ACKNOWLEDGED = "ok"
"""The answer to an acknowledge."""

LIKERT_SECONDS = 8
"""Expected time for one more item on a scale."""

Parser = Callable[[Question, Sequence[str], str], "str | Refusal"]
Shower = Callable[[Question, str, str], str]


@dataclass(frozen=True, slots=True)
class QuestionType:
    """What a type means.

    ``measure`` is the level of measurement of the results: nominal, ordinal, several, number, text or none
    (dates and months are ordinal, with their values as classes). ``seconds`` is the expected time to answer.
    ``parse`` gets answers that are not all blank; ``show`` gets a canonical value. ``typed`` gives the value
    as a respondent would type it.
    """

    widget: Widget
    measure: str
    seconds: int
    parse: Parser
    show: Shower
    typed: Shower
    format: str = ""
    asked: bool = True
    counted: bool = True


def _as_it_is(_question: Question, value: str, _language: str) -> str:
    return value


def _folded(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")


def _find_choice(question: Question, words: str, language: str) -> Choice | None:
    """Return the option with this name, label (in any language) or number in the list."""
    if exact := question.choice(words):
        return exact
    wanted = _folded(words)
    for code in (language, *(other for other in question.label if other != language)):
        for choice in question.choices:
            if wanted and wanted in {choice.name, _folded(choice.label[code])}:
                return choice
    if wanted.isdecimal() and len(wanted) <= 3 and 1 <= int(wanted) <= len(question.choices):
        return question.choices[int(wanted) - 1]
    return None


def _not_an_option(question: Question) -> Refusal:
    return Refusal("not_an_option", {"last": str(len(question.choices))})


def _parse_one(question: Question, raw: Sequence[str], language: str) -> str | Refusal:
    if len(raw) != 1 or len(raw[0]) > MAX_TEXT:
        return _not_an_option(question)
    choice = _find_choice(question, answer_words.clean(raw[0]), language)
    return choice.name if choice else _not_an_option(question)


def _split_choices(question: Question, words: str, language: str) -> Iterator[Choice | None]:
    """Yield the options in "fia, ib", taking a label with commas in it as one; None for what is no option."""
    parts = [part for part in re.split(r"\s*[,;\n]\s*", words) if part]
    if len(parts) == 1 and not _find_choice(question, words, language):
        parts = words.split()
    longest = max(
        (choice.label[code].count(",") for choice in question.choices for code in choice.label), default=0
    )
    while parts:
        tries = (
            (n, _find_choice(question, ", ".join(parts[:n]), language)) for n in range(longest + 1, 0, -1)
        )
        used, choice = next(((n, found) for n, found in tries if found), (1, None))
        yield choice
        parts = parts[used:]


def _parse_several(question: Question, raw: Sequence[str], language: str) -> str | Refusal:
    if sum(map(len, raw)) > MAX_TEXT:
        return _not_an_option(question)
    found = [
        choice for words in raw for choice in _split_choices(question, answer_words.clean(words), language)
    ]
    if not found or None in found:
        return _not_an_option(question)
    chosen = [choice for choice in question.choices if choice in found]
    alone = next((choice for choice in chosen if choice.exclusive), None)
    if alone and len(chosen) > 1:
        return Refusal("exclusive", {"option": alone.label[language]})
    return " ".join(choice.name for choice in chosen)


def _show_choices(question: Question, value: str, language: str) -> str:
    chosen = (question.choice(name) for name in value.split())
    return ", ".join(choice.label[language] for choice in chosen if choice)


def _parse_text(_question: Question, raw: Sequence[str], _language: str) -> str | Refusal:
    too_long = Refusal("too_long", {"limit": str(MAX_TEXT)})
    if sum(map(len, raw)) > 2 * MAX_TEXT:  # refused unread: blanks and control signs do not make up half
        return too_long
    text = answer_words.clean("\n".join(raw))
    if not text:
        return Refusal("empty")
    return text if len(text) <= MAX_TEXT else too_long


def _parse_integer(_question: Question, raw: Sequence[str], _language: str) -> str | Refusal:
    value = answer_words.read_integer(raw[0]) if len(raw) == 1 else None
    return Refusal("not_an_integer") if value is None else str(value)


def _parse_decimal(_question: Question, raw: Sequence[str], _language: str) -> str | Refusal:
    value = answer_words.read_decimal(raw[0]) if len(raw) == 1 else None
    return Refusal("not_a_number") if value is None else answer_words.canonical(value)


def _parse_date(_question: Question, raw: Sequence[str], _language: str) -> str | Refusal:
    return (answer_words.read_date(raw[0]) if len(raw) == 1 else None) or Refusal("not_a_date")


def _parse_month(_question: Question, raw: Sequence[str], _language: str) -> str | Refusal:
    return (answer_words.read_month(raw[0]) if len(raw) == 1 else None) or Refusal("not_a_month")


def _parse_acknowledge(_question: Question, _raw: Sequence[str], _language: str) -> str | Refusal:
    return ACKNOWLEDGED


def _show_number(question: Question, value: str, language: str) -> str:
    return value if question.year else answer_words.show_number(value, language)


def _type_number(_question: Question, value: str, language: str) -> str:
    return answer_words.type_number(value, language)


def _show_date(_question: Question, value: str, language: str) -> str:
    return answer_words.show_date(value, language)


def _show_month(_question: Question, value: str, language: str) -> str:
    return answer_words.show_month(value, language)


def _show_acknowledge(_question: Question, _value: str, _language: str) -> str:
    return "✓"


QUESTION_TYPES: Mapping[str, QuestionType] = {
    "note": QuestionType(
        Widget.NOTE, "none", 5, _parse_acknowledge, _as_it_is, _as_it_is, asked=False, counted=False
    ),
    "select_one": QuestionType(Widget.ONE, "nominal", 10, _parse_one, _show_choices, _as_it_is),
    "select_multiple": QuestionType(Widget.MANY, "several", 15, _parse_several, _show_choices, _as_it_is),
    "integer": QuestionType(
        Widget.NUMBER, "number", 10, _parse_integer, _show_number, _type_number, format="integer"
    ),
    "decimal": QuestionType(
        Widget.NUMBER, "number", 10, _parse_decimal, _show_number, _type_number, format="decimal"
    ),
    "text": QuestionType(Widget.TEXT, "text", 60, _parse_text, _as_it_is, _as_it_is),
    "date": QuestionType(Widget.DATE, "ordinal", 10, _parse_date, _show_date, _as_it_is, format="date"),
    "month": QuestionType(Widget.DATE, "ordinal", 10, _parse_month, _show_month, _as_it_is, format="month"),
    "acknowledge": QuestionType(
        Widget.NOTE, "none", 5, _parse_acknowledge, _show_acknowledge, _as_it_is, counted=False
    ),
}
"""Every question type. Adding one is one entry here; a test names what else the language needs."""


def measure(question: Question) -> str:
    """Return the level of measurement of a question's results; a scale and years are ordinal."""
    return "ordinal" if question.scale or question.year else QUESTION_TYPES[question.type].measure


def seconds(question: Question) -> int:
    """Return the expected time to answer, in seconds: the author's, else the type's."""
    if question.seconds:
        return question.seconds
    return LIKERT_SECONDS if question.scale else QUESTION_TYPES[question.type].seconds


def parse_answer(question: Question, raw: Sequence[str], language: str) -> str | Refusal:
    """Return the canonical value of what a respondent chose or typed, or why it is refused."""
    given = (
        tuple(raw)
        if question.type == "text"
        else tuple(words for words in raw if words and not words.isspace())
    )
    if not given and question.type != "acknowledge":
        return Refusal("empty")
    return QUESTION_TYPES[question.type].parse(question, given, language)


def show_answer(question: Question, value: str, language: str) -> str:
    """Return a canonical value in words: labels, "1 mars 2012", "1 000,5"."""
    return QUESTION_TYPES[question.type].show(question, value, language)
