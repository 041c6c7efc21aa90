"""On the wave's page: what an inspector can do, each in a fold of its own with its form."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from dashboard import data, stored, wave_paper
from dashboard.access import viewer
from dashboard.acting import act, now, rounds, today
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import XLSX
from fieldwork import desk
from fieldwork.settings import read_settings
from questionnaires.definition import LANGUAGES

Form = Callable[[WaveInfo], None]


def actions(wave: WaveInfo) -> None:
    """Draw everything that can be done to a wave that is not closed."""
    if wave.closed:
        return
    st.header(say("page.wave.actions"), anchor=False)
    for name, form in FORMS.items():
        with st.expander(say(f"page.wave.{name}.title"), key=f"fold-{name}"):
            st.markdown(say(f"page.wave.{name}.what"))
            form(wave)


def reference(wave: WaveInfo, name: str) -> str:
    """Draw the choice of a person by reference and return it; '' for none."""
    chosen = st.selectbox(
        say("page.wave.reference"),
        data.references(wave),
        index=None,
        key=f"{name}-reference-{rounds()}",
        placeholder=say("page.wave.choose"),
    )
    return chosen or ""


def _add(wave: WaveInfo) -> None:
    with st.form("add", border=False):
        given = {
            name: st.text_input(say(f"page.wave.add.{name}"), key=f"add-{name}-{rounds()}")
            for name in ("reference", "address", "unit", "role")
        }
        given["district"] = st.selectbox(
            say("filter.distrikt"), data.organisations(wave), key=f"add-district-{rounds()}"
        )
        given["language"] = st.selectbox(
            say("page.wave.add.language"),
            LANGUAGES,
            key=f"add-language-{rounds()}-{language()}",
            format_func=_language_name,
        )
        if st.form_submit_button(say("page.wave.add.do")):
            act(
                lambda session, who, at: desk.add_person(session, who, wave.id, given, at),
                lambda _: say("page.wave.add.done"),
            )


def _language_name(code: str) -> str:
    return say(f"page.wave.language_{code}")


def _address(wave: WaveInfo) -> None:
    with st.form("address", border=False):
        who = reference(wave, "address")
        address = st.text_input(say("page.wave.add.address"), key=f"address-{rounds()}")
        if st.form_submit_button(say("page.wave.address.do")):
            act(
                lambda session, viewer, at: desk.correct_address(session, viewer, wave.id, who, address, at),
                lambda _: say("page.wave.address.done"),
            )


def _link(wave: WaveInfo) -> None:
    with st.form("link", border=False):
        who = reference(wave, "link")
        if st.form_submit_button(say("page.wave.link.do")):
            act(
                lambda session, viewer, at: desk.send_link(session, viewer, wave.id, who, at),
                lambda _: say("page.wave.link.done"),
            )


def _left(wave: WaveInfo) -> None:
    with st.form("left", border=False):
        who = reference(wave, "left")
        reason = st.text_input(say("page.wave.left.reason"), key=f"left-reason-{rounds()}")
        gone, back = st.columns(2)
        if gone.form_submit_button(say("page.wave.left.do")):
            act(
                lambda session, viewer, at: desk.mark_left(session, viewer, wave.id, who, reason, at),
                lambda _: say("page.wave.left.done"),
            )
        if back.form_submit_button(say("page.wave.left.back")):
            act(
                lambda session, viewer, at: desk.mark_back(session, viewer, wave.id, who, at),
                lambda _: say("page.wave.left.back_done"),
            )


def _paper(wave: WaveInfo) -> None:
    wave_paper.entry(wave, reference(wave, "paper"))


def _end(wave: WaveInfo) -> None:
    with st.form("end", border=False):
        text = st.text_input(say("page.wave.end.day"), wave.closes.isoformat(), key=f"end-{rounds()}")
        if st.form_submit_button(say("page.wave.end.do")):
            closes = as_day(text)
            if closes is None:
                st.error(say("page.wave.no_date"))
            else:
                act(
                    lambda session, who, at: desk.move_end(session, who, wave.id, closes, at),
                    lambda _: say("page.wave.end.done"),
                )


def as_day(text: str) -> date | None:
    """Return a day written as 2026-10-01; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _files(wave: WaveInfo) -> None:
    """Offer slips and the list of links; both make new links when they are fetched."""
    if not wave.may_hand_out(today()):
        st.markdown(say("page.wave.files.not_yet"))
        return
    left, right = st.columns(2)
    left.download_button(
        say("page.wave.files.slips"),
        data=lambda: _made(lambda session, **how: desk.slips(session, viewer(), wave.id, **how)),
        file_name=f"{say('page.wave.files.slips_file')}.pdf",
        mime="application/pdf",
        on_click="ignore",
    )
    name = f"{say('page.wave.files.links_file')}.xlsx"
    right.download_button(
        say("page.wave.files.links"),
        data=lambda: _made(
            lambda session, **how: desk.links_list(session, viewer(), wave.id, filename=name, **how)
        ),
        file_name=name,
        mime=XLSX,
        on_click="ignore",
    )


def _made(make: Callable[..., bytes]) -> bytes:
    settings = read_settings()
    how: Mapping[str, object] = {
        "language": language(),
        "base_url": settings.base_url,
        "fresh_token": lambda: secrets.token_urlsafe(32),
        "now": now(),
    }
    return stored.write(lambda session: make(session, **how))


def _close(wave: WaveInfo) -> None:
    with st.form("close", border=False):
        sure = st.checkbox(say("page.wave.close.sure"), key=f"close-{rounds()}")
        if st.form_submit_button(say("page.wave.close.do")):
            if not sure:
                st.error(say("page.wave.close.not_sure"))
            else:
                act(
                    lambda session, who, at: desk.close(session, who, wave.id, at),
                    lambda n: say("page.wave.close.done", n=n),
                )


FORMS: Mapping[str, Form] = {
    "add": _add,
    "address": _address,
    "link": _link,
    "left": _left,
    "paper": _paper,
    "files": _files,
    "end": _end,
    "close": _close,
}
