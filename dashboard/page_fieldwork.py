"""*Insamling*: who has answered, as counts, while it happens."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

import streamlit as st

from analysis import charts, sentences
from analysis.wording import capital, in_words, number, words
from dashboard import course, data, html_tables
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from dashboard.layout import (
    Choice,
    answer,
    chart,
    filters,
    has_total,
    heading,
    marks,
    nothing,
    one_by_one,
    palette,
    table,
)
from fieldwork.dispositions import Participation, UnitParticipation

EVERY = "3s"
"""How often an open wave is read again: an answer is seen within five seconds."""

PRINTED = ("invited", "sent", "dropout")
COUNTED = ("invited", "begun", "sent", "partial", "declined", "dropout")


def page() -> None:
    """Show participation: the answer, the curve, the counts per district."""
    heading("fieldwork")
    choice = filters(one_by_one(data.every_wave()), has_total)
    if choice is None:
        nothing("page.fieldwork.empty")
        return
    marks(choice.wave, results=False)
    still = choice.wave.closed or data.sees_releases_only(choice.wave)
    live = st.fragment(participation, run_every=None if still else EVERY)
    live(choice)
    if course.has_course(choice.wave):
        _course(choice)


def _course(choice: Choice) -> None:
    """Draw how the fieldwork went, for inspectors: rates once it is over, where people stop all the time."""
    if choice.wave.closed:
        course.rates(choice)
    course.stopped(choice)
    course.doors(choice.wave)
    if choice.wave.closed and not choice.wave.pilot:
        course.method(choice.wave)


def participation(choice: Choice) -> None:
    """Draw the answer, the curve and the counts per district, read anew."""
    found = data.participation(choice.wave)
    chosen = next((unit for unit in found.units if unit.label == choice.district), found.total)
    text = sentence(choice.wave, chosen, whole=found.whole)
    answer(text)
    if not chosen.withheld and choice.wave.subject != "file":
        course.caution(choice.wave, found.total.sent, found.total.invited)
    if data.sees_releases_only(choice.wave):
        st.markdown(say("page.fieldwork.midnight"))
    elif choice.wave.policy != "published":
        _curve(choice.wave, found, text)
    st.header(say("page.fieldwork.districts"), anchor=False)
    table(_counts(choice, found))


def sentence(wave: WaveInfo, unit: UnitParticipation, *, whole: bool) -> str:
    """Return how many of a unit have answered, or of all; ``whole`` says whether all are all."""
    if unit.withheld:
        return say("page.fieldwork.withheld", few=capital(_few(wave)))
    name = unit.label or ("" if whole else words("shown_units", language()))
    if wave.subject == "file":
        return sentences.reviewed(name, unit.sent, unit.invited, language())
    if wave.closed and (unit.label or whole):
        return sentences.registered(unit.sent, unit.invited, language())
    return sentences.answered(name, unit.sent, unit.invited, language())


def _curve(wave: WaveInfo, found: Participation, text: str) -> None:
    """Draw how the answers have come in, over all districts; a printed report does not tell the days."""
    st.header(say("page.fieldwork.curve"), anchor=False)
    points = _rising(found)
    if not points:
        st.markdown(say("page.fieldwork.no_curve"))
        return
    example = wave.origin == "example"
    invited = found.total.invited
    chart(charts.curve(points, invited, palette(), language(), example=example, text=text), "curve")


def _rising(found: Participation) -> list[tuple[date, int]]:
    days = [when for when, _ in found.curve]
    return list(zip(days, accumulate(n for _, n in found.curve), strict=True))


def _counts(choice: Choice, found: Participation) -> str:
    """Return the table of counts: posts only where the staffing was told, a total only where there is one.

    A report without a total prints its districts beside each other, so they are always shown together.
    """
    total = has_total(choice.wave) and not choice.district
    units = [u for u in found.units if choice.district in {"", u.label} or not has_total(choice.wave)]
    rows = [*units, found.total] if total else units
    staffed = any(unit.posts is not None for unit in rows)
    short = choice.wave.policy == "published" or data.sees_releases_only(choice.wave)
    counted = PRINTED if short else COUNTED
    names = [*(("posts", "filled") if staffed else ()), *counted]
    kind = "files" if choice.wave.subject == "file" else "people"
    heads = [say("filter.distrikt"), *(say(f"page.fieldwork.{kind}.{name}") for name in names)]
    whole = words("total" if found.whole else "total_shown", language())
    cells = [[_named(choice.wave, unit) or whole, *(_cell(unit, name) for name in names)] for unit in rows]
    title = say("page.fieldwork.districts")
    return html_tables.plain(title, heads, cells, last_is_total=total)


def _named(wave: WaveInfo, unit: UnitParticipation) -> str:
    """Return the unit's name, with why it has no counts where it has none."""
    return f"{unit.label} ({_few(wave)})" if unit.withheld else unit.label


def _few(wave: WaveInfo) -> str:
    return words("few_invited", language(), k=in_words(wave.smallest_group, language()))


def _cell(unit: UnitParticipation, name: str) -> str:
    if unit.withheld:
        return ".."
    value = getattr(unit, name)
    return "-" if value is None else number(value, language())
