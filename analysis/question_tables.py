"""The tables of a wave that was collected with Granska: which there are, and on which base each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.tables import ANSWERED, ROUTE, Measure, Provenance, Table, UnitColumn, tabulate
from analysis.wording import words
from models.queries import CountRow
from questionnaires.definition import Form, Question
from questionnaires.question_types import QUESTION_TYPES


@dataclass(frozen=True, slots=True)
class Collected:
    """What a wave asked, whom and what about, with the counts of its answers by unit."""

    form: Form
    subject: str
    units: tuple[UnitColumn, ...]
    rows: tuple[CountRow, ...]
    provenance: Provenance


def items_tabulated(form: Form) -> tuple[str, ...]:
    """Return the items that have a table, in the order of the form; what "other" was has none."""
    return tuple(
        question.name
        for question in form.questions
        if QUESTION_TYPES[question.type].measure != "none" and not question.name.endswith("_other")
    )


def table_of(
    question: Question, collected: Collected, language: str, codes: Sequence[CountRow] = ()
) -> Table:
    """Return the table of one question by reporting unit, with its total.

    Shares are of those who answered. An open question without ``codes`` (the counts of its coding) is a
    share of those who were asked it.
    """
    coded = any(row.kind == "option" for row in codes)
    wrote = QUESTION_TYPES[question.type].measure == Measure.TEXT and not coded
    return tabulate(
        question,
        codes if coded else collected.rows,
        collected.units,
        base=ROUTE if wrote else ANSWERED,
        language=language,
        base_label=_base_label(question, collected, language, answered=not wrote),
        provenance=collected.provenance,
    )


def named_base(form: Form, question: Question, language: str) -> str:
    """Return what the instrument calls those who are asked the question, or ''."""
    for part in form.parts:
        if question in part.questions and question.base in part.bases:
            return part.bases[question.base][language]
    return ""


def _base_label(question: Question, collected: Collected, language: str, *, answered: bool) -> str:
    """Return who the shares are of: those on the question's route, or only those who ``answered`` it."""
    label = named_base(collected.form, question, language) if question.relevant else ""
    if label:
        return words("base.of_those", language, base=label) if answered else label
    files = "_files" if collected.subject == "file" else ""
    if answered:
        return words(f"base.answered{files}", language)
    return words("base.route" if question.relevant else f"base.sent{files}", language)
