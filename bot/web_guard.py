"""What the web chat answers when something is wrong: always a page in words, never a trace of the program.

The log says what failed and where in the program; never an answer, a name, an address or a personal link.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web_pages import Pages, language_of
from bot.web_posts import TooLarge, Unreadable
from fieldwork.errors import CouldNotStore, UnknownInvitation

log = logging.getLogger("granska.web")

FAULTS: Sequence[tuple[type[Exception], tuple[str, int]]] = (
    (CouldNotStore, ("not_stored", 503)),
    (OperationalError, ("failure", 503)),
)
"""The pages of faults that may pass by themselves."""

Refusal = Callable[[Request, Exception], Response]


def refusals(pages: Pages, language: str) -> Mapping[Any, Refusal]:
    """Return the page for each kind of request that cannot be served."""

    def page(what: str, status: int) -> Refusal:
        def answer(request: Request, _fault: Exception) -> Response:
            return pages.message(what, language_of(request.headers, language), status, way_back=True)

        return answer

    return {
        404: page("missing", 404),
        HTTPException: page("missing", 405),
        UnknownInvitation: page("unknown", 404),
        TooLarge: page("large", 413),
        Unreadable: page("expired", 400),
    }


class Guard:
    """The last resort: a fault nobody foresaw becomes a page with a number that is found again in the log."""

    def __init__(self, app: ASGIApp, pages: Pages, language: str) -> None:
        self._app = app
        self._pages = pages
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the respondent gets a page
            response = self._explain(fault, Request(scope))
            if not begun:
                await response(scope, receive, send)

    def _explain(self, fault: Exception, request: Request) -> Response:
        number = record(fault, request)
        language = language_of(request.headers, self._language)
        remedy = self._pages.text("failure_id", language, id=number)
        what, status = next((page for kind, page in FAULTS if isinstance(fault, kind)), ("failure", 500))
        return self._pages.message(what, language, status, remedy=remedy, way_back=True)


def record(fault: Exception, request: Request) -> str:
    """Write a fault to the log; return the number that it is found again by."""
    number = secrets.token_hex(4)
    door = request.url.path.split("/")[1]  # the rest may be a personal link
    foreseen = isinstance(fault, tuple(kind for kind, _ in FAULTS))  # what failed is known: the disk, mostly
    trace = "" if foreseen else "\n" + "".join(_trace(fault))
    log.error("%s: %s at /%s%s", number, _kind(fault), door, trace)
    return number


def _kind(fault: Exception) -> str:
    """Name a fault without what it was about."""
    cause = fault.__cause__ or fault
    # The database's own words say what is wrong with it and hold no values.
    return (
        f"{type(fault).__name__} ({cause.orig})"
        if isinstance(cause, OperationalError)
        else type(fault).__name__
    )


def _trace(fault: Exception) -> list[str]:
    return traceback.format_tb(fault.__traceback__)
