"""Invitations and reminders in Telegram."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.telegram_channel import TelegramChannel, words
from bot.telegram_door import TelegramDoor
from bot.telegram_pace import Pace
from botapi.api import BotApi
from botapi.door import Chats, tap
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import Letter, LetterKind
from fieldwork.messages import ContactPerson

LETTER = Letter(
    kind=LetterKind.REMINDER_BEGUN,
    language="sv",
    title="Granskning av ekonomiskt bistånd i Lindhagen och Norrvik",
    contact=ContactPerson("Inga Inspektör", "08-508 00 000", "inga@example.se"),
    promise="confidential",
    smallest_group=5,
    closes=date(2026, 12, 18),
    minutes=3,
    link="https://granska.example/s/abc",
)


def test_a_reminder_names_nobody_and_its_button_shows_the_next_question(chats: Chats) -> None:
    with chats.open() as door:
        kim = chats.at("ALLA-03")
        chats.settled()
        TelegramChannel(door).send(str(kim.id), LETTER)
        shown = kim.sees()[-1]
        assert shown.text.startswith("Dina svar är sparade men inte inskickade.")
        assert not [name for name in ("Inga", "Lindhagen", "https") if name in shown.text]
        tap(kim, "Fortsätt", "Hur många ärenden")


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.THANKS])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_letter_has_its_words_and_names_nobody(kind: LetterKind, language: str) -> None:
    screen = words(replace(LETTER, kind=kind, language=language))
    assert screen.text
    assert bool(screen.rows) == (kind is not LetterKind.THANKS)
    assert not [name for name in ("Inga", "Lindhagen", "https") if name in screen.text]


def refusal(door: TelegramDoor, chat: int) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        TelegramChannel(door).send(str(chat), LETTER)
    return caught.value


def test_who_has_blocked_the_bot_is_permanently_out_of_reach(chats: Chats) -> None:
    with chats.open() as door:
        kim = chats.person()
        kim.block()
        chats.settled()
        assert refusal(door, kim.id).permanent
        assert refusal(door, 6_999_999_999).permanent


def test_too_many_requests_postpone_a_contact_for_as_long_as_telegram_says(chats: Chats, api: BotApi) -> None:
    with chats.open() as door:
        kim = chats.person()
        chats.settled()
        api.refuse("sendMessage", retry_after=7)
        failure = refusal(door, kim.id)
    assert (failure.permanent, failure.unknown, failure.retry_after) == (False, False, timedelta(seconds=7))


def test_a_contact_whose_answer_was_lost_may_have_arrived(chats: Chats, api: BotApi) -> None:
    with chats.open() as door:
        kim = chats.person()
        chats.settled()
        api.lose_answer("sendMessage")
        assert refusal(door, kim.id).unknown


def test_a_door_that_may_not_send_makes_no_contact(chats: Chats) -> None:
    with chats.open() as door:
        kim = chats.person()
    assert refusal(door, kim.id).reason == "telegram_elsewhere"


def test_contacts_wait_for_their_turn_as_the_dialogue_does(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []

    async def turn(_pace: Pace, chat: str = "") -> None:
        turns.append(chat)

    with chats.open() as door:
        kim = chats.person()
        chats.settled()
        monkeypatch.setattr(Pace, "turn", turn)
        TelegramChannel(door).send(str(kim.id), LETTER)
    assert turns == [str(kim.id)]
