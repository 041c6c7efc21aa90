"""The cached reads of how the fieldwork went: outcomes of invitations, where interviews stopped, doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version

import streamlit as st

from analysis.dispositions import Code
from analysis.dropout import Stops
from analysis.fieldwork_tables import Door, UnitOutcomes
from analysis.method_page import method_page
from analysis.rates import codes_of
from analysis.statistics_wording import statistics_words
from dashboard import data
from dashboard.access import viewer
from dashboard.catalogue import language
from dashboard.data import WaveInfo
from dashboard.stored import State, present, read
from fieldwork import invitation_facts, methods, passages
from fieldwork.invitation_facts import UnitFacts
from fieldwork.passages import BROKEN_OFF, EARLY, OPEN, UnitPassages
from fieldwork.rights import Viewer
from models.method_material import DoorCounts


def outcomes(wave: WaveInfo) -> tuple[UnitOutcomes, ...]:
    """Return what became of the invitations of each unit of a survey, and of all together last."""
    facts = _facts(present(), wave.id, viewer())
    found = data.participation(wave)
    units = [
        UnitOutcomes(
            unit.label, unit.posts, unit.filled, codes_of(facts[unit.id].invitations, facts[unit.id].extents)
        )
        for unit in found.units
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


def method(wave: WaveInfo) -> bytes:
    """Return the method page of a closed wave."""
    with read(present().url) as session:
        material = methods.method_material(session, viewer(), wave.id)
    return method_page(material, version("granska"))


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _facts(at: State, wave_id: int, who: Viewer) -> Mapping[int, UnitFacts]:
    with read(at.url) as session:
        return invitation_facts.invitation_facts(session, who, wave_id)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _passages(at: State, wave_id: int, who: Viewer) -> Mapping[int, UnitPassages]:
    with read(at.url) as session:
        return passages.passages(session, who, wave_id)


@st.cache_data(show_spinner=False, max_entries=data.KEPT)
def _doors(at: State, wave_id: int, who: Viewer) -> tuple[DoorCounts, ...]:
    with read(at.url) as session:
        return passages.doors(session, who, wave_id)
