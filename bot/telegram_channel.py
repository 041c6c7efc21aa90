"""Invitations and reminders in Telegram, for those who have let Granska into a chat."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TookTooLong
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram_buttons import Press, Verb
from bot.telegram_screens import Button, Screen
from bot.telegram_sender import seconds_of
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import Letter, LetterKind
from fieldwork.wording import day, say

if TYPE_CHECKING:
    from bot.telegram_door import TelegramDoor

LONGEST_SENDING = 60.0


class TelegramChannel:
    """Letters as short messages with one button; paced together with the dialogue."""

    def __init__(self, door: TelegramDoor) -> None:
        self._door = door

    def send(self, address: str, letter: Letter) -> None:
        """Send one message, from any thread but that of the door.

        Raises DeliveryFailed: permanent where the chat takes no messages, unknown where it may have arrived.
        """
        loop = self._door.loop
        if loop is None:
            raise DeliveryFailed(permanent=False, reason="telegram_elsewhere")
        sending = asyncio.run_coroutine_threadsafe(self._door.sender.say(address, words(letter)), loop)
        try:
            sending.result(LONGEST_SENDING)
        except RetryAfter as limit:
            after = timedelta(seconds=seconds_of(limit))
            raise DeliveryFailed(permanent=False, reason="too_many", retry_after=after) from None
        except Forbidden:
            raise DeliveryFailed(permanent=True, reason="blocked") from None
        except BadRequest as refusal:
            gone = "chat not found" in refusal.message.lower()
            raise DeliveryFailed(permanent=gone, reason="no_chat" if gone else "refused") from None
        except (TimedOut, TookTooLong, CancelledError):
            sending.cancel()
            raise DeliveryFailed(permanent=False, reason="no_answer", unknown=True) from None
        except NetworkError as error:
            unsent = "ConnectError" in error.message
            raise DeliveryFailed(permanent=False, reason="network", unknown=not unsent) from None
        except TelegramError:
            raise DeliveryFailed(permanent=False, reason="telegram", unknown=True) from None


def words(letter: Letter) -> Screen:
    """Return a letter as a message: no name, no district, no title, no link. A thank-you is never one."""
    language = letter.language
    said = [say(language, f"telegram.contact_{letter.kind}", closes=day(language, letter.closes))]
    if letter.kind is not LetterKind.INVITATION:
        said.append(say(language, "telegram.no_more"))
    said.append(say(language, "telegram.contact", phone=letter.contact.phone))
    button = Button(say(language, "button.resume"), Press(Verb.RESUME, 0).data)
    return Screen("\n\n".join(said), ((button,),))
