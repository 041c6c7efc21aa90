"""Protocols in a workbook: one row a file, one column an item; the template, and reading it filled in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldwork.organisations import same_name
from fieldwork.problems import InputError
from fieldwork.spreadsheets import Sheet, column_letter, find_columns
from fieldwork.wording import say
from questionnaires import engine
from questionnaires.definition import Form, Question
from questionnaires.errors import Problem, Refusal

PLACE: Mapping[str, Sequence[str]] = {
    "number": ("löpnummer", "running number", "number"),
    "district": ("distrikt", "district"),
}
LONGEST_LIST = 255
"""So many characters the options of a drop-down list in a cell may have together, by Excel's rule."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One protocol as it may be stored: every question on its route is answered or skipped."""

    row: int
    number: int
    district: str
    answers: Mapping[str, str | None]


def read_protocols(sheet: Sheet, form: Form, files: Mapping[tuple[str, int], object]) -> tuple[Filled, ...]:
    """Return the protocols of a sheet. An answer is an option's name or label in any language, or typed.

    ``files`` has the known files by district (as ``organisations.same_name``) and running number. An empty
    cell on the route is a skip; a row without any answer is a file not read yet and is left out.

    Raises:
        InputError: with every fault by row and column.
    """
    columns = _columns(sheet, form)
    filled, problems = [], []
    seen: dict[object, int] = {}
    for row in sheet.rows:
        cells = {name: row.cells[position] for name, position in columns.items()}
        if not any(cell for name, cell in cells.items() if name not in PLACE):
            continue
        faults = [("number", fault) for fault in _place_faults(cells, files)]
        district, number = same_name(cells["district"]), cells["number"]
        if not faults:
            file = files[district, int(number)]
            if seen.setdefault(file, row.number) != row.number:
                faults = [("number", (f"is the same file as in row {seen[file]}", "Keep one of them"))]
        answers, answer_faults = _walk(form, cells)
        for name, (rule, remedy) in [*faults, *answer_faults]:
            where = f"row {row.number}, column {column_letter(columns[name])} ({_heading(name)})"
            problems.append(Problem(sheet.source, where, rule, remedy))
        if not problems:
            filled.append(Filled(row.number, int(number), district, answers))
    if problems:
        raise InputError(*problems)
    return tuple(filled)


_Fault = tuple[str, str]


def _heading(name: str) -> str:
    return PLACE[name][0] if name in PLACE else name


def _columns(sheet: Sheet, form: Form) -> dict[str, int]:
    """Return where each item stands; a heading is its id, its label, or both with the id first."""
    names: dict[str, Sequence[str]] = dict(PLACE)
    for question in form.questions:
        if engine.is_asked(question):
            labels = question.label.values()
            both = [f"{question.name} {label}" for label in labels]
            names[question.name] = (question.name, *both, *(_once(form, label) for label in labels))
    squeezed = {
        key: [" ".join(heading.split()) for heading in headings if heading] for key, headings in names.items()
    }
    return find_columns(sheet, squeezed, ("number", "district"))


def _once(form: Form, label: str) -> str:
    """Return the label if one question alone has it, else nothing: it would not tell them apart."""
    times = sum(label in question.label.values() for question in form.questions)
    return label if times == 1 else ""


def _place_faults(cells: Mapping[str, str], files: Mapping[tuple[str, int], object]) -> Iterator[_Fault]:
    district, number = same_name(cells["district"]), cells["number"]
    if not number.isdecimal():
        yield "is not a running number", "Write the number of the file in the sample, for example 7"
    elif district not in {known for known, _ in files}:
        yield f"'{cells['district'][:60]}' has no files in this wave", "Use a district from the wave file"
    elif (district, int(number)) not in files:
        yield f"file {number} is not in the sample", "Correct it, or add files with: granska wave files"


