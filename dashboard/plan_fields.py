"""The fields of a plan: each kept as a row as soon as it is left, with its problems right below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import stored
from dashboard.access import viewer
from dashboard.acting import now
from dashboard.catalogue import language, say
from dashboard.problem_words import in_words
from fieldwork import drafts
from fieldwork.draft_fields import belongs
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

    def value(self, name: str) -> Any:  # noqa: ANN401 - a field holds text, a number, a list or a yes
        """Return what stands in a field."""
        return self.draft.fields.get(name)


def keep(plan: Plan, changes: Mapping[str, object]) -> None:
    """Keep what was entered."""
    stored.write(lambda session: drafts.change(session, viewer(), plan.draft.id, changes, now()))


def keep_widget(plan: Plan, name: str) -> None:
    """Keep what the widget of a field holds now."""
    keep(plan, {name: st.session_state[plan.key(name)]})


def text(plan: Plan, name: str, *, long: bool = False) -> None:
    """Draw a field of one line, or of several."""
    draw: Callable[..., object] = st.text_area if long else st.text_input
    draw(
        say(f"plan.{name}"),
        str(plan.value(name) or ""),
        key=plan.key(name),
        on_change=keep_widget,
        args=(plan, name),
    )
    faults(plan, name)


def whole(plan: Plan, name: str, least: int, most: int) -> None:
    """Draw a field of a whole number."""
    st.number_input(
        say(f"plan.{name}"),
        least,
        most,
        int(plan.value(name) or least),
        key=plan.key(name),
        on_change=keep_widget,
        args=(plan, name),
    )
    faults(plan, name)


def tick(plan: Plan, name: str) -> None:
    """Draw a field to tick."""
    st.checkbox(
        say(f"plan.{name}"),
        bool(plan.value(name)),
        key=plan.key(name),
        on_change=keep_widget,
        args=(plan, name),
    )


def one_of(plan: Plan, name: str, options: Mapping[str, str]) -> None:
    """Draw a choice of one: values with their words."""
    values = list(options)
    present = plan.value(name)
    st.radio(
        say(f"plan.{name}"),
        values,
        values.index(present) if present in values else 0,
        format_func=options.__getitem__,
        key=plan.key(name),
        on_change=keep_widget,
        args=(plan, name),
    )
    faults(plan, name)


def several_of(plan: Plan, name: str, options: Mapping[str, str]) -> None:
    """Draw a choice of several, in the order in which they are chosen."""
    st.multiselect(
        say(f"plan.{name}"),
        list(options),
        [value for value in plan.value(name) or () if value in options],
        format_func=options.__getitem__,
        key=plan.key(name),
        placeholder=say("plan.choose"),
        on_change=keep_widget,
        args=(plan, name),
    )
    faults(plan, name)


def faults(plan: Plan, name: str) -> None:
    """Say below a field what is wrong with it."""
    asked = st.session_state.get(plan.asked)
    found = [each for each in plan.problems if belongs(name, each.item)]
    shown = [each for each in found if asked or each.rule not in UNFILLED]
    for problem in shown:
        st.error(in_words(problem, language()))
