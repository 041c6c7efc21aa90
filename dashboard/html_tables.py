"""Tables as real HTML, in the inspectors' layout, readable by a screen reader and on a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from analysis.disclosure import SafeTable
from analysis.safe_columns import HIDDEN, Cell, SafeColumn, State
from analysis.scale_charts import ScaleRow
from analysis.sentences import missing
from analysis.tables import YES
from analysis.wording import base_of, in_words, number, percent_sign, words
from dashboard.catalogue import language, say

TOTAL = ""
"""Stands for the total among the labels of units, since each table names its own."""


def html(table: SafeTable, *, percents: bool = True) -> str:
    """Return the table: units as columns with n, Antal and % in each, the total last, notes below."""
    measures = [words("count", table.language), *([words("percent", table.language)] if percents else [])]
    heads = "".join(_column_head(column, table.language, len(measures)) for column in table.all_columns)
    units = "".join(
        f'<th scope="col" class="n">{measure}</th>' for _ in table.all_columns for measure in measures
    )
    second = f"<tr>{units}</tr>" if percents else ""
    span = ' rowspan="2"' if percents else ""
    corner = f"<td{span}></td>"
    rows = "".join(_row(table, index, percents=percents) for index in range(len(table.rows)))
    body = rows + _losses(table, len(measures))
    inner = f"<thead><tr>{corner}{heads}</tr>{second}</thead><tbody>{body}</tbody>"
    return _wrapped(table.title, _caption(table, percents=percents), inner) + _notes([table])


def stacked(title: str, tables: Sequence[SafeTable]) -> str:
    """Return several one-question tables as one, each cell with its own base: ``11 av 13``.

    A question with several classes is a heading above them. Units of which nothing may be seen are left out.
    """
    units = list(dict.fromkeys(column.label for table in tables for column in table.columns))
    labels = [label for label in units if any(_seen(table.column(label)) for table in tables)]
    totals = [table.total.label for table in tables if table.total]
    labels += [TOTAL] if totals else units[:1] if not labels else []
    names = [max(totals, key=len) if label == TOTAL else label for label in labels]
    heads = "".join(f'<th scope="col" class="n">{escape(name)}</th>' for name in names)
    body = "".join(_stack(table, labels) for table in tables)
    inner = f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody>"
    return _wrapped(title, _marks(tables), inner) + _notes(tables)


def _seen(column: SafeColumn | None) -> bool:
    return column is not None and column.state is not State.HIDDEN


def _stack(table: SafeTable, labels: Sequence[str]) -> str:
    """Return the rows of one question; the question itself where its only class is a yes."""
    title = f'{escape(table.title)}<br><span class="below">{escape(table.base_label)}</span>'
    if [row.value for row in table.rows] == [YES]:
        return f'<tr><th scope="row">{title}</th>{_own_bases(table, 0, labels)}</tr>'
    group = (
        f'<tr class="group"><th scope="rowgroup" colspan="{len(labels) + 1}"><span>{title}</span></th></tr>'
    )
    return group + "".join(
        f'<tr class="class"><th scope="row">{escape(row.label)}</th>{_own_bases(table, index, labels)}</tr>'
        for index, row in enumerate(table.rows)
    )


def _own_bases(table: SafeTable, index: int, labels: Sequence[str]) -> str:
    """Return the cells of one row, each a count with the base it is of."""
    cells = ""
    for label in labels:
        column = table.total if label == TOTAL else table.column(label)
        if column is None:
            cells += f'<td class="n">{_spoken("·", say("table.not_printed"))}</td>'
        elif column.cells[index].count is None:
            cells += _unseen_cell(column.cells[index].text, "n", "")
        else:
            of = say("table.of", count=column.cells[index].count, n=column.n or 0)
            cells += f'<td class="n">{escape(of)}</td>'
    return cells


def scale(title: str, rows: Sequence[ScaleRow]) -> str:
    """Return several questions with the same steps as one table: ``7 (70 %)`` in each step, and n."""
    steps = rows[0].table.rows
    heads = "".join(f'<th scope="col" class="n">{escape(step.label)}</th>' for step in steps)
    body = ""
    for row in rows:
        cells = "".join(_with_share(cell, row.table.language) for cell in row.column.cells)
        n = HIDDEN if row.column.n is None else number(row.column.n, row.table.language)
        body += f'<tr><th scope="row">{escape(row.name)}</th>{cells}<td class="n">{n}</td></tr>'
    inner = f'<thead><tr><td></td>{heads}<th scope="col" class="n">n</th></tr></thead><tbody>{body}</tbody>'
    tables = [row.table for row in rows]
    return _wrapped(title, _marks(tables), inner) + _notes(tables)


def _with_share(cell: Cell, code: str) -> str:
    if cell.count is None or cell.percent is None:
        return _unseen_cell(cell.text, "n", "")
    share = percent_sign(cell.percent, code)
    return f'<td class="n">{number(cell.count, code)} ({share})</td>'


def plain(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, last_is_total: bool = False
) -> str:
    """Return a table of ready words: the first column names the row, the others are right-aligned numbers."""
    listed = list(rows)
    head = "".join(
        f'<th scope="col" class="{"" if i == 0 else "n"}">{escape(h)}</th>' for i, h in enumerate(heads)
    )
    body = ""
    for place, row in enumerate(listed):
        cells = "".join(f'<td class="n">{escape(cell)}</td>' for cell in row[1:])
        total = ' class="total"' if last_is_total and place == len(listed) - 1 else ""
        body += f'<tr{total}><th scope="row">{escape(row[0])}</th>{cells}</tr>'
    return _wrapped(title, "", f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")


def statements(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of printed statements: words, left-aligned."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = ""
    for name, *cells in rows:
        said = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        body += f'<tr><th scope="row">{escape(name)}</th>{said}</tr>'
    return _wrapped(title, "", f'<thead><tr>{head}</tr></thead><tbody class="words">{body}</tbody>')


def _wrapped(title: str, caption: str, inner: str) -> str:
    """Return the table in a frame that scrolls sideways by keyboard too where the screen is narrow."""
    shown = f"<caption><span>{caption}</span></caption>" if caption else ""
    name = escape(title, quote=True)
    return (
        f'<div class="granska-scroll" role="group" tabindex="0" aria-label="{name}">'
        f'<table class="granska">{shown}{inner}</table></div>'
    )


def _column_head(column: SafeColumn, code: str, span: int) -> str:
    if column.state in {State.SHOWN, State.PARTLY, State.WORDS}:
        below = base_of(column.n or 0, code)
    elif column.few_invited:
        below = words("few_invited", code, k=in_words(column.few_invited, code))
    elif column.withheld:
        below = words("withheld", code)
    else:
        below = say("table.participation", sent=column.sent, invited=column.invited)
    return (
        f'<th scope="colgroup" colspan="{span}" class="n">{escape(column.label)}<br>'
        f'<span class="below">({escape(below)})</span></th>'
    )


def _row(table: SafeTable, index: int, *, percents: bool) -> str:
    row = table.rows[index]
    derived = ' class="derived"' if row.parts else ""
    cells = "".join(_cells(column, index, column is table.total, percents) for column in table.all_columns)
    return f'<tr{derived}><th scope="row">{escape(row.label)}</th>{cells}</tr>'


def _cells(column: SafeColumn, index: int, total: bool, percents: bool) -> str:
    cell = column.cells[index]
    kind = "n total" if total else "n"
    if cell.count is None:
        return _unseen_cell(cell.text, kind, ' colspan="2"' if percents else "")
    share = f'<td class="{kind}">{"" if cell.percent is None else cell.percent}</td>' if percents else ""
    return f'<td class="{kind}">{number(cell.count, language())}</td>{share}'


def _unseen_cell(text: str, kind: str, span: str) -> str:
    """Return a cell without a number: hatched with two dots where one is hidden, else its words or symbol."""
    if text == HIDDEN:
        return f'<td{span} class="{kind} hidden">{_spoken(HIDDEN, say("table.hidden"))}</td>'
    return f'<td{span} class="{kind}">{escape(text)}</td>'


def _losses(table: SafeTable, span: int) -> str:
    """Return a last row that says why answers are missing, where any are."""
    if not any(column.missing for column in table.all_columns):
        return ""
    cells = "".join(
        f'<td colspan="{span}" class="n">{escape(missing(column, table.language))}</td>'
        for column in table.all_columns
    )
    return f'<tr class="missing"><th scope="row">{escape(say("table.missing"))}</th>{cells}</tr>'


def _spoken(shown: str, words_: str) -> str:
    """Return a symbol for the eye and words for the ear."""
    return f'<span aria-hidden="true">{shown}</span><span class="unseen">{escape(words_)}</span>'


def _caption(table: SafeTable, *, percents: bool) -> str:
    base = say("table.base" if percents else "table.base_counts", base=table.base_label)
    return " · ".join([escape(base), *_mark_list([table])])


def _marks(tables: Sequence[SafeTable]) -> str:
    return " · ".join(_mark_list(tables))


def _mark_list(tables: Sequence[SafeTable]) -> list[str]:
    marks = dict.fromkeys(mark for table in tables for mark in table.provenance.marks)
    return [f"<em>{escape(words(f'mark.{mark}', tables[0].language))}</em>" for mark in marks]


def _notes(tables: Sequence[SafeTable]) -> str:
    """Return what a reader needs under the table: symbols explained, and the source."""
    told = list(dict.fromkeys(note for table in tables for note in table.notes))
    sources = list(dict.fromkeys(table.provenance.source for table in tables if table.provenance.source))
    said = [*told, *([say("table.source", source=_once(sources))] if sources else [])]
    return notes(said)


def notes(said: Sequence[str]) -> str:
    """Return the sentences that stand under a table; nothing where there is none."""
    return f'<p class="granska-notes">{" ".join(escape(note) for note in said)}</p>' if said else ""


def _once(sources: Sequence[str]) -> str:
    """Return the sources, each report once and then its sections: ``Title (2012), section; section``."""
    sections: dict[str, dict[str, None]] = {}
    for source in sources:
        report, _, listed = source.partition("), ")
        sections.setdefault(report, {}).update(dict.fromkeys(listed.split("; ") if listed else ()))
    return "; ".join(f"{report}), {'; '.join(each)}" if each else report for report, each in sections.items())
