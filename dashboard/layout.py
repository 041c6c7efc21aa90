"""What every page shares: the look, the one filter row, and an answer with its chart and table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import altair as alt
import streamlit as st

from analysis.disclosure import SafeTable
from analysis.exports import to_xlsx
from analysis.palette import LIGHT, PALETTES, Palette
from dashboard import data
from dashboard.catalogue import LANGUAGE_KEY, NAMES, code_of, say
from dashboard.data import WaveInfo
from dashboard.look import css

WAVE_KEY = "utskick"
REVIEW_KEY = "granskning"
DISTRICT_KEY = "distrikt"
CHART_WIDTH = 780
"""Widest chart in pixels, so that a bar and its name are seen at one glance."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor looks at: one or more waves, and one of their districts or '' for all."""

    waves: tuple[WaveInfo, ...]
    district: str

    @property
    def wave(self) -> WaveInfo:
        """The only wave, or the first of several."""
        return self.waves[0]


def palette() -> Palette:
    """Return the colours of the theme the visitor sees."""
    return PALETTES.get(str(st.context.theme.type), LIGHT)


def dress() -> None:
    """Put the style of tables and text on the page."""
    st.html(f"<style>{css(palette())}</style>")


def heading(key: str) -> None:
    """Draw the page's name."""
    st.title(say(f"page.{key}.title"), anchor=False)


def one_by_one(waves: Iterable[WaveInfo]) -> Mapping[str, tuple[WaveInfo, ...]]:
    """Return each wave by its name, to choose from."""
    return {wave.label: (wave,) for wave in waves}


def filters(
    labels: Mapping[str, tuple[WaveInfo, ...]], has_total: Callable[[WaveInfo], bool], key: str = WAVE_KEY
) -> Choice | None:
    """Draw the filter row and return what is chosen; None where there is nothing to choose from.

    All districts together can be chosen only where ``has_total``. Every choice stands in the address.
    """
    first, second, third = st.columns([5, 3, 2], vertical_alignment="bottom")
    with third:
        usual = list(NAMES).index(code_of(""))
        st.selectbox(
            say("filter.language"), list(NAMES.values()), usual, key=LANGUAGE_KEY, bind="query-params"
        )
    if not labels:
        return None
    with first:
        chosen = st.selectbox(say(f"filter.{key}"), list(labels), key=key, bind="query-params")
    waves = labels[chosen or next(iter(labels))]
    everywhere = [say("filter.everywhere")] if any(has_total(wave) for wave in waves) else []
    names = dict.fromkeys(name for wave in waves for name in data.districts(wave))
    with second:
        district = st.selectbox(
            say("filter.district"), [*everywhere, *names], key=DISTRICT_KEY, bind="query-params"
        )
    return Choice(waves, "" if district in everywhere else district or "")


def has_total(wave: WaveInfo) -> bool:
    """Say whether the wave's districts are also shown together: not where the report prints no total."""
    return wave.policy != "published" or any(entry["total"] for entry in wave.printed)


def answer(text: str) -> None:
    """Draw the first sentence of a page or a question."""
    st.html(f'<p class="granska-answer">{escape(text)}</p>')


def marks(wave: WaveInfo) -> None:
    """Say which review the page is about, and what kind of data it shows."""
    kinds = {
        "example": wave.origin == "example",
        "published": wave.policy == "published",
        "preliminary": wave.policy != "published" and not wave.closed,
    }
    said = [say(f"mark.{kind}") for kind, so in kinds.items() if so]
    st.html(f'<p class="granska-mark">{escape(" ".join([f"{wave.review} ({wave.year}).", *said]))}</p>')


def chart(drawn: alt.LayerChart, key: str) -> None:
    """Draw a chart; its words for those who do not see it are in its own description."""
    with st.container(width=CHART_WIDTH):
        st.altair_chart(drawn, theme=None, key=key)


def table(markup: str) -> None:
    """Draw a table."""
    st.html(markup)


def download(tables: Sequence[SafeTable], name: str) -> None:
    """Offer the tables of the page as a workbook in the inspectors' layout."""
    if tables:
        st.download_button(
            say("download"),
            data=lambda: to_xlsx(tables),
            file_name=f"{name}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )


def nothing(key: str) -> None:
    """Say kindly that there is nothing to show yet, and what to do."""
    answer(say(key))
