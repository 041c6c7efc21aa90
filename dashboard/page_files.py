"""*Aktgranskning*: the tables of a file review, districts beside each other, as the reports print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from analysis import charts, sentences
from analysis.disclosure import SafeTable
from analysis.safe_columns import State
from analysis.strands import Strand, side_by_side
from analysis.tables import YES, Measure
from dashboard import data, evidence, html_tables, statements
from dashboard.catalogue import language, say
from dashboard.evidence import Section
from dashboard.layout import (
    FILES_KEY,
    Choice,
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
from dashboard.page_fieldwork import sentence
from dashboard.released import not_shown, told
from fieldwork.errors import NotAllowed, NotReleased

UNDRAWN = {Measure.NUMBER, Measure.TEXT}
"""Means and open answers, which are no shares."""


def page() -> None:
    """Show one file review."""
    heading("files")
    reviews = one_by_one(wave for wave in data.waves() if wave.subject == "file")
    choice = filters(reviews, has_total, FILES_KEY, lambda wave: evidence.headings(wave, language()))
    if choice is None:
        nothing("page.files.empty")
        return
    marks(choice.wave)
    found = data.participation(choice.wave)
    unit = next((unit for unit in found.units if unit.label == choice.district), found.total)
    answer(sentence(choice.wave, unit, whole=found.whole))
    try:
        printed = evidence.printed_tables(choice.wave, language())
        rest = evidence.sections(choice.wave, language(), totals=False)
    except (NotAllowed, NotReleased):
        not_shown(choice.wave)
        return
    for section in printed:
        if choice.section in {"", section.title}:
            _printed(section, choice)
    for section in rest:
        if choice.section in {"", section.title}:
            _told(section, choice)
    about = evidence.items_asked(choice.wave, language(), choice.section)
    statements.show(choice.wave.review_id, choice.district, about)
    download([each for section in (*printed, *rest) for each in section.tables], say("page.files.file"))
    told(choice.wave)


def _printed(section: Section, choice: Choice) -> None:
    """Draw a printed table: counts only, as in the report, and its total as bars."""
    st.header(section.title, anchor=False)
    for number, shown in enumerate(section.tables):
        focus = choice.district if shown.column(choice.district) else ""
        text = sentences.files(shown, focus)
        st.markdown(text)
        chart(charts.bars(shown, palette(), unit=focus, text=text), f"{section.title}-{number}")
        table(html_tables.html(shown, percents=False))


def _told(section: Section, choice: Choice) -> None:
    """Draw the counts of a section as bars and in one table, each with its own base."""
    tables = [shown for shown in section.tables if not choice.district or shown.column(choice.district)]
    if not tables:
        return
    st.header(section.title, anchor=False)
    strands = list(_shown_rows(tables, choice.district))
    if strands:
        text = side_by_side(strands, language())
        chart(charts.strands(strands, palette(), text=text), section.title)
    table(html_tables.stacked(section.title, tables))


def _shown_rows(tables: Sequence[SafeTable], district: str) -> Iterator[Strand]:
    """Yield a yes of each question, or each of its other classes, in the chosen district or in all."""
    for shown in tables:
        column = sentences.focus(shown, district)
        if column is None or column.state not in {State.SHOWN, State.PARTLY} or shown.measure in UNDRAWN:
            continue
        values = [row.value for row in shown.rows]
        for row in shown.rows:
            if row.value == YES:
                yield Strand(shown.title, "", shown, column, YES)
            elif YES not in values:
                yield Strand(f"{shown.title} {row.label}", "", shown, column, row.value)
