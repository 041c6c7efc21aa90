"""Charts of what may be shown: pure functions from SafeTables to Altair.

Nothing but the numbers of a SafeTable is in a chart, so a hidden number is not in the browser either. Each
chart has a description for screen readers, each mark its own; rules, texts and hatches have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from analysis import chart_style as style
from analysis.disclosure import SafeTable
from analysis.palette import Palette
from analysis.safe_columns import Cell, SafeColumn
from analysis.strands import Strand
from analysis.tables import Mark, Provenance
from analysis.wording import base_of, day, number, percent_sign, words

DAY = 24 * 60 * 60 * 1000
"""A day in the milliseconds of a time axis."""

ALMOST_FULL = range(70, 101)
"""Shares whose bar leaves no room beside it, so that their value stands inside."""


def bars(table: SafeTable, palette: Palette, *, unit: str = "", text: str = "") -> alt.LayerChart:
    """Return horizontal bars of the shares of ``unit``; without it of the total, else of each unit."""
    blocks = _blocks(table, unit)
    several = len(blocks) > 1
    names: list[str] = []
    marks: list[dict[str, object]] = []
    unseen: dict[int, str] = {}
    for column in blocks:
        for row, cell in zip(table.rows, column.cells, strict=True):
            place = len(names)
            names.append(f"{column.label}: {row.label}" if several else row.label)
            if cell.percent is None:
                unseen[place] = cell.text
            else:
                marks.append(bar(place, row.label, cell, column, table.language))
    who = "" if several or not blocks else _name(blocks[0], table.language)
    chart = _plain_bars(marks, unseen, style.Rows.named(names), palette)
    return style.finish(
        chart, palette, style.About(table.language, text or table.title, table.provenance, who)
    )


def curve(  # noqa: PLR0913 - participation is no table, so its parts come one by one
    points: Sequence[tuple[date, int]],
    invited: int,
    palette: Palette,
    language: str,
    *,
    example: bool,
    text: str,
) -> alt.LayerChart:
    """Return sent answers by day as a rising step line under the line of all invited."""
    y = alt.Y(
        "sent:Q",
        title=None,
        scale=alt.Scale(domain=[0, max(invited, 1)], nice=True),
        axis=alt.Axis(tickMinStep=1, tickCount=5, format="d", labelPadding=10),
    )
    axis = alt.Axis(format="%-d %b", tickCount=6, tickMinStep=DAY, grid=False, labelFlush=True)
    x = alt.X("day:T", title=None, axis=axis)
    rows = [
        {
            "day": when.isoformat(),
            "sent": sent,
            "text": words("chart.point", language, day=day(when, language), sent=sent, invited=invited),
        }
        for when, sent in points
    ]
    ceiling = [{"sent": invited, "text": words("chart.invited", language, invited=invited)}]
    above = alt.Chart(style.data(ceiling))
    layers = [
        above.mark_rule(color=palette.line, strokeDash=[5, 4], aria=False).encode(y=y),
        above.mark_text(
            align="left", dy=-9, dx=2, color=palette.muted, fontSize=style.TEXT, font=style.FONT, aria=False
        ).encode(x=alt.value(0), y=y, text="text:N"),
    ]
    if rows:
        seen = alt.Chart(style.data(rows))
        line = seen.mark_line(interpolate="step-after", color=palette.primary, strokeWidth=3, aria=False)
        dots = seen.mark_point(filled=True, opacity=1, size=60, color=palette.primary)
        tip = alt.Tooltip("text:N", title=" ")
        layers += [line.encode(x=x, y=y), dots.encode(x=x, y=y, description="text:N", tooltip=tip)]
    marks = Provenance(marks=(Mark.EXAMPLE,) if example else ())
    chart = style.layered(*layers).properties(height=260)
    return style.finish(chart, palette, style.About(language, text, marks))


def strands(rows: Sequence[Strand], palette: Palette, *, text: str = "") -> alt.LayerChart:
    """Return survey and file review side by side, each row with its own n: never one merged score.

    ``rows`` may not be empty.
    """
    language = rows[0].table.language
    who = list(dict.fromkeys(row.column.label for row in rows))
    names: list[str] = []
    marks: list[dict[str, object]] = []
    unseen: dict[int, str] = {}
    for place, strand in enumerate(rows):
        how = [words(f"chart.method_{strand.method}", language)] if strand.method else []
        where = [strand.column.label] if len(who) > 1 else []
        n = [] if strand.column.n is None else [base_of(strand.column.n, language)]
        more = ", ".join([*how, *where, *n])
        names.append(f"{strand.label} ({more})" if more else strand.label)
        if strand.cell.percent is None:
            unseen[place] = strand.cell.text
        else:
            drawn = bar(place, ". ".join([*how, strand.label]), strand.cell, strand.column, language)
            marks.append(drawn | {"method": strand.method})
    chart = _plain_bars(marks, unseen, style.Rows.named(names), palette)
    one = who[0] if len(who) == 1 else ""
    about = style.About(language, text or rows[0].table.title, _together(rows), one)
    return style.finish(chart, palette, about)


def _together(rows: Sequence[Strand]) -> Provenance:
    """Return the marks of every table in the chart, each once."""
    return Provenance(marks=tuple(dict.fromkeys(m for row in rows for m in row.table.provenance.marks)))


def _plain_bars(
    marks: Sequence[Mapping[str, object]], unseen: Mapping[int, str], rows: style.Rows, palette: Palette
) -> alt.LayerChart:
    """Return bars from zero with their values beside them; file reviews muted beside surveys."""
    x, y = style.shares(0, 100), rows.y()
    colour = alt.condition(
        "datum.method === 'file_review'", alt.value(palette.muted), alt.value(palette.primary)
    )
    layers: list[alt.Chart] = []
    if marks:
        shapes = alt.Chart(style.data(marks)).mark_bar(
            height=style.BAR, yOffset=rows.middle, stroke=palette.outline, strokeWidth=1
        )
        tip = alt.Tooltip("text:N", title=" ")
        layers.append(
            shapes.encode(x=x, x2=alt.datum(0), y=y, color=colour, description="text:N", tooltip=tip)
        )
        for inside in (False, True):
            layers += _printed_values(
                [m for m in marks if (m["x"] in ALMOST_FULL) is inside], rows, palette, inside=inside
            )
    layers += [*rows.labels(palette), *style.without_numbers(unseen, rows, palette, start=0, end=100)]
    return style.layered(*layers).properties(height=rows.height)


def _printed_values(
    marks: Sequence[Mapping[str, object]], rows: style.Rows, palette: Palette, *, inside: bool
) -> list[alt.Chart]:
    """Return the values right of their bars, or inside the end of bars that leave no room."""
    if not marks:
        return []
    texts = alt.Chart(style.data(marks)).mark_text(
        align="right" if inside else "left",
        dx=-6 if inside else 6,
        yOffset=rows.middle,
        color=palette.on_primary if inside else palette.ink,
        fontSize=style.TEXT,
        font=style.FONT,
        aria=False,
    )
    return [texts.encode(x=style.shares(0, 100), y=rows.y(), text="label:N")]


def bar(place: int, label: str, cell: Cell, column: SafeColumn, language: str) -> dict[str, object]:
    """Return one bar's data: its length, its printed value and its words for a screen reader."""
    share, count = cell.percent or 0, cell.count or 0
    n = number(column.n or 0, language)
    shown = percent_sign(share, language)
    text = words(
        "chart.bar_in",
        language,
        column=column.label,
        row=label,
        count=number(count, language),
        n=n,
        percent=shown,
    )
    return {"row": place, "x": share, "label": f"{number(count, language)} ({shown})", "text": text}


def _blocks(table: SafeTable, unit: str) -> tuple[SafeColumn, ...]:
    if unit:
        return tuple(column for column in table.all_columns if column.label == unit)
    return (table.total,) if table.total else table.columns


def _name(column: SafeColumn, language: str) -> str:
    """Return ``Farsta (n = 15)``, or the participation where n is hidden."""
    if column.n is None:
        return column.label
    return f"{column.label} ({base_of(column.n, language)})"
