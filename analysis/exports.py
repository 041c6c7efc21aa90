"""A table to take away, in the inspectors' layout: units as columns with (n = …), Antal and %, a Total.

Each file says what it is on its own: title, base, source, marks and notes stand in it. Only a ``SafeTable``
can be exported, so a hidden number is in no file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import xlsxwriter

from analysis.disclosure import SafeTable
from analysis.safe_columns import HIDDEN, SafeColumn, State
from analysis.wording import in_words, words

Value = str | int
FORMULA = ("=", "+", "@", "\t", "\r")
"""Beginnings that a spreadsheet program would run."""


def to_csv(table: SafeTable, *, percents: bool = True) -> bytes:
    """Return the table as CSV for a Swedish spreadsheet program: semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in lines(table, percents=percents):
        writer.writerow([_harmless(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(tables: Iterable[SafeTable]) -> bytes:
    """Return a workbook with one sheet per table, named by its item."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(f"{number} {table.item.split(',')[0]}"[:31])
            sheet.set_column(0, 0, 48)
            heads = _head_rows(table)
            for y, row in enumerate(lines(table)):
                for x, value in enumerate(row):
                    style = bold if y == 0 or y in heads else None
                    if isinstance(value, int):
                        sheet.write_number(y, x, value, style)
                    else:
                        sheet.write_string(y, x, value, style)
    return out.getvalue()


def lines(table: SafeTable, *, percents: bool = True) -> list[list[Value]]:
    """Return the rows of the file: the title and what belongs to it, a blank row, the table, its notes.

    With ``percents`` each unit has a column for Antal and one for %; without, the table is the cross-district
    form of the reports: a column for each unit, headed with its n, that holds counts only. Why answers are
    missing stands below the classes.
    """
    language, shown = table.language, table.all_columns
    head: list[list[Value]] = [[table.title], [table.base_label[:1].upper() + table.base_label[1:]]]
    head += [[words(f"mark.{mark}", language)] for mark in table.provenance.marks]
    head += [[table.provenance.source]] if table.provenance.source else []
    names = [_named(column, language) for column in shown]
    body = [_row(table, index, percents=percents) for index in range(len(table.rows))]
    body += _losses(table, percents=percents)
    notes: list[list[Value]] = [[note] for note in table.notes]
    if not percents:
        return [*head, [], ["", *names], *body, [], *notes]
    measures = (words("count", language), words("percent", language))
    units: list[Value] = ["", *(measure for _ in shown for measure in measures)]
    return [*head, [], ["", *(cell for name in names for cell in (name, ""))], units, *body, [], *notes]


def _head_rows(table: SafeTable) -> tuple[int, int]:
    """Return where the two heading rows of the table stand."""
    above = 3 + len(table.provenance.marks) + bool(table.provenance.source)
    return above, above + 1


def _named(column: SafeColumn, language: str) -> str:
    if column.few_invited:
        few = words("few_invited", language, k=in_words(column.few_invited, language))
        return f"{column.label} ({few})"
    if column.withheld:
        return f"{column.label} ({words('withheld', language)})"
    return column.label if column.n is None else f"{column.label} (n = {column.n})"


def _row(table: SafeTable, index: int, *, percents: bool) -> list[Value]:
    row: list[Value] = [table.rows[index].label]
    for column in table.all_columns:
        cell = column.cells[index]
        row.append(cell.text if cell.count is None else cell.count)
        if percents:
            row.append("" if cell.percent is None else cell.percent)
    return row


def _losses(table: SafeTable, *, percents: bool) -> list[list[Value]]:
    """Return a row for each reason for which answers are missing, in the columns that show their numbers."""
    reasons = dict.fromkeys(reason for column in table.all_columns for reason, _ in column.missing)
    rows: list[list[Value]] = []
    for reason in reasons:
        row: list[Value] = [words(f"missing.{reason}", table.language)]
        for column in table.all_columns:
            row += [_lost(column, reason), *([""] if percents else [])]
        rows.append(row)
    return rows


def _lost(column: SafeColumn, reason: str) -> Value:
    if column.state is State.EMPTY:
        return column.cells[0].text
    known = column.state is State.SHOWN or column.missing
    return dict(column.missing).get(reason, 0) if known else HIDDEN


def _harmless(value: Value) -> Value:
    """Return text that no spreadsheet program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
