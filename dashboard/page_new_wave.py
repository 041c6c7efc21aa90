"""*Nytt utskick*: a wave planned on one page, kept as rows at every step, checked, tried and started."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import data, plan_previews, plan_staff, plan_start
from dashboard.access import viewer
from dashboard.acting import act, told
from dashboard.catalogue import language, say
from dashboard.layout import filters, heading, nothing
from dashboard.plan_fields import Plan, one_of, several_of, text, tick, whole
from fieldwork import drafts
from fieldwork.drafts import Draft
from fieldwork.rights import Role
from questionnaires.loader import from_library, library

DOORS = ("web", "telegram", "paper")
CHOSEN = "plan"
"""Where it is kept which of several plans is on the page."""


def page() -> None:
    """Plan a wave from the questionnaire to the start."""
    heading("new_wave")
    filters({}, lambda _: True)
    if viewer().role is not Role.INSPECTOR:
        nothing("act.not_allowed")
        return
    told()
    if not viewer().name:
        st.info(say("act.no_user"))
        return
    every = data.drafts()
    draft = _chosen(every)
    if draft is None:
        nothing("page.new_wave.empty")
        _begin("page.new_wave.begin")
        return
    _steps(Plan(draft, data.draft_problems(draft)))
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
        if st.form_submit_button(say("page.new_wave.discard")) and sure:
            act(
                lambda session, who, _: drafts.discard(session, who, draft.id),
                lambda _: say("page.new_wave.discarded"),
            )
    _begin("page.new_wave.another")


def _steps(plan: Plan) -> None:
    st.markdown(say("page.new_wave.kept"))
    _step("review", 1)
    _review(plan)
    _step("staff", 2)
    plan_staff.staff(plan)
    _step("promise", 3)
    _promise(plan)
    _step("days", 4)
    _days(plan)
    _step("texts", 5)
    plan_previews.texts(plan)
    _step("informed", 6)
    st.markdown(say("page.new_wave.informed_what"))
    text(plan, "informed_on")
    _step("trial", 7)
    plan_start.trial(plan)
    _step("simulated", 8)
    report = drafts.staff_report(plan.draft)
    plan_start.simulated(plan, report)
    _step("start", 9)
    plan_start.start(plan, report)


def _step(name: str, number: int) -> None:
    st.header(say("page.new_wave.step", number=number, name=say(f"page.new_wave.steps.{name}")), anchor=False)


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


def _days(plan: Plan) -> None:
    left, right = st.columns(2)
    with left:
        text(plan, "opens")
    with right:
        text(plan, "closes")
    text(plan, "reminders")
    with st.expander(say("page.new_wave.hours"), key="fold-hours"):
        days = ("monday", "tuesday", "wednesday", "thursday", "friday")
        several_of(plan, "weekdays", {day: say(f"plan.{day}") for day in days})
        text(plan, "hours")
        text(plan, "blocked")
