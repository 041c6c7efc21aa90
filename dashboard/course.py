"""How the fieldwork of a survey went, under participation: rates, codes, where people stopped, doors."""

from __future__ import annotations

from functools import reduce
from operator import add

import streamlit as st

from analysis.dropout import Stops, dropout, large_enough
from analysis.fieldwork_tables import WordTable, code_table, door_table, dropout_table, rate_table
from analysis.rates import may_comment
from analysis.statistics_wording import statistics_words
from dashboard import course_data, data, html_tables
from dashboard.access import viewer
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import Choice, table
from fieldwork.rights import Role
from questionnaires.blocks import heads
from questionnaires.engine import label_alone


def has_course(wave: WaveInfo) -> bool:
    """Tell whether the visitor sees how the wave went: an inspector, of a survey that was collected here."""
    collected = wave.policy != "published" and wave.subject != "file"
    return collected and viewer().role is Role.INSPECTOR


def caution(wave: WaveInfo, sent: int, invited: int) -> None:
    """Say when too few have answered for comments, as the inspectors judge it."""
    if wave.closed and invited and not may_comment(sent, invited, wave.comment_threshold):
        st.markdown(say("page.results.caution", threshold=wave.comment_threshold))


def rates(choice: Choice) -> None:
    """Draw the response rates of a closed wave, and what became of its invitations."""
    units = course_data.outcomes(choice.wave)
    seen = [unit for unit in units if not choice.district or unit.label == choice.district]
    rate = rate_table(seen, language())
    st.header(rate.title, anchor=False)
    words(rate)
    codes = code_table(seen, language())
    with st.expander(codes.title):
        words(codes)


def stopped(choice: Choice) -> None:
    """Draw where those who began stopped: in the chosen district if it is large enough, else in all."""
    wave = choice.wave
    by_unit = course_data.stops(wave)
    begun = {label: each.begun for label, each in by_unit.items()}
    seen = large_enough(begun, wave.smallest_group)
    together = reduce(add, by_unit.values(), Stops())
    with st.expander(statistics_words("dropout.title", language())):
        if choice.district and choice.district not in seen:
            st.markdown(statistics_words("dropout.units_left_out", language()))
        elif together.begun < wave.smallest_group:
            st.markdown(statistics_words("dropout.too_few", language(), k=wave.smallest_group))
        else:
            stops = by_unit[choice.district] if choice.district else together
            words(life_table(wave, stops, course_data.introduction(wave, choice.district)))


def life_table(wave: WaveInfo, stops: Stops, introduction: int) -> WordTable:
    """Return the table of dropout per question of a wave, in the language of the visit."""
    form = data.form(wave)
    order = list(dict.fromkeys(heads(form).values()))
    labels = {item: label_alone(form.by_name[item], language()) for item in order}
    return dropout_table(dropout(order, stops, introduction), labels, language())


def doors(wave: WaveInfo) -> None:
    """Draw how the ways in differ, where there are several."""
    found = course_data.doors(wave)
    if len(found) > 1:
        drawn = door_table(found, wave.smallest_group, language())
        with st.expander(drawn.title):
            words(drawn)


def method(wave: WaveInfo) -> None:
    """Offer the method page of a closed wave as a file; it is written when somebody asks for it."""
    st.download_button(
        statistics_words("method.download", language()),
        data=lambda: course_data.method(wave),
        file_name=f"metod-{wave.id}.html",
        mime="text/html",
        on_click="ignore",
    )


def words(shown: WordTable) -> None:
    """Draw a table of ready words with its notes."""
    table(html_tables.plain(shown.title, shown.heads, shown.rows, last_is_total=shown.last_is_total))
    if shown.notes:
        table(html_tables.notes(shown.notes))
