"""What cannot be taken changes nothing, and the question asked is shown again with the reason."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, select

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.errors import CouldNotStore
from fieldwork.messages import Action, Door, Incoming, Stage
from models.database import reading, writing
from models.tables import Answer, Count, Information, Interview, Invitation, Result, TextResult, Wave

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)

Act = Callable[..., Conversation]

STEPS = (
    (Action.BEGIN,),
    (Action.ANSWER, "ja"),
    (Action.ANSWER, "ib"),
    (Action.ANSWER, "40"),
    (Action.ANSWER, "Att få vara med."),
)


def come_to(act: Act, item: str) -> None:
    for step in STEPS[: int(item[-1])]:
        act(*step)


def asked(talk: Conversation) -> str | None:
    return talk.prompt.item if talk.prompt else None


def told(talk: Conversation) -> list[str]:
    return [notice.key for notice in talk.notices]


def everything(archive: Engine) -> list[list[str]]:
    tables = (Invitation, Interview, Answer, Information, Result, TextResult, Count)
    with reading(archive) as session:
        return [[repr(row) for row in session.exec(select(table))] for table in tables]


@pytest.mark.parametrize(
    ("item", "values", "notice"),
    [
        ("PROV-01", ("kanske",), "refusal.not_an_option"),
        ("PROV-01", (), "refusal.required"),
        ("PROV-02", ("ib", "inget"), "refusal.exclusive"),
        ("PROV-02", ("<script>alert(1)</script>",), "refusal.not_an_option"),
        ("PROV-03", ("många",), "refusal.not_an_integer"),
        ("PROV-03", ("3,5",), "refusal.not_an_integer"),
        ("PROV-03", ("61",), "refusal.constraint"),
        ("PROV-03", ("9" * 1_000_000,), "refusal.not_an_integer"),
        ("PROV-04", ("",), "refusal.empty"),
        ("PROV-04", ("a" * 1_000_000,), "refusal.too_long"),
    ],
)
def test_a_bad_answer_is_refused_with_the_same_question_again(
    act: Act, archive: Engine, item: str, values: tuple[str, ...], notice: str
) -> None:
    come_to(act, item)
    before = everything(archive)
    talk = act(Action.ANSWER, *values)
    assert (told(talk), asked(talk)) == ([notice], item)
    assert everything(archive) == before


@pytest.mark.parametrize("words", ["🙂 bra", "שלום", "<script>alert(1)</script>", "'; DROP TABLE answer; --"])
def test_odd_words_are_kept_as_they_were_written(act: Act, words: str) -> None:
    come_to(act, "PROV-04")
    assert act(Action.ANSWER, words).history[-1].answer == words


def test_the_reason_of_a_constraint_is_the_instruments_own(act: Act) -> None:
    come_to(act, "PROV-03")
    assert act(Action.ANSWER, "61").notices[0].text == "Skriv högst 60."


def test_a_required_question_cannot_be_skipped(act: Act) -> None:
    come_to(act, "PROV-01")
    assert told(act(Action.SKIP)) == ["refusal.required"]


@pytest.mark.parametrize(
    "action",
    [
        Action.ANSWER,
        Action.ADD,
        Action.DONE,
        Action.KEEP,
        Action.SKIP,
        Action.BACK,
        Action.CHANGE,
        Action.SEND,
        Action.SEND_PARTIAL,
        Action.DELETE,
    ],
)
def test_a_stale_revision_changes_nothing(act: Act, archive: Engine, action: Action) -> None:
    come_to(act, "PROV-03")
    before = everything(archive)
    talk = act(action, "12", item="PROV-02", revision=1)
    assert (told(talk), asked(talk)) == (["notice.stale"], "PROV-03")
    assert everything(archive) == before


def test_the_same_answer_pressed_twice_is_stored_once_and_says_nothing(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    talk = act(Action.ANSWER, "ja", item="PROV-01", revision=1)
    assert (told(talk), asked(talk)) == ([], "PROV-02")
    with reading(archive) as session:
        assert len(session.exec(select(Answer)).all()) == 1


def test_an_old_page_with_another_value_does_not_change_the_answer(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    talk = act(Action.ANSWER, "nej", item="PROV-01", revision=1)
    assert (told(talk), talk.history[0].answer) == (["notice.stale"], "Ja")


@pytest.mark.parametrize(
    ("item", "notice"),
    [
        ("PROV-04", "notice.other_question"),
        ("PROV-02", "refusal.off_route"),
        ("FINNS-INTE", "notice.other_question"),
    ],
)
@pytest.mark.parametrize("action", [Action.ANSWER, Action.ADD, Action.SKIP])
def test_an_answer_to_another_question_than_the_one_asked_is_refused(
    act: Act, archive: Engine, action: Action, item: str, notice: str
) -> None:
    act(Action.BEGIN)
    act(Action.ANSWER, "nej")
    before = everything(archive)
    talk = act(action, "12", item=item)
    assert (told(talk), asked(talk)) == ([notice], "PROV-03")
    assert everything(archive) == before


POSSIBLE_UNBEGUN = {Action.BEGIN, Action.DECLINE, Action.LANGUAGE, Action.REMIND, Action.NO_MORE}


@pytest.mark.parametrize("action", sorted(set(Action) - POSSIBLE_UNBEGUN))
def test_before_beginning_nothing_else_can_be_done(act: Act, archive: Engine, action: Action) -> None:
    before = everything(archive)
    talk = act(action, "ja", item="PROV-01")
    assert (talk.stage, told(talk)) == (Stage.INFORMATION, ["notice.not_now"])
    assert everything(archive) == before


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (datetime(2026, 9, 30, 21, 59, tzinfo=UTC), Stage.NOT_OPEN),
        (datetime(2026, 9, 30, 22, 0, tzinfo=UTC), Stage.INFORMATION),
        (datetime(2026, 10, 30, 22, 59, tzinfo=UTC), Stage.INFORMATION),
        (datetime(2026, 10, 30, 23, 0, tzinfo=UTC), Stage.CLOSED),
    ],
)
def test_a_wave_is_open_from_its_first_midnight_to_its_last_in_stockholm(
    look: Act, day: datetime, stage: Stage
) -> None:
    assert look(at=day).stage is stage


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 11, 20)])
@pytest.mark.parametrize("action", sorted(set(Action) - {Action.LANGUAGE}))
def test_a_wave_that_is_not_open_takes_nothing(act: Act, archive: Engine, action: Action, day: date) -> None:
    come_to(act, "PROV-03")
    before = everything(archive)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    talk = act(action, "12", at=at)
    assert talk.stage in {Stage.NOT_OPEN, Stage.CLOSED}
    assert (talk.prompt, talk.history) == (None, ())
    assert everything(archive) == before


def test_a_wave_closed_by_hand_takes_nothing(act: Act, store: Session, look: Act) -> None:
    come_to(act, "PROV-03")
    store.get_one(Wave, 1).closed_at = AT
    store.commit()
    assert act(Action.ANSWER, "12", item="PROV-03").stage is Stage.CLOSED
    assert look().lead == "Det går inte längre att svara. Insamlingen är stängd."


def test_only_one_of_two_taps_at_once_is_taken(act: Act, archive: Engine) -> None:
    act(Action.BEGIN)
    talks: list[Conversation] = []

    def tap(value: str) -> None:
        with writing(archive) as session:
            message = Incoming(1, Door.WEB, Action.ANSWER, AT, "PROV-01", (value,), 1, value)
            talks.append(interviews.receive(session, message))

    threads = [threading.Thread(target=tap, args=(value,)) for value in ("ja", "nej")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(told, talks)) == [[], ["notice.stale"]]
    with reading(archive) as session:
        assert len(session.exec(select(Answer)).all()) == 1
        assert session.exec(select(Interview)).one().revision == 2


@contextmanager
def full_disk(archive: Engine) -> Iterator[None]:
    """Let the database grow by no page more than it has, as on a full disk."""

    def cap(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    with closing(sqlite3.connect(archive.url.database or "")) as full:
        full.execute("VACUUM")  # no page is left over from what was there before
    event.listen(archive, "begin", cap)
    yield
    event.remove(archive, "begin", cap)
    archive.dispose()  # the cap is a connection's own


@pytest.mark.only_on("sqlite", "only SQLite can be told how large it may grow")
def test_a_full_disk_while_answering_leaves_everything_as_it_was(act: Act, archive: Engine) -> None:
    come_to(act, "PROV-04")
    before = everything(archive)
    with full_disk(archive), pytest.raises(CouldNotStore, match="database or disk is full") as raised:
        act(Action.ANSWER, "ååååååå " * 490)
    assert "ååå" not in f"{raised.value} {raised.value.__cause__}"
    assert everything(archive) == before
    assert act(Action.ANSWER, "ååååååå " * 490).stage is Stage.REVIEW


@pytest.mark.only_on("sqlite", "only SQLite can be told how large it may grow")
def test_a_full_disk_while_sending_stores_no_part_of_the_results(act: Act, archive: Engine) -> None:
    come_to(act, "PROV-04")
    act(Action.ANSWER, "ååååååå " * 490)
    before = everything(archive)
    with full_disk(archive), pytest.raises(CouldNotStore):
        act(Action.SEND)
    assert everything(archive) == before
    assert act(Action.SEND).stage is Stage.SENT
