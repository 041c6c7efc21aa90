"""On the wave's page: contacts per day, made and coming, and the addresses that cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.contact_charts import ContactBar
from analysis.contact_charts import contacts as contact_chart
from analysis.wording import day, number
from dashboard import data, html_tables
from dashboard.acting import act, rounds
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import chart, palette, table
from fieldwork import desk
from fieldwork.plans import ContactDay, Plan


def contacts(wave: WaveInfo) -> None:
    """Draw the contacts of a wave."""
    st.header(say("page.wave.contacts"), anchor=False)
    plan = data.contact_plan(wave)
    coming = plan.coming if wave.state in {"waiting", "running"} else ()
    text = say(f"page.wave.contacts_{wave.state}", made=_sum(plan.made), coming=_sum(plan.coming))
    st.markdown(text)
    draw_plan(Plan(plan.made, coming, plan.unreachable), text, example=wave.origin == "example")


def draw_plan(plan: Plan, text: str, *, example: bool) -> None:
    """Draw a plan as a chart and a table of days."""
    bars = [_bar(each, coming=False) for each in plan.made] + [
        _bar(each, coming=True) for each in plan.coming
    ]
    if not bars:
        return
    chart(contact_chart(bars, palette(), language(), example=example, text=text), "contacts")
    heads = [say(f"page.wave.days.{name}") for name in ("day", "invitations", "reminders")]
    rows = [
        [
            say(f"page.wave.days.{'coming' if each.coming else 'made'}", day=day(each.day, language())),
            number(each.invitations, language()),
            number(each.reminders, language()),
        ]
        for each in bars
    ]
    table(html_tables.plain(say("page.wave.contacts"), heads, rows))


def _bar(each: ContactDay, *, coming: bool) -> ContactBar:
    return ContactBar(each.day, each.invitations, each.reminders, coming)


def _sum(days: Sequence[ContactDay]) -> int:
    return sum(each.invitations + each.reminders for each in days)


def problems(wave: WaveInfo) -> None:
    """Say whose address is missing or refused, by reference; never who has answered."""
    st.header(say("page.wave.delivery"), anchor=False)
    found = data.not_reached(wave)
    if found:
        st.markdown(
            say("page.wave.delivery_some" if len(found) > 1 else "page.wave.delivery_one", n=len(found))
        )
        heads = [say("page.wave.reference"), say("page.wave.reason")]
        rows = [
            [each.reference, say(f"page.wave.reason_{'refused' if each.refused else 'missing'}")]
            for each in found
        ]
        table(html_tables.statements(say("page.wave.delivery"), heads, rows))
    else:
        st.markdown(say("page.wave.delivery_none"))
    if not wave.closed:
        _bounce()


def _bounce() -> None:
    with st.expander(say("page.wave.bounce.title")):
        st.markdown(say("page.wave.bounce.what"))
        with st.form("bounce", border=False):
            file = st.file_uploader(say("page.wave.bounce.file"), type=["eml"], key=f"bounce-{rounds()}")
            if st.form_submit_button(say("page.wave.bounce.do")) and file is not None:
                content = file.getvalue()
                act(
                    lambda session, who, at: desk.take_bounce(session, who, content, at),
                    lambda n: say("page.wave.bounce.done", n=n),
                )
