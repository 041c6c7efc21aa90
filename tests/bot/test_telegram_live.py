"""One look at the real Telegram, on request: that its answers mean what the stand-in says they mean.

Runs only where GRANSKA_LIVE_TELEGRAM_TOKEN names a bot of its own for tests, and GRANSKA_LIVE_TELEGRAM_CHAT
the number of a private chat that has started it. It writes two messages there and takes nothing in.
"""

from __future__ import annotations

import asyncio
import os

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, InvalidToken

from bot.telegram_buttons import Press, Verb

TOKEN = os.environ.get("GRANSKA_LIVE_TELEGRAM_TOKEN", "")
CHAT = os.environ.get("GRANSKA_LIVE_TELEGRAM_CHAT", "")

pytestmark = pytest.mark.skipif(
    not (TOKEN and CHAT), reason="set GRANSKA_LIVE_TELEGRAM_TOKEN and GRANSKA_LIVE_TELEGRAM_CHAT"
)


async def refused(call: object) -> str:
    with pytest.raises(BadRequest) as caught:
        await call  # type: ignore[misc]
    return caught.value.message.lower()


async def look() -> None:
    async with Bot(TOKEN) as bot:
        longest = Press(Verb.ANSWER, 36**8 - 1, 36**2 - 1, 36**2 - 1, 36**4 - 1).data
        button = InlineKeyboardButton("Prov", callback_data=longest)
        keyboard = InlineKeyboardMarkup([[button]])
        asked = await bot.send_message(CHAT, "Granska: prov av knappar.", reply_markup=keyboard)
        same = bot.edit_message_text(
            "Granska: prov av knappar.", CHAT, asked.message_id, reply_markup=keyboard
        )
        assert "message is not modified" in await refused(same)
        shown = await bot.edit_message_text("Granska: prov av knappar.\n✓ Prov", CHAT, asked.message_id)
        assert shown is not True
        assert shown.reply_markup is None
        assert "too long" in await refused(bot.send_message(CHAT, "x" * 4097))
        assert "not found" in await refused(bot.send_message(1, "x"))
        assert "query" in await refused(bot.answer_callback_query("1"))
        await bot.send_message(CHAT, "Granska: provet är klart.")


def test_the_real_telegram_answers_as_the_stand_in_does() -> None:
    asyncio.run(look())


def test_the_real_telegram_does_not_know_a_token_that_is_none() -> None:
    async def introduce() -> None:
        async with Bot(f"{TOKEN[:-1]}-"):
            pytest.fail("the token was taken")

    with pytest.raises(InvalidToken):
        asyncio.run(introduce())
