"""*Utskick*: one wave while it runs. Who has answered as counts, contacts per day, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import data, wave_actions, wave_contacts, wave_diary
from dashboard.access import viewer
from dashboard.acting import act, today, told
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import Choice, answer, filters, heading, marks, nothing, one_by_one
from dashboard.page_fieldwork import EVERY, participation
from fieldwork import desk
from fieldwork.rights import Role
from fieldwork.wording import day

START = "start"


def page() -> None:
    """Show one wave that people are invited to."""
    heading("wave")
    if viewer().role is not Role.INSPECTOR:
        nothing("act.not_allowed")
        return
    surveys = _surveys()
    choice = filters(surveys, lambda _: True)
    if choice is None:
        nothing("page.wave.empty")
        return
    marks(choice.wave, results=False)
    told()
    _state(choice.wave)
    _people(choice)
    wave_contacts.contacts(choice.wave)
    wave_contacts.problems(choice.wave)
    if not viewer().name:
        st.info(say("act.no_user"))
        return
    wave_actions.actions(choice.wave)
    wave_diary.diary(choice.wave)


def _surveys() -> Mapping[str, tuple[WaveInfo, ...]]:
    return one_by_one(
        wave for wave in data.every_wave() if wave.subject != "file" and wave.policy != "published"
    )


def _state(wave: WaveInfo) -> None:
    """Say where the wave stands, with the one thing to do about it."""
    answer(say(f"page.wave.state.{wave.state}", opens=_day(wave, "opens"), closes=_day(wave, "closes")))
    if wave.state in {"waiting", "paused"}:
        label = say(f"page.wave.go.{wave.state}")
        if st.button(label, type="primary", key=START):
            act(
                lambda session, who, at: desk.start(session, who, wave.id, at),
                lambda _: say("page.wave.started"),
            )
    elif wave.state == "running" and st.button(say("page.wave.go.running"), key=START):
        act(lambda session, who, at: desk.pause(session, who, wave.id, at), lambda _: say("page.wave.paused"))
    if not wave.closed and today() > wave.closes:
        st.warning(say("page.wave.over"))


def _day(wave: WaveInfo, name: str) -> str:
    return day(language(), getattr(wave, name))


def _people(choice: Choice) -> None:
    """Draw participation as on *Insamling*, read anew while the wave is open."""
    st.header(say("page.wave.people"), anchor=False)
    live = st.fragment(participation, run_every=None if choice.wave.closed else EVERY)
    live(choice)
