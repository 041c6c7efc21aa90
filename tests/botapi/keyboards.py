"""Inline keyboards: which ones Telegram accepts, and what stands on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from botapi.refusals import bad_request, not_modelled

LONGEST_DATA = 64
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
_ACTIONS = {"callback_data", "url"}
_LOOKS = {"text", "style"}

Keyboard = list[list[dict[str, Any]]]


def keyboard(markup: dict[str, Any] | None) -> Keyboard:
    """The rows of buttons of a reply_markup; none where there is no markup.

    Raises:
        RefusedError: another kind of markup, or a button that Telegram would refuse.
    """
    if markup is None:
        return []
    if set(markup) != {"inline_keyboard"}:
        raise not_modelled(f"reply_markup with {', '.join(sorted(markup)) or 'nothing'}")
    rows: Keyboard = [list(row) for row in markup["inline_keyboard"] if row]
    for button in (button for row in rows for button in row):
        _check(button)
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return rows


def labels(rows: Keyboard) -> list[list[str]]:
    """What a person reads on the buttons."""
    return [[button["text"] for button in row] for row in rows]


def button_named(rows: Keyboard, label: str) -> dict[str, Any] | None:
    """The first button with that label."""
    return next((button for row in rows for button in row if button["text"] == label), None)


def _check(button: dict[str, Any]) -> None:
    unmodelled = set(button) - _ACTIONS - _LOOKS
    if unmodelled:
        raise not_modelled(f"buttons with {', '.join(sorted(unmodelled))}")
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: inline keyboard button text must be non-empty")
    actions = _ACTIONS & set(button)
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "url" in button:
        _check_url(button["url"])
    elif not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme != "tg" and "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
