"""*Samverkan*: internal beside external cooperation on the four-step scale."""

from __future__ import annotations

import streamlit as st

from analysis import sentences
from analysis.disclosure import SafeTable
from analysis.scale_charts import ScaleRow, scale_bars, sides
from dashboard import data, evidence, html_tables
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import (
    answer,
    chart,
    download,
    filters,
    has_total,
    heading,
    marks,
    nothing,
    one_by_one,
    palette,
    table,
)
from dashboard.released import not_shown, told
from fieldwork.errors import NotAllowed, NotReleased

INTERNAL, EXTERNAL = "KVAL-05", "KVAL-06"


def page() -> None:
    """Show how cooperation works inside and outside the administration."""
    heading("cooperation")
    choice = filters(one_by_one(wave for wave in data.waves() if _asks(wave)), has_total)
    if choice is None:
        nothing("page.cooperation.empty")
        return
    marks(choice.wave)
    try:
        internal = evidence.tables_of(choice.wave, INTERNAL, language())[0]
        external = evidence.tables_of(choice.wave, EXTERNAL, language())[0]
    except (NotAllowed, NotReleased):
        not_shown(choice.wave)
        return
    text = sentences.cooperation(internal, external, choice.district)
    answer(text)
    _chart(internal, external, choice.district, text)
    for each in (internal, external):
        st.header(each.title, anchor=False)
        table(html_tables.html(each))
    partners = _partners(choice.wave, choice.district)
    if partners:
        title = say("page.cooperation.partners")
        st.header(title, anchor=False)
        chart(scale_bars(partners, palette(), text=title), "partners")
        table(html_tables.scale(title, partners))
    download([internal, external, *(row.table for row in partners)], say("page.cooperation.file"))
    told(choice.wave)


def _asks(wave: WaveInfo) -> bool:
    return {INTERNAL, EXTERNAL} <= set(evidence.items_shown(wave))


def _chart(internal: SafeTable, external: SafeTable, district: str, text: str) -> None:
    """Draw both questions, parted at zero or stacked to a hundred as the visitor prefers."""
    stacked = st.toggle(say("page.cooperation.stacked"), key="staplat", bind="query-params")
    both = {say("page.cooperation.internal"): internal, say("page.cooperation.external"): external}
    drawn = scale_bars(sides(both, district), palette(), stacked=stacked, text=text)
    chart(drawn, "cooperation")


def _partners(wave: WaveInfo, district: str) -> list[ScaleRow]:
    """Return the questions about single partners as rows, in the chosen district or in all."""
    return [
        ScaleRow(shown.title, shown, column)
        for item in evidence.items_shown(wave)
        if item.startswith((f"{INTERNAL}.", f"{EXTERNAL}."))
        for shown in evidence.tables_of(wave, item, language())
        if (column := sentences.focus(shown, district)) is not None
    ]
