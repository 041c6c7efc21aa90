"""Updates as Telegram sends them, reduced to what the door may know: no names, no pictures, no places.

An update that is not understood keeps its number, so that it can be acknowledged, and nothing else. Nothing
in here raises for anything that Telegram, or somebody who pretends to be Telegram, may send.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Update as RawUpdate
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from fieldwork.inbox import Update

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that Telegram is asked for."""

LONGEST = 4096
LARGEST = 2**63
CLOSED = frozenset({"kicked", "left"})
_START = re.compile(r"/start(?:@\w+)?\s+(\S+)\s*")
_REDUCED = "reduced"

Json = Mapping[str, Any]


class UpdatesRequest(HTTPXRequest):
    """Reduces updates while they are parsed: nothing else of them ever gets into the program.

    It also keeps an update that python-telegram-bot cannot read from holding up all others.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer of the Bot API with every update in it reduced."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict) or not isinstance(answer.get("result", []), list):
            raise TelegramError("Invalid server response")
        if "result" in answer:
            answer["result"] = [
                {"update_id": raw["update_id"], _REDUCED: _reduce(raw)}
                for raw in answer["result"]
                if isinstance(raw, dict) and _is_number(raw.get("update_id"))
            ]
        return answer


def reduced(updates: Sequence[RawUpdate]) -> list[Update]:
    """Return what is left of the updates that came by ``UpdatesRequest``."""
    return [update.api_kwargs[_REDUCED] for update in updates]


def _is_number(value: object) -> bool:
    """Tell whether this is a number of an update: one that a database can keep."""
    return type(value) is int and 0 <= value < LARGEST


def _reduce(raw: Json) -> Update:
    number = raw["update_id"]
    for kind, reduce in _KINDS.items():
        content = raw.get(kind)
        if isinstance(content, dict):
            return reduce(number, content)
    return Update(number)


def _chat(content: Any) -> tuple[str, bool]:  # noqa: ANN401 - whatever stands there
    """Return the number of the chat as text, '' where there is none, and whether it is one person's."""
    chat = content.get("chat") if isinstance(content, dict) else None
    if not isinstance(chat, dict) or type(chat.get("id")) is not int:
        return "", False
    return str(chat["id"]), chat.get("type") == "private"


def _message(number: int, content: Json) -> Update:
    chat, private = _chat(content)
    if not chat:
        return Update(number)
    if not private:
        return Update(number, {"kind": "group"}, chat=chat)
    words = content.get("text")
    if not isinstance(words, str):
        return Update(number, {"kind": "thing"}, chat=chat)
    # Half of a pair cannot be stored; an honest client never sends it.
    words = words[:LONGEST].encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    start = _START.fullmatch(words)
    token = start[1] if start else ""
    body = {"kind": "start"} if token else {"kind": "text", "text": words}
    return Update(number, {**body, **_language(content)}, chat=chat, token=token)


def _edited(number: int, content: Json) -> Update:
    chat, private = _chat(content)
    return Update(number, {"kind": "edited"} if private else {}, chat=chat)


def _press(number: int, content: Json) -> Update:
    chat, private = _chat(content.get("message"))
    message = content.get("message") or {}
    data, query = content.get("data"), content.get("id")
    if not private or not isinstance(data, str) or not isinstance(query, str):
        return Update(number)
    shown = message.get("message_id")
    body = {"kind": "press", "data": data[:64], "query": query[:64], **_language(content)}
    return Update(number, {**body, "message": shown if type(shown) is int else 0}, chat=chat)


def _member(number: int, content: Json) -> Update:
    chat, private = _chat(content)
    member = content.get("new_chat_member")
    closed = isinstance(member, dict) and str(member.get("status")) in CLOSED
    if not private:
        return Update(number, {} if closed or not chat else {"kind": "group"}, chat=chat)
    return Update(number, presence=not closed, chat=chat)


def _language(content: Json) -> dict[str, str]:
    """Return the language of somebody's Telegram, as far as it matters to a stranger."""
    sender = content.get("from")
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return {"language": code[:2]} if isinstance(code, str) and code.isascii() else {}


_KINDS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _member,
}
