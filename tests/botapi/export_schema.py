# /// script
# requires-python = ">=3.11"
# dependencies = ["aiogram==3.31.0"]
# ///
"""Write down what aiogram's models accept, for the calls that the stand-in models.

aiogram describes every method of the Bot API independently of the library under test. It pins an older
pydantic than Granska runs on, so its models are kept as JSON Schema instead of being installed. To take over
a newer Bot API, raise the version above, then: `.venv/bin/uv run --no-project tests/botapi/export_schema.py`.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import aiogram
from aiogram import methods, types
from pydantic.json_schema import GenerateJsonSchema, PydanticJsonSchemaWarning, models_json_schema

TARGET = Path(__file__).with_name("schema.json")
MODELLED = (
    methods.AnswerCallbackQuery,
    methods.DeleteMessage,
    methods.DeleteWebhook,
    methods.EditMessageReplyMarkup,
    methods.EditMessageText,
    methods.GetMe,
    methods.GetMyCommands,
    methods.GetUpdates,
    methods.GetWebhookInfo,
    methods.LeaveChat,
    methods.SendChatAction,
    methods.SendMessage,
    methods.SetMyCommands,
    methods.SetWebhook,
)
NOISE = {"title", "description", "default"}
NOTHING: dict[str, Any] = {"not": {}}
ABSENT = ({"type": "null"}, {"$ref": "#/$defs/Default"}, NOTHING)
UNMODELLED = {"rich_message", "suggested_post_parameters", "ephemeral_message_parameters"}


class Written(GenerateJsonSchema):
    """JSON Schema in which an uploaded file, which no JSON can hold, matches nothing."""

    def handle_invalid_for_json_schema(self, *_: object) -> dict[str, Any]:
        return NOTHING


def strict(node: Any) -> Any:  # noqa: ANN401 -- JSON
    """Keep what the Bot API says: no defaults, nothing deprecated, no unknown members, no nulls."""
    if isinstance(node, list):
        return [strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    if "properties" in node:
        return {
            "type": "object",
            "properties": members(node["properties"]),
            "required": node.get("required", []),
            "additionalProperties": False,
        }
    if "anyOf" in node:
        choices = [strict(part) for part in node["anyOf"] if part not in ABSENT]
        return {"anyOf": choices} if len(choices) > 1 else (choices or [NOTHING])[0]
    return {key: strict(part) for key, part in node.items() if key not in NOISE}


def members(properties: dict[str, Any]) -> dict[str, Any]:
    """The members that are not deprecated; of those the stand-in never reads only the name is kept."""
    return {
        name: {} if name in UNMODELLED else strict(part)
        for name, part in properties.items()
        if not part.get("deprecated")
    }


def reachable(definitions: dict[str, Any], roots: list[str]) -> dict[str, Any]:
    """The definitions that the roots refer to, directly or not."""
    found: dict[str, Any] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = definitions[name]
        text = json.dumps(definitions[name])
        waiting += [part.split('"')[0] for part in text.split('"#/$defs/')[1:]]
    return dict(sorted(found.items()))


def main() -> None:
    warnings.simplefilter("ignore", PydanticJsonSchemaWarning)
    models = [*MODELLED, types.InlineKeyboardMarkup]
    _, schema = models_json_schema([(model, "validation") for model in models], schema_generator=Written)
    definitions = {name: strict(part) for name, part in schema["$defs"].items()}
    everything = (getattr(getattr(methods, name), "__api_method__", None) for name in methods.__all__)
    written = {
        "source": f"aiogram {aiogram.__version__}, Bot API {aiogram.__api_version__}",
        "known": sorted(name for name in everything if isinstance(name, str)),
        "methods": {model.__api_method__: model.__name__ for model in MODELLED},
        "$defs": reachable(definitions, [model.__name__ for model in models]),
    }
    TARGET.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
