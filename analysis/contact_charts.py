"""A chart of contacts per day: counts only, never who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import altair as alt

from analysis import chart_style as style
from analysis.charts import DAY
from analysis.palette import Palette
from analysis.tables import Mark, Provenance
from analysis.wording import day, number, words

KINDS = ("invitation", "reminder")


@dataclass(frozen=True, slots=True)
class ContactBar:
    """How many contacts one day holds; ``coming``: they are planned, not made."""

    day: date
    invitations: int
    reminders: int
    coming: bool

    def count(self, kind: str) -> int:
        """Return how many contacts of one kind."""
        return self.invitations if kind == "invitation" else self.reminders


def contacts(
    days: Sequence[ContactBar], palette: Palette, language: str, *, example: bool, text: str
) -> alt.LayerChart:
    """Return a bar for each day, invitations below reminders; what is only planned is pale."""
    rows = [_row(each, kind, language) for each in days for kind in KINDS if each.count(kind)]
    names = [words(f"chart.contact_{kind}", language) for kind in KINDS]
    axis = alt.Axis(format="%-d %b", tickCount=6, tickMinStep=DAY, grid=False, labelFlush=True)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=names, range=[palette.primary, palette.steps["mindre_bra"]]),
        legend=alt.Legend(orient="top", direction="horizontal"),
    )
    bars = alt.Chart(style.data(rows)).mark_bar(width=9, stroke=palette.outline, strokeWidth=1)
    drawn = bars.encode(
        x=alt.X("day:T", title=None, axis=axis, scale=alt.Scale(domain=_span(days))),
        y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=5, format="d")),
        order=alt.Order("order:Q"),
        color=colour,
        opacity=alt.condition("datum.coming", alt.value(0.55), alt.value(1)),
        description="text:N",
        tooltip=alt.Tooltip("text:N", title=" "),
    )
    marks = Provenance(marks=(Mark.EXAMPLE,) if example else ())
    chart = style.layered(drawn).properties(height=240)
    return style.finish(chart, palette, style.About(language, text, marks))


def _span(days: Sequence[ContactBar]) -> list[dict[str, int]]:
    """Return the first and the last moment of the axis, with a day's room on both sides."""
    every = [each.day for each in days]
    ends = (min(every) - timedelta(days=1), max(every) + timedelta(days=1))
    return [{"year": each.year, "month": each.month, "date": each.day} for each in ends]


def _row(each: ContactBar, kind: str, language: str) -> dict[str, object]:
    said = words(
        f"chart.contact_{'coming' if each.coming else 'made'}",
        language,
        day=day(each.day, language),
        count=number(each.count(kind), language),
        kind=words(f"chart.contact_{kind}", language).lower(),
    )
    return {
        "day": each.day.isoformat(),
        "count": each.count(kind),
        "kind": words(f"chart.contact_{kind}", language),
        "order": KINDS.index(kind),
        "coming": each.coming,
        "text": said,
    }
