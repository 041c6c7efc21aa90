"""On the page of a new wave: the staff list, its faults by row, and who is invited per district."""

from __future__ import annotations

import streamlit as st

from analysis.wording import number
from dashboard import html_tables
from dashboard.acting import act, listed, rounds
from dashboard.catalogue import language, say
from dashboard.layout import XLSX, table
from dashboard.plan_fields import Plan, faults, fresh, keep, own, present_key
from fieldwork import drafts
from fieldwork.drafts import StaffReport
from fieldwork.staff_lists import template

MOST_FAULTS = 20
"""How many faults of a list are told at once."""


def staff(plan: Plan, report: StaffReport) -> None:
    """Draw the upload, what the list says, and the districts."""
    st.markdown(say("page.new_wave.staff.what"))
    code = language()
    st.download_button(
        say("page.new_wave.staff.template"),
        data=lambda: template(code),
        file_name=f"{say('page.new_wave.staff.file')}.xlsx",
        mime=XLSX,
        on_click="ignore",
    )
    file = st.file_uploader(
        say("page.new_wave.staff.upload"), type=["xlsx", "csv"], key=plan.key(f"staff-{rounds()}")
    )
    if file is not None:
        name, content = file.name, file.getvalue()
        act(
            lambda session, who, at: drafts.keep_staff(session, who, plan.draft.id, name, content, at),
            lambda _: say("page.new_wave.staff.read", name=name),
        )
    _districts(plan)
    if plan.draft.staff is None:
        st.markdown(say("page.new_wave.staff.none"))
    elif report.problems:
        st.markdown(say("page.new_wave.staff.faults", name=plan.draft.staff_name, n=len(report.problems)))
        st.error(listed(report.problems[:MOST_FAULTS]))
        if len(report.problems) > MOST_FAULTS:
            st.markdown(say("page.new_wave.staff.first", n=MOST_FAULTS))
    else:
        _report(plan, report)


def _districts(plan: Plan) -> None:
    """Draw the districts as lines of text, and for each its posts."""
    known = {str(name): (posts, filled) for name, posts, filled in plan.value("districts") or ()}
    lines = "\n".join(known)
    key = fresh(plan.key("districts"), lines)
    st.text_area(say("plan.districts"), lines, key=key, on_change=_keep_names, args=(plan, key))
    faults(plan, "districts")
    for place, (name, values) in enumerate(known.items()):
        left, right = st.columns(2)
        for column, kind, value in ((left, "posts", values[0]), (right, "filled", values[1])):
            with column:
                _number_of(plan, kind, f"{place}-{name}", name, value)


def _number_of(plan: Plan, kind: str, place: str, district: str, value: int | None) -> None:
    key = fresh(plan.key(f"{kind}-{place}"), value)
    label = say(f"plan.{kind}", district=district)
    st.number_input(label, 0, 10_000, value, key=key, on_change=_keep_posts, args=(plan,))


def _keep_names(plan: Plan, key: str) -> None:
    known = {str(name): [name, posts, filled] for name, posts, filled in plan.value("districts") or ()}
    lines = [line.strip() for line in st.session_state[key].split("\n")]
    names = dict.fromkeys(line for line in lines if line)
    keep(plan, {"districts": [known.get(name, [name, None, None]) for name in names]})


def _keep_posts(plan: Plan) -> None:
    """Keep what all these fields hold: two of them may have been left since the last drawing."""
    names = [str(name) for name, *_ in plan.value("districts") or ()]
    rows = [
        [name, *(_entered(plan, f"{kind}-{place}-{name}") for kind in ("posts", "filled"))]
        for place, name in enumerate(names)
    ]
    keep(plan, {"districts": rows})


def _entered(plan: Plan, place: str) -> object:
    base = plan.key(place)
    value = st.session_state.get(present_key(base))
    own(base, value)
    return value


def _report(plan: Plan, report: StaffReport) -> None:
    """Say how many would be invited, with a table per district."""
    said = say("page.new_wave.staff.report", name=plan.draft.staff_name, n=report.total, away=report.away)
    st.markdown(said)
    if report.without_address:
        st.markdown(say("page.new_wave.staff.without", n=report.without_address))
    least = int(plan.value("smallest_group") or 0)
    if few := [name for name, invited in report.invited.items() if 0 < invited < least]:
        st.markdown(say("page.new_wave.staff.few", names=", ".join(few), least=least))
    heads = [
        say("filter.distrikt"),
        *(say(f"page.fieldwork.people.{name}") for name in ("posts", "filled", "invited")),
    ]
    rows = [
        [str(name), _number(posts), _number(filled), number(report.invited[str(name)], language())]
        for name, posts, filled in plan.value("districts") or ()
    ]
    total = [say("page.fieldwork.total"), _sum(rows, 1), _sum(rows, 2), number(report.total, language())]
    table(html_tables.plain(say("page.new_wave.steps.staff"), heads, [*rows, total], last_is_total=True))


def _number(value: int | None) -> str:
    return "-" if value is None else number(value, language())


def _sum(rows: list[list[str]], place: int) -> str:
    known = [int(row[place]) for row in rows if row[place].isdecimal()]
    return number(sum(known), language()) if known else "-"
