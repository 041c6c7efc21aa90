"""Telegram beside the web chat: in a thread with an event loop of its own, where a token is set."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.archive import Archive
from bot.web_door import utc_now
from fieldwork.contacts import Channel
from fieldwork.settings import Settings

if TYPE_CHECKING:
    from bot.telegram_door import TelegramDoor

FAREWELL = 10.0
"""Seconds that messages on their way get when the process ends."""


@dataclass(frozen=True)
class Telegram:
    """What the other doors need of Telegram: its channel and the name of the bot; nothing where it is off."""

    channels: Mapping[str, Channel] = field(default_factory=dict)
    bot_name: Callable[[], str] = str


def telegram_in_words(settings: Settings) -> str:
    """Say in one line whether people can answer in Telegram."""
    if settings.telegram_token:
        return "People can answer in Telegram, in waves that use it."
    return "Telegram is off: set GRANSKA_TELEGRAM_TOKEN to let people answer in it."


@contextmanager
def telegram_open(
    settings: Settings, archive: Archive, secret: bytes, clock: Callable[[], datetime] = utc_now
) -> Iterator[Telegram]:
    """Keep the Telegram door open as long as this lasts, where a token is set; yield what others need."""
    if not settings.telegram_token:
        yield Telegram()
        return
    from bot.telegram_channel import TelegramChannel  # noqa: PLC0415 - its libraries take a while to load
    from bot.telegram_door import TelegramDoor, Terms  # noqa: PLC0415 - likewise

    terms = Terms(
        token=settings.telegram_token,
        api=settings.telegram_api,
        base_url=settings.base_url,
        language=settings.language,
    )
    door = TelegramDoor(archive, terms, secret, clock)
    with running(door):
        yield Telegram({"telegram": TelegramChannel(door)}, lambda: door.name)


@contextmanager
def running(door: TelegramDoor) -> Iterator[None]:
    """Run a door in a thread as long as this lasts."""
    loop = asyncio.new_event_loop()
    main: list[asyncio.Task[None]] = []

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner, suppress(asyncio.CancelledError):
            runner.run(started())

    async def started() -> None:
        main.append(asyncio.create_task(door.run()))
        await main[0]

    thread = threading.Thread(target=run, name="telegram", daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(RuntimeError):  # it has ended by itself
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in main])
        thread.join(FAREWELL)
