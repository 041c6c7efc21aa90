"""The answering: every action, from the information to sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.errors import UnknownInvitation
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.steps import RULES
from models.database import reading, writing
from models.tables import Answer, Information, Interview, Invitation

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)

Act = Callable[..., Conversation]


def answers(archive: Engine, *, present: bool = True) -> list[tuple[str, str | None]]:
    with reading(archive) as session:
        rows = session.exec(select(Answer).order_by(Answer.revision)).all()
    return [(row.item, row.value) for row in rows if not present or row.superseded_at is None]


def asked(talk: Conversation) -> str | None:
    return talk.prompt.item if talk.prompt else None


def told(talk: Conversation) -> list[str]:
    return [notice.key for notice in talk.notices]


def to_the_end(act: Act, invitation: int = 1) -> Conversation:
    for action, *values in [
        (Action.BEGIN,),
        (Action.ANSWER, "ja"),
        (Action.ANSWER, "ib", "fia"),
        (Action.ANSWER, "40"),
        (Action.ANSWER, "Att få vara med."),
    ]:
        talk = act(action, *values, invitation=invitation)
    return talk


def test_every_action_has_its_rule() -> None:
    assert set(RULES) == set(Action)


def test_an_unknown_invitation_is_said_so(archive: Engine) -> None:
    with writing(archive) as session, pytest.raises(UnknownInvitation):
        interviews.receive(session, Incoming(99, Door.WEB, Action.BEGIN, AT, fresh_id="x"))


def test_looking_writes_nothing_and_shows_the_information_first(look: Act, archive: Engine) -> None:
    talk = look()
    assert (talk.stage, talk.revision, talk.prompt, talk.history) == (Stage.INFORMATION, 0, None, ())
    assert talk.information[0] == "Vi granskar."
    with reading(archive) as session:
        assert session.exec(select(Interview)).all() == []


def test_beginning_keeps_that_the_information_was_read_and_copies_the_background(
    act: Act, archive: Engine
) -> None:
    talk = act(Action.BEGIN)
    assert (talk.stage, talk.revision, asked(talk)) == (Stage.QUESTION, 1, "PROV-01")
    with reading(archive) as session:
        interview = session.exec(select(Interview)).one()
        assert (interview.role, interview.reporting_unit_id, interview.last_shown) == (
            "utredare",
            1,
            "PROV-01",
        )
        assert session.get_one(Invitation, 1).begun_at == AT
        read = session.exec(select(Information)).one()
        assert (read.read_at, len(read.text_hash)) == (AT, 64)


def test_beginning_twice_begins_once(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    talk = act(Action.BEGIN)
    assert (talk.revision, told(talk)) == (1, [])
    with reading(archive) as session:
        assert len(session.exec(select(Information)).all()) == 1


def test_a_door_that_forgets_the_random_id_is_told(act: Act) -> None:
    with pytest.raises(ValueError, match="token_urlsafe"):
        act(Action.BEGIN, fresh_id="")


def test_an_answer_leads_to_the_next_question(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    talk = act(Action.ANSWER, "ja")
    assert (asked(talk), talk.revision, told(talk)) == ("PROV-02", 2, [])
    assert [(each.item, each.answer) for each in talk.history] == [("PROV-01", "Ja")]
    with reading(archive) as session:
        row = session.exec(select(Answer)).one()
        assert (row.value, row.door, row.device, row.at) == ("ja", "web", "telefon", AT)
        assert session.exec(select(Interview)).one().last_shown == "PROV-02"


def test_a_typed_answer_without_a_page_belongs_to_the_question_asked(act: Act) -> None:
    act(Action.BEGIN)
    assert asked(act(Action.ANSWER, "Ja", item="", revision=None)) == "PROV-02"


def test_a_skip_is_an_answer_of_its_own_kind(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    talk = act(Action.SKIP)
    assert asked(talk) == "PROV-03"
    assert (talk.history[1].skipped, talk.history[1].answer) == (True, "Överhoppad")
    assert answers(archive) == [("PROV-01", "ja"), ("PROV-02", None)]


def test_back_asks_the_question_before_and_loses_nothing(act: Act, archive: Engine) -> None:
    to_the_end(act)
    talk = act(Action.BACK)
    assert (asked(talk), talk.reopened, talk.stage) == ("PROV-04", True, Stage.QUESTION)
    talk = act(Action.BACK)
    assert (asked(talk), talk.prompt and talk.prompt.value) == ("PROV-03", "40")
    assert len(answers(archive)) == 4


def test_back_at_the_first_question_says_so(act: Act) -> None:
    act(Action.BEGIN)
    talk = act(Action.BACK)
    assert (told(talk), talk.can_go_back, talk.revision) == (["notice.first_question"], False, 1)


def test_back_and_the_same_answer_is_as_if_nothing_happened(act: Act, archive: Engine) -> None:
    before = to_the_end(act)
    act(Action.BACK)
    talk = act(Action.ANSWER, "Att få vara med.")
    assert (talk.stage, talk.history) == (before.stage, before.history)
    assert len(answers(archive, present=False)) == 4


def test_a_reopened_question_can_be_kept_as_it_was(act: Act, archive: Engine) -> None:
    to_the_end(act)
    act(Action.CHANGE, item="PROV-01")
    talk = act(Action.KEEP)
    assert (talk.stage, talk.reopened) == (Stage.REVIEW, False)
    assert dict(answers(archive))["PROV-01"] == "ja"


def test_a_changed_answer_prunes_and_changing_it_back_revives(act: Act, archive: Engine) -> None:
    to_the_end(act)
    act(Action.CHANGE, item="PROV-01")
    talk = act(Action.ANSWER, "nej")
    assert (talk.stage, [each.item for each in talk.history]) == (
        Stage.REVIEW,
        ["PROV-01", "PROV-03", "PROV-04"],
    )
    act(Action.CHANGE, item="PROV-01")
    talk = act(Action.ANSWER, "ja")
    assert [each.item for each in talk.history] == ["PROV-01", "PROV-02", "PROV-03", "PROV-04"]
    assert len(answers(archive, present=False)) == 6


@pytest.mark.parametrize(("item", "notice"), [("PROV-03", "refusal.off_route"), ("X", "notice.not_now")])
def test_only_what_is_answered_can_be_changed(act: Act, item: str, notice: str) -> None:
    act(Action.BEGIN)
    talk = act(Action.CHANGE, item=item)
    assert (told(talk), asked(talk)) == ([notice], "PROV-01")


def test_a_long_text_may_come_in_several_messages(act: Act, archive: Engine) -> None:
    to_the_end(act)
    act(Action.CHANGE, item="PROV-04")
    talk = act(Action.ADD, "Första raden.")
    assert (asked(talk), told(talk), talk.reopened) == ("PROV-04", ["notice.added"], False)
    talk = act(Action.ADD, "Andra raden.")
    assert talk.prompt is not None
    assert talk.prompt.value == "Första raden.\nAndra raden."
    assert act(Action.DONE).stage is Stage.REVIEW
    assert dict(answers(archive))["PROV-04"] == "Första raden.\nAndra raden."


def test_done_before_anything_is_written_says_so(act: Act) -> None:
    act(Action.BEGIN)
    assert told(act(Action.DONE)) == ["notice.nothing_written"]


def test_an_added_message_to_another_kind_of_question_is_its_answer(act: Act) -> None:
    act(Action.BEGIN)
    assert asked(act(Action.ADD, "ja")) == "PROV-02"


def test_pausing_and_going_on(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    assert told(act(Action.PAUSE)) == ["notice.paused"]
    with reading(archive) as session:
        assert session.exec(select(Interview)).one().paused_at == AT
    talk = act(Action.RESUME)
    assert (told(talk), asked(talk), talk.revision) == (["notice.resumed"], "PROV-01", 1)
    with reading(archive) as session:
        assert session.exec(select(Interview)).one().paused_at is None


def test_an_answer_ends_a_pause(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.PAUSE)
    act(Action.ANSWER, "ja")
    with reading(archive) as session:
        assert session.exec(select(Interview)).one().paused_at is None


def test_declining_can_be_taken_back_and_the_draft_is_still_there(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    assert act(Action.DECLINE).stage is Stage.DECLINED
    with reading(archive) as session:
        assert session.get_one(Invitation, 1).declined_at == AT
    talk = act(Action.BEGIN)
    assert (talk.stage, asked(talk)) == (Stage.QUESTION, "PROV-02")


def test_who_declined_unread_reads_the_information_before_beginning(act: Act) -> None:
    assert act(Action.DECLINE).stage is Stage.DECLINED
    assert act(Action.BEGIN).stage is Stage.INFORMATION
    assert act(Action.BEGIN).stage is Stage.QUESTION


def test_a_deleted_draft_is_gone_and_the_revision_still_rises(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    old = act(Action.ANSWER, "ib")
    talk = act(Action.DELETE)
    assert (talk.stage, told(talk), talk.history) == (Stage.INFORMATION, ["notice.deleted"], ())
    assert answers(archive, present=False) == []
    with reading(archive) as session:
        assert session.get_one(Invitation, 1).begun_at is None
    talk = act(Action.BEGIN)
    assert (asked(talk), talk.revision > old.revision) == ("PROV-01", True)


def test_a_draft_can_be_deleted_after_declining(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    act(Action.DECLINE)
    assert act(Action.DELETE).stage is Stage.DECLINED
    assert answers(archive, present=False) == []
    assert act(Action.BEGIN).stage is Stage.INFORMATION


def test_the_language_can_be_changed_at_any_stage(act: Act, look: Act) -> None:
    assert act(Action.LANGUAGE, "en").information[0] == "We review."
    talk = act(Action.BEGIN)
    assert talk.prompt is not None
    assert talk.prompt.label == "Do you meet children?"
    assert look().language == "en"


def test_an_unknown_language_changes_nothing(act: Act) -> None:
    talk = act(Action.LANGUAGE, "tlh")
    assert (talk.language, told(talk)) == ("sv", ["notice.unknown_language"])


def test_what_was_shown_after_a_message_is_what_is_read_afterwards(act: Act, look: Act) -> None:
    to_the_end(act)
    for action, values in [(Action.BACK, ()), (Action.ANSWER, ("Nytt.",)), (Action.LANGUAGE, ("en",))]:
        assert act(action, *values) == look()


def test_all_questions_can_be_read_before_beginning(archive: Engine, october: int) -> None:
    with reading(archive) as session:
        questions = interviews.all_questions(session, 1)
    assert questions[0] == ("Början", "Möter du barn?")
    assert len(questions) == 4


def test_the_question_of_a_protocol_names_its_file(store: Session, look: Act) -> None:
    store.connection().exec_driver_sql("UPDATE wave SET subject = 'file'")
    store.connection().exec_driver_sql("UPDATE subject SET number = id")
    store.commit()
    talk = look()
    assert talk.title == "Ekonomiskt bistånd, akt 1"
    assert "akt nummer 1" in talk.information[1]
