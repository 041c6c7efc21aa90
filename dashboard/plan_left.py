"""On the page of a new wave: what is left to do, each with the step and the field where it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from analysis.wording import capital
from dashboard.catalogue import language, say
from dashboard.plan_fields import Plan
from dashboard.problem_words import in_words, translated
from fieldwork.draft_fields import KEYS, belongs
from fieldwork.drafts import StaffReport
from questionnaires.errors import Problem

STEPS: Mapping[str, Sequence[str]] = {
    "review": ("review", "theme", "year", "name", "form", "pilot"),
    "staff": ("districts",),
    "promise": (
        "promise", "smallest_group", "doors", "telegram_reason", "telegram_free_text", "contact_name",
        "contact_phone", "contact_mail",
    ),
    "days": ("opens", "closes", "reminders", "weekdays", "hours", "blocked"),
    "texts": ("purpose_sv", "readers_sv", "purpose_en", "readers_en"),
    "informed": ("informed_on",),
    "trial": (),
    "simulated": (),
    "start": (),
}  # fmt: skip
"""The steps of the page in order, each with its fields."""


def step_name(step: str) -> str:
    """Return the heading of a step, with its number."""
    number = list(STEPS).index(step) + 1
    return say("page.new_wave.step", number=number, name=say(f"page.new_wave.steps.{step}"))


def step(name: str) -> None:
    """Draw the heading of a step, which links on the page lead to."""
    st.header(step_name(name), anchor=f"steg-{name}")


def link(name: str) -> str:
    """Return a link to a step."""
    return f"[{step_name(name)}](#steg-{name})"


def number_left(plan: Plan, report: StaffReport) -> int:
    """Return how many things are left to do; a faulty staff list is one, whatever its number of faults."""
    return len(plan.problems) + bool(report.problems)


def left(plan: Plan, report: StaffReport) -> str:
    """Return what is left to do as a list in words."""
    lines = [_line(problem) for problem in plan.problems]
    if report.problems:
        many = say("page.new_wave.start.faulty", n=len(report.problems))
        lines.append(f"{link('staff')}: {many}")
    return "\n".join(f"- {line}" for line in lines)


def _line(problem: Problem) -> str:
    field = next((name for name in KEYS if belongs(name, problem.item)), "")
    place = next((each for each, fields in STEPS.items() if field in fields), "")
    if not place:
        return (
            f"{link('staff')}: {in_words(problem, language())}"
            if problem.item == "staff"
            else _plain(problem)
        )
    return f"{link(place)}, {say(f'plan.{field}')}: {_plain(problem)}"


def _plain(problem: Problem) -> str:
    rule, remedy = (translated(text, language()) for text in (problem.rule, problem.remedy))
    return f"{rule}. {capital(remedy)}."
