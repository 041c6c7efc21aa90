"""The fields of a plan: each kept as a row as soon as it is left, with its problems right below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.wording import long_day
from dashboard.acting import attempt
from dashboard.catalogue import language, say
from dashboard.layout import note
from dashboard.problem_words import in_words
from fieldwork import drafts
from fieldwork.draft_fields import belongs, day_of
from fieldwork.drafts import Draft
from questionnaires.errors import Problem

UNFILLED = ("is missing", "is empty", "the staff have not been informed of the purpose yet")
"""Rules about what has not been filled in yet: told only once somebody has wanted to start."""


@dataclass(frozen=True)
class Plan:
    """A draft on the page, with everything that keeps it from becoming a wave."""

    draft: Draft
    problems: Sequence[Problem]

    @property
    def asked(self) -> str:
        """Where it is kept that somebody has wanted to start."""
        return f"asked-{self.draft.id}"

    def key(self, name: str) -> str:
        """Return the key of the widget of a field."""
        return f"plan-{self.draft.id}-{name}"

    def worded(self, name: str) -> str:
        """Return the key of a choice: one a language, since a browser sends choices by their words."""
        return f"{self.key(name)}-{language()}"

    def value(self, name: str) -> Any:  # noqa: ANN401 - a field holds text, a number, a list or a yes
        """Return what stands in a field."""
        return self.draft.fields.get(name)


def keep(plan: Plan, changes: Mapping[str, object]) -> None:
    """Keep what was entered; say at the next drawing why it could not be kept."""
    attempt(lambda session, who, at: drafts.change(session, who, plan.draft.id, changes, at))


def keep_widget(plan: Plan, name: str, base: str, key: str) -> None:
    """Keep what the widget of a field holds now."""
    value = st.session_state[key]
    own(base, value)
    keep(plan, {name: value})


def own(base: str, value: object) -> None:
    """Note that what will be stored was entered here."""
    generation, _ = st.session_state.get(f"{base}-stored", (0, None))
    st.session_state[f"{base}-stored"] = (generation, value)


def fresh(base: str, value: object) -> str:
    """Return the key of a widget that begins with ``value``: a new one where another window changed it."""
    generation, before = st.session_state.get(f"{base}-stored", (0, value))
    generation += before != value
    st.session_state[f"{base}-stored"] = (generation, value)
    return present_key(base)


def present_key(base: str) -> str:
    """Return the key under which a widget was last drawn."""
    generation, _ = st.session_state[f"{base}-stored"]
    return f"{base}-{generation}" if generation else base


def _kept_as(plan: Plan, name: str, value: object, base: str = "") -> dict[str, Any]:
    """Return how a widget is tied to its field."""
    base = base or plan.key(name)
    key = fresh(base, value)
    return {"key": key, "on_change": keep_widget, "args": (plan, name, base, key)}


def text(plan: Plan, name: str, *, long: bool = False) -> None:
    """Draw a field of one line, or of several."""
    draw: Callable[..., object] = st.text_area if long else st.text_input
    value = str(plan.value(name) or "")
    draw(say(f"plan.{name}"), value, **_kept_as(plan, name, value))
    faults(plan, name)


def date_text(plan: Plan, name: str) -> None:
    """Draw a field of one day, and say the day in words, so that a mistyped month is seen."""
    text(plan, name)
    if entered := day_of(str(plan.value(name) or "")):
        note(long_day(entered, language()))


def whole(plan: Plan, name: str, least: int, most: int) -> None:
    """Draw a field of a whole number."""
    value = min(max(int(plan.value(name) or least), least), most)
    st.number_input(say(f"plan.{name}"), least, most, value, **_kept_as(plan, name, value))
    faults(plan, name)


def tick(plan: Plan, name: str) -> None:
    """Draw a field to tick."""
    value = bool(plan.value(name))
    st.checkbox(say(f"plan.{name}"), value, **_kept_as(plan, name, value))


def one_of(plan: Plan, name: str, options: Mapping[str, str]) -> None:
    """Draw a choice of one: values with their words."""
    values, present = list(options), plan.value(name)
    value = present if present in values else values[0]
    tied = _kept_as(plan, name, value, plan.worded(name))
    st.radio(say(f"plan.{name}"), values, values.index(value), format_func=options.__getitem__, **tied)
    faults(plan, name)


def several_of(plan: Plan, name: str, options: Mapping[str, str]) -> None:
    """Draw a choice of several, in the order in which they are chosen."""
    value = [each for each in plan.value(name) or () if each in options]
    st.multiselect(
        say(f"plan.{name}"),
        list(options),
        value,
        format_func=options.__getitem__,
        placeholder=say("plan.choose"),
        **_kept_as(plan, name, value, plan.worded(name)),
    )
    faults(plan, name)


def faults(plan: Plan, name: str) -> None:
    """Say below a field what is wrong with it."""
    asked = st.session_state.get(plan.asked)
    found = [each for each in plan.problems if belongs(name, each.item)]
    shown = [each for each in found if asked or each.rule not in UNFILLED]
    for problem in shown:
        st.error(in_words(problem, language()))
