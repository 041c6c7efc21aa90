"""What every page shares: the look, the one filter row, and an answer with its chart and table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.disclosure import SafeTable
from analysis.exports import to_xlsx
from analysis.palette import LIGHT, PALETTES, Palette
from dashboard import data
from dashboard.catalogue import LANGUAGE_KEY, NAMES, code_of, kept, language, say
from dashboard.data import WaveInfo
from dashboard.look import css

WAVE_KEY = "utskick"
REVIEW_KEY = "granskning"
FILES_KEY = "aktgranskning"
DISTRICT_KEY = "distrikt"
SECTION_KEY = "avsnitt"
PLACE, ARRIVED = "place", "arrived"
"""Where the visit is: the page, and whether this is its first drawing since another page."""

CHART_WIDTH = 780
"""Widest chart in pixels, so that a bar and its name are seen at one glance."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor looks at: one or more waves, one of their districts and sections or '' for all."""

    waves: tuple[WaveInfo, ...]
    district: str
    section: str = ""

    @property
    def wave(self) -> WaveInfo:
        """The only wave, or the first of several."""
        return self.waves[0]


def palette() -> Palette:
    """Return the colours of the theme the visitor sees."""
    return PALETTES.get(str(st.context.theme.type), LIGHT)


def dress() -> None:
    """Put the style of tables and text on the page, and the language that it speaks from now on."""
    st.html(f'<style class="granska-language" lang="{language()}">{css(palette())}</style>')


def heading(key: str) -> None:
    """Draw the page's name, and note whether the visitor has just come to it from another page."""
    st.session_state[ARRIVED] = st.session_state.get(PLACE) != key
    st.session_state[PLACE] = key
    st.title(say(f"page.{key}.title"), anchor=False)


def one_by_one(waves: Iterable[WaveInfo]) -> Mapping[str, tuple[WaveInfo, ...]]:
    """Return each wave by its name, to choose from."""
    return {wave.label: (wave,) for wave in waves}


def filters(
    labels: Mapping[str, tuple[WaveInfo, ...]],
    has_total: Callable[[WaveInfo], bool],
    key: str = WAVE_KEY,
    headings: Callable[[WaveInfo], Sequence[str]] | None = None,
) -> Choice | None:
    """Draw the filter row and return what is chosen; None where there is nothing to choose from.

    All districts together can be chosen only where ``has_total``. A long page shows one of its ``headings``
    at a time: the first one at the start. Every choice stands in the address.
    """
    first, second, *third, last = st.columns(
        [4, 3, 3, 2] if headings else [5, 3, 2], vertical_alignment="bottom"
    )
    with last:
        _select(LANGUAGE_KEY, list(NAMES.values()), list(NAMES).index(code_of("")))
    if not labels:
        return None
    with first:
        waves = labels[_select(key, list(labels))]
    everywhere = [say("filter.everywhere")] if any(has_total(wave) for wave in waves) else []
    names = dict.fromkeys(name for wave in waves for name in data.districts(wave))
    with second:
        district = _select(DISTRICT_KEY, [*everywhere, *names])
    section = _section(third[0], headings(waves[0])) if headings else ""
    return Choice(waves, "" if district in everywhere else district, section)


def _section(place: DeltaGenerator, names: Sequence[str]) -> str:
    """Return the chosen section, or '' for all."""
    every = [say("filter.every_section")]
    with place:
        section = _select(SECTION_KEY, [*dict.fromkeys(names), *every])
    return "" if section in every else section


def _select(key: str, options: Sequence[str], usual: int = 0) -> str:
    """Draw one choice, bound to the address; on a new page it starts as it was on the last one."""
    before = st.session_state.get(kept(key))
    if st.session_state.get(ARRIVED) and key not in st.query_params and before in options:
        st.session_state[key] = before
    chosen = st.selectbox(say(f"filter.{key}"), options, usual, key=key, bind="query-params")
    st.session_state[kept(key)] = chosen
    return chosen or options[usual]


def has_total(wave: WaveInfo) -> bool:
    """Say whether the wave's districts are also shown together: not where the report prints no total."""
    return wave.policy != "published" or any(entry["total"] for entry in wave.printed)


def answer(text: str) -> None:
    """Draw the first sentence of a page or a question."""
    st.html(f'<p class="granska-answer">{escape(text)}</p>')


def note(text: str) -> None:
    """Draw a small remark below something."""
    st.html(f'<p class="granska-notes">{escape(text)}</p>')


def marks(wave: WaveInfo, *, results: bool = True) -> None:
    """Say which review the page is about, and what kind of data it shows; ``results`` come in steps."""
    going_on = wave.policy != "published" and not wave.closed
    kinds = {
        "pilot": wave.pilot,
        "example": wave.origin == "example",
        "published": wave.policy == "published",
        "preliminary": going_on and results and not data.sees_releases_only(wave),
        "live": going_on and not results,
    }
    said = [say(f"mark.{kind}", k=wave.smallest_group) for kind, so in kinds.items() if so]
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