def _walk(form: Form, cells: Mapping[str, str]) -> tuple[dict[str, str | None], list[tuple[str, _Fault]]]:
    """Answer the form from the cells, question by question along the route they lead to."""
    answers: dict[str, str | None] = {}
    faults: list[tuple[str, _Fault]] = []
    while (question := engine.next_question(form, answers)) is not None:
        cell = cells.get(question.name, "")
        value = _value(form, answers, question, cell)
        if isinstance(value, Refusal):
            faults.append((_column_of(question, cells), _in_words(question, cell, value)))
            value = None
        answers[question.name] = value
    if not faults:  # a fault may itself have led the route astray
        off = [name for name, cell in cells.items() if cell and name not in answers and name not in PLACE]
        remedy = "Empty the cell, or correct the earlier answer that leads past it"
        faults += [(name, ("does not apply after the answers before it", remedy)) for name in off]
    return answers, faults


def _column_of(question: Question, cells: Mapping[str, str]) -> str:
    """Return the column in which a fault is shown: that of the file where the item has none of its own."""
    return question.name if question.name in cells else "number"


def _value(
    form: Form, answers: Mapping[str, str | None], question: Question, cell: str
) -> str | Refusal | None:
    if question.type == "acknowledge":
        return engine.accept(form, answers, question, ("ok",), "sv")
    if cell:
        return engine.accept(form, answers, question, (cell,), "sv")
    return None if engine.can_skip(question) else Refusal("required")


def _in_words(question: Question, cell: str, refusal: Refusal) -> _Fault:
    remedy = say("en", f"refusal.{refusal.code}", **refusal.values).rstrip(".")
    if refusal.code == "required":
        return f"{question.name} has no answer", remedy
    if refusal.code in {"not_an_option", "exclusive"}:
        remedy = f"Write one of: {'; '.join(_options(question, 'sv'))}"
    shown = "the text" if question.type == "text" else f"'{cell[:60]}'"
    return f"{shown} is not an answer to {question.name}", remedy


def _options(question: Question, language: str) -> list[str]:
    return [choice.label[language] for choice in question.choices]


def _fits_a_list(options: Sequence[str]) -> bool:
    """Tell whether a cell can offer these options: Excel parts them by commas."""
    return len(",".join(options)) <= LONGEST_LIST and not any("," in option for option in options)


def write_template(form: Form, files: Sequence[tuple[str, int]], language: str) -> bytes:
    """Return a workbook to fill in: the given files (district, running number), a column for each item.

    Cells of items with one answer offer the options; the second sheet lists every item with its options.
    """
    import xlsxwriter  # noqa: PLC0415 - loaded when a workbook is written, not when the bot starts

    questions = [each for each in form.questions if engine.is_asked(each) and each.type != "acknowledge"]
    heading = 0 if language == "sv" else 1
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet({"sv": "Protokoll", "en": "Protocols"}[language])
        sheet.set_column(0, len(questions) + 1, 18, text)
        sheet.freeze_panes(1, 2)
        for position, name in enumerate(("number", "district")):
            sheet.write_string(0, position, PLACE[name][heading], bold)
        for row, (district, number) in enumerate(files, start=1):
            sheet.write_number(row, 0, number)
            sheet.write_string(row, 1, district, text)
        last = max(len(files), 1)
        key = book.add_worksheet({"sv": "Svarsalternativ", "en": "Options"}[language])
        key.set_column(0, 1, 60, text)
        for position, question in enumerate(questions, start=2):
            label, options = question.label[language], _options(question, language)
            sheet.write_string(0, position, f"{question.name} {label}", bold)
            key.write_string(position - 2, 0, f"{question.name} {label}", text)
            key.write_string(position - 2, 1, "; ".join(options), text)
            if question.type == "select_one" and _fits_a_list(options):
                offered = {"validate": "list", "source": options, "error_type": "warning"}
                sheet.data_validation(1, position, last, position, offered)
    return out.getvalue()
