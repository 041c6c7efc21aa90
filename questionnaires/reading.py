"""Tables of TOML into a questionnaire, row by row, so that one broken row hides no other problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from questionnaires.definition import (
    BACKGROUNDS,
    LANGUAGES,
    QUALITY_AREAS,
    STATUSES,
    SUBJECTS,
    Choice,
    Code,
    Missing,
    Question,
    Questionnaire,
)
from questionnaires.errors import Problem
from questionnaires.expression_checks import ExpressionChecks
from questionnaires.question_types import QUESTION_TYPES
from questionnaires.rows import ChoiceRow, CodeRow, Header, Read, SurveyRow, Table, Words, read_row

Row = TypeVar("Row", bound=Table)
_ITEM = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([.-][A-Za-z0-9_]+)*")
_OPTION = re.compile(r"[a-z0-9_-]+")
_CODE = re.compile(r"[A-Z][A-Z0-9]*")
APPEARANCES: Mapping[str, str] = {"likert": "select_one", "year": "integer"}
"""Every appearance, and the type of question that it is for."""
_EDITION = re.compile(r"[a-z0-9]+")
_SPECIFY: Mapping[str, tuple[str, str]] = {
    "sv": ("Du svarade ”", "”. Vad menar du?"),
    "en": ("You answered “", "”. What do you mean?"),
}


@dataclass
class Draft:
    """What could be made of a file. ``questionnaire`` is None where its head is broken."""

    problems: list[Problem] = field(default_factory=list)
    questions: tuple[Question, ...] = ()
    questionnaire: Questionnaire | None = None


class _Reader:
    """Reads one file and collects its problems."""

    def __init__(self, tables: Mapping[str, Any], source: str) -> None:
        self._tables = tables
        self._source = source
        self.problems: list[Problem] = []
        self._choices: dict[str, tuple[Choice, ...]] = {}
        self._codes: dict[str, tuple[Code, ...]] = {}
        self.opaque: set[str] = set()
        self.judged: list[Question] = []

    def report(self, item: str, rule: str, remedy: str) -> None:
        self.problems.append(Problem(self._source, item, rule, remedy))

    def read(self, model: type[Row], table: object, item: str, name: str = "") -> Read[Row]:
        found = read_row(model, table, name or item)
        for rule, remedy in found.faults:
            self.report(item, rule, remedy)
        return found

    def named(self, item: str, key: str, value: str, allowed: Collection[str]) -> None:
        if value not in allowed:
            known = ", ".join(allowed) or "none is defined"
            self.report(item, f"unknown {key} “{value}”", f"use one of: {known}")

    def translated(self, item: str, key: str, words: Words) -> None:
        for language in LANGUAGES:
            if not words.get(language, "").strip():
                self.report(item, f"missing translation: {key}.{language}", f'add {language} = "…" to {key}')
        for language in sorted(set(words) - set(LANGUAGES)):
            known = ", ".join(LANGUAGES)
            self.report(item, f"unknown language {key}.{language}", f"the languages are {known}")

    def header(self) -> Header | None:
        """Return the head, or None where anything in it cannot be read."""
        header, unread, _ = self.read(Header, self._tables, "")
        if header is None:
            return None
        self.named("subject", "subject", header.subject, SUBJECTS)
        if not _CODE.fullmatch(header.code):
            self.report("code", f"“{header.code}” is no code", "use capital letters and digits, like KVAL")
        if not _EDITION.fullmatch(header.edition):
            self.report(
                "edition", f"“{header.edition}” is no edition", "use small letters and digits, like kort"
            )
        self.translated("title", "title", header.title)
        for table in ("sections", "bases"):
            for name, words in getattr(header, table).items():
                self.translated(f"{table}.{name}", name, words)
        return None if unread else header

    def table(self, name: str) -> Mapping[str, Sequence[object]]:
        """Return a table of lists, without what is not one (the header has said so)."""
        found = self._tables.get(name, {})
        items = found.items() if isinstance(found, dict) else ()
        return {key: rows for key, rows in items if isinstance(rows, list)}

    def lists(self) -> None:
        for name, tables in self.table("choices").items():
            rows = self._entries(ChoiceRow, f"choices.{name}", tables)
            self._choices[name] = tuple(Choice(**row.model_dump()) for row in rows)
            for row in rows:
                if row.missing:
                    self.named(f"choices.{name}", "missing reason", row.missing, [*Missing])
            if sum(row.other for row in rows) > 1:
                self.report(f"choices.{name}", "more than one option is “other”", "keep one other = true")
        for name, tables in self.table("codes").items():
            codes = self._entries(CodeRow, f"codes.{name}", tables)
            self._codes[name] = tuple(Code(row.name, row.label) for row in codes)

    def _entries(self, model: type[Row], item: str, tables: Sequence[object]) -> list[Row]:
        found = [self.read(model, table, item, f"option_{place}") for place, table in enumerate(tables, 1)]
        rows = [each.row for each in found if each.row is not None]
        named = [row for row in rows if isinstance(row, CodeRow)]
        if not tables:
            self.report(item, "the list is empty", "give it options or take it away")
        for row in named:
            if not _OPTION.fullmatch(row.name):
                self.report(item, f"“{row.name}” is no name", "use small letters, digits, _ and -")
            self.translated(item, f"label of “{row.name}”", row.label)
        for name, times in Counter(row.name for row in named).items():
            if times > 1:
                self.report(item, f"duplicate option “{name}”", "give each option its own name")
        return rows

    def survey(self) -> tuple[Question, ...]:
        """Return the questions without a fault; ``judged`` has all whose name and type are clear."""
        questions: list[Question] = []
        names: list[str] = []
        tables = self._tables.get("survey", ())
        for place, table in enumerate(tables if isinstance(tables, list) else (), 1):
            name = table.get("name") if isinstance(table, dict) else None
            item = name if isinstance(name, str) and name else f"survey row {place}"
            row, unread, _ = self.read(SurveyRow, table, item)
            made = [] if row is None else self.question(row, unread)
            if not made:
                self.opaque |= {item, f"{item}_other"}
            self.judged += made
            questions += [] if unread else made
            names += [each.name for each in made] or [item]
        for name, times in Counter(names).items():
            if times > 1:
                self.report(name, "duplicate item", "give each item its own name")
        self._check_backgrounds()
        return tuple(questions)

    def _check_backgrounds(self) -> None:
        """See to it that a background is of who answers, and told by one item: splits follow that one."""
        told: dict[str, str] = {}
        for question in (each for each in self.judged if each.background):
            first = told.setdefault(question.background, question.name)
            if self._tables.get("subject") != "self":
                rule = "a background where the respondent is not the subject"
                self.report(question.name, rule, 'take background away; it is for subject = "self"')
            if first != question.name:
                rule = f"“{first}” tells the background “{question.background}” already"
                self.report(question.name, rule, "keep background on one of them")

    def question(self, row: SurveyRow, unread: Collection[str]) -> list[Question]:
        kind, _, list_name = row.type.partition(" ")
        self._check_row(row, kind, unread)
        if "name" in unread or kind not in QUESTION_TYPES:
            return []
        question = Question(
            **row.model_dump(exclude={"type", "appearance", "codes"}),
            type=kind,
            scale=row.appearance == "likert",
            year=row.appearance == "year",
            choices=self._choices_of(row.name, kind, list_name.strip()),
            codes=self._codes.get(row.codes, ()),
        )
        other = next((choice for choice in question.choices if choice.other), None)
        return [question, _specify(question, other)] if other else [question]

    def _choices_of(self, item: str, kind: str, list_name: str) -> tuple[Choice, ...]:
        takes_list = kind in {"select_one", "select_multiple"}
        if takes_list:
            self.named(item, "choice list", list_name, self.table("choices"))
        elif list_name and kind in QUESTION_TYPES:
            self.report(item, f"a {kind} has no choice list", f'write type = "{kind}"')
        return self._choices.get(list_name, ()) if takes_list else ()

    def _check_row(self, row: SurveyRow, kind: str, unread: Collection[str]) -> None:
        item = row.name
        if "name" not in unread and not _ITEM.fullmatch(item):
            self.report(item, f"“{item}” is no item id", "use letters, digits, -, . and _, like KVAL-08")
        if "type" not in unread:
            self.named(item, "type", kind, QUESTION_TYPES)
            self._check_combination(row, kind, unread)
        self.translated(item, "label", row.label)
        for key in ("hint", "why", "constraint_message"):
            if words := getattr(row, key):
                self.translated(item, key, words)
        known: Mapping[str, Collection[str]] = {
            "area": QUALITY_AREAS,
            "status": STATUSES,
            "base": self._names("bases"),
            "section": self._names("sections"),
            "codes": self.table("codes"),
            "background": BACKGROUNDS,
        }
        for key, allowed in known.items():
            if value := getattr(row, key):
                self.named(item, key, value, allowed)

    def _names(self, table: str) -> Collection[str]:
        found = self._tables.get(table, {})
        return found if isinstance(found, dict) else ()

    def _check_combination(self, row: SurveyRow, kind: str, unread: Collection[str]) -> None:
        if row.appearance and APPEARANCES.get(row.appearance) != kind:
            rule = f"appearance “{row.appearance}” on a {kind}"
            self.report(row.name, rule, "an appearance is likert, for select_one, or year, for integer")
        if row.background and kind != "select_one":
            remedy = "a background is told by a select_one: its options are the groups"
            self.report(row.name, f"a background on {kind}", remedy)
        if row.codes and kind != "text":
            self.report(row.name, f"a code book on a {kind}", "code books are for text items")
        if row.constraint and not row.constraint_message and "constraint_message" not in unread:
            remedy = "add constraint_message = { sv = …, en = … }: what to answer instead"
            self.report(row.name, "constraint without constraint_message", remedy)
        if row.constraint_message and not row.constraint and "constraint" not in unread:
            self.report(row.name, "constraint_message without constraint", "add constraint, or take it away")
        if kind == "note" and (row.constraint or row.required):
            self.report(row.name, "a note is never answered", "take away required and constraint")


def _specify(question: Question, other: Choice) -> Question:
    """Return the follow-up question of “other, namely”, as XLSForm's or_other makes it."""
    single = question.type == "select_one"
    item = f"${{{question.name}}}"
    return Question(
        name=f"{question.name}_other",
        type="text",
        label={
            language: f"{before}{other.label.get(language, '')}{after}"
            for language, (before, after) in _SPECIFY.items()
        },
        relevant=f"{item} = '{other.name}'" if single else f"selected({item}, '{other.name}')",
        area=question.area,
        status=question.status,
        section=question.section,
        seconds=20,
    )


def read_tables(tables: Mapping[str, Any], source: str) -> Draft:
    """Return all that could be made of the tables of a file, with every problem that makes it unusable."""
    reader = _Reader(tables, source)
    header = reader.header()
    reader.lists()
    questions = reader.survey()
    reader.problems += ExpressionChecks(reader.judged, reader.opaque, source).problems()
    draft = Draft(reader.problems, questions)
    if header is not None:
        plain = header.model_dump(include={"code", "edition", "version", "title", "subject", "source"})
        draft.questionnaire = Questionnaire(
            **plain, questions=questions, sections=header.sections, bases=header.bases
        )
    return draft
