"""Whether a call is one that the Bot API knows, by aiogram's models as written down in schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

_WRITTEN = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
_TEXT = {"type": "string"}

KNOWN_METHODS = frozenset(_WRITTEN["known"])
SOURCE: str = _WRITTEN["source"]


def knows(method: str) -> bool:
    """Whether the schema describes the method's parameters."""
    return method in _WRITTEN["methods"]


def parameters_of(method: str) -> frozenset[str]:
    """The names that the Bot API gives the method's parameters."""
    return frozenset(_definition(method)["properties"])


def decode(method: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read form fields as the Bot API does: everything that is not text is JSON."""
    properties = _definition(method)["properties"]
    return {name: _value(value, properties.get(name, _TEXT)) for name, value in raw.items()}


def fault(method: str, parameters: Mapping[str, Any]) -> str:
    """The first thing that the schema does not allow, or nothing."""
    markup = parameters.get("reply_markup")
    if isinstance(markup, Mapping) and "inline_keyboard" in markup:
        # A method allows several kinds of markup, so a misspelt member would be reported vaguely there.
        found = _first_error("InlineKeyboardMarkup", markup)
        if found:
            return f"reply_markup of {method}: {found}"
        parameters = {name: value for name, value in parameters.items() if name != "reply_markup"}
    found = _first_error(_WRITTEN["methods"][method], parameters)
    return f"{method}: {found}" if found else ""


def _definition(method: str) -> dict[str, Any]:
    definition: dict[str, Any] = _WRITTEN["$defs"][_WRITTEN["methods"][method]]
    return definition


def _value(value: object, expected: object) -> object:
    if not isinstance(value, str) or expected == _TEXT:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _WRITTEN["$defs"]})


def _first_error(name: str, instance: object) -> str:
    validator = _validator(name)
    if validator.is_valid(instance):
        return ""
    error = best_match(validator.iter_errors(instance))
    return f"{error.json_path}: {error.message}"
