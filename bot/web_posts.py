"""What a posted form says: read with a limit, then turned into something a respondent did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from bot.web_session import Visit
from fieldwork.messages import Action, Door, Incoming

LARGEST_BODY = 64 * 1024
LARGEST_READ = 32 * 1024 * 1024
"""So much of a too large body is read and thrown away: a browser shows our page only after sending it all."""

NEVER = -1
"""The revision of a form that carries none: never the present one, so it changes nothing."""

Fields = Mapping[str, list[str]]


class TooLarge(Exception):  # noqa: N818 - what the body is
    """The body of a post is larger than any answer may be."""


class Unreadable(Exception):  # noqa: N818 - what the body is
    """The body of a post is not one of our forms."""


async def read_form(request: Request) -> Fields:
    """Return the fields of a posted form, each with its values in order.

    Raises:
        TooLarge: more than ``LARGEST_BODY`` bytes.
        Unreadable: not a form of ours.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size <= LARGEST_BODY:
                parts.append(part)
            elif size > LARGEST_READ:
                break
    except ClientDisconnect:
        raise Unreadable from None
    if size > LARGEST_BODY:
        raise TooLarge
    return _fields(b"".join(parts))


def _fields(body: bytes) -> Fields:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError:
        raise Unreadable from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return fields


def last(fields: Fields, name: str) -> str:
    """Return the last value of a field: the button that was pressed stands after the form's own default."""
    return fields.get(name, [""])[-1]


def read_incoming(fields: Fields, visit: Visit, at: datetime, fresh_id: str) -> Incoming:
    """Return what the respondent did.

    Raises:
        Unreadable: no such action.
    """
    item = last(fields, "change")
    try:
        action = Action.CHANGE if item else Action(last(fields, "action"))
        revision = int(last(fields, "revision") or NEVER)
    except ValueError:
        raise Unreadable from None
    values = tuple(value for value in fields.get("svar", []) if value or action is Action.ANSWER)
    return Incoming(
        invitation=visit.invitation,
        door=Door.WEB,
        action=action,
        at=at,
        item=item or last(fields, "item"),
        values=values,
        revision=revision,
        device=visit.device,
        unlocked=visit.unlocked,
        fresh_id=fresh_id,
    )
