"""The example review is open, invented, marked as such, and the same on every run."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from fieldwork import dispositions, interviews, results
from fieldwork.demo.example import VISITOR_TOKEN
from fieldwork.demo.organisations import organisation_ids
from fieldwork.forms import form_of
from fieldwork.invitations import open_link
from fieldwork.messages import Stage
from fieldwork.rights import Viewer
from models.tables import Answer, Interview, Review, Wave
from questionnaires import engine

PUBLISHED_DISTRICTS = 16
Build = Callable[[Path, datetime], None]


def wave_called(session: Session, name: str) -> Wave:
    query = select(Wave).join(Review, col(Review.id) == col(Wave.review_id))
    return session.exec(query.where(Review.origin == "example", Wave.name == name)).one()


@pytest.fixture
def survey(session: Session) -> Wave:
    return wave_called(session, "Enkät till socialsekreterare")


@pytest.fixture
def files(session: Session) -> Wave:
    return wave_called(session, "Aktgranskning")


def test_two_builds_hold_the_same_rows(demo_path: Path, tmp_path: Path, build: Build, now: datetime) -> None:
    build(tmp_path / "again.db", now)
    first, second = (sqlite3.connect(path) for path in (demo_path, tmp_path / "again.db"))
    assert list(first.iterdump()) == list(second.iterdump())
    first.close()
    second.close()


def test_the_demo_is_built_quickly(tmp_path: Path, build: Build, now: datetime) -> None:
    before = time.process_time()
    build(tmp_path / "quick.db", now)
    assert time.process_time() - before < 10


def test_the_visitors_link_opens_a_conversation_that_is_marked_as_an_example(
    session: Session, now: datetime
) -> None:
    invitation = open_link(session, VISITOR_TOKEN, now)
    assert invitation is not None
    conversation = interviews.show(session, invitation, now=now)
    assert conversation.stage is Stage.INFORMATION
    assert conversation.example


def test_results_of_the_example_are_marked(session: Session, inspector: Viewer, survey: Wave) -> None:
    assert results.counts(session, inspector, survey.id or 0, ["KVAL-05"]).origin == "example"


def test_the_example_is_open_and_has_every_kind_of_invitation(
    session: Session, inspector: Viewer, survey: Wave, now: datetime
) -> None:
    assert survey.closed_at is None
    assert survey.opens <= now.date() <= survey.closes
    total = dispositions.participation(session, inspector, survey.id or 0).total
    assert 40 <= total.sent < total.begun < total.invited
    assert total.partial
    assert total.declined


def test_districts_of_the_example_are_of_all_sizes_and_none_of_stockholm(
    session: Session, inspector: Viewer, survey: Wave
) -> None:
    units = dispositions.participation(session, inspector, survey.id or 0).units
    assert len(units) == 5
    assert all(6 <= unit.invited <= 18 for unit in units)
    published = list(organisation_ids(session))[:PUBLISHED_DISTRICTS]
    assert not {unit.label for unit in units} & set(published)


def test_a_small_district_has_too_few_answers_to_be_shown(
    session: Session, inspector: Viewer, survey: Wave
) -> None:
    units = {
        unit.label: unit for unit in results.counts(session, inspector, survey.id or 0, ["KVAL-05"]).units
    }
    assert units["Lindvik"].answers == 0
    assert all(unit.answers >= 5 for label, unit in units.items() if label != "Lindvik")


def test_the_districts_tell_different_stories_about_cooperation(
    session: Session, inspector: Viewer, survey: Wave
) -> None:
    counts = results.counts(session, inspector, survey.id or 0, ["KVAL-05", "KVAL-06"])
    labels = {unit.id: unit.label for unit in counts.units}
    bad: Counter[tuple[str, str]] = Counter()
    for row in counts.rows:
        if row.kind == "option" and row.value in {"daligt", "mindre_bra"}:
            bad[labels[row.reporting_unit_id], row.item] += row.n
    assert bad["Almängen", "KVAL-05"] > bad["Björkdalen", "KVAL-05"] + 2
    assert bad["Ekhamra", "KVAL-06"] > bad["Björkdalen", "KVAL-06"] + 1


def test_survey_and_files_are_of_the_same_districts(
    session: Session, inspector: Viewer, survey: Wave, files: Wave
) -> None:
    of_survey, of_files = (
        dispositions.participation(session, inspector, wave.id or 0).units for wave in (survey, files)
    )
    assert [unit.label for unit in of_survey] == [unit.label for unit in of_files]
    assert all(unit.sent == unit.invited for unit in of_files)
    assert files.closed_at is not None
    assert files.policy == "cell"


def test_a_begun_draft_stands_where_the_engine_would_be(
    session: Session, survey: Wave, now: datetime
) -> None:
    form = form_of(session, survey.form_id)
    drafts = session.exec(
        select(Interview).where(Interview.wave_id == survey.id, col(Interview.sent_at).is_(None))
    ).all()
    assert drafts
    for draft in drafts:
        rows = session.exec(select(Answer).where(Answer.interview_id == draft.id)).all()
        answers = {row.item: row.value for row in rows}
        shown = engine.next_question(form, answers)
        assert shown is not None
        assert draft.last_shown == shown.name
        assert interviews.show(session, draft.invitation_id or 0, now=now).stage is Stage.QUESTION


def test_every_invented_answer_is_one_the_question_accepts(session: Session, survey: Wave) -> None:
    form = form_of(session, survey.form_id)
    drafts: dict[str, dict[str, str | None]] = {}
    for row in session.exec(select(Answer)).all():
        drafts.setdefault(row.interview_id, {})[row.item] = row.value
    for answers in drafts.values():
        for item, value in answers.items():
            question = form.by_name[item]
            raw = value.split() if value and question.choices else [value or ""]
            assert value is None or engine.accept(form, answers, question, raw, "sv") == value
