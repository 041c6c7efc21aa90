"""People with a telephone: what they write, press and do, and what they see."""

from __future__ import annotations

from typing import Any

from botapi.keyboards import Keyboard, button_named
from botapi.wording import commands
from botapi.world import FIRST_GROUP, FIRST_PERSON, Chat, Message, Press, World

_FILE = {"file_id": "file-of-a-test", "file_unique_id": "unique-file", "file_size": 4711}
THINGS: dict[str, dict[str, Any]] = {
    "sticker": {
        "sticker": _FILE
        | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    },
    "photo": {"photo": [_FILE | {"width": 640, "height": 480}], "caption": "Se bilden"},
    "voice": {"voice": _FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "document": {"document": _FILE | {"file_name": "svar.pdf", "mime_type": "application/pdf"}},
    "contact": {"contact": {"phone_number": "+46700000000", "first_name": "Kim"}},
    "location": {"location": {"latitude": 59.33, "longitude": 18.07}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
}


class Person:
    """One person. Acts become updates; they raise ValueError where a telephone would not allow them."""

    def __init__(self, world: World, *, first_name: str = "Kim", language_code: str = "sv") -> None:
        self.world = world
        self.id = FIRST_PERSON + len(world.chats)
        self.profile = {
            "id": self.id,
            "is_bot": False,
            "first_name": first_name,
            "last_name": "Efternamn",
            "username": f"person_{self.id}",
            "language_code": language_code,
        }
        names = {name: self.profile[name] for name in ("first_name", "last_name", "username")}
        self.chat = world.chats.setdefault(self.id, Chat(self.id, {"type": "private", **names}))
        self._acted = world.revision

    def start(self, token: str = "") -> int:
        """Open the bot by its link: unblock it if need be and send /start with the token."""
        if self.chat.state == "blocked":
            self.unblock()
        return self.say(f"/start {token}".strip())

    def say(self, text: str, chat: int | None = None) -> int:
        """Write a message, in the private chat or in a group; its id."""
        entities = commands(text)
        return self._send({"text": text} | ({"entities": entities} if entities else {}), chat)

    def send(self, kind: str, chat: int | None = None) -> int:
        """Send something that is not text (THINGS); the id of the message."""
        return self._send(THINGS[kind], chat)

    def edit(self, message: int, text: str) -> None:
        """Change a message of one's own."""
        own = self.chat.messages[message]
        if own.by_bot:
            raise ValueError("nobody can edit what the bot wrote")
        own.content, own.edit_date = {"text": text}, self.world.now()
        self._tell("edited_message", own.as_json())

    def delete(self, message: int) -> None:
        """Delete a message for both sides; the bot is not told."""
        self.chat.messages[message].deleted = True

    def press(self, label: str, message: int | None = None, *, stale: bool = False) -> str:
        """Press a button, on the latest message that has it or on the message given; the id of the press.

        A stale press uses a keyboard that the bot has since changed, removed or deleted, as a telephone with
        a bad connection may. A button with a link opens it unnoticed by the bot; the link is returned.
        """
        candidates = [self.chat.messages[message]] if message else list(self.chat.messages.values())[::-1]
        for candidate in candidates:
            for rows in self._keyboards(candidate, stale=stale):
                button = button_named(rows, label)
                if button and "url" in button:
                    return str(button["url"])
                if button:
                    return self.forge(button["callback_data"], candidate.message_id)
        raise ValueError(f"there is no button {label!r} to press")

    def forge(self, data: str, message: int) -> str:
        """Press a button that carries any data, as a tampered client could; the id of the press."""
        pressed = self.chat.messages[message]
        query_id = f"{self.id}{len(self.world.presses) + 1:09}"
        self.world.presses[query_id] = Press(query_id, self.id, data)
        shown = pressed.as_json()
        if pressed.deleted:
            shown = {"message_id": pressed.message_id, "chat": self.chat.as_json(), "date": 0}
        query = {
            "id": query_id,
            "from": self.profile,
            "message": shown,
            "chat_instance": str(-(self.id * 7919)),
            "data": data,
        }
        self._tell("callback_query", query)
        return query_id

    def block(self) -> None:
        """Block the bot."""
        self._member(self.chat, "blocked", "member", "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        self._member(self.chat, "open", "kicked", "member")

    def deactivate(self) -> None:
        """Delete the whole account; the bot is not told."""
        self.chat.state = "deactivated"

    def create_group(self, title: str = "En grupp") -> int:
        """Make a group with the bot in it; its id."""
        number = FIRST_GROUP - len(self.world.chats)
        group = Chat(number, {"type": "supergroup", "title": title})
        self.world.chats[number] = group
        self._member(group, "open", "left", "member")
        return number

    def throw_out(self, chat: int) -> None:
        """Remove the bot from a group."""
        self._member(self.world.chats[chat], "kicked", "member", "kicked")

    def sees(self, chat: int | None = None) -> list[dict[str, Any]]:
        """Everything on the screen, oldest first."""
        shown = self.world.chats[chat] if chat else self.chat
        return [message.as_seen() for message in shown.messages.values() if not message.deleted]

    def popups(self) -> list[dict[str, Any]]:
        """What became of the presses, oldest first."""
        return [vars(press) for press in self.world.presses.values() if press.person_id == self.id]

    async def answered(self, seconds: float) -> dict[str, Any] | None:
        """Wait until the last press is answered; what became of it."""
        await self.world.bell.heard_until(lambda: self.popups()[-1]["answered"], seconds)
        last = self.popups()[-1]
        return last if last["answered"] else None

    async def expect(self, text: str, seconds: float = 5, chat: int | None = None) -> dict[str, Any] | None:
        """Wait for the bot to write or change a message that holds the text, since the person's last act."""
        await self.world.bell.heard_until(lambda: self._answer(text, chat), seconds)
        found = self._answer(text, chat)
        return found.as_seen() if found else None

    def _answer(self, text: str, chat: int | None) -> Message | None:
        shown = self.world.chats[chat] if chat else self.chat
        for message in reversed(shown.messages.values()):
            new = message.by_bot and not message.deleted and message.changed > self._acted
            if new and text in message.content.get("text", ""):
                return message
        return None

    def _keyboards(self, message: Message, *, stale: bool) -> list[Keyboard]:
        if stale:
            return [*message.former_keyboards, message.keyboard]
        return [] if message.deleted else [message.keyboard]

    def _send(self, content: dict[str, Any], chat: int | None) -> int:
        target = self.world.chats[chat] if chat else self.chat
        if target.state == "unmet":
            target.state = "open"
        if target.state != "open":
            raise ValueError(f"nothing can be sent: the bot is {target.state}")
        message = self.world.add_message(target, self.profile, dict(content))
        self._tell("message", message.as_json())
        return message.message_id

    def _member(self, chat: Chat, state: str, old: str, new: str) -> None:
        chat.state = state
        ends = {"kicked": {"until_date": 0}}
        update = {
            "chat": chat.as_json(),
            "from": self.profile,
            "date": self.world.now(),
            "old_chat_member": {"user": self.world.bot(), "status": old, **ends.get(old, {})},
            "new_chat_member": {"user": self.world.bot(), "status": new, **ends.get(new, {})},
        }
        self._tell("my_chat_member", update)

    def _tell(self, kind: str, body: dict[str, Any]) -> None:
        self._acted = self.world.revision
        self.world.inbox.add(kind, body)
