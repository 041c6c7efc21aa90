"""What Telegram knows: people and groups, their messages, presses, and every call of the bot."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from botapi.inbox import Bell, Inbox
from botapi.keyboards import Keyboard, labels
from botapi.limits import Fault, Pace
from botapi.refusals import RefusedError, bad_request, forbidden
from botapi.webhook import Webhook

TOKEN = "6123456789:a-token-of-the-stand-in_0123456789"
# Today's ids do not fit into 32 bits; neither do these.
FIRST_PERSON = 6_900_000_001
FIRST_GROUP = -1_002_000_000_001
CLOSED = {
    "blocked": "bot was blocked by the user",
    "deactivated": "user is deactivated",
    "kicked": "bot was kicked from the supergroup chat",
    "left": "bot is not a member of the supergroup chat",
}


@dataclass
class Message:
    """One message in a chat, by the bot or by a person."""

    message_id: int
    chat: Chat
    sender: dict[str, Any]
    date: int
    content: dict[str, Any]
    keyboard: Keyboard = field(default_factory=list)
    edit_date: int = 0
    deleted: bool = False
    changed: int = 0
    former_keyboards: list[Keyboard] = field(default_factory=list)

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    def as_json(self) -> dict[str, Any]:
        """The Message of the Bot API."""
        written: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.content,
        }
        if self.edit_date:
            written["edit_date"] = self.edit_date
        if self.keyboard:
            written["reply_markup"] = {"inline_keyboard": self.keyboard}
        return written

    def as_seen(self) -> dict[str, Any]:
        """What a person sees of it on the screen."""
        return {
            "message_id": self.message_id,
            "by_bot": self.by_bot,
            "text": self.content.get("text", ""),
            "buttons": labels(self.keyboard),
            "edited": bool(self.edit_date),
        }


@dataclass
class Chat:
    """A private chat with one person, or a group; `state` says whether the bot may write."""

    id: int
    profile: dict[str, Any]
    state: str = "unmet"
    messages: dict[int, Message] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The Chat of the Bot API."""
        return {"id": self.id, **self.profile}


@dataclass
class Press:
    """One press on a button and what the bot answered to it."""

    query_id: str
    person_id: int
    data: str
    answered: bool = False
    too_old: bool = False
    text: str = ""
    alert: bool = False


@dataclass
class Call:
    """One call of the bot. `status` is 0 while it is carried out."""

    number: int
    at: float
    method: str
    parameters: dict[str, Any]
    status: int = 0
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """The call as a plain mapping."""
        return asdict(self)


class World:
    """The whole state of the stand-in. Only the server's own thread may touch it while it serves.

    `listeners` are told, in that thread, of every message that the bot writes or changes: people who react
    inside the server cost a measurement less than people who are driven over HTTP.
    """

    def __init__(self, token: str = TOKEN, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.begin(token)

    def begin(self, token: str) -> None:
        """Begin anew, with nobody and nothing. What a bot of before still calls is refused by its token."""
        self.token = token
        self.inbox = Inbox()
        self.webhook: Webhook | None = None
        self.bell = Bell()
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.faults: list[Fault] = []
        self.pace: Pace | None = None
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.listeners: list[Callable[[Message], object]] = []
        self.revision = 0
        self._last_message = 0

    def bot(self) -> dict[str, Any]:
        """The bot as a User."""
        return {
            "id": int(self.token.split(":")[0]),
            "is_bot": True,
            "first_name": "Granska",
            "username": "granska_test_bot",
        }

    def now(self) -> int:
        """The time in seconds, as Telegram writes dates."""
        return int(self.clock())

    def chat(self, chat_id: int | str) -> Chat:
        """The chat, whether or not the bot may write there; RefusedError if the bot has never met it."""
        found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None or found.state == "unmet":
            raise bad_request("chat not found")
        return found

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat; RefusedError unless the bot may write there."""
        found = self.chat(chat_id)
        if found.state != "open":
            raise forbidden(CLOSED[found.state])
        return found

    def add_message(
        self, chat: Chat, sender: dict[str, Any], content: dict[str, Any], keyboard: Keyboard | None = None
    ) -> Message:
        """Put a message into a chat."""
        self._last_message += 1
        message = Message(self._last_message, chat, sender, self.now(), content, keyboard or [])
        chat.messages[message.message_id] = message
        self.note_change(message)
        return message

    def note_change(self, message: Message) -> None:
        """A message is new or different: wake those who wait for it."""
        self.revision += 1
        message.changed = self.revision
        self.bell.ring()
        for listener in self.listeners if message.by_bot else ():
            listener(message)

    def message_of_bot(self, chat: Chat, message_id: int, verb: str) -> Message:
        """A message that the bot may edit or delete; RefusedError if there is none such."""
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(f"message to {verb} not found")
        if not message.by_bot and verb == "edit":
            raise bad_request("message can't be edited")
        return message

    def complain(self, what: str) -> None:
        """Write down that the bot did something the Bot API does not know."""
        self.complaints.append(what)

    def begin_call(self, method: str, parameters: dict[str, Any]) -> Call:
        """Write a call down before it is carried out."""
        call = Call(len(self.calls) + 1, self.clock(), method, parameters)
        self.calls.append(call)
        self.bell.ring()
        return call

    def end_call(self, call: Call, refusal: RefusedError | None = None) -> None:
        """Write down what became of a call."""
        call.status = refusal.status if refusal else 200
        call.description = refusal.description if refusal else ""
        if refusal and refusal.complaint:
            self.complain(refusal.complaint)
        self.bell.ring()
