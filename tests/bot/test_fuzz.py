"""What nobody should ever send: the short version of ``granska bench fuzz``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from telegram.error import TelegramError

from benchmarks import fuzz
from bot.telegram_updates import UpdatesRequest
from botapi.api import BotApi
from botapi.door import Chats, tap

NUMBERS = {"updates": 400, "posts": 300, "bounces": 300}


@pytest.fixture
def target(tmp_path: Path) -> Iterator[fuzz.Target]:
    with fuzz.opened(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("kind", fuzz.THROWS)
def test_nothing_thrown_at_a_door_breaks_it_or_changes_an_answer(target: fuzz.Target, kind: str) -> None:
    assert fuzz.throw(target, kind, NUMBERS[kind]) == NUMBERS[kind]
    assert len(target.met) > 3
    assert fuzz.goes_on(target)


def test_updates_thrown_over_the_wire_leave_the_chat_where_it_was(chats: Chats, api: BotApi) -> None:
    chance = Random(fuzz.SEED)  # noqa: S311 - to do the same again
    with chats.open():
        kim = chats.at("ALLA-02")
        chats.settled()
        before = chats.answers()
        first = max([row.update_id for row in chats.inbox()]) + 1
        for number in range(first, first + 80):
            strange = fuzz.bent(chance, fuzz.update(chance, number, own=kim.id))
            # The way to the stand-in carries no half of a pair; the direct way above does.
            whole = json.loads(json.dumps(strange).replace("\\ud800", "?"))
            api.push({**whole, "update_id": number})
        chats.settled()
        assert chats.answers() == before
        kim.start(chats.token())
        chats.settled()
        tap(kim, "Ja", "Hur många ärenden")


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"\xff", b'{"ok":true,"result":{"update_id":1}}', b'{"ok":true,"result":' + b"[" * 100_000],
)
def test_what_is_no_answer_of_the_bot_api_is_refused_as_such(payload: bytes) -> None:
    with pytest.raises(TelegramError, match="Invalid server response"):
        UpdatesRequest.parse_json_payload(payload)


def test_an_update_whose_number_cannot_be_kept_is_left_out() -> None:
    payload = b'{"ok":true,"result":[{"update_id":1e3},{"update_id":-1},{"update_id":9223372036854775808}]}'
    assert UpdatesRequest.parse_json_payload(payload)["result"] == []
