"""*Så räknade vi* and before/after on *Resultat*: what stands behind the tables of a section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import streamlit as st

from analysis.account import Account, accounts
from analysis.disclosure import SafeTable
from analysis.round_differences import Matched, matched, round_sentences
from analysis.rounds import side_by_side
from analysis.statistics_wording import statistics_words
from analysis.wording import listed
from dashboard import data, evidence, html_tables
from dashboard.access import viewer
from dashboard.catalogue import language
from dashboard.course import words
from dashboard.data import WaveInfo
from dashboard.evidence import Section
from dashboard.layout import Choice, table
from dashboard.stored import State, present, read
from fieldwork.rights import Viewer
from fieldwork.rounds import unit_members

ROUND_KEY = "jamfor"
UNBROKEN = "\N{NON-BREAKING HYPHEN}"


class _Key(NamedTuple):
    """What an account depends on: the data, who is looking, and the section."""

    at: State
    who: Viewer
    wave_id: int
    section: str
    district: str
    language: str


def account(choice: Choice, section: Section) -> None:
    """Draw the expander of a section; what is in it is computed only when somebody opens it."""
    box = st.expander(_say("account.title"), key=f"account-{section.title}", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(_say("account.about"))
        routed = frozenset(each.name for each in data.form(choice.wave).questions if each.relevant)
        key = _Key(present(), viewer(), choice.wave.id, section.title, choice.district, language())
        found = _accounts(key, section, routed)
        if not found:
            st.markdown(_say("account.nothing"))
        for each in found:
            _one(each)


def _one(found: Account) -> None:
    st.markdown(f"**{found.title}**")
    for sentence in found.said:
        st.markdown(sentence)
    if found.sets:
        st.markdown(f"{found.sets.title}:")
        words(found.sets)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _accounts(key: _Key, _section: Section, _routed: frozenset[str]) -> tuple[Account, ...]:
    """Return the accounts of a section, which ``key`` says everything about."""
    return accounts(_section.tables, _routed, key.district, key.language)


def earlier_round(wave: WaveInfo) -> WaveInfo | None:
    """Let the visitor choose an earlier round that asked with the same instrument; None where none is."""
    rounds = [] if wave.policy == "published" else list(_earlier(wave))
    if not rounds or data.sees_releases_only(wave):
        return None
    names = [_say("rounds.none"), *(each.label for each in rounds)]
    chosen = st.selectbox(_say("rounds.choose"), names, key=ROUND_KEY, bind="query-params")
    return next((each for each in rounds if each.label == chosen), None)


def units_of(wave: WaveInfo, before: WaveInfo) -> Matched:
    """Return which units can be compared, and say why the others cannot."""
    found = matched(_members(present(), before.id), _members(present(), wave.id))
    if not found.same:
        st.markdown(_say("rounds.nobody"))
    elif found.differ:
        st.markdown(_say("rounds.differ", units=listed(list(found.differ), language())))
    if found.same:
        st.markdown(_say("rounds.cautious"))
    return found


def before_and_after(choice: Choice, before: WaveInfo, units: Matched, item: str) -> None:
    """Draw one question in both rounds: a table, and what may be said of each unit."""
    same = {unit: name for unit, name in units.same.items() if choice.district in {"", unit}}
    if not same or item not in evidence.items_shown(before):
        return
    try:
        tables = evidence.rounds_of(before, choice.wave, item, language())
    except ValueError:
        st.markdown(_say("rounds.classes"))
        return
    if tables is None:
        return
    _draw(choice.wave, before, tables, same)


def _draw(wave: WaveInfo, before: WaveInfo, tables: Sequence[SafeTable], same: dict[str, str]) -> None:
    earlier, later = tables
    st.markdown(f"**{_say('rounds.title')}**")
    for sentence in round_sentences(earlier, later, same, language()):
        st.markdown(sentence)
    form = "%Y-%m" if f"{before.opens:%Y-%m}" != f"{wave.opens:%Y-%m}" else "%Y-%m-%d"
    labels = [format(each.opens, form).replace("-", UNBROKEN) for each in (before, wave)]
    names = {unit: dict(zip(labels, (name, unit), strict=True)) for unit, name in same.items()}
    table(html_tables.html(side_by_side(dict(zip(labels, tables, strict=True)), names)))


def _earlier(wave: WaveInfo) -> Iterable[WaveInfo]:
    instruments = {part.code for part in data.form(wave).parts}
    for each in data.waves():
        alike = (each.subject, each.policy) == (wave.subject, wave.policy)
        before = each.closed and each.opens < wave.opens
        if alike and before and instruments & {part.code for part in data.form(each).parts}:
            yield each


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _members(at: State, wave_id: int) -> dict[str, frozenset[int]]:
    with read(at.url) as session:
        return dict(unit_members(session, wave_id))


def _say(key: str, **values: object) -> str:
    return statistics_words(key, language(), **values)
