"""Reading and writing the lists that inspectors keep: CSV and Excel workbooks, as plain text cells.

A file is read whole or refused whole. Formulas are refused: what a cell shows is not what it holds.
Cells written to a file that begin like a formula are kept from becoming one.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fieldwork.problems import InputError
from questionnaires.errors import Problem

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FORMULA = "\0"
"""What a cell with a formula reads: nothing that could be a text in a workbook."""

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 300

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Bytes that no text file of any usual encoding has."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, counted from 1, and its cells without blanks around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows below it that are not empty. Every row has as many cells as the header.

    ``problems`` are those of single cells and rows: formulas, and cells beyond the header. A cell with a
    formula reads ``FORMULA``.
    """

    source: str
    header: Row
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def column_letter(position: int) -> str:
    """Return the name of a column as spreadsheets show it: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read(content: bytes, filename: str) -> Sheet:
    """Return the first sheet of a CSV or XLSX file, without a problem.

    Raises:
        InputError: as ``examine``; or a formula, or a row longer than the header.
    """
    sheet = examine(content, filename)
    if sheet.problems:
        raise InputError(*sheet.problems)
    return sheet


def examine(content: bytes, filename: str) -> Sheet:
    """Return the first sheet of a CSV or XLSX file with its ``problems``; the first bytes show which it is.

    Raises:
        InputError: too large, neither UTF-8 text nor a workbook, or empty.
    """
    if len(content) > LARGEST_FILE:
        raise InputError(Problem(filename, "", "is larger than 10 MB", "Leave out what is not asked for"))
    problems: list[Problem] = []
    if content[:2] == b"PK":
        rows = list(_workbook_rows(content, filename, problems))
    else:
        rows = list(_csv_rows(content, filename))
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise InputError(Problem(filename, "", "is empty", "Put the column names on the first row"))
    return _sheet(filename, filled[0], filled[1:], problems)


def find_columns(sheet: Sheet, names: Mapping[str, Sequence[str]], required: Sequence[str]) -> dict[str, int]:
    """Return where each known column stands, by its key in ``names`` (key -> the headings it may have).

    Raises:
        InputError: a column that is missing, unknown or there twice; all of them at once.
    """
    keys = {heading.casefold(): key for key, headings in names.items() for heading in headings}
    found: dict[str, int] = {}
    problems = []
    for position, heading in enumerate(sheet.header.cells):
        key = keys.get(" ".join(heading.split()).casefold())
        where = f"row {sheet.header.number}, column {column_letter(position)}"
        if key is None:
            known = ", ".join(headings[0] for headings in names.values())
            rule = f"'{heading}' is not a column of this list"
            problems.append(Problem(sheet.source, where, rule, f"Use {known}; take every other column away"))
        elif key in found:
            rule = f"'{heading}' is there twice"
            problems.append(Problem(sheet.source, where, rule, "Keep one of the two columns"))
        else:
            found[key] = position
    for key in required:
        if key not in found:
            rule = f"the column '{names[key][0]}' is missing"
            remedy = f"Add it; it may also be called {', '.join(names[key][1:])}"
            problems.append(Problem(sheet.source, f"row {sheet.header.number}", rule, remedy))
    if problems:
        raise InputError(*problems)
    return found


def _sheet(filename: str, header: Row, rows: Sequence[Row], problems: Sequence[Problem]) -> Sheet:
    names = _without_empty_end(header.cells)
    too_long = [
        Problem(
            filename,
            f"row {row.number}",
            f"has something in column {column_letter(len(names))} or after it, where the header is empty",
            "Name the column or take the cell away; a text with the separator in it needs quotation marks",
        )
        for row in rows
        if len(_without_empty_end(row.cells)) > len(names)
    ]
    even = (Row(row.number, (row.cells + ("",) * len(names))[: len(names)]) for row in rows)
    return Sheet(filename, Row(header.number, names), tuple(even), (*problems, *too_long))


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _csv_rows(content: bytes, filename: str) -> Iterator[Row]:
    text = read_text(content, filename)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Row(number, tuple(cell.strip() for cell in cells))
            number = reader.line_num + 1
            _refuse_endless(number, len(cells), filename)
    except csv.Error as error:
        raise InputError(
            Problem(filename, f"line {reader.line_num}", f"is not valid CSV ({error})", "Save the file again")
        ) from None


def read_text(content: bytes, filename: str) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark; else raise ``InputError``."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _CONTROLS.search(content):
            rule = "is neither text (CSV) nor an Excel workbook (XLSX)"
            remedy = "Choose the file that was meant, or save it again as CSV UTF-8 or .xlsx"
            raise InputError(Problem(filename, "", rule, remedy)) from None
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            Problem(
                filename,
                f"line {line}",
                "is not UTF-8; it looks like Latin-1 (Windows) text",
                "Save it again as UTF-8 (a list: as 'CSV UTF-8', or as an Excel workbook, .xlsx)",
            )
        ) from None


def _workbook_rows(content: bytes, filename: str, problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows of the first sheet; formulas are added to ``problems``."""
    # Loaded when a workbook is read, not before: it brings numpy along, which the bot process must not carry.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            _refuse_endless(number, len(cells), filename)
            problems += _formulas(filename, number, cells)
            yield Row(number, tuple(FORMULA if _is_formula(cell) else _as_text(cell.value) for cell in cells))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise InputError(
            Problem(filename, "", f"cannot be read as a workbook ({type(error).__name__})", "Save it again")
        ) from None


def _formulas(filename: str, number: int, cells: Iterable[object]) -> Iterator[Problem]:
    for position, cell in enumerate(cells):
        if _is_formula(cell):
            yield Problem(
                filename,
                f"cell {column_letter(position)}{number}",
                "holds a formula",
                "Copy the column and paste it as values",
            )


def _is_formula(cell: object) -> bool:
    return getattr(cell, "data_type", "n") == "f"


def _refuse_endless(rows: int, columns: int, filename: str) -> None:
    if rows > MOST_ROWS + 1 or columns > MOST_COLUMNS:
        raise InputError(
            Problem(
                filename,
                "",
                f"has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
                "Delete the empty rows and columns after the list, or divide the file",
            )
        )


def _as_text(value: object) -> str:
    """Return a cell's value as one would type it: whole numbers without a point, days as ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file (UTF-8 with BOM, commas). A cell that begins like a formula gets a leading ``'``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(FORMULA_SIGNS) else cell


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet, of text cells only, so that none can become a formula or a link."""
    import xlsxwriter  # noqa: PLC0415 - loaded when a workbook is written, not when the bot starts

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.set_column(0, max(len(header) - 1, 0), 24, text)
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate([header, *rows]):
            for position, cell in enumerate(cells):
                sheet.write_string(number, position, cell, bold if number == 0 else text)
    return out.getvalue()


def as_file(filename: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a list as the kind of file its name ends with: ``.csv`` or ``.xlsx``; else ``InputError``."""
    if filename.casefold().endswith(".xlsx"):
        return as_xlsx(header, rows)
    if filename.casefold().endswith(".csv"):
        return as_csv(header, rows)
    raise InputError(Problem(filename, "", "is neither .csv nor .xlsx", "End the name with one of them"))
