"""Charts of what may be shown: pure functions from SafeTables to Altair.

Nothing but the numbers of a SafeTable is in a chart, so a hidden number is not in the browser either. Each
chart has a description for screen readers, each mark its own; rules, texts and hatches have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from analysis import chart_style as style
from analysis.disclosure import Cell, SafeColumn, SafeTable, State
from analysis.palette import STEPS, Palette
from analysis.strands import Strand
from analysis.tables import Mark, Provenance
from analysis.wording import day, number, percent_sign, words

READABLE = 8
"""Smallest share, in percent, whose value is printed inside its segment."""


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One row of the four-step scale: its name in one or more lines, and the column it draws."""

    lines: tuple[str, ...]
    table: SafeTable
    column: SafeColumn

    @property
    def name(self) -> tuple[str, ...]:
        """The lines with n in the last one, where n may be seen."""
        if self.column.n is None:
            return self.lines
        return (*self.lines[:-1], f"{self.lines[-1]}, n = {number(self.column.n, self.table.language)}")


def sides(tables: Mapping[str, SafeTable], unit: str = "") -> list[ScaleRow]:
    """Return the rows of several questions, those of one unit next to each other."""
    labels = dict.fromkeys(column.label for table in tables.values() for column in table.all_columns)
    return [
        ScaleRow((label, side), table, column)
        for label in ([unit] if unit else labels)
        for side, table in tables.items()
        if (column := table.column(label)) is not None
    ]


def scale_bars(
    rows: Sequence[ScaleRow], palette: Palette, *, stacked: bool = False, text: str = ""
) -> alt.LayerChart:
    """Return the four-step scale as bars that part at a marked zero line, one for each row.

    ``rows`` may not be empty. ``stacked`` starts every bar at zero and ends at 100 %.
    """
    first = rows[0].table
    names = [style.row_name("r", place, *row.name) for place, row in enumerate(rows)]
    named = list(zip(names, rows, strict=True))
    segments = [segment for name, row in named for segment in _segments(name, row, stacked=stacked)]
    start = 0.0 if stacked else -100.0
    x, y = style.shares(start, 100), style.rows_of(names)
    layers = [
        _bars(segments, first, palette).encode(x=x, x2="x2:Q", y=y),
        _values(segments, palette).encode(x=alt.X("middle:Q"), y=y, text="label:N"),
        alt.Chart(style.data([{"x": 0}])).mark_rule(color=palette.ink, strokeWidth=2, aria=False).encode(x=x),
        *style.hidden_rows(_unseen(named), y, palette, start=start, end=100),
    ]
    chart = style.layered(*layers).properties(height=style.height(names))
    return style.finish(chart, palette, first.language, first.provenance, text or first.title)


def bars(table: SafeTable, palette: Palette, *, unit: str = "", text: str = "") -> alt.LayerChart:
    """Return horizontal bars of the shares of ``unit``; without it of the total, else of each unit."""
    blocks = _blocks(table, unit)
    names: list[str] = []
    marks: list[dict[str, object]] = []
    unseen: dict[str, str] = {}
    for column in blocks:
        head = style.row_name("h", len(names), _name(column, table.language))
        names.append(head)
        if column.state in {State.HIDDEN, State.EMPTY}:
            unseen[head] = column.cells[0].text if column.cells else ""
            continue
        for row, cell in zip(table.rows, column.cells, strict=True):
            name = style.row_name("r", len(names), row.label)
            names.append(name)
            if cell.percent is None:
                unseen[name] = cell.text
            else:
                marks.append(_bar(name, row.label, cell, column, table.language))
    chart = _plain_bars(marks, unseen, names, palette)
    return style.finish(chart, palette, table.language, table.provenance, text or table.title)


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
        title=words("chart.sent", language),
        scale=alt.Scale(domain=[0, max(invited, 1)], nice=True),
        axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
    )
    x = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(format="%e %b", tickCount={"interval": "day", "step": 7}, grid=False),
    )
    rows = [
        {
            "day": when.isoformat(),
            "sent": sent,
            "text": words("chart.point", language, day=day(when, language), sent=sent, invited=invited),
        }
        for when, sent in points
    ]
    line = alt.Chart(style.data(rows)).mark_line(
        interpolate="step-after", color=palette.primary, strokeWidth=3, aria=False
    )
    dots = alt.Chart(style.data(rows)).mark_point(filled=True, size=45, color=palette.primary)
    ceiling = alt.Chart(style.data([{"sent": invited}])).mark_rule(
        color=palette.line, strokeDash=[5, 4], aria=False
    )
    layers = [
        ceiling.encode(y=y),
        line.encode(x=x, y=y),
        dots.encode(x=x, y=y, description="text:N", tooltip=alt.Tooltip("text:N", title=" ")),
    ]
    marks = Provenance(marks=(Mark.EXAMPLE,) if example else ())
    return style.finish(style.layered(*layers).properties(height=260), palette, language, marks, text)


def strands(rows: Sequence[Strand], palette: Palette, *, text: str = "") -> alt.LayerChart:
    """Return survey and file review side by side, each row with its own n: never one merged score."""
    language = rows[0].table.language
    names: list[str] = []
    marks: list[dict[str, object]] = []
    unseen: dict[str, str] = {}
    for strand in rows:
        n = f"n = {strand.column.n}" if strand.column.n is not None else ".."
        method = words(f"chart.method_{strand.method}", language)
        name = style.row_name("r", len(names), strand.label, f"{method}, {n}")
        names.append(name)
        if strand.cell.percent is None:
            unseen[name] = strand.cell.text
        else:
            bar = _bar(name, f"{method}. {strand.label}", strand.cell, strand.column, language)
            marks.append(bar | {"method": strand.method})
    chart = _plain_bars(marks, unseen, names, palette)
    return style.finish(chart, palette, language, _together(rows), text or rows[0].table.title)


