"""What waits to be said in chats: in order, at least once, claimed and marked many at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from fieldwork.outbox import (
    MOST_ATTEMPTS,
    QUESTION,
    Message,
    Outgoing,
    Result,
    asked,
    exchange,
    put,
    recover,
    wait,
)
from models.contact_tables import OutgoingMessage
from models.database import writing
from models.tables import Address, Person

NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)
HELLO = Message("notice", {"invitation": 1, "said": "Hej"})


@pytest.fixture
def chats(archive: Engine) -> Iterator[Session]:
    """A session over two people with a chat each: addresses 1 and 2."""
    with writing(archive) as session:
        for number in (1, 2):
            session.add(Person(id=number, reference=f"P{number}"))
            session.flush()
            session.add(Address(id=number, person_id=number, channel="telegram", value=f"70{number}"))
        session.commit()
        yield session


def say(session: Session, address: int, *messages: Message, key: str = "update 1") -> None:
    put(session, address, messages, language="sv", key=key, now=NOW)
    session.commit()


def states(session: Session) -> list[str]:
    session.expire_all()
    return list(session.exec(select(OutgoingMessage.state).order_by(col(OutgoingMessage.id))).all())


def claimed(session: Session, *results: Result, now: datetime = NOW) -> list[Outgoing]:
    return exchange(session, results, now, 10)


def test_one_message_of_a_chat_is_on_its_way_at_a_time_and_other_chats_need_not_wait(chats: Session) -> None:
    say(chats, 1, HELLO, Message("help", {"invitation": 1}))
    say(chats, 2, HELLO, key="update 2")
    first, other = claimed(chats)
    assert [(each.address_id, each.template, each.chat) for each in (first, other)] == [
        (1, "notice", "701"),
        (2, "notice", "702"),
    ]
    assert claimed(chats) == []
    (second,) = claimed(chats, Result(first, sent=True, number=7))
    assert second.template == "help"


def test_what_was_on_its_way_when_a_process_ended_is_sent_again(chats: Session) -> None:
    say(chats, 1, HELLO)
    (before,) = claimed(chats)
    recover(chats)
    (again,) = claimed(chats)
    assert (again.id, again.attempts) == (before.id, before.attempts + 1)


def test_what_is_being_sent_is_not_taken_up_beside(chats: Session) -> None:
    say(chats, 1, HELLO)
    say(chats, 2, HELLO, key="update 2")
    sending, lost = claimed(chats)
    recover(chats, [sending.id])
    assert [each.id for each in claimed(chats)] == [lost.id]


def test_results_and_claims_of_many_chats_are_one_commit(chats: Session, archive: Engine) -> None:
    say(chats, 1, HELLO, HELLO)
    say(chats, 2, HELLO, HELLO, key="update 2")
    commits = []
    event.listen(archive, "commit", commits.append)
    results = [Result(each, sent=True, number=each.id) for each in claimed(chats)]
    assert len(claimed(chats, *results)) == 2
    assert len(commits) == 2
    assert states(chats) == ["sent", "sending", "sent", "sending"]


def test_a_chat_that_takes_no_messages_is_written_to_no_more(chats: Session) -> None:
    say(chats, 1, HELLO, HELLO)
    (message,) = claimed(chats)
    assert claimed(chats, Result(message, gone=True)) == []
    assert states(chats) == ["failed", "failed"]
    assert not chats.get_one(Address, 1).active
    say(chats, 1, HELLO, key="update 9")
    assert claimed(chats) == []


def test_what_failed_comes_again_in_its_time_and_holds_up_what_follows_in_its_chat(chats: Session) -> None:
    say(chats, 1, HELLO, HELLO)
    (message,) = claimed(chats)
    assert claimed(chats, Result(message, again=NOW + timedelta(seconds=7))) == []
    assert claimed(chats, now=NOW + timedelta(seconds=6)) == []
    (again,) = claimed(chats, now=NOW + timedelta(seconds=7))
    assert again.id == message.id


def test_waits_double_and_end() -> None:
    waits = [wait(attempts) for attempts in range(1, MOST_ATTEMPTS + 1)]
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
    assert waits[-2:] == [timedelta(minutes=10), None]


def test_the_same_message_is_not_put_twice(chats: Session) -> None:
    say(chats, 1, HELLO)
    with pytest.raises(IntegrityError):
        say(chats, 1, HELLO)


def test_a_chat_keeps_the_question_it_was_asked_last_and_forgets_what_came_before(chats: Session) -> None:
    first, second = (Message(QUESTION, {"invitation": 1, "revision": number}) for number in (1, 2))
    say(chats, 1, first, HELLO, second)
    for number in (11, 12, 13):
        (message,) = claimed(chats)
        claimed_after = exchange(chats, [Result(message, sent=True, number=number)], NOW, 0)
        assert claimed_after == []
    (question,) = asked(chats, 1)
    assert (question.params["revision"], question.number, question.shown) == (2, 13, True)
    assert states(chats) == ["sent"]


def test_a_chat_forgotten_takes_what_was_to_be_said_with_it(chats: Session) -> None:
    say(chats, 1, HELLO)
    chats.delete(chats.get_one(Address, 1))
    chats.commit()
    assert states(chats) == []
