"""What a manager is told of releases: which one a page shows, the file to take, or that there is none yet."""

from __future__ import annotations

import streamlit as st

from analysis.wording import day
from dashboard import data, stored
from dashboard.access import viewer
from dashboard.acting import now
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import nothing
from fieldwork import releases
from fieldwork.errors import NotReleased

HTML = "text/html"


def not_shown(wave: WaveInfo) -> None:
    """Say why the results of the wave are not shown: not released yet, or still being collected."""
    nothing("released.none" if data.sees_releases_only(wave) else "page.results.closed")


def told(wave: WaveInfo) -> None:
    """Say which release the page shows, and offer it as a file; nothing where none is shown."""
    if not data.sees_releases_only(wave):
        return
    try:
        found = data.release(wave)
    except NotReleased:
        return
    name = {"number": found.number, "wave": wave.name}
    st.markdown(say("released.shown", day=day(found.at.date(), language()), **name))
    st.download_button(
        say("released.take", **name),
        data=lambda: _page(wave.id, found.number),
        file_name=f"{say('released.file', **name)}.html",
        mime=HTML,
        on_click="ignore",
        key=f"released-{wave.id}",
    )


def _page(wave_id: int, number: int) -> bytes:
    """Return the release as it was made; the audit log notes who took it."""
    return stored.write(lambda session: releases.take_page(session, viewer(), wave_id, now(), number))
