"""*Barnperspektiv*: survey beside file review beside printed statements, each with its own n and method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from analysis import charts, sentences
from analysis.strands import FILE_REVIEW, SURVEY, Strand, side_by_side
from analysis.tables import YES
from dashboard import data, evidence, html_tables, statements
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import (
    REVIEW_KEY,
    answer,
    chart,
    download,
    filters,
    has_total,
    heading,
    marks,
    nothing,
    palette,
    table,
)
from dashboard.released import told
from fieldwork.errors import NotAllowed, NotReleased

SURVEY_ITEMS = ("KVAL-09", "KVAL-10", "KVAL-11", "KVAL-12")
FILE_ITEMS = ("AKT12-24", "FAM20-19", "TILL20-17", "TILL20-18")
STATEMENT_ITEMS = (
    "KVAL-09", "KVAL-10", "KVAL-11", "KVAL-12", "KVAL-13",
    "AKT12-22", "AKT12-23", "AKT12-24", "AKT12-25",
    "FAM20-19", "FAM20-20", "FAM20-21", "FAM20-22", "FAM20-23", "FAM20-24",
    "TILL20-16", "TILL20-17", "TILL20-18", "TILL20-19",
    "INT14-32", "INT14-33", "INT14-34", "INT14-35",
)  # fmt: skip
"""The items about children, in the order in which the page shows them."""

TALKS = "KVAL-11"
"""Whether social secretaries talk with the children: what the first sentence tells where it can."""


def page() -> None:
    """Show the child perspective of one review."""
    heading("children")
    choice = filters(_reviews(), has_total, REVIEW_KEY)
    if choice is None:
        nothing("page.children.empty")
        return
    for wave in choice.waves[:1]:
        marks(wave)
    rows = [strand for wave in choice.waves for strand in _strands(wave, choice.district)]
    if rows:
        _evidence(rows)
    else:
        unreleased = all(data.sees_releases_only(wave) for wave in choice.waves)
        nothing("released.none" if unreleased else "page.children.nothing")
    statements.show(choice.wave.review_id, choice.district, STATEMENT_ITEMS)
    download([row.table for row in rows], say("page.children.file"))
    for wave in choice.waves:
        told(wave)


def _reviews() -> Mapping[str, tuple[WaveInfo, ...]]:
    """Return the reviews that ask about children, each with its waves: the survey before the files."""
    about = [wave for wave in data.waves() if {*SURVEY_ITEMS, *FILE_ITEMS} & set(evidence.items_shown(wave))]
    about.sort(key=lambda wave: wave.subject == "file")
    names = dict.fromkeys(wave.review_label for wave in data.waves() if wave in about)
    return {name: tuple(wave for wave in about if wave.review_label == name) for name in names}


def _strands(wave: WaveInfo, district: str) -> Iterator[Strand]:
    """Yield what the wave says about each point, in the chosen district or in all."""
    method = FILE_REVIEW if wave.subject == "file" else SURVEY
    for item in FILE_ITEMS if wave.subject == "file" else SURVEY_ITEMS:
        try:
            tables = evidence.tables_of(wave, item, language())
        except (NotAllowed, NotReleased):
            return
        for shown in tables:
            column = sentences.focus(shown, district)
            if column is not None and YES in [row.value for row in shown.rows]:
                yield Strand(shown.title, method, shown, column, YES)


def _evidence(rows: list[Strand]) -> None:
    """Draw the strands on one scale, then one table for each method."""
    spoken = [row for row in rows if row.table.item == TALKS and row.cell.count is not None]
    text = side_by_side([*(spoken or rows), *(row for row in rows if row.method == FILE_REVIEW)], language())
    answer(text)
    chart(charts.strands(rows, palette(), text=text), "children")
    for method in (SURVEY, FILE_REVIEW):
        mine = [row.table for row in rows if row.method == method]
        if mine:
            title = say(f"page.children.{method}")
            st.header(title, anchor=False)
            table(html_tables.stacked(title, mine))
