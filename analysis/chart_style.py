"""What every chart shares: text, colours, Swedish numbers, title line, the hatch of hidden rows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import altair as alt

from analysis.palette import Palette
from analysis.tables import Provenance
from analysis.wording import NARROW, words

FONT = "Source Sans 3, Source Sans Pro, sans-serif"
LINE = 24
"""Longest line of a row name, in characters, so that bars keep room on a phone."""

STROKES = 20
"""Strokes in the hatch of a hidden row."""

_LOCALES: Mapping[str, Mapping[str, object]] = {
    "sv": {
        "number": {
            "decimal": ",", "thousands": NARROW, "grouping": [3], "currency": ["", " kr"], "minus": "−",
        },
        "time": {
            "dateTime": "%A %e %B %Y %X", "date": "%Y-%m-%d", "time": "%H:%M:%S", "periods": ["fm", "em"],
            "days": ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
            "shortDays": ["sön", "mån", "tis", "ons", "tor", "fre", "lör"],
            "months": ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
                       "oktober", "november", "december"],
            "shortMonths": ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov",
                            "dec"],
        },
    },
    "en": {},
}  # fmt: skip


def finish(
    chart: alt.LayerChart, palette: Palette, language: str, provenance: Provenance, description: str
) -> alt.LayerChart:
    """Return the chart with Granska's look, its marks as a title line, and its text for screen readers."""
    marked = chart.properties(
        width="container",
        description=description,
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=_title(provenance, language, palette),
        usermeta={"embedOptions": {"renderer": "svg"}},
    )
    locale = alt.Locale.from_dict(dict(_LOCALES[language])) if _LOCALES[language] else alt.Undefined
    finished: alt.LayerChart = (
        marked.configure(font=FONT, padding={"left": 2, "right": 14, "top": 4, "bottom": 4}, locale=locale)
        .configure_view(strokeWidth=0)
        .configure_axis(
            labelColor=palette.muted,
            titleColor=palette.muted,
            labelFontSize=14,
            titleFontSize=14,
            titleFontWeight="normal",
            domain=False,
            ticks=False,
            gridColor=palette.line,
            gridOpacity=0.35,
            labelLimit=210,
            labelLineHeight=17,
        )
        .configure_legend(
            labelColor=palette.ink, labelFontSize=14, title=None, labelLimit=260, symbolSize=160
        )
    )
    return finished


def _title(provenance: Provenance, language: str, palette: Palette) -> alt.TitleParams:
    """Return the marks (Exempeldata, publicerad uppgift, preliminärt) and the source as the title lines."""
    marks = [words(f"mark.{mark}", language) for mark in provenance.marks]
    return alt.TitleParams(
        text=" · ".join(marks),
        anchor="start",
        fontSize=14,
        fontWeight="normal",
        fontStyle="italic",
        color=palette.muted,
        offset=8,
    )


def data(rows: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Return rows as inline data, so that nothing but these rows reaches the browser."""
    return alt.InlineData(values=[dict(row) for row in rows])


def layered(*layers: alt.Chart) -> alt.LayerChart:
    """Return the charts drawn over each other."""
    return alt.LayerChart(layer=list(layers))


def row_name(kind: str, number: int, *lines: str) -> str:
    """Return the name of one row: a kind (``h`` heading, ``r`` row), a number, and its lines as shown."""
    wrapped = [part for line in lines for part in textwrap.wrap(line, LINE)]
    return "|".join([f"{kind}{number}", *wrapped])


def rows_of(names: Sequence[str]) -> alt.Y:
    """Return the shared row scale: the names in their given order, headings in bold."""
    axis = alt.Axis(
        title=None,
        grid=False,
        labelExpr="slice(split(datum.value, '|'), 1)",
        labelFontWeight={"condition": {"test": "datum.value[0] === 'h'", "value": 600}, "value": 400},
        labelPadding=10,
    )
    scale = alt.Scale(domain=list(names), paddingInner=0.25, paddingOuter=0.15)
    return alt.Y("row:N", sort=None, axis=axis, scale=scale)


def height(names: Sequence[str]) -> int:
    """Return the height in pixels in which every row name is readable."""
    lines = max((name.count("|") for name in names), default=1)
    return max(1, len(names)) * max(34, 18 * lines + 12)


def shares(start: float, end: float, *, title: str = "") -> alt.X:
    """Return the shared scale of percentages, without signs: a diverging bar has no negative share."""
    axis = alt.Axis(
        labelExpr="format(abs(datum.value), '.0f') + '\u00a0%'",
        values=[value for value in range(-100, 101, 50 if start < 0 else 25) if start <= value <= end],
        title=title or None,
        labelFlush=True,
    )
    return alt.X("x:Q", scale=alt.Scale(domain=[start, end], nice=False), axis=axis)


def hidden_rows(
    rows: Mapping[str, str], y: alt.Y, palette: Palette, *, start: float, end: float
) -> list[alt.Chart]:
    """Return the layers of rows without numbers: their words, then an even hatch that depends on nothing."""
    step = (end - start) / 2 / STROKES
    strokes = [{"row": row, "x": end - step * (i + 0.5)} for row in rows for i in range(STROKES)]
    labels = [{"row": row, "x": start, "text": text} for row, text in rows.items()]
    lines = alt.Chart(data(strokes)).mark_point(
        shape="M-0.7,1L0.7,-1", size=120, stroke=palette.line, strokeWidth=1, aria=False
    )
    words_ = alt.Chart(data(labels)).mark_text(
        color=palette.ink, align="left", dx=2, fontSize=14, font=FONT, aria=False
    )
    x = shares(start, end)
    return [lines.encode(x=x, y=y), words_.encode(x=x, y=y, text="text:N")]
