"""The link at the end of every mail that stops them: one press, or one POST by the mail program (RFC 8058).

A GET changes nothing: mail scanners open links. The token in the address says who it is about; no cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.archive import Archive
from bot.web_pages import Pages, language_of
from bot.web_posts import read_form
from fieldwork import invitations
from fieldwork.invitees import stop_mails


@dataclass(frozen=True)
class MailStop:
    """The two pages of it."""

    archive: Archive
    pages: Pages
    language: str
    clock: Callable[[], datetime]

    def routes(self) -> list[Route]:
        """Return where they are found."""
        return [
            Route("/avsluta/{token}", self.ask, methods=["GET"]),
            Route("/avsluta/{token}", self.stop, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Ask whether the mails shall stop."""
        language = language_of(request.headers, self.language)
        if self._invitation(request) is None:
            return self._unknown(language)
        return self.pages.page("stop.html", language)

    async def stop(self, request: Request) -> Response:
        """Stop the mails and say so; a second time changes nothing more."""
        language = language_of(request.headers, self.language)
        await read_form(request)
        invitation = self._invitation(request)
        if invitation is None:
            return self._unknown(language)
        now = self.clock()
        await self.archive.write(lambda session: stop_mails(session, invitation, now))
        return self.pages.message("stopped", language, 200)

    def _invitation(self, request: Request) -> int | None:
        token, now = request.path_params["token"], self.clock()
        return self.archive.read(lambda session: invitations.open_link(session, token, now))

    def _unknown(self, language: str) -> Response:
        remedy = self.pages.text("unknown_remedy", language)
        return self.pages.message("unknown", language, 404, remedy=remedy)
