"""*Nytt utskick*: a wave planned on one page, kept as rows at every step, checked, tried and started."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import data, plan_left, plan_previews, plan_staff, plan_start
from dashboard.access import viewer
from dashboard.acting import act, told
from dashboard.catalogue import language, say
from dashboard.layout import answer, filters, heading, nothing
from dashboard.plan_fields import Plan, date_text, one_of, several_of, text, tick, whole
from dashboard.plan_left import step
from fieldwork import drafts
from fieldwork.drafts import Draft, StaffReport
from fieldwork.rights import Role
from fieldwork.settings import read_settings
from questionnaires.loader import from_library, library

DOORS = ("web", "telegram", "paper")
CHOSEN, SHOWN = "plan", "plan-shown"
"""Where it is kept which of several plans is chosen, and which one was last on the page."""


def page() -> None:
    """Plan a wave from the questionnaire to the start."""
    heading("new_wave")
    filters({}, lambda _: True)
    if viewer().role is not Role.INSPECTOR:
        nothing("act.not_allowed")
        return
    own = told()
    if not viewer().name:
        st.info(say("act.no_user"))
        return
    every = data.drafts()
    shown = st.session_state.get(SHOWN)
    if not own and shown and shown not in {each.id for each in every}:
        st.info(say("page.new_wave.gone"))
    draft = _chosen(every)
    st.session_state[SHOWN] = draft.id if draft else None
    if draft is None:
        nothing("page.new_wave.empty")
        _begin("page.new_wave.begin")
        return
    report = data.staff_report(draft)
    _steps(Plan(draft, data.draft_problems(draft, report)), report)
    _aside(draft)


def _chosen(every: Sequence[Draft]) -> Draft | None:
    """Return the plan on the page: the only one, or the one chosen of several."""
    if len(every) < 2:
        return every[0] if every else None
    names = {each.id: _name(each) for each in every}
    number = st.selectbox(say("page.new_wave.which"), names, format_func=names.__getitem__, key=CHOSEN)
    return next((each for each in every if each.id == number), every[0])


def _name(draft: Draft) -> str:
    told_ = [str(draft.fields.get(name) or "") for name in ("name", "review")]
    return say("page.new_wave.named", number=draft.id, name=", ".join(part for part in told_ if part))


def _begin(key: str) -> None:
    if st.button(say(key), type="primary" if key.endswith("begin") else "secondary", key="begin"):
        act(drafts.begin, lambda _: say("page.new_wave.begun"))


def _aside(draft: Draft) -> None:
    """Offer to throw the plan away, or to begin another one beside it."""
    st.header(say("page.new_wave.more"), anchor=False)
    with st.form("discard", border=False):
        sure = st.checkbox(say("page.new_wave.sure"))
        if st.form_submit_button(say("page.new_wave.discard")):
            if not sure:
                st.error(say("page.wave.close.not_sure"))
            else:
                act(
                    lambda session, who, _: drafts.discard(session, who, draft.id),
                    lambda _: say("page.new_wave.discarded"),
                )
    _begin("page.new_wave.another")


def _steps(plan: Plan, report: StaffReport) -> None:
    left = plan_left.number_left(plan, report)
    answer(say("page.new_wave.left", n=left) if left else say("page.new_wave.ready", n=report.total))
    st.markdown(say("page.new_wave.kept", link=plan_left.link("start")))
    step("review")
    _review(plan)
    step("staff")
    plan_staff.staff(plan, report)
    step("promise")
    _promise(plan)
    step("days")
    _days(plan)
    step("texts")
    plan_previews.texts(plan)
    step("informed")
    st.markdown(say("page.new_wave.informed_what"))
    date_text(plan, "informed_on")
    step("trial")
    plan_start.trial(plan)
    step("simulated")
    plan_start.simulated(plan, report)
    step("start")
    plan_start.start(plan, report)


def _review(plan: Plan) -> None:
    text(plan, "review")
    left, right = st.columns([3, 1])
    with left:
        text(plan, "theme")
    with right:
        whole(plan, "year", 1990, 2100)
    text(plan, "name")
    several_of(plan, "form", editions(language()))
    tick(plan, "pilot")


def editions(code: str) -> dict[str, str]:
    """Return the editions of the library that people are asked, with their titles; the short ones first."""
    found = {name: from_library(name) for name in library()}
    mine = {name: each for name, each in found.items() if each.subject == "self"}
    ordered = sorted(mine, key=lambda name: (not name.endswith(".kort"), name))
    return {name: f"{mine[name].title[code]} ({name})" for name in ordered}


def _promise(plan: Plan) -> None:
    one_of(plan, "promise", {name: say(f"plan.promise_{name}") for name in ("confidential", "anonymous")})
    whole(plan, "smallest_group", 3, 100)
    several_of(plan, "doors", {name: say(f"plan.door_{name}") for name in DOORS})
    _not_set_up(plan)
    if "telegram" in (plan.value("doors") or ()):
        text(plan, "telegram_reason")
        tick(plan, "telegram_free_text")
    left, middle, right = st.columns(3)
    with left:
        text(plan, "contact_name")
    with middle:
        text(plan, "contact_phone")
    with right:
        text(plan, "contact_mail")


def _not_set_up(plan: Plan) -> None:
    """Say which chosen door this installation cannot serve yet."""
    settings = read_settings()
    missing = {"web": not settings.smtp_url, "telegram": not settings.telegram_token}
    for door in plan.value("doors") or ():
        if missing.get(door):
            st.warning(say(f"page.new_wave.not_set_up_{door}"))


def _days(plan: Plan) -> None:
    left, right = st.columns(2)
    with left:
        date_text(plan, "opens")
    with right:
        date_text(plan, "closes")
    text(plan, "reminders")
    with st.expander(say("page.new_wave.hours"), key="fold-hours"):
        days = ("monday", "tuesday", "wednesday", "thursday", "friday")
        several_of(plan, "weekdays", {day: say(f"plan.{day}") for day in days})
        text(plan, "hours")
        text(plan, "blocked")
