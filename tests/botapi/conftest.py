from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from botapi.api import BotApi, User


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def kim(api: BotApi) -> User:
    """Somebody who has started the bot; the update for that is still waiting."""
    kim = api.user()
    kim.start()
    return kim


def client(api: BotApi) -> Bot:
    """An unmodified python-telegram-bot."""
    request, polling = (HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False}) for _ in range(2))
    return Bot(api.token, base_url=api.base_url, request=request, get_updates_request=polling)


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with client(api) as bot:
        yield bot


@pytest.fixture
async def other_bot(api: BotApi) -> AsyncIterator[Bot]:
    """A second process with the same token."""
    async with client(api) as bot:
        yield bot
