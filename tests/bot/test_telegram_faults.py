"""What may go wrong between the door, Telegram and the database; nothing is lost and nothing said twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy.exc import OperationalError
from telegram.error import TelegramError

from bot.telegram_door import LEASE
from bot.telegram_updates import UpdatesRequest
from botapi.api import BotApi, User
from botapi.door import Chats, tap, write
from fieldwork import inbox, leases, outbox
from models.database import writing


def texts(user: User) -> list[str]:
    return [each.text for each in user.sees() if each.by_bot]


def test_an_update_that_comes_twice_is_done_once(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        update = {
            "update_id": 800_000_000,
            "message": {
                "message_id": 999,
                "date": 0,
                "from": {"id": kim.id, "is_bot": False, "first_name": "Kim"},
                "chat": {"id": kim.id, "type": "private", "first_name": "Kim"},
                "text": "40",
            },
        }
        chats.api.push(update)
        chats.settled()
    with chats.open():
        chats.api.push(update)
        chats.settled()
        chats.api.push(update)
        chats.settled()
    assert chats.versions("ALLA-03") == ["40"]
    assert "ALLA-04" not in chats.answers()


def test_too_many_requests_are_sent_again_when_telegram_says(chats: Chats, api: BotApi) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.settled()
        api.refuse("sendMessage", retry_after=3600)
        kim.say("40")
        refused = chats.until(
            lambda: [row for row in chats.outbox() if row.state == "pending" and row.attempts]
        )
        assert refused[0].next_attempt_at > chats.clock() + timedelta(minutes=50)
        chats.wait(timedelta(hours=1))
        kim.expect("Hur många timmar")
        chats.settled()
        assert sum("Hur många timmar" in text for text in texts(kim)) == 1


def test_a_message_whose_answer_was_lost_is_sent_again_and_either_may_be_answered(
    chats: Chats, api: BotApi
) -> None:
    with chats.open():
        kim = chats.at("ALLA-01")
        chats.settled()
        api.lose_answer("sendMessage")
        tap(kim, "Nästa", "Arbetar du med barnfamiljer?")
        chats.wait(timedelta(minutes=1))
        chats.settled()
        first, second = [each for each in kim.sees() if "Arbetar du med barnfamiljer?" in each.text]
        tap(kim, "Nej", "Hur många timmar", first)
        kim.press("Ja", second, stale=True)
        chats.settled()
    assert chats.versions("ALLA-02") == ["nej"]


def test_a_conflict_with_another_program_is_waited_out(
    chats: Chats, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    with chats.open(poll=timedelta(seconds=1)):
        kim = chats.person()
        api.refuse("getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
        tap(kim, "Jag har läst, börja", "Fråga 1")
        tap(kim, "Nästa", "Arbetar du")
    assert chats.answers() == {"ALLA-01": "ok"}


def test_a_token_that_telegram_does_not_know_closes_the_door_in_one_line(
    chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    with chats.open(token="6123456789:wrong"):
        chats.until(lambda: "Telegram is off" in caplog.text)
    assert "Telegram does not know GRANSKA_TELEGRAM_TOKEN: Telegram is off" in caplog.text
    assert "wrong" not in caplog.text


def test_only_the_holder_of_the_lease_polls(chats: Chats, api: BotApi) -> None:
    with writing(chats.engine) as session:
        leases.hold(session, LEASE, "elsewhere 1 abcd", chats.clock(), timedelta(hours=1))
    kim = api.user()
    kim.start(chats.token())
    with chats.open(lease=timedelta(seconds=0.1)):
        asked = chats.asked_for_the_time
        chats.until(lambda: chats.asked_for_the_time >= asked + 3)  # once each time it asks for the lease
        assert api.calls("getUpdates") == []
        chats.wait(timedelta(hours=1))
        kim.expect("Läs det här innan du börjar")


def test_the_lease_is_given_up_when_the_door_closes(chats: Chats) -> None:
    with chats.open(lease=timedelta(minutes=10)):
        chats.person()
    with chats.open(lease=timedelta(minutes=10)):
        chats.person(1)


def test_what_waits_when_the_door_opens_is_done(chats: Chats, api: BotApi) -> None:
    kim = api.user()
    with chats.open():
        kim.start(chats.token())
        kim.expect("Läs det här")
    kim.press("Jag har läst, börja")
    with chats.open():
        kim.expect("Fråga 1")


def test_neither_token_nor_chat_nor_answer_is_logged(
    chats: Chats, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with chats.open():
        kim = chats.at("ALLA-03")
        api.refuse("sendMessage", status=400, description="Bad Request: something odd")
        kim.say("4711")
        api.lose_answer("editMessageText")
        chats.settled()
        kim.send("photo")
        kim.say("Efternamn")
        chats.wait(timedelta(minutes=1))
        chats.settled()
    records = [each for each in caplog.records if not each.name.startswith(("uvicorn", "asyncio"))]
    ours = "\n".join(each.getMessage() for each in records)
    assert ours
    for secret in (api.token, str(kim.id), "4711", "Efternamn"):
        assert secret not in ours


def test_nothing_of_what_was_said_stays_in_the_inbox(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        write(kim, "40", "Hur många timmar")
        robin = chats.api.user()
        robin.start("gissning")
        robin.expect("går inte att använda")
        chats.settled()
    rows = chats.inbox()
    assert {str(row.body) for row in rows} == {"{}"}
    assert not [row for row in rows if str(kim.id) in row.chat or str(robin.id) in row.chat]
    assert all(row.done_at for row in rows)


def test_messages_name_nobody_and_no_district(chats: Chats, api: BotApi) -> None:
    with chats.open():
        kim = chats.at("ALLA-04")
        for command in ("/om", "/fragor", "/hjalp", "/mina_svar", "/varfor", "/webb", "/paminn", "/avboj"):
            kim.say(command)
            chats.settled()
    said = "\n".join(
        str(call["parameters"]) for call in (*api.calls("sendMessage"), *api.calls("editMessageText"))
    )
    for name in ("Kim", "Efternamn", "Inga Inspektör", "inga.inspektor", "Lindhagen", "Norrvik"):
        assert name not in said


def test_every_button_fits_into_64_bytes_and_carries_no_words(chats: Chats, api: BotApi) -> None:
    with chats.open():
        kim = chats.at("ALLA-08")
        write(kim, "/mina_svar", "Tryck på numret")
    found = [
        button["callback_data"]
        for call in api.calls("sendMessage")
        for row in call["parameters"].get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    assert found
    assert all(len(data) <= 64 and data.count(":") == 5 for data in found)
    assert not any("ALLA" in data or "ja" in data for data in found)


def test_malformed_updates_hold_nobody_up(chats: Chats, api: BotApi) -> None:
    odd: list[object] = [
        {},
        {"message": None},
        {"message": {"chat": 7}},
        {"message": {"chat": {"id": "7", "type": "private"}, "text": 7}},
        {"message": {"chat": {"id": 10**30, "type": "private"}, "text": "/start " + "x" * 5000}},
        {"callback_query": {"id": 7, "data": 7}},
        {"callback_query": {"id": "7", "data": "x", "message": {"chat": {"id": 7, "type": "private"}}}},
        {"my_chat_member": {"chat": {"id": 7, "type": "private"}, "new_chat_member": "x"}},
        {"edited_message": []},
        {"poll_answer": {"user": 7}},
    ]
    with chats.open():
        kim = chats.at("ALLA-03")
        for number, content in enumerate(odd):
            api.push({"update_id": 800_000_000 + number, **content})  # type: ignore[dict-item]
        api.push({"update_id": 800_000_500})
        kim.say("40")
        kim.expect("Hur många timmar")
        chats.settled()
    api.complaints(forgive=True)
    assert chats.inbox()
    assert all(row.done_at for row in chats.inbox())
    assert api.pending() == []
    assert chats.versions("ALLA-03") == ["40"]


def test_half_a_letter_can_be_stored() -> None:
    message = b'{"chat":{"id":7,"type":"private"},"text":"\\ud800 a"}'
    raw = b'{"ok":true,"result":[{"update_id":1,"message":' + message + b"}]}"
    (found,) = UpdatesRequest.parse_json_payload(raw)["result"]
    assert found["reduced"].body["text"] == "? a"


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"{"])
def test_an_unreadable_answer_is_an_error_of_telegram(raw: bytes) -> None:
    with pytest.raises(TelegramError):
        UpdatesRequest.parse_json_payload(raw)


def failing_once(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[str]:
    """Let something be done and then be told that it failed, as by a server that is stopped just then."""
    work, failures = getattr(module, name), []

    def unsure(*given: object) -> object:
        done = work(*given)
        if done != [] and not failures:
            failures.append(name)
            raise OperationalError("COMMIT", None, OSError("the server is gone"))
        return done

    monkeypatch.setattr(module, name, unsure)
    return failures


@pytest.mark.parametrize(("module", "name"), [(inbox, "store"), (outbox, "exchange")])
def test_what_was_stored_though_the_database_seemed_to_fail_is_done(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.settled()
        failures = failing_once(monkeypatch, module, name)
        write(kim, "40", "Hur många timmar")
        chats.settled()
    assert failures == [name]
    assert chats.versions("ALLA-03") == ["40"]


def test_a_database_that_is_gone_when_the_door_opens_is_waited_for(
    chats: Chats, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = failing_once(monkeypatch, outbox, "recover")
    kim = api.user()
    kim.start(chats.token())
    with chats.open():
        kim.expect("Läs det här innan du börjar")
    assert failures == ["recover"]
