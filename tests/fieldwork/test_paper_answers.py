"""Answers entered by an inspector: whole, marked as from paper, and never over what someone did herself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import paper_answers
from fieldwork.conversations import Conversation
from fieldwork.errors import NotAllowed
from fieldwork.messages import Action, Door, Stage
from fieldwork.paper_answers import register
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer
from models.database import reading, writing
from models.tables import Answer, AuditEntry, Invitation, Result, Wave
from questionnaires.definition import Form, Questionnaire

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
ANNA = Viewer("Anna", Role.INSPECTOR)
GIVEN = {"PROV-01": ["nej"], "PROV-03": ["40"], "PROV-04": ["Det går bra."]}
Enter = Callable[..., None]


@pytest.fixture
def enter(archive: Engine, october: int) -> Enter:
    ids = (f"id-{number}" for number in itertools.count())

    def do(given: dict[str, list[str]] = GIVEN, reference: str = "P1", viewer: Viewer = ANNA) -> None:
        with writing(archive) as session:
            register(session, viewer, october, reference, given, now=AT, fresh_id=lambda: next(ids))

    return do


def rows(archive: Engine, table: type) -> list[object]:
    with reading(archive) as session:
        return list(session.exec(select(table)).all())


def test_an_answer_on_paper_is_sent_and_marked_so(archive: Engine, enter: Enter) -> None:
    enter()
    assert {answer.door for answer in rows(archive, Answer)} == {"paper"}
    assert {result.option for result in rows(archive, Result) if result.item == "PROV-01"} == {"nej"}
    with reading(archive) as session:
        assert session.get_one(Invitation, 1).finished_at == AT
    assert [(e.actor, e.action, e.target) for e in rows(archive, AuditEntry)] == [
        ("Anna", "paper answer", "invitation 1")
    ]


def test_the_questions_follow_the_answers(trial: Questionnaire) -> None:
    form = Form((trial,))

    def names(given: dict[str, list[str]]) -> list[str]:
        return [question.name for question, _ in paper_answers.asked_of(form, given, "sv")]

    assert "PROV-02" not in names({"PROV-01": ["nej"]})
    assert "PROV-02" in names({"PROV-01": ["ja"]})


def test_nothing_is_stored_where_one_answer_cannot_be_taken(archive: Engine, enter: Enter) -> None:
    with pytest.raises(InputError, match="PROV-03"):
        enter({**GIVEN, "PROV-03": ["många"]})
    assert rows(archive, Answer) == rows(archive, AuditEntry) == []


def test_an_empty_paper_is_no_answer(archive: Engine, enter: Enter) -> None:
    with pytest.raises(InputError):
        enter({})
    assert rows(archive, Answer) == []


@pytest.mark.parametrize("deed", ["begun", "sent", "declined"])
def test_what_somebody_has_done_herself_is_neither_changed_nor_told(
    archive: Engine, enter: Enter, act: Callable[..., Conversation], deed: str
) -> None:
    if deed == "declined":
        act(Action.DECLINE)
    else:
        act(Action.BEGIN)
        act(Action.ANSWER, "nej")
    if deed == "sent":
        act(Action.SEND_PARTIAL)
    before = rows(archive, Answer)
    with pytest.raises(InputError, match="has begun, sent or declined in another way already"):
        enter()
    assert rows(archive, Answer) == before


def test_an_entry_that_was_interrupted_is_made_anew(
    archive: Engine, enter: Enter, act: Callable[..., Conversation]
) -> None:
    act(Action.BEGIN, door=Door.PAPER, device="paper")
    assert act(Action.ANSWER, "ja", door=Door.PAPER, device="paper").stage is Stage.QUESTION
    enter()
    assert {result.option for result in rows(archive, Result) if result.item == "PROV-01"} == {"nej"}


def test_a_closed_wave_takes_no_answers_from_paper(store: Session, enter: Enter, october: int) -> None:
    store.get_one(Wave, october).closed_at = AT
    store.commit()
    with pytest.raises(InputError, match="takes no answers now"):
        enter()


def test_only_an_inspector_enters_answers(archive: Engine, enter: Enter) -> None:
    with pytest.raises(NotAllowed):
        enter(viewer=Viewer("Mia", Role.MANAGER))
    assert rows(archive, Answer) == []