def _together(rows: Sequence[Strand]) -> Provenance:
    """Return the marks of every table in the chart, each once."""
    return Provenance(marks=tuple(dict.fromkeys(m for row in rows for m in row.table.provenance.marks)))


def _plain_bars(
    marks: Sequence[Mapping[str, object]], unseen: Mapping[str, str], names: Sequence[str], palette: Palette
) -> alt.LayerChart:
    """Return bars from zero with their values beside them; file reviews muted beside surveys."""
    x, y = style.shares(0, 100), style.rows_of(names)
    colour = alt.condition(
        "datum.method === 'file_review'", alt.value(palette.muted), alt.value(palette.primary)
    )
    tip = alt.Tooltip("text:N", title=" ")
    shapes = alt.Chart(style.data(marks)).mark_bar(height=18, stroke=palette.outline, strokeWidth=1)
    values = alt.Chart(style.data(marks)).mark_text(
        align="left", dx=6, color=palette.ink, fontSize=14, font=style.FONT, aria=False
    )
    inside = (
        alt.Chart(style.data(marks))
        .transform_filter("datum.x >= 70")
        .mark_text(align="right", dx=-6, color=palette.on_primary, fontSize=14, font=style.FONT, aria=False)
    )
    layers = [
        shapes.encode(x=x, x2=alt.datum(0), y=y, color=colour, description="text:N", tooltip=tip),
        values.transform_filter("datum.x < 70").encode(x=x, y=y, text="label:N"),
        inside.encode(x=x, y=y, text="label:N"),
        *style.hidden_rows(unseen, y, palette, start=0, end=100),
    ]
    return style.layered(*layers).properties(height=style.height(names))


def _bar(name: str, label: str, cell: Cell, column: SafeColumn, language: str) -> dict[str, object]:
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
    return {"row": name, "x": share, "label": f"{number(count, language)} ({shown})", "text": text}


def _blocks(table: SafeTable, unit: str) -> tuple[SafeColumn, ...]:
    if unit:
        return tuple(column for column in table.all_columns if column.label == unit)
    return (table.total,) if table.total else table.columns


def _name(column: SafeColumn, language: str) -> str:
    """Return ``Farsta (n = 15)``, or the participation where n is hidden."""
    if column.n is None:
        return column.label
    return f"{column.label} (n = {number(column.n, language)})"


def _unseen(rows: Sequence[tuple[str, ScaleRow]]) -> dict[str, str]:
    """Return the words of the rows without numbers: a symbol, or the band and the answer it is about."""
    shown: dict[str, str] = {}
    for name, row in rows:
        if row.column.state is State.WORDS:
            most = words("band.most", row.table.language)
            pairs = zip(row.table.rows, row.column.cells, strict=True)
            shown[name] = next((f"{most}: {each.label}" for each, cell in pairs if cell.text == most), "..")
        elif row.column.state is not State.SHOWN:
            shown[name] = row.column.cells[0].text if row.column.cells else ""
    return shown


def _segments(name: str, row: ScaleRow, *, stacked: bool) -> list[dict[str, object]]:
    """Return the segments of one row, from the worst step to the best, around zero or from it.

    Lengths are exact shares, so that a row adds up to 100; the printed values are rounded.
    """
    column, language = row.column, row.table.language
    if column.state is not State.SHOWN or not column.n:
        return []
    cells = {r.value: (r.label, cell) for r, cell in zip(row.table.rows, column.cells, strict=True)}
    lengths = {step: 100 * (cells[step][1].count or 0) / column.n for step in STEPS}
    at = 0.0 if stacked else -lengths["daligt"] - lengths["mindre_bra"]
    segments: list[dict[str, object]] = []
    for step in STEPS:
        label, cell = cells[step]
        if cell.count:
            bar = _bar(name, label, cell, column, language)
            end = at + lengths[step]
            shown = percent_sign(cell.percent or 0, language) if lengths[step] >= READABLE else ""
            place = {"x": at, "x2": end, "middle": (at + end) / 2, "step": step, "label": shown}
            segments.append(bar | place)
        at += lengths[step]
    return segments


def _bars(segments: Sequence[Mapping[str, object]], table: SafeTable, palette: Palette) -> alt.Chart:
    """Return the outlined segments, in the colours of the four steps, with their legend."""
    labels = {row.value: row.label for row in table.rows}
    legend = alt.Legend(
        orient="top", columns=2, labelExpr=_lookup({step: labels.get(step, step) for step in STEPS})
    )
    scale = alt.Scale(domain=list(STEPS), range=[palette.steps[step] for step in STEPS])
    shapes: alt.Chart = (
        alt.Chart(style.data(segments))
        .mark_bar(stroke=palette.outline, strokeWidth=1)
        .encode(
            color=alt.Color("step:N", scale=scale, legend=legend),
            description="text:N",
            tooltip=alt.Tooltip("text:N", title=" "),
        )
    )
    return shapes


def _values(segments: Sequence[Mapping[str, object]], palette: Palette) -> alt.Chart:
    """Return the printed values in the colour that reads best on each step."""
    scale = alt.Scale(domain=list(STEPS), range=[palette.on_steps[step] for step in STEPS])
    texts = alt.Chart(style.data(segments)).mark_text(fontSize=14, font=style.FONT, aria=False)
    values: alt.Chart = texts.encode(color=alt.Color("step:N", scale=scale, legend=None))
    return values


def _lookup(names: Mapping[str, str]) -> str:
    """Return a Vega expression that turns a value into its name."""
    pairs = ", ".join(f"'{value}': '{name}'" for value, name in names.items())
    return f"({{{pairs}}})[datum.value]"
