"""What one device may see of answers given on another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.locks import TRIES
from fieldwork.messages import Action, Stage
from models.database import reading, writing
from models.tables import Interview

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)

Act = Callable[..., Conversation]


def told(talk: Conversation) -> list[str]:
    return [notice.key for notice in talk.notices]


def unlock(archive: Engine, code: str) -> bool:
    with writing(archive) as session:
        return interviews.unlock(session, 1, code, AT)


@pytest.fixture
def paused(act: Act) -> Act:
    """Invitation 1 has answered twice on the telephone and paused with the code 1234."""
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    act(Action.ANSWER, "ib")
    assert told(act(Action.PAUSE, "1234")) == ["notice.paused_code"]
    return act


def test_a_new_device_sees_the_next_question_but_no_earlier_answer(paused: Act, look: Act) -> None:
    talk = look(device="dator")
    assert talk.prompt is not None
    assert (talk.prompt.item, talk.history, talk.hidden) == ("PROV-03", (), 2)


def test_a_door_without_a_device_sees_no_answer_at_all(act: Act, look: Act) -> None:
    act(Action.BEGIN, device="")
    act(Action.ANSWER, "ja", device="")
    assert look(device="").history == ()


def test_each_device_sees_what_was_answered_on_it(paused: Act, look: Act) -> None:
    paused(Action.ANSWER, "40", device="dator")
    assert [each.item for each in look(device="dator").history] == ["PROV-03"]
    assert [each.item for each in look().history] == ["PROV-01", "PROV-02"]


def test_going_back_on_a_new_device_does_not_show_the_answer(paused: Act, look: Act) -> None:
    talk = paused(Action.BACK, device="dator")
    assert talk.prompt is not None
    assert talk.prompt.item == "PROV-02"
    assert [option.value for option in talk.prompt.options if option.chosen] == []
    own = look().prompt
    assert own is not None
    assert [option.value for option in own.options if option.chosen] == ["ib"]


def test_the_code_opens_earlier_answers(paused: Act, look: Act, archive: Engine) -> None:
    assert unlock(archive, "1234")
    assert len(look(device="dator", unlocked=True).history) == 2


def test_the_code_is_kept_only_as_a_hash_of_its_own(paused: Act, archive: Engine) -> None:
    with reading(archive) as session:
        kept = session.exec(select(Interview)).one().code_hash
    assert len(kept) == 128
    assert "1234" not in kept


@pytest.mark.parametrize("code", ["", "1235", "123", "12345", "١٢٣٤", "1234\n"])
def test_a_wrong_code_opens_nothing(paused: Act, archive: Engine, code: str) -> None:
    assert not unlock(archive, code)


def test_after_five_wrong_codes_the_right_one_opens_nothing_either(paused: Act, archive: Engine) -> None:
    assert not any(unlock(archive, f"000{number}") for number in range(TRIES))
    assert not unlock(archive, "1234")


def test_the_right_code_gives_the_tries_back(paused: Act, archive: Engine) -> None:
    assert not unlock(archive, "0000")
    assert unlock(archive, "1234")
    assert not any(unlock(archive, "0000") for _ in range(TRIES - 1))
    assert unlock(archive, "1234")


def test_without_a_code_nothing_can_be_unlocked(act: Act, archive: Engine) -> None:
    assert not unlock(archive, "")
    act(Action.BEGIN)
    assert not unlock(archive, "")


@pytest.mark.parametrize("code", ["12", "abcd", "12345", "１２３４"])
def test_a_code_is_four_digits(act: Act, archive: Engine, code: str) -> None:
    act(Action.BEGIN)
    assert told(act(Action.PAUSE, code)) == ["notice.code_form"]
    with reading(archive) as session:
        assert session.exec(select(Interview)).one().paused_at is None


def test_nobody_can_choose_a_code_for_the_answers_of_another_device(paused: Act, archive: Engine) -> None:
    assert told(paused(Action.PAUSE, "9999", device="dator")) == ["notice.code_elsewhere"]
    assert not unlock(archive, "9999")
    assert unlock(archive, "1234")


def test_an_unlocked_device_can_choose_a_new_code(paused: Act, archive: Engine) -> None:
    assert told(paused(Action.PAUSE, "9999", device="dator", unlocked=True)) == ["notice.paused_code"]
    assert unlock(archive, "9999")


def test_after_sending_no_device_sees_an_answer(paused: Act, look: Act) -> None:
    paused(Action.SEND_PARTIAL)
    for talk in (look(), look(device="dator", unlocked=True)):
        assert (talk.stage, talk.history, talk.hidden, talk.prompt) == (Stage.SENT, (), 0, None)


def test_after_declining_no_answer_is_shown(paused: Act) -> None:
    assert paused(Action.DECLINE).history == ()


def test_a_deleted_draft_takes_its_code_with_it(paused: Act, archive: Engine) -> None:
    paused(Action.DELETE)
    assert not unlock(archive, "1234")
