"""What comes in from chats: stored once, done once, and nothing of who said what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from fieldwork.inbox import (
    KEPT,
    MOST_GUESSES,
    MOST_REPLIES,
    WINDOW,
    DoneBefore,
    Update,
    Waiting,
    device_of,
    done,
    finish,
    forget_chat,
    places,
    store,
    tidy,
    waiting,
)
from fieldwork.invitations import mint_link
from fieldwork.outbox import Message
from models.contact_tables import IncomingUpdate, OutgoingMessage
from models.tables import Address, Wave

SECRET = b"a key of the tests, of 32 letters"
NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)
KIM = "6900000001"
HELLO = {"kind": "text", "text": "Hej"}


@pytest.fixture
def chat(october: int, store: Session) -> Session:
    """A session over the wave of October, which may be answered in Telegram; its first link is ``kim``."""
    store.get_one(Wave, october).doors = ["telegram"]
    store.commit()
    mint_link(store, 1, "kim", NOW, NOW + timedelta(days=9))
    return store


def come_in(session: Session, *updates: Update, now: datetime = NOW) -> tuple[list[Waiting], list[str]]:
    todo, replies = store(session, updates, now, SECRET)
    return todo, [reply.kind for reply in replies]


def start(number: int = 1, token: str = "kim", chat: str = KIM) -> Update:  # noqa: S107 - none of ours
    return Update(number, {"kind": "start"}, chat=chat, token=token)


def rows(session: Session) -> list[IncomingUpdate]:
    session.expire_all()
    return list(session.exec(select(IncomingUpdate).order_by(col(IncomingUpdate.update_id))).all())


def test_an_update_that_comes_twice_is_stored_once(chat: Session) -> None:
    assert [each.number for each in come_in(chat, start(), start())[0]] == [1]
    assert come_in(chat, start()) == ([], [])
    assert [each.number for each in waiting(chat)] == [1]


def test_an_update_is_done_once_and_what_a_second_one_wanted_to_say_is_not_said(chat: Session) -> None:
    ((update,), _) = come_in(chat, start())
    finish(chat, update, NOW, messages=[Message("help", {"invitation": 1})])
    with pytest.raises(DoneBefore):
        done(chat, update, NOW, messages=[Message("why", {"invitation": 1})])
    chat.rollback()
    assert [row.template for row in chat.exec(select(OutgoingMessage)).all()] == ["help"]


def test_neither_token_nor_chat_nor_words_stay_in_the_inbox(chat: Session) -> None:
    updates, _ = come_in(chat, start(), Update(2, HELLO, chat=KIM), Update(3, HELLO, chat="6900000002"))
    for update in updates:
        finish(chat, update, NOW)
    for row in rows(chat):
        assert row.body == {}
        assert not [word for word in ("kim", KIM, "6900000002", "Hej") if word in row.chat]
    assert chat.exec(select(Address.value).where(Address.channel == "telegram")).all() == [KIM]


def test_a_device_tells_nothing_of_its_chat_and_differs_by_key() -> None:
    assert device_of(SECRET, KIM) == device_of(SECRET, KIM)
    assert KIM not in device_of(SECRET, KIM)
    assert device_of(SECRET, KIM) != device_of(b"another key", KIM)


def test_the_first_chat_that_uses_a_link_binds_and_a_second_one_is_told_nothing(chat: Session) -> None:
    assert come_in(chat, start())[1] == []
    assert come_in(chat, start(2, chat="6900000002"))[1] == ["unusable"]
    assert come_in(chat, start(3, token="none"))[1] == ["unusable"]


def test_after_some_guesses_no_link_of_that_chat_is_opened_for_an_hour(chat: Session) -> None:
    guesses = [start(number, token=f"guess {number}") for number in range(1, MOST_GUESSES + 1)]
    assert set(come_in(chat, *guesses)[1]) == {"unusable"}
    assert come_in(chat, start(50)) == ([], ["guesses"])
    updates, _ = come_in(chat, start(51), now=NOW + WINDOW + timedelta(seconds=1))
    assert [each.number for each in updates] == [51]


def test_a_stranger_gets_so_many_replies_and_no_more(chat: Session) -> None:
    updates = [Update(number, HELLO, chat="6900000002") for number in range(1, MOST_REPLIES + 5)]
    assert come_in(chat, *updates) == ([], ["text"] * MOST_REPLIES)


def test_a_chat_that_is_closed_to_us_is_inactive_until_it_is_opened(chat: Session) -> None:
    come_in(chat, start())
    for presence in (False, True):
        come_in(chat, Update(10 + presence, presence=presence, chat=KIM))
        chat.expire_all()
        assert chat.exec(select(Address.active).where(Address.value == KIM)).all() == [presence]


def test_a_chat_can_be_forgotten_alone(chat: Session) -> None:
    ((update,), _) = come_in(chat, start())
    assert forget_chat(chat, update, NOW) == KIM
    assert chat.exec(select(Address).where(Address.channel == "telegram")).all() == []


def test_a_wave_is_met_only_in_chats_that_it_uses(chat: Session, october: int) -> None:
    ((update,), _) = come_in(chat, start())
    (place,) = places(chat, update.address_id).values()
    assert (place.invitation, place.free_text, place.closes) == (1, False, date(2026, 10, 30))
    chat.get_one(Wave, october).doors = ["web"]
    chat.commit()
    assert places(chat, update.address_id) == {}


def test_that_an_update_was_done_is_remembered_longer_than_telegram_repeats_it(chat: Session) -> None:
    ((update,), _) = come_in(chat, start())
    finish(chat, update, NOW)
    tidy(chat, NOW + timedelta(days=1))
    assert len(rows(chat)) == 1
    tidy(chat, NOW + KEPT + timedelta(seconds=1))
    assert rows(chat) == []
