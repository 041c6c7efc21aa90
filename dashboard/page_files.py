"""*Aktgranskning*: the tables of a file review, districts beside each other, as the reports print them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis import charts, sentences
from analysis.disclosure import SafeTable, State
from dashboard import data, evidence, html_tables
from dashboard.catalogue import language, say
from dashboard.evidence import Section
from dashboard.layout import (
    Choice,
    answer,
    chart,
    download,
    filters,
    heading,
    marks,
    nothing,
    one_by_one,
    palette,
    table,
)


def page() -> None:
    """Show one file review."""
    heading("files")
    choice = filters(one_by_one(w for w in data.waves() if w.subject == "file"), lambda _: True)
    if choice is None:
        nothing("page.files.empty")
        return
    marks(choice.wave)
    found = data.participation(choice.wave)
    unit = next((unit for unit in found.units if unit.label == choice.district), found.total)
    answer(sentences.reviewed(unit.label, unit.sent, unit.invited, language()))
    printed = evidence.printed_tables(choice.wave, language())
    for section in printed:
        _printed(section, choice)
    rest = evidence.sections(choice.wave, language(), totals=False)
    for section in rest:
        _told(section, choice)
    download([each for section in (*printed, *rest) for each in section.tables], say("page.files.file"))


def _printed(section: Section, choice: Choice) -> None:
    """Draw a printed table: counts only, as in the report, and its total as bars."""
    st.header(section.title, anchor=False)
    for number, shown in enumerate(section.tables):
        focus = choice.district if shown.column(choice.district) else ""
        text = sentences.files(shown, focus)
        st.markdown(text)
        chart(charts.bars(shown, palette(), unit=focus, text=text), text, f"{section.title}-{number}")
        table(html_tables.html(shown, percents=False))


def _told(section: Section, choice: Choice) -> None:
    """Draw the counts of a section in one table, each with its own base."""
    tables = _visible(section.tables, choice.district)
    if not tables:
        return
    st.header(section.title, anchor=False)
    table(html_tables.stacked(section.title, tables))


def _visible(tables: Sequence[SafeTable], district: str) -> list[SafeTable]:
    """Leave out questions nobody may see anything of, and those without the chosen district."""
    kept = [shown for shown in tables if not district or shown.column(district)]
    return [s for s in kept if any(column.state is State.SHOWN for column in s.all_columns)]
