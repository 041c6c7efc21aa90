"""On the wave's page: the diary of the fieldwork."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import data, html_tables
from dashboard.acting import act, rounds
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import table
from fieldwork import desk
from fieldwork.settings import read_settings
from fieldwork.wording import moment


def diary(wave: WaveInfo) -> None:
    """Draw the lines of the diary, and a field for a new one."""
    st.header(say("page.wave.diary.title"), anchor=False)
    with st.form("note", border=False):
        text = st.text_area(say("page.wave.diary.label"), max_chars=desk.LONGEST_NOTE, key=f"note-{rounds()}")
        st.markdown(say("page.wave.diary.warning"))
        if st.form_submit_button(say("page.wave.diary.do")):
            act(
                lambda session, who, at: desk.write_note(session, who, wave.id, text, at),
                lambda _: say("page.wave.diary.done"),
            )
    lines = data.diary(wave)
    if lines:
        zone = ZoneInfo(read_settings().time_zone).key
        rows = [[moment(language(), at, zone), line] for at, line in lines]
        heads = [say("page.wave.diary.when"), say("page.wave.diary.line")]
        table(html_tables.statements(say("page.wave.diary.title"), heads, rows))
