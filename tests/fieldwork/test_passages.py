"""Where interviews stop and through which door they come, as counts; of a draft the last question shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from fieldwork.errors import NotAllowed
from fieldwork.messages import Action, Door
from fieldwork.passages import UnitPassages, doors, passages
from fieldwork.reviews import close_wave
from fieldwork.rights import Role, Viewer
from models.method_material import DoorCounts
from models.passage_tables import StopCount
from models.tables import Answer, Interview

INSPECTOR = Viewer("inga", Role.INSPECTOR)
AT = datetime(2026, 10, 30, 12, tzinfo=UTC)
Act = Callable[..., object]


def began(act: Act, invitation: int, *values: str) -> None:
    act(Action.BEGIN, invitation=invitation)
    for value in values:
        act(Action.ANSWER, value, invitation=invitation)


@pytest.fixture
def half_way(october: int, act: Act) -> int:
    """1 sends all, 2 sends early at PROV-04, 3 waits at the follow-up PROV-02, 4 pauses at PROV-03."""
    began(act, 1, "nej", "12", "Mycket")
    act(Action.SEND)
    began(act, 2, "nej", "12")
    act(Action.SEND_PARTIAL, invitation=2, door=Door.TELEGRAM)
    began(act, 3, "ja")
    began(act, 4, "nej")
    act(Action.PAUSE, invitation=4)
    began(act, 13)
    return october


def bromma(store: Session, wave: int) -> UnitPassages:
    found = passages(store, INSPECTOR, wave)[1]
    store.rollback()  # nobody else writes while this session may
    return found


def test_a_stop_is_counted_at_the_question_that_everybody_is_asked(store: Session, half_way: int) -> None:
    found = bromma(store, half_way)
    assert found.finished == 1
    assert found.stops == {"early": {"PROV-04": 1}, "broken_off": {}, "open": {"PROV-01": 1, "PROV-03": 1}}
    assert passages(store, INSPECTOR, half_way)[2].stops["open"] == {"PROV-01": 1}


def test_going_back_moves_nobody_and_a_change_that_opens_a_question_does(
    store: Session, half_way: int, act: Act
) -> None:
    act(Action.ANSWER, "7", invitation=4)
    act(Action.BACK, invitation=4)
    act(Action.BACK, invitation=4)
    assert bromma(store, half_way).stops["open"] == {"PROV-01": 1, "PROV-04": 1}
    act(Action.CHANGE, invitation=4, item="PROV-01")
    act(Action.ANSWER, "ja", invitation=4, item="PROV-01")
    assert bromma(store, half_way).stops["open"] == {"PROV-01": 2}


def test_no_answer_of_a_draft_is_read(store: Session, half_way: int) -> None:
    before = bromma(store, half_way)
    for answer in store.exec(select(Answer)).all():
        store.delete(answer)
    store.commit()
    assert bromma(store, half_way) == before


def test_a_deleted_draft_stopped_at_no_question(store: Session, half_way: int, act: Act) -> None:
    act(Action.DELETE, invitation=3)
    assert bromma(store, half_way).stops["open"] == {"PROV-03": 1}


def test_when_the_wave_closes_counts_are_kept_and_no_interview_tells_where_it_stopped(
    store: Session, half_way: int
) -> None:
    close_wave(store, half_way, AT)
    found = bromma(store, half_way)
    assert found.finished == 1
    assert found.stops == {"early": {"PROV-04": 1}, "broken_off": {"PROV-01": 1, "PROV-03": 1}, "open": {}}
    assert store.exec(select(Interview)).all() == []
    assert sum(each.n for each in store.exec(select(StopCount)).all()) == 4


def test_every_door_has_its_own_counts(store: Session, half_way: int) -> None:
    assert doors(store, INSPECTOR, half_way) == (
        DoorCounts("telegram", 1, 1, 3, 2),
        DoorCounts("web", 1, 0, 3, 3),
    )


def test_a_closed_wave_keeps_no_counts_of_doors_where_one_of_them_has_few(
    store: Session, half_way: int
) -> None:
    close_wave(store, half_way, AT)
    assert doors(store, INSPECTOR, half_way) == ()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_only_inspectors_see_where_people_stop(store: Session, half_way: int, role: Role) -> None:
    for read in (passages, doors):
        with pytest.raises(NotAllowed):
            read(store, Viewer("chef", role), half_way)
