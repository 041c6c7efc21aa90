"""First sentences: the answer of a page, chart or table, with its base.

The same function gives the sentence on the page and the alternative text of the chart, so that both say the
same and neither says more than the SafeTable.
"""

from __future__ import annotations

from analysis.disclosure import SafeTable
from analysis.safe_columns import Cell, SafeColumn, State
from analysis.tables import Measure
from analysis.wording import capital, in_words, number, words

GOOD_STEPS = ("mycket_bra", "bra")


def answered(unit: str, sent: int, invited: int, language: str) -> str:
    """Return ``10 av 13 har svarat i Hägersten-Liljeholmen; tre har inte svarat.`` ``unit`` may be ''."""
    if invited == 0:
        return words("sentence.nobody_invited", language)
    key = "answered_in" if unit else "answered_all"
    shown = {"sent": number(sent, language), "invited": number(invited, language), "unit": unit}
    return words(f"sentence.{key}", language, rest=_rest(invited - sent, language), **shown)


def reviewed(unit: str, sent: int, drawn: int, language: str) -> str:
    """Return ``30 av 30 utvalda akter är granskade i Hägersten-Liljeholmen.`` ``unit`` may be ''."""
    if drawn == 0:
        return words("sentence.nothing_drawn", language)
    key = "reviewed_in" if unit else "reviewed_all"
    shown = {"sent": number(sent, language), "drawn": number(drawn, language)}
    return words(f"sentence.{key}", language, unit=unit, **shown)


def registered(sent: int, invited: int, language: str) -> str:
    """Return ``Totalt 10 av 13 möjliga svar registrerades, ett bortfall på tre svar.``."""
    missing = invited - sent
    key = {0: "dropout_none", 1: "dropout_one"}.get(missing, "dropout_many")
    dropout = words(f"sentence.{key}", language, dropout=in_words(missing, language))
    shown = {"sent": number(sent, language), "invited": number(invited, language)}
    return words("sentence.registered", language, dropout=dropout, **shown)


def about(table: SafeTable, unit: str = "") -> str:
    """Return what a table says first: the most frequent class of ``unit``, else of the total."""
    column = focus(table, unit)
    if column is None or column.state is State.EMPTY:
        return words("sentence.empty", table.language)
    where = _where(table, column)
    if column.state is State.WORDS:
        return _in_words(table, column, where)
    if column.state is State.PARTLY:
        return capital(words("sentence.partly", table.language, where=_where(table, column)))
    if column.state is State.HIDDEN or not column.cells:
        return words("sentence.hidden", table.language)
    if table.measure is Measure.NUMBER:
        return capital(words("sentence.average", table.language, where=where, mean=column.cells[0].text))
    return _largest(table, column, where)


def cooperation(internal: SafeTable, external: SafeTable, unit: str = "") -> str:
    """Return how many find internal and external cooperation good, each with its base."""
    inside, outside = focus(internal, unit), focus(external, unit)
    if inside is None or outside is None:
        return words("sentence.empty", internal.language)
    if State.SHOWN not in {inside.state, outside.state} or inside.state is not outside.state:
        return about(internal, unit)
    return words(
        "sentence.cooperation",
        internal.language,
        where=_where(internal, inside),
        internal=number(_good(internal, inside), internal.language),
        n_internal=inside.n,
        external=number(_good(external, outside), internal.language),
        n_external=outside.n,
    )


def files(table: SafeTable, unit: str = "") -> str:
    """Return the most frequent row of a table about case files, with its base."""
    column = focus(table, unit)
    if column is None or column.state is not State.SHOWN:
        return about(table, unit)
    return _largest(table, column, _where(table, column), "battery")


def focus(table: SafeTable, unit: str = "") -> SafeColumn | None:
    """Return the column a reader looks at: ``unit``, else the total, else the first shown unit."""
    if unit:
        return table.column(unit)
    shown = [column for column in table.columns if column.state is State.SHOWN]
    return table.total or next(iter(shown or table.columns), None)


def missing(column: SafeColumn, language: str) -> str:
    """Return why answers are missing: ``tre hoppat över, en vill inte svara``; '' where none is."""
    reasons = [
        f"{in_words(n, language)} {words(f'missing.{reason}', language)}" for reason, n in column.missing
    ]
    return ", ".join(reasons)


def _rest(rest: int, language: str) -> str:
    key = {0: "rest_none", 1: "rest_one"}.get(rest, "rest_many")
    return words(f"sentence.{key}", language, rest=in_words(rest, language))


def _where(table: SafeTable, column: SafeColumn) -> str:
    if column is not table.total:
        return words("sentence.in_unit", table.language, unit=column.label)
    partly = column.label == words("total_shown", table.language)
    return words(f"sentence.{'in_shown' if partly else 'in_all'}", table.language)


def _in_words(table: SafeTable, column: SafeColumn, where: str) -> str:
    most = words("band.most", table.language)
    row = next((row for row, cell in zip(table.rows, column.cells, strict=True) if cell.text == most), None)
    if row is None:
        return words("sentence.hidden", table.language)
    return capital(words("sentence.band", table.language, where=where, row=row.label))


def _largest(table: SafeTable, column: SafeColumn, where: str, key: str = "") -> str:
    pairs = [pair for pair in zip(table.rows, column.cells, strict=True) if not pair[0].parts]
    row, cell = max(pairs, key=lambda pair: _size(pair[1]))
    key = key or ("largest_several" if table.measure is Measure.SEVERAL else "largest")
    shown = {"count": number(_size(cell), table.language), "n": number(column.n or 0, table.language)}
    return capital(words(f"sentence.{key}", table.language, where=where, row=row.label, **shown))


def _size(cell: Cell) -> int:
    return cell.count or 0


def _good(table: SafeTable, column: SafeColumn) -> int:
    """Return how many chose one of the two upper steps."""
    pairs = zip(table.rows, column.cells, strict=True)
    return sum(_size(cell) for row, cell in pairs if row.value in GOOD_STEPS)
