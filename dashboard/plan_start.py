"""On the page of a new wave: a letter on trial, the whole plan simulated, and the start."""

from __future__ import annotations

import streamlit as st

from dashboard import data, plan_left
from dashboard.acting import act, now
from dashboard.catalogue import language, say
from dashboard.plan_fields import Plan, fresh
from dashboard.wave_contacts import draw_plan
from fieldwork import drafts, sample_letters
from fieldwork.drafts import StaffReport
from fieldwork.letters import LetterKind
from fieldwork.previews import kinds_of_plan, letter_of_plan
from fieldwork.settings import read_settings
from questionnaires.definition import LANGUAGES

EVERY = "3s"
"""How often it is looked whether a letter on trial has been sent."""


def trial(plan: Plan) -> None:
    """Draw the form that sends a letter to the inspector herself, and what became of it."""
    settings = read_settings()
    if not settings.smtp_url:
        st.markdown(say("page.new_wave.trial.no_mail"))
        return
    st.markdown(say("page.new_wave.trial.what"))
    with st.form("trial", border=False):
        mine = str(plan.value("contact_mail") or "")
        key = fresh(plan.key("trial-address"), mine)
        address = st.text_input(say("page.new_wave.trial.address"), mine, key=key)
        kind = st.selectbox(
            say("page.new_wave.shown"),
            kinds_of_plan(plan.draft.fields),
            format_func=lambda each: say(f"page.new_wave.kind.{each}"),
            key=plan.worded("trial-kind"),
        )
        code = st.selectbox(
            say("page.new_wave.in_language"),
            LANGUAGES,
            format_func=lambda each: say(f"page.wave.language_{each}"),
            key=plan.worded("trial-language"),
        )
        if st.form_submit_button(say("page.new_wave.trial.do")):
            fields = plan.draft.fields
            letter = letter_of_plan(fields, LetterKind(str(kind)), code, settings.base_url, test=True)
            act(
                lambda session, who, at: sample_letters.ask(session, who, plan.draft.id, letter, address, at),
                lambda _: say("page.new_wave.trial.asked"),
            )
    waiting = {sample_letters.WAITING, sample_letters.ON_ITS_WAY}
    pending = any(each.outcome in waiting for each in data.trials(plan.draft))
    st.fragment(_trials, run_every=EVERY if pending else None)(plan)


def _trials(plan: Plan) -> None:
    for each in data.trials(plan.draft)[:5]:
        kind = say(f"page.new_wave.kind.{each.kind}")
        st.markdown(f"{kind}: {say(f'page.new_wave.trial.{each.outcome}', reason=_reason(each.reason))}")


def _reason(code: str) -> str:
    known = {"refused", "policy", "busy", "connection", "settings", "content"}
    return say(f"page.new_wave.reason.{code if code in known else 'other'}")


def simulated(plan: Plan, report: StaffReport) -> None:
    """Draw the contacts per day if nobody answered."""
    found = drafts.simulated(plan.draft, report, now())
    if found is None:
        st.markdown(say("page.new_wave.simulated.no_days"))
        return
    total = sum(each.invitations + each.reminders for each in found.coming)
    if not total:
        st.markdown(say("page.new_wave.simulated.nobody"))
        return
    text = say("page.new_wave.simulated.text", n=total, days=len(found.coming))
    st.markdown(text)
    draw_plan(found, text, example=False)


def start(plan: Plan, report: StaffReport) -> None:
    """Draw what is left to do, and the button that starts."""
    left = plan_left.left(plan, report)
    st.markdown(say("page.new_wave.start.left") if left else say("page.new_wave.ready", n=report.total))
    if left:
        st.markdown(left)
    if not st.button(say("page.new_wave.start.do"), type="primary", key=plan.key("start")):
        return
    if not left:
        act(
            lambda session, who, at: drafts.launch(session, who, plan.draft.id, at, language()),
            lambda _: say("page.new_wave.start.done"),
        )
    elif st.session_state.get(plan.asked):
        st.error(say("page.new_wave.start.not_yet"))
    else:
        st.session_state[plan.asked] = True
        st.rerun()
