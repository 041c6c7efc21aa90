"""The web chat: a conversation in pages, one question at a time, without any script.

A GET only reads. Everything a respondent does is one form posted to ``/samtal``, which answers with where to
look next, or with the same question and what was wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from urllib.parse import urlsplit

import segno
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.archive import Archive
from bot.web_guard import Guard, record, refusals
from bot.web_mail_stop import MailStop
from bot.web_pages import PAGE_HEADERS, Pages, hidden_fields, language_of
from bot.web_posts import Fields, last, read_form, read_incoming
from bot.web_session import COOKIE, COOKIE_SECONDS, Visit, form_token, from_own_page, read_visit, sign
from fieldwork import interviews, invitations
from fieldwork.conversations import Conversation, answers_as_text
from fieldwork.errors import CouldNotStore
from fieldwork.messages import Action, Incoming, Stage
from fieldwork.telegram_links import answers_in_telegram, telegram_link
from fieldwork.wording import notice, say

CONFIRMED: Mapping[str, tuple[str, Action, tuple[Stage, ...]]] = {
    "skicka": ("partial", Action.SEND_PARTIAL, (Stage.QUESTION,)),
    "avboj": ("decline", Action.DECLINE, (Stage.INFORMATION, Stage.QUESTION, Stage.REVIEW)),
    "radera": ("delete", Action.DELETE, (Stage.QUESTION, Stage.REVIEW, Stage.DECLINED)),
}
"""The pages that ask once more: address -> (texts, what is done, when it can be done)."""

PAUSED = ("notice.paused", "notice.paused_code", "notice.code_elsewhere")
DONE = ("", "notice.added", "notice.deleted", "notice.resumed")
"""The notices of what was done as it was meant; every other one says why it was not."""

REMINDED = ("notice.reminded", "notice.no_more", "notice.no_reminder")
"""What was agreed about reminders; the page of the pause says it."""

TOLD = ("notice.deleted",)
"""Those of them that the next page would not say by itself."""

OVERTAKEN = ("notice.stale", "notice.other_question", "notice.not_now", "refusal.off_route")
"""Not mistakes of the respondent: the page was an old one."""

CONVERSATION = "/samtal#fraga"
OVERTAKEN_STATUS = 409
REFUSED_STATUS = 422
NOT_STORED_STATUS = 503

Page = Callable[[Request, Visit], Awaitable[Response]]


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebDoor:
    """The web chat over one archive. ``secret`` signs cookies and forms, ``base_url`` is public."""

    archive: Archive
    pages: Pages
    secret: bytes
    base_url: str
    language: str
    clock: Callable[[], datetime] = utc_now
    bot_name: Callable[[], str] = str
    """What the bot is called in Telegram; '' where Telegram is off or has not told yet."""

    def app(self) -> Starlette:
        """Return the web application."""
        visited = [
            Route("/samtal", self._visited(self.conversation), methods=["GET"]),
            Route("/samtal", self._visited(self.act), methods=["POST"]),
            Route("/svar", self._visited(self.answers), methods=["GET"]),
            Route("/svar", self._visited(self.unlock), methods=["POST"]),
            Route("/svar.txt", self._visited(self.copy), methods=["GET"]),
            Route("/fragor", self._visited(self.questions)),
            Route("/om", self._visited(self.promise)),
            Route("/paus", self._visited(self.pause)),
            Route("/telegram", self._visited(self.telegram), methods=["GET"]),
            Route("/telegram", self._visited(self.to_telegram), methods=["POST"]),
            *(Route(f"/{address}", self._visited(self.confirm)) for address in CONFIRMED),
        ]
        alone = [
            Route("/", self.unknown),
            Route("/s/{token}", self.enter),
            Route("/pausat", self.paused),
            Route("/static/{name}", self.static),
            Route("/healthz", self.health),
        ]
        stopping = MailStop(self.archive, self.pages, self.language, self.clock)
        return Starlette(
            routes=[*visited, *alone, *stopping.routes()],
            middleware=[Middleware(Guard, self.pages, self.language)],
            exception_handlers=refusals(self.pages, self.language),
        )

    # --- Coming in ---

    async def enter(self, request: Request) -> Response:
        """Open a personal link. Nothing is written: mail scanners open links too."""
        token, now = request.path_params["token"], self.clock()
        invitation = self.archive.read(lambda session: invitations.open_link(session, token, now))
        if invitation is None:
            return await self.unknown(request)
        visit = self._visit(request)
        if visit is None or visit.invitation != invitation:
            visit = Visit(invitation, secrets.token_urlsafe(12))
        response = self.pages.onward("/samtal")
        self._remember(response, visit)
        return response

    async def unknown(self, request: Request, also: str = "") -> Response:
        """Explain a link that opens nothing, without saying whether it ever did; ``also`` adds a text."""
        language = language_of(request.headers, self.language)
        remedy = " ".join(self.pages.text(key, language) for key in ("unknown_remedy", also) if key)
        return self.pages.message("unknown", language, 404, remedy=remedy)

    def _visited(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """Return ``page`` for those who came by a link; others are told how."""

        async def visited(request: Request) -> Response:
            visit = self._visit(request)
            if visit is None:
                return await self.unknown(request, "unknown_cookies")
            return await page(request, visit)

        return visited

    def _visit(self, request: Request) -> Visit | None:
        return read_visit(self.secret, request.cookies.get(COOKIE, ""))

    def _remember(self, response: Response, visit: Visit) -> None:
        response.set_cookie(
            COOKIE,
            sign(self.secret, visit),
            max_age=COOKIE_SECONDS,
            secure=self.base_url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )

    # --- The conversation ---

    async def conversation(self, request: Request, visit: Visit) -> Response:
        """Show where the conversation stands."""
        talk, told = self._talk(visit), request.query_params.get("besked")
        if told in TOLD and talk.stage in (Stage.INFORMATION, Stage.DECLINED):
            talk = replace(talk, notices=(notice(talk.language, told),))
        return self._page("conversation.html", visit, talk)

    async def act(self, request: Request, visit: Visit) -> Response:
        """Do what a posted form says, then show where to look; or the same page with what was wrong."""
        fields = await read_form(request)
        if not self._own(fields, request, visit):
            return self._expired(request)
        incoming = read_incoming(fields, visit, self.clock(), secrets.token_urlsafe(16))
        try:
            talk = await self.archive.write(lambda session: interviews.receive(session, incoming))
        except CouldNotStore as fault:
            record(fault, request)
            return self._not_stored(incoming, visit)
        told = talk.notices[0].key if talk.notices else ""
        if told in PAUSED:
            return self._left(told, forget=bool(last(fields, "forget")))
        if told in REMINDED:
            return self.pages.onward("/paus#paminnelse")
        if told in DONE:
            return self.pages.onward(f"/samtal?besked={told}#fraga" if told in TOLD else CONVERSATION)
        return self._refused(told, incoming, visit, talk)

    def _refused(self, told: str, incoming: Incoming, visit: Visit, talk: Conversation) -> Response:
        """Return the same page with what was wrong; what was typed stays where it is still asked for."""
        late = told in OVERTAKEN
        same = talk.prompt is not None and talk.prompt.item == incoming.item
        pausing = incoming.action in {Action.PAUSE, Action.REMIND} and not late
        return self._page(
            "pause.html" if pausing else "conversation.html",
            visit,
            talk,
            OVERTAKEN_STATUS if late else REFUSED_STATUS,
            error=not late,
            typed=incoming.values if same or pausing else None,
            asked=incoming.action.value,
        )

    def _not_stored(self, incoming: Incoming, visit: Visit) -> Response:
        """Return the same page with what was typed, which may be long, so that it can be sent again."""
        talk = self._talk(visit)
        talk = replace(talk, notices=(notice(talk.language, "notice.could_not_store"),))
        same = talk.prompt is not None and talk.prompt.item == incoming.item
        typed = incoming.values if same else None
        return self._page("conversation.html", visit, talk, NOT_STORED_STATUS, error=True, typed=typed)

    def _left(self, told: str, *, forget: bool) -> Response:
        response = self.pages.onward(f"/pausat?besked={told}")
        if forget:
            response.delete_cookie(COOKIE)
        return response

    async def paused(self, request: Request) -> Response:
        """Say that nothing is lost; shown also where the browser was asked to forget."""
        language = language_of(request.headers, self.language)
        key = request.query_params.get("besked", "")
        lead = say(language, key if key in PAUSED else PAUSED[0])
        way_back = self._visit(request) is not None
        return self.pages.message("paused", language, 200, lead=lead, way_back=way_back)

    # --- The pages beside it ---

    async def answers(self, _request: Request, visit: Visit) -> Response:
        """Show all answers that this browser may see."""
        return self._shown("answers.html", visit)

    async def copy(self, _request: Request, visit: Visit) -> Response:
        """Give a copy of the answers that this browser may see, as a file; after sending there is none."""
        talk = self._talk(visit)
        if not talk.history:
            return self.pages.onward(CONVERSATION)
        return self.pages.file(answers_as_text(talk), "mina-svar.txt")

    async def unlock(self, request: Request, visit: Visit) -> Response:
        """Take the four-digit code that shows the answers given on another device."""
        fields = await read_form(request)
        if not self._own(fields, request, visit):
            return self._expired(request)
        code, now = last(fields, "kod"), self.clock()
        right = await self.archive.write(
            lambda session: interviews.unlock(session, visit.invitation, code, now)
        )
        if not right:
            return self._shown("answers.html", visit, status=REFUSED_STATUS, error=True)
        response = self.pages.onward("/svar")
        self._remember(response, replace(visit, unlocked=True))
        return response

    async def questions(self, _request: Request, visit: Visit) -> Response:
        """Show every question of the form, numbered through its sections."""
        rows = self.archive.read(lambda session: interviews.all_questions(session, visit.invitation))
        sections, first = [], 1
        for section, group in groupby(rows, key=lambda row: row[0]):
            labels = [label for _, label in group]
            sections.append((section, first, labels))
            first += len(labels)
        return self._shown("questions.html", visit, sections=sections)

    async def promise(self, _request: Request, visit: Visit) -> Response:
        """Show the whole promise."""
        return self._shown("promise.html", visit)

    async def pause(self, _request: Request, visit: Visit) -> Response:
        """Offer a pause, with a code for another device."""
        return self._shown("pause.html", visit)

    async def telegram(self, _request: Request, visit: Visit) -> Response:
        """Tell of the way to Telegram, where the review may be answered there."""
        if not self._in_telegram(visit):
            return self.pages.onward(CONVERSATION)
        return self._shown("telegram.html", visit)

    async def to_telegram(self, request: Request, visit: Visit) -> Response:
        """Make a personal link to the chat in Telegram, and show it with a code for a phone."""
        fields = await read_form(request)
        if not self._own(fields, request, visit):
            return self._expired(request)
        if not self._in_telegram(visit):
            return self.pages.onward(CONVERSATION)
        name, token, now = self.bot_name(), secrets.token_urlsafe(32), self.clock()
        link = await self.archive.write(
            lambda session: telegram_link(session, visit.invitation, name, token, now)
        )
        code = segno.make(link, error="m", micro=False).svg_data_uri(border=4, light="#fff")
        return self._shown("telegram.html", visit, link=link, code=code)

    def _in_telegram(self, visit: Visit) -> bool:
        return bool(self.bot_name()) and self.archive.read(
            lambda session: answers_in_telegram(session, visit.invitation)
        )

    async def confirm(self, request: Request, visit: Visit) -> Response:
        """Ask once more; where it cannot be done now, show the conversation instead."""
        what, action, stages = CONFIRMED[request.url.path.strip("/")]
        talk = self._talk(visit)
        if talk.stage not in stages:
            return self.pages.onward(CONVERSATION)
        return self._page("confirm.html", visit, talk, what=what, action=action.value)

    def _talk(self, visit: Visit) -> Conversation:
        now = self.clock()
        return self.archive.read(
            lambda session: interviews.show(
                session, visit.invitation, now=now, device=visit.device, unlocked=visit.unlocked
            )
        )

    def _shown(self, name: str, visit: Visit, status: int = 200, **more: object) -> Response:
        return self._page(name, visit, self._talk(visit), status, **more)

    def _page(
        self, name: str, visit: Visit, talk: Conversation, status: int = 200, **more: object
    ) -> Response:
        hidden = hidden_fields(form_token(self.secret, visit), talk.revision)
        telegram = self._in_telegram(visit)
        return self.pages.page(
            name, talk.language, status, talk=talk, hidden=hidden, telegram=telegram, **more
        )

    def _own(self, fields: Fields, request: Request, visit: Visit) -> bool:
        own_host = urlsplit(self.base_url).netloc
        return from_own_page(self.secret, visit, last(fields, "token"), request.headers, own_host)

    def _expired(self, request: Request) -> Response:
        language = language_of(request.headers, self.language)
        return self.pages.message("expired", language, 403, way_back=True)

    # --- For the program itself ---

    async def static(self, request: Request) -> Response:
        """Give a file of the look."""
        response = self.pages.static(request.path_params["name"])
        if response is None:
            raise HTTPException(404)
        return response

    async def health(self, _request: Request) -> Response:
        """Say that this is Granska and that it reaches its database."""
        self.archive.read(lambda session: session.connection().execute(text("SELECT 1")).scalar_one())
        return JSONResponse({"granska": version("granska"), "status": "ok"}, headers=PAGE_HEADERS)
