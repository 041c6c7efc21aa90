"""On the page of a new wave: the inspector's own words, and what recipients will see of them."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.catalogue import language, say
from dashboard.plan_fields import Plan, text
from fieldwork.letters import LetterKind, render
from fieldwork.previews import information_of_plan, kinds_of_plan, letter_of_plan
from fieldwork.settings import read_settings
from questionnaires.definition import LANGUAGES

PAGE = "information"
"""The information page, beside the kinds of letters."""

HEIGHT = 760


def texts(plan: Plan) -> None:
    """Draw the texts to write, and below them one preview to choose."""
    for code in LANGUAGES:
        text(plan, f"purpose_{code}", long=True)
        text(plan, f"readers_{code}", long=True)
    st.subheader(say("page.new_wave.preview"), anchor=False)
    left, right = st.columns([3, 1])
    shown = left.selectbox(
        say("page.new_wave.shown"),
        [PAGE, *kinds_of_plan(plan.draft.fields)],
        1,
        format_func=lambda kind: say(f"page.new_wave.kind.{kind}"),
        key=plan.worded("shown"),
    )
    code = right.selectbox(
        say("page.new_wave.in_language"),
        LANGUAGES,
        list(LANGUAGES).index(language()),
        format_func=lambda each: say(f"page.wave.language_{each}"),
        key=plan.worded("shown-language"),
    )
    if shown == PAGE:
        _information(plan, code)
    else:
        _letter(plan, LetterKind(shown), code)


def _letter(plan: Plan, kind: LetterKind, code: str) -> None:
    letter = render(letter_of_plan(plan.draft.fields, kind, code, read_settings().base_url, test=False))
    st.markdown(say("page.new_wave.subject", subject=letter.subject))
    title = escape(say(f"page.new_wave.kind.{kind}"), quote=True)
    # A frame within the frame: nothing in it may run, load anything or reach the page around it.
    frame = (
        f'<iframe title="{title}" sandbox="" srcdoc="{escape(letter.html, quote=True)}" '
        f'style="width:100%;height:{HEIGHT - 20}px;border:1px solid #78828c;border-radius:6px"></iframe>'
    )
    st.iframe(
        f"<!doctype html><html lang='{code}'><title>{title}</title><body>{frame}</body></html>", height=HEIGHT
    )
    with st.expander(say("page.new_wave.plain"), key=plan.key("plain")):
        st.text(letter.plain)


def _information(plan: Plan, code: str) -> None:
    first, whole = information_of_plan(plan.draft.fields, code)
    body = "".join(f"<p>{escape(line)}</p>" for line in first)
    rest = "".join(f"<dt>{escape(head)}</dt><dd>{escape(words)}</dd>" for head, words in whole)
    st.html(f'<div class="granska-preview" lang="{code}">{body}<hr><dl>{rest}</dl></div>')
