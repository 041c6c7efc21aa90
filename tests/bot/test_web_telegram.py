"""From the web chat to Telegram: by a personal link, where the review may be answered there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from botapi.door import Chats, tap

if TYPE_CHECKING:
    from conftest import Visitor

TITLE = "Svara i Telegram"
LINK = re.compile(r"https://t\.me/granska_bot\?start=([\w-]{1,64})\"")


def test_the_link_of_the_web_chat_opens_the_same_conversation_in_telegram(
    chats: Chats, visitor: Callable[..., Visitor]
) -> None:
    web = visitor()
    assert TITLE in web.seen.text
    assert "t.me" not in web.get("/telegram").text
    page = web.post("/telegram").text
    assert 'src="data:image/svg+xml' in page
    found = LINK.search(page)
    assert found is not None
    with chats.open():
        kim = chats.api.user()
        kim.start(found[1])
        kim.expect("Läs det här innan du börjar")
        tap(kim, "Jag har läst, börja", "Fråga 1")
    assert "Fråga 1" in web.get("/samtal").text


@pytest.mark.parametrize("off", ["no bot", "another wave"])
def test_where_telegram_is_off_or_not_chosen_nothing_leads_there(
    chats: Chats, visitor: Callable[..., Visitor], off: str
) -> None:
    if off == "another wave":
        chats.change_wave(doors=["web"])
    web = visitor("" if off == "no bot" else "granska_bot")
    assert TITLE not in web.seen.text
    for answer in (web.get("/telegram"), web.post("/telegram")):
        assert "t.me" not in answer.text
        assert answer.url.path == "/samtal"


def test_no_other_page_can_make_somebody_elses_link(chats: Chats, visitor: Callable[..., Visitor]) -> None:
    web = visitor()
    refused = web.post("/telegram", token="guessed")
    assert refused.status_code == 403
    assert "t.me" not in refused.text
