"""The cached reads of how the fieldwork went: outcomes of invitations, where interviews stopped, doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from analysis.dispositions import Code, Extent, completeness, disposition
from analysis.dropout import Stops
from analysis.fieldwork_tables import Door, UnitOutcomes
from analysis.rates import told_apart
from analysis.statistics_wording import statistics_words
from dashboard import data
from dashboard.access import viewer
from dashboard.catalogue import language
from dashboard.data import WaveInfo
from dashboard.stored import State, present, read
from fieldwork import invitation_facts, passages
from fieldwork.invitation_facts import UnitFacts
from fieldwork.passages import BROKEN_OFF, EARLY, OPEN, DoorPassages, UnitPassages
from fieldwork.rights import Viewer


def outcomes(wave: WaveInfo) -> tuple[UnitOutcomes, ...]:
    """Return what became of the invitations of each unit of a survey, and of all together last."""
    facts = _facts(present(), wave.id, viewer())
    found = data.participation(wave)
    units = [
        UnitOutcomes(unit.label, unit.posts, unit.filled, codes_of(facts[unit.id])) for unit in found.units
    ]
    every = sum((Counter(unit.codes) for unit in units), Counter[Code]())
    whole = UnitOutcomes(statistics_words("total", language()), found.total.posts, found.total.filled, every)
    return (*units, whole)


def introduction(wave: WaveInfo, district: str) -> int:
    """Return how many in a district, or ('') in all, declined before the first question."""
    facts = _facts(present(), wave.id, viewer())
    units = [unit.id for unit in data.participation(wave).units if district in {"", unit.label}]
    return sum(
        n
        for unit in units
        for each, n in facts[unit].invitations.items()
        if each.declined and each.in_service and not each.begun and not each.deleted
    )


def codes_of(facts: UnitFacts) -> Mapping[Code, int]:
    """Return how many invitations of a unit have each code, what was sent by how much it answers."""
    codes: Counter[Code] = Counter()
    for each, n in facts.invitations.items():
        codes[disposition(each).code] += n
    extents: Counter[Code] = Counter()
    for (answered, applicable), n in facts.extents.items():
        extents[completeness(Extent(answered, applicable))] += n
    return told_apart(codes, extents)


def stops(wave: WaveInfo) -> Mapping[str, Stops]:
    """Return how the interviews of each unit went, by its label."""
    found = _passages(present(), wave.id, viewer())
    labels = {unit.id: unit.label for unit in data.participation(wave).units}
    return {
        labels[unit]: Stops(each.finished, each.stops[EARLY], each.stops[BROKEN_OFF], each.stops[OPEN])
        for unit, each in found.items()
    }


def doors(wave: WaveInfo) -> tuple[Door, ...]:
    """Return how the interviews went that were sent through each door."""
    found = _doors(present(), wave.id, viewer())
    return tuple(Door(statistics_words(f"doors.{each.door}", language()), *each[1:]) for each in found)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _facts(at: State, wave_id: int, who: Viewer) -> Mapping[int, UnitFacts]:
    with read(at.url) as session:
        return invitation_facts.invitation_facts(session, who, wave_id)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _passages(at: State, wave_id: int, who: Viewer) -> Mapping[int, UnitPassages]:
    with read(at.url) as session:
        return passages.passages(session, who, wave_id)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _doors(at: State, wave_id: int, who: Viewer) -> tuple[DoorPassages, ...]:
    with read(at.url) as session:
        return passages.doors(session, who, wave_id)
