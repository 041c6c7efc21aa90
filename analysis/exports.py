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
from analysis.safe_columns import SafeColumn
from analysis.wording import in_words, words

Value = str | int
FORMULA = ("=", "+", "@", "\t", "\r")
"""Beginnings that a spreadsheet program would run."""


def to_csv(table: SafeTable) -> bytes:
    """Return the table as CSV for a Swedish spreadsheet program: semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in lines(table):
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


def lines(table: SafeTable) -> list[list[Value]]:
    """Return the rows of the file: the title and what belongs to it, a blank row, the table, its notes."""
    language, shown = table.language, table.all_columns
    head: list[list[Value]] = [[table.title], [table.base_label[:1].upper() + table.base_label[1:]]]
    head += [[words(f"mark.{mark}", language)] for mark in table.provenance.marks]
    head += [[table.provenance.source]] if table.provenance.source else []
    names: list[Value] = ["", *(cell for column in shown for cell in (_named(column, language), ""))]
    measures = (words("count", language), words("percent", language))
    units: list[Value] = ["", *(measure for _ in shown for measure in measures)]
    body = [_row(table, index) for index in range(len(table.rows))]
    notes: list[list[Value]] = [[note] for note in table.notes]
    return [*head, [], names, units, *body, [], *notes]


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


def _row(table: SafeTable, index: int) -> list[Value]:
    row: list[Value] = [table.rows[index].label]
    for column in table.all_columns:
        cell = column.cells[index]
        row += [cell.text if cell.count is None else cell.count, "" if cell.percent is None else cell.percent]
    return row


def _harmless(value: Value) -> Value:
    """Return text that no spreadsheet program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
