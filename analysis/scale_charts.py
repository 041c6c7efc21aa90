"""The four-step scale *Fungerar dåligt* to *Fungerar mycket bra* as bars that part at a marked zero line.

There is no neutral step, so nothing is split between the sides. Against diverging bars it is said that single
steps are hard to compare; hence the stacked form that starts at zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from analysis import chart_style as style
from analysis.charts import bar
from analysis.disclosure import SafeTable
from analysis.palette import STEPS, Palette
from analysis.safe_columns import HIDDEN, SafeColumn, State
from analysis.wording import base_of, percent_sign, words

READABLE = 8
"""Smallest share, in percent, whose value is printed inside its segment."""

ROOM = 34
"""Pixels that a printed value needs: on a phone a short segment goes without."""


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One row of the four-step scale: its name and the column it draws."""

    name: str
    table: SafeTable
    column: SafeColumn

    @property
    def named(self) -> str:
        """The name with n, where n may be seen."""
        if self.column.n is None:
            return self.name
        base = base_of(self.column.n, self.table.language)
        return f"{self.name} ({base})" if self.name.endswith("?") else f"{self.name}, {base}"


def sides(tables: Mapping[str, SafeTable], unit: str = "") -> list[ScaleRow]:
    """Return the rows of several questions, those of one unit next to each other."""
    labels = dict.fromkeys(column.label for table in tables.values() for column in table.all_columns)
    return [
        ScaleRow(f"{label}, {side}" if side else label, table, column)
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
    drawn = style.Rows.named([row.named for row in rows])
    segments = [s for place, row in enumerate(rows) for s in _segments(place, row, stacked=stacked)]
    start = 0.0 if stacked else -100.0
    x = style.shares(start, 100)
    zero = alt.Chart(style.data([{"x": 0}])).mark_rule(color=palette.ink, strokeWidth=2, aria=False)
    layers = [
        *_bars(segments, drawn, first, palette, x=x),
        zero.encode(x=x),
        *drawn.labels(palette),
        *style.without_numbers(_unseen(rows), drawn, palette, start=start, end=100),
    ]
    chart = style.layered(*layers).properties(height=drawn.height)
    return style.finish(chart, palette, style.About(first.language, text or first.title, first.provenance))


def _unseen(rows: Sequence[ScaleRow]) -> dict[int, str]:
    """Return the words of the rows without numbers: a symbol, or the band and the answer it is about."""
    shown: dict[int, str] = {}
    for place, row in enumerate(rows):
        if row.column.state is State.WORDS:
            most = words("band.most", row.table.language)
            pairs = zip(row.table.rows, row.column.cells, strict=True)
            shown[place] = next(
                (f"{most}: {each.label}" for each, cell in pairs if cell.text == most), HIDDEN
            )
        elif row.column.state is State.PARTLY:
            shown[place] = HIDDEN
        elif row.column.state is not State.SHOWN:
            shown[place] = row.column.cells[0].text if row.column.cells else ""
    return shown


def _segments(place: int, row: ScaleRow, *, stacked: bool) -> list[dict[str, object]]:
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
            drawn = bar(place, label, cell, column, language)
            end = at + lengths[step]
            shown = percent_sign(cell.percent or 0, language) if lengths[step] >= READABLE else ""
            room = lengths[step] / (100 if stacked else 200)
            where = {"x": at, "x2": end, "middle": (at + end) / 2, "room": room}
            segments.append(drawn | where | {"step": step, "label": shown})
        at += lengths[step]
    return segments


def _bars(
    segments: Sequence[Mapping[str, object]],
    rows: style.Rows,
    table: SafeTable,
    palette: Palette,
    *,
    x: alt.X,
) -> list[alt.Chart]:
    """Return the outlined segments in the colours of the four steps with their legend, and their values."""
    if not segments:
        return []
    labels = {row.value: row.label for row in table.rows}
    names = _lookup({step: labels.get(step, step) for step in STEPS})
    legend = alt.Legend(orient="top", columns=2, labelExpr=names, columnPadding=24)
    scale = alt.Scale(domain=list(STEPS), range=[palette.steps[step] for step in STEPS])
    shapes = alt.Chart(style.data(segments)).mark_bar(
        height=style.BAR, yOffset=rows.middle, stroke=palette.outline, strokeWidth=1
    )
    inked = [{**segment, "ink": palette.on_steps[str(segment["step"])]} for segment in segments]
    values = alt.Chart(style.data(inked)).mark_text(
        yOffset=rows.middle, fontSize=style.TEXT, font=style.FONT, aria=False
    )
    return [
        shapes.encode(
            x=x,
            x2="x2:Q",
            y=rows.y(),
            color=alt.Color("step:N", scale=scale, legend=legend),
            description="text:N",
            tooltip=alt.Tooltip("text:N", title=" "),
        ),
        values.encode(
            x=alt.X("middle:Q"),
            y=rows.y(),
            text="label:N",
            color=alt.Color("ink:N", scale=None, legend=None),
            opacity=alt.condition(f"datum.room * width >= {ROOM}", alt.value(1), alt.value(0)),
        ),
    ]


def _lookup(names: Mapping[str, str]) -> str:
    """Return a Vega expression that turns a value into its name."""
    pairs = ", ".join(f"'{value}': '{name}'" for value, name in names.items())
    return f"({{{pairs}}})[datum.value]"
