"""On the wave's page: a paper form or a talk, entered question by question along its own route."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import streamlit as st

from dashboard import data
from dashboard.acting import act, rounds
from dashboard.catalogue import language, say
from dashboard.data import WaveInfo
from fieldwork import paper_answers
from fieldwork.wording import say as say_of_answers
from questionnaires.definition import Question
from questionnaires.errors import Refusal
from questionnaires.prompts import Widget
from questionnaires.question_types import ACKNOWLEDGED, QUESTION_TYPES

FORMATS = {"integer": "3", "decimal": "3,5", "date": "2026-03-01", "month": "2026-03"}


def entry(wave: WaveInfo, reference: str) -> None:
    """Draw the questions that the answers so far lead to, once a person is chosen, and the button to send."""
    if not reference:
        return
    form = data.form(wave)
    given: dict[str, Sequence[str]] = {}
    while left := [q for q, _ in paper_answers.asked_of(form, given, language()) if q.name not in given]:
        question = left[0]
        given[question.name] = _field(question, reference)
        _fault(paper_answers.refusal_of(form, given, question.name, language()), given[question.name])
    if st.button(say("page.wave.paper.do"), type="primary", key="paper-do"):
        act(
            lambda session, who, at: paper_answers.register(
                session, who, wave.id, reference, given, now=at, fresh_id=lambda: secrets.token_urlsafe(16)
            ),
            lambda _: say("page.wave.paper.done"),
        )


def _fault(refusal: Refusal | None, raw: Sequence[str]) -> None:
    """Say beside a field what is wrong with what stands in it."""
    if refusal and raw:
        st.error(say_of_answers(language(), f"refusal.{refusal.code}", **refusal.values))


def _field(question: Question, reference: str) -> Sequence[str]:
    """Draw one question and return what was entered."""
    kind = QUESTION_TYPES[question.type]
    key = f"paper-{reference}-{question.name}-{rounds()}-{language()}"
    label = question.label[language()]
    labels = {choice.name: choice.label[language()] for choice in question.choices}
    if kind.widget is Widget.ONE:
        chosen = st.selectbox(
            label,
            labels,
            index=None,
            key=key,
            format_func=labels.__getitem__,
            placeholder=say("page.wave.paper.none"),
        )
        return [chosen] if chosen else []
    if kind.widget is Widget.MANY:
        return st.multiselect(
            label, labels, key=key, format_func=labels.__getitem__, placeholder=say("page.wave.paper.none")
        )
    if kind.widget is Widget.NOTE:
        return [ACKNOWLEDGED] if st.checkbox(label, key=key) else []
    if kind.widget is Widget.TEXT:
        text = st.text_area(label, key=key)
    else:
        text = st.text_input(label, key=key, placeholder=FORMATS.get(kind.format, ""))
    return [text] if text and text.strip() else []
