"""The methods that the stand-in models, each with the parameters it understands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botapi.keyboards import Keyboard, keyboard
from botapi.refusals import bad_request, not_modelled
from botapi.wording import checked_length, formatted, units
from botapi.world import Chat, Message, World

LONGEST_ANSWER = 200
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """What a method does, and which of its parameters are understood."""

    carry_out: Callable[[World, Parameters], object]
    parameters: frozenset[str]


METHODS: Final[dict[str, Method]] = {}


def method(
    name: str, *parameters: str
) -> Callable[[Callable[[World, Parameters], object]], Callable[[World, Parameters], object]]:
    """Enter a function in METHODS."""

    def enter(function: Callable[[World, Parameters], object]) -> Callable[[World, Parameters], object]:
        METHODS[name] = Method(function, frozenset(parameters))
        return function

    return enter


@method("getMe")
def get_me(world: World, _: Parameters) -> object:
    return world.bot() | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method(
    "sendMessage",
    "chat_id",
    "text",
    "parse_mode",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "disable_notification",
    "protect_content",
)
def send_message(world: World, asked: Parameters) -> object:
    chat = world.open_chat(asked["chat_id"])
    content = _content(asked, "message is too long")
    rows = keyboard(asked.get("reply_markup"))
    if "reply_parameters" in asked:
        content["reply_to_message"] = _replied_to(chat, asked["reply_parameters"])
    if world.pace:
        world.pace.admit(chat.id, world.clock())
    return world.add_message(chat, world.bot(), content, rows).as_json()


@method(
    "editMessageText", "chat_id", "message_id", "text", "parse_mode", "reply_markup", "link_preview_options"
)
def edit_message_text(world: World, asked: Parameters) -> object:
    message = _message_to_edit(world, asked)
    return _edit(
        world, message, _content(asked, "MESSAGE_TOO_LONG"), keyboard(asked.get("reply_markup"))
    ).as_json()


@method("editMessageReplyMarkup", "chat_id", "message_id", "reply_markup")
def edit_message_reply_markup(world: World, asked: Parameters) -> object:
    message = _message_to_edit(world, asked)
    return _edit(world, message, message.content, keyboard(asked.get("reply_markup"))).as_json()


@method("deleteMessage", "chat_id", "message_id")
def delete_message(world: World, asked: Parameters) -> object:
    message = world.message_of_bot(world.open_chat(asked["chat_id"]), asked["message_id"], "delete")
    message.deleted = True
    world.note_change(message)
    return True


@method("answerCallbackQuery", "callback_query_id", "text", "show_alert", "cache_time")
def answer_callback_query(world: World, asked: Parameters) -> object:
    press = world.presses.get(asked["callback_query_id"])
    if press is None or press.answered or press.too_old:
        raise bad_request(TOO_OLD)
    text = asked.get("text", "")
    if units(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered, press.text, press.alert = True, text, bool(asked.get("show_alert"))
    return True


@method("sendChatAction", "chat_id", "action")
def send_chat_action(world: World, asked: Parameters) -> object:
    world.open_chat(asked["chat_id"])
    if asked["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


@method("leaveChat", "chat_id")
def leave_chat(world: World, asked: Parameters) -> object:
    chat = world.open_chat(asked["chat_id"])
    if chat.profile["type"] == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.state = "left"
    return True


@method("setMyCommands", "commands", "scope", "language_code")
def set_my_commands(world: World, asked: Parameters) -> object:
    for command in asked["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(asked["commands"]) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_commands_key(asked)] = asked["commands"]
    return True


@method("getMyCommands", "scope", "language_code")
def get_my_commands(world: World, asked: Parameters) -> object:
    return world.commands.get(_commands_key(asked), [])


def _commands_key(asked: Parameters) -> str:
    language = asked.get("language_code", "")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return json.dumps([asked.get("scope") or {"type": "default"}, language], sort_keys=True)


def _content(asked: Parameters, refusal: str) -> dict[str, Any]:
    text, entities = formatted(asked["text"], asked.get("parse_mode", ""))
    checked_length(text, refusal)
    return {"text": text} | ({"entities": entities} if entities else {})


def _replied_to(chat: Chat, reply: dict[str, Any]) -> dict[str, Any]:
    if set(reply) - {"message_id", "allow_sending_without_reply"}:
        raise not_modelled("reply_parameters beyond message_id")
    message = chat.messages.get(reply["message_id"])
    if message is None or message.deleted:
        raise bad_request("message to be replied not found")
    return message.as_json()


def _message_to_edit(world: World, asked: Parameters) -> Message:
    for name in ("chat_id", "message_id"):
        if name not in asked:
            raise bad_request("message identifier is not specified")
    return world.message_of_bot(world.open_chat(asked["chat_id"]), asked["message_id"], "edit")


def _edit(world: World, message: Message, content: dict[str, Any], rows: Keyboard) -> Message:
    if (content.get("text"), content.get("entities"), rows) == (
        message.content.get("text"),
        message.content.get("entities"),
        message.keyboard,
    ):
        raise bad_request(NOT_MODIFIED)
    message.former_keyboards.append(message.keyboard)
    message.content = {**message.content, "entities": None, **content}
    message.content = {name: value for name, value in message.content.items() if value is not None}
    message.keyboard = rows
    message.edit_date = world.now()
    world.note_change(message)
    return message
