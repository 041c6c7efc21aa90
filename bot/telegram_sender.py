"""Sends what stands in the outbox: drawn when it is sent, paced, and marked many at a time."""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.archive import Archive
from bot.telegram_drawing import draw
from bot.telegram_pace import Pace
from bot.telegram_screens import Rows, Screen, parts
from fieldwork import inbox, invitations, outbox
from fieldwork.outbox import Outgoing, Result
from fieldwork.reviews import links_end

_log = logging.getLogger(__name__)

AT_ONCE = 64
GATHERING = 0.005
"""Seconds in which results gather before they are marked in one commit."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass
class Sender:
    """The one sender. ``wake`` tells it that something was put; it also looks every ``look`` seconds.

    ``base_url`` is where links lead.
    """

    bot: Bot
    archive: Archive
    pace: Pace
    clock: Callable[[], datetime]
    base_url: str
    secret: bytes = field(repr=False)
    look: float
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    finished: list[Result] = field(default_factory=list)
    tasks: dict[asyncio.Task[None], int] = field(default_factory=dict)
    """What is on its way: the number of each message."""
    unsure: bool = False
    """Whether messages may have been claimed that are not on their way."""

    async def run(self) -> None:
        """Send until cancelled; what was sent by then is marked before it ends."""
        try:
            while True:
                self.wake.clear()
                await self._exchange(AT_ONCE - len(self.tasks))
                # Not wait_for: in Python 3.11 it forgets that it was cancelled where it is woken just then.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.look):
                        await self.wake.wait()
                await asyncio.sleep(GATHERING)
        finally:
            await self._end()

    async def _exchange(self, most: int) -> None:
        results, self.finished = self.finished, []
        now = self.clock()
        try:
            if self.unsure:
                sending = list(self.tasks.values())
                await self.archive.write(lambda session: outbox.recover(session, sending))
                self.unsure = False
            claimed = await self.archive.write(lambda session: outbox.exchange(session, results, now, most))
        except SQLAlchemyError as error:
            self.finished = results + self.finished
            self.unsure = True
            _log.warning("the outbox could not be read: %s", type(error).__name__)
            return
        for message in claimed:
            task = asyncio.create_task(self._deliver(message))
            self.tasks[task] = message.id
            task.add_done_callback(self.tasks.pop)

    async def _end(self) -> None:
        """Give what is on its way a moment to arrive, then mark it."""
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=2)
            for task in late:
                task.cancel()
        await self._exchange(0)

    async def _deliver(self, message: Outgoing) -> None:
        """Send one message and note what became of it. Never raises."""
        now = self.clock()
        again = outbox.wait(message.attempts + 1)
        later = Result(message, again=now + again if again else None)
        try:
            result = Result(message, sent=True, number=await self._send(message))
        except RetryAfter as limit:
            result = Result(message, again=now + timedelta(seconds=seconds_of(limit)))
        except Forbidden:
            result = Result(message, gone=True)
        except BadRequest as refusal:
            gone = "chat not found" in refusal.message.lower()
            _log.error("message %s was refused%s", message.id, " with its chat" if gone else "")
            result = Result(message, gone=gone)
        except NetworkError as error:
            _log.warning("message %s was not sent: %s", message.id, type(error).__name__)
            result = later
        except Exception as error:  # noqa: BLE001 - one message must not end the sending of all others
            _log.error("message %s could not be made: %s", message.id, place_of(error))
            result = later
        self.finished.append(result)
        self.wake.set()

    async def _send(self, message: Outgoing) -> int | None:
        """Draw and send; return the number of the message with the buttons."""
        device = inbox.device_of(self.secret, message.chat)
        drawn = self.archive.read(lambda session: draw(session, message, "", device, self.clock()))
        if drawn.needs_link:
            link = await self._link(message.params["invitation"], drawn.needs_link)
            drawn = self.archive.read(lambda session: draw(session, message, link, device, self.clock()))
        if drawn.params is not None:
            params = drawn.params
            await self.archive.write(lambda session: outbox.refresh(session, message.id, params))
        for number, screen in drawn.closes:
            await self._close(message.chat, number, screen)
        if drawn.keyboard:
            number, rows = drawn.keyboard
            await self._edit_keyboard(message.chat, number, rows)
        return await self.say(message.chat, drawn.screen) if drawn.screen else None

    async def say(self, chat: str, screen: Screen) -> int | None:
        """Send a screen at its moment, in as many messages as it takes; return the number of the last."""
        texts, number = parts(screen.text), None
        for place, text in enumerate(texts, 1):
            await self.pace.turn(chat)
            buttons = markup(screen.rows) if place == len(texts) else None
            sent = await self.bot.send_message(
                int(chat), text, reply_markup=buttons, link_preview_options=NO_PREVIEW
            )
            number = sent.message_id
        return number

    async def _close(self, chat: str, number: int, screen: Screen | None) -> None:
        """Take the buttons from an earlier message, and show what was chosen. It may be gone already."""
        await self.pace.turn()
        with suppress(BadRequest):
            if screen is None:
                await self.bot.edit_message_reply_markup(int(chat), number)
                return
            await self.bot.edit_message_text(
                parts(screen.text)[0], int(chat), number, link_preview_options=NO_PREVIEW
            )

    async def _edit_keyboard(self, chat: str, number: int, rows: Rows) -> None:
        await self.pace.turn()
        with suppress(BadRequest):  # it looks like that already, or is gone
            await self.bot.edit_message_reply_markup(int(chat), number, reply_markup=markup(rows))

    async def _link(self, invitation: int, closes: date) -> str:
        """Return a fresh personal link; none is ever stored."""
        token, now = secrets.token_urlsafe(32), self.clock()
        await self.archive.write(
            lambda session: invitations.mint_link(session, invitation, token, now, links_end(closes))
        )
        return f"{self.base_url}/s/{token}"


def place_of(error: Exception) -> str:
    """Return what went wrong and where in the program; never an error's words: they may quote somebody."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def seconds_of(limit: RetryAfter) -> float:
    """Return how long Telegram asks us to wait."""
    after = limit.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return rows of buttons as Telegram wants them."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(each.label, url=each.url)
                if each.url
                else InlineKeyboardButton(each.label, callback_data=each.data)
                for each in row
            ]
            for row in rows
        ]
    )
