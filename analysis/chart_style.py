"""What every chart shares: text, colours, Swedish numbers, title line, the hatch of hidden rows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from analysis.palette import Palette
from analysis.safe_columns import HIDDEN
from analysis.tables import Provenance
from analysis.wording import NARROW, words

FONT = "Source Sans, sans-serif"
LINE = 46
"""Longest line of a row's name, in characters: it fits a phone."""

LINE_HEIGHT = 18
TEXT = 14
BAR = 20
"""Height in pixels of a line, of its letters, and of a bar."""

STROKES = 60
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


@dataclass(frozen=True, slots=True)
class About:
    """What stands around a chart: its words for those who do not see it, who it shows, its marks."""

    language: str
    description: str
    provenance: Provenance
    who: str = ""


def finish(chart: alt.LayerChart, palette: Palette, about: About) -> alt.LayerChart:
    """Return the chart with Granska's look, its title line, and its text for screen readers."""
    language = about.language
    marked = chart.properties(
        width="container",
        description=about.description,
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=_title(about, palette),
        usermeta={"embedOptions": {"renderer": "svg"}},
    )
    locale = alt.Locale.from_dict(dict(_LOCALES[language])) if _LOCALES[language] else alt.Undefined
    finished: alt.LayerChart = (
        marked.configure(font=FONT, padding={"left": 2, "right": 14, "top": 4, "bottom": 4}, locale=locale)
        .configure_view(strokeWidth=0)
        .configure_axis(
            aria=False,
            labelColor=palette.muted,
            titleColor=palette.muted,
            labelFontSize=TEXT,
            titleFontSize=TEXT,
            titleFontWeight="normal",
            domain=False,
            ticks=False,
            gridColor=palette.line,
            gridOpacity=0.35,
        )
        .configure_legend(
            aria=False, labelColor=palette.ink, labelFontSize=14, title=None, labelLimit=260, symbolSize=160
        )
    )
    return finished


def _title(about: About, palette: Palette) -> alt.TitleParams:
    """Return who is shown and the marks (Exempeldata, publicerad uppgift, preliminärt) as the title line."""
    marks = [words(f"mark.{mark}", about.language) for mark in about.provenance.marks]
    return alt.TitleParams(
        text=" · ".join([*([about.who] if about.who else []), *marks]),
        anchor="start",
        fontSize=TEXT,
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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a chart from top to bottom: each has its name in one or more lines above its bar."""

    names: tuple[tuple[str, ...], ...]

    @classmethod
    def named(cls, names: Sequence[str]) -> Rows:
        """Return rows with these names, broken into lines that fit a phone."""
        return cls(tuple(tuple(textwrap.wrap(name, LINE)) or ("",) for name in names))

    @property
    def lines(self) -> int:
        """How many lines every row has room for."""
        return max((len(name) for name in self.names), default=1)

    @property
    def height(self) -> int:
        """The height in pixels of all rows."""
        return max(1, len(self.names)) * (LINE_HEIGHT * self.lines + BAR + 14)

    @property
    def middle(self) -> float:
        """How far below the middle of its row a bar stands."""
        return LINE_HEIGHT * self.lines / 2

    def y(self) -> alt.Y:
        """Return the shared scale of rows."""
        scale = alt.Scale(type="band", domain=list(range(len(self.names))), padding=0)
        return alt.Y("row:O", sort=None, axis=None, scale=scale)

    def labels(self, palette: Palette) -> list[alt.Chart]:
        """Return the names, each line set from the left edge; the bars say them to a screen reader."""
        each = self.height / max(1, len(self.names))
        rows = [
            {"text": "\n".join(name), "top": each * row + 8 + LINE_HEIGHT * (self.lines - len(name))}
            for row, name in enumerate(self.names)
        ]
        how = {"baseline": "top", "lineHeight": LINE_HEIGHT, "lineBreak": "\n"}
        place = alt.value({"expr": "datum.top"})
        return [text.encode(x=alt.value(0), y=place) for text in written(rows, palette, how)]


def written(
    rows: Sequence[Mapping[str, object]], palette: Palette, how: Mapping[str, object]
) -> list[alt.Chart]:
    """Return left-aligned text with a rim of paper, so that no line of the chart runs through a letter."""
    look = {
        "type": "text",
        "align": "left",
        "color": palette.ink,
        "fontSize": TEXT,
        "font": FONT,
        "aria": False,
    }
    rim = {"stroke": palette.paper, "strokeWidth": 5, "strokeJoin": "round"}
    marks: tuple[dict[str, object], ...] = ({**look, **how, **rim}, {**look, **how})
    return [alt.Chart(data(rows), mark=alt.MarkDef.from_dict(mark)).encode(text="text:N") for mark in marks]


def shares(start: float, end: float) -> alt.X:
    """Return the shared scale of percentages, without signs: a diverging bar has no negative share."""
    axis = alt.Axis(
        title=None,
        labelExpr="format(abs(datum.value), '.0f') + '\u00a0%'",
        values=[value for value in range(-100, 101, 50 if start < 0 else 25) if start <= value <= end],
        labelFlush=True,
    )
    return alt.X("x:Q", scale=alt.Scale(domain=[start, end], nice=False), axis=axis)


def without_numbers(
    texts: Mapping[int, str], rows: Rows, palette: Palette, *, start: float, end: float
) -> list[alt.Chart]:
    """Return the layers of rows without numbers: their words, and a hatch that depends on nothing hidden."""
    if not texts:
        return []
    step = (end - start) / STROKES
    strokes = [
        {"row": row, "x": start + step * (i + 0.5)}
        for row, text in texts.items()
        for i in range(3, STROKES)
        if text == HIDDEN
    ]
    said = [{"row": row, "x": start, "text": text} for row, text in texts.items()]
    x, y = shares(start, end), rows.y()
    hatch = alt.Chart(data(strokes)).mark_point(
        shape="M-0.7,1L0.7,-1",
        size=BAR * 7,
        stroke=palette.line,
        strokeWidth=1,
        yOffset=rows.middle,
        aria=False,
    )
    behind: list[alt.Chart] = [hatch.encode(x=x, y=y)] if strokes else []
    drawn = written(said, palette, {"dx": 2, "yOffset": rows.middle})
    return [*behind, *(text.encode(x=x, y=y) for text in drawn)]
