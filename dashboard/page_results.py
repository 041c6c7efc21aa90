"""*Resultat*: every question of a questionnaire, per reporting unit, with its chart and its table.

One section at a time, since a browser needs seconds to draw a chart for every question; the workbook has all.
"""

from __future__ import annotations

import streamlit as st

from analysis import charts, sentences
from analysis.disclosure import SafeTable
from analysis.palette import STEPS
from analysis.scale_charts import scale_bars, sides
from analysis.tables import WRITTEN, Measure
from dashboard import accounting, course, data, evidence, html_tables, splits, statements
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import (
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


def page() -> None:
    """Show the results of one survey."""
    heading("results")
    surveys = one_by_one(wave for wave in data.waves() if wave.subject != "file")
    choice = filters(surveys, has_total, headings=lambda wave: evidence.headings(wave, language()))
    if choice is None:
        nothing("page.results.empty")
        return
    marks(choice.wave)
    try:
        sections = evidence.sections(choice.wave, language())
    except (NotAllowed, NotReleased):
        not_shown(choice.wave)
        return
    answer(_first(choice))
    total = data.participation(choice.wave).total
    course.caution(choice.wave, total.sent, total.invited)
    before = accounting.earlier_round(choice.wave)
    units = accounting.units_of(choice.wave, before) if before else None
    for section in sections:
        if choice.section not in {"", section.title}:
            continue
        st.header(section.title, anchor=False)
        for number, each in enumerate(section.tables):
            _question(each, choice.district, f"{each.item}-{number}")
            if not choice.district:
                _split(choice.wave, each)
            if before and units:
                accounting.before_and_after(choice, before, units, each.item)
        if choice.wave.policy != "published":
            accounting.account(choice, section)
    about = evidence.items_asked(choice.wave, language(), choice.section)
    statements.show(choice.wave.review_id, choice.district, about)
    download([each for section in sections for each in section.tables], say("page.results.file"))
    told(choice.wave)


def _first(choice: Choice) -> str:
    """Return whose answers these are."""
    found = data.participation(choice.wave)
    unit = next((unit for unit in found.units if unit.label == choice.district), found.total)
    return sentence(choice.wave, unit, whole=found.whole)


def _question(shown: SafeTable, district: str, key: str) -> None:
    """Draw one question: its words, its answer, its chart, its table."""
    if district and shown.column(district) is None:
        return
    st.subheader(shown.title, anchor=False)
    text = sentences.about(shown, district)
    st.markdown(text)
    if shown.measure is not Measure.NUMBER and [row.value for row in shown.rows] != [WRITTEN]:
        if set(STEPS) <= {row.value for row in shown.rows}:
            rows = sides({"": shown}, district)
            drawn = scale_bars(rows, palette(), text=text)
        else:
            drawn = charts.bars(shown, palette(), unit=district, text=text)
        chart(drawn, f"chart-{key}")
    table(html_tables.html(shown))


def _split(wave: WaveInfo, shown: SafeTable) -> None:
    """Draw the question by background too, where that gives nobody away."""
    if found := splits.beside(wave, shown, language()):
        split, parts = found
        st.markdown(say(f"page.results.split_{split}"))
        table(html_tables.html(parts))
