"""The Telegram door: fetches updates into the inbox, does them chat by chat, and lets the sender answer.

Nothing that counts lives in memory. A batch of updates is stored before the next poll acknowledges it; each
is done in the transaction of its answer; what is to be said waits in the outbox. Of python-telegram-bot only
the client is used: its updater acknowledges updates that it holds in memory, and its job queue lives there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.archive import Archive
from bot.telegram_commands import COMMANDS
from bot.telegram_dialogue import Reaction, handle
from bot.telegram_pace import Pace
from bot.telegram_screens import Screen
from bot.telegram_sender import Sender, place_of, seconds_of
from bot.telegram_updates import ALLOWED, UpdatesRequest, reduced
from fieldwork import inbox, leases, outbox
from fieldwork.errors import CouldNotStore
from fieldwork.inbox import DoneBefore, Reply, Update, Waiting
from fieldwork.wording import say
from models import chat_queries
from questionnaires.definition import LANGUAGES

_log = logging.getLogger(__name__)

LEASE = "telegram"
CONNECTIONS = 32
STRANGERS = frozenset({"unusable", "guesses", "group"})
"""What strangers do that has words of its own; anything else is met with how to come in."""


@dataclass(frozen=True)
class Terms:
    """How the door polls and sends; tests shorten the waits and lift the limits."""

    token: str = field(repr=False)
    api: str = "https://api.telegram.org"
    base_url: str = ""
    language: str = "sv"
    per_second: float = 30.0
    between: float = 1.0
    poll: timedelta = timedelta(seconds=25)
    lease: timedelta = timedelta(seconds=30)
    pause: float = 1.0
    """Seconds before something that failed is tried again; it doubles up to ``longest_pause``."""
    longest_pause: float = 30.0
    look: float = 1.0
    """Seconds after which the outbox is looked into although nobody said that something was put."""


@dataclass
class TelegramDoor:
    """The door over one archive. ``secret`` keys the hashes of strangers' chats."""

    archive: Archive
    terms: Terms
    secret: bytes
    clock: Callable[[], datetime]
    holder: str = field(
        default_factory=lambda: f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
    )
    fresh_id: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    bot: Bot = field(init=False)
    sender: Sender = field(init=False)
    chats: dict[int, deque[Waiting]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    name: str = ""
    """What the bot is called, once Telegram has told."""
    unsure: bool = False
    """Whether updates may have been stored that nobody does yet."""
    loop: asyncio.AbstractEventLoop | None = None
    """Where the door runs, while it may send."""

    def __post_init__(self) -> None:
        prepare_libraries()
        self.bot = Bot(
            self.terms.token,
            base_url=f"{self.terms.api}/bot",
            request=HTTPXRequest(
                connection_pool_size=CONNECTIONS, pool_timeout=30, httpx_kwargs={"verify": _authorities()}
            ),
            get_updates_request=UpdatesRequest(
                connection_pool_size=2, httpx_kwargs={"verify": _authorities()}
            ),
        )

    async def run(self) -> None:
        """Serve until cancelled. Ends by itself only where Telegram does not know the token."""
        try:
            await self._persist(self.bot.initialize)
            self.name = self.bot.username
            await self._take_turns()
        except InvalidToken:
            _log.error("Telegram does not know GRANSKA_TELEGRAM_TOKEN: Telegram is off")
        finally:
            await self.bot.shutdown()

    async def _take_turns(self) -> None:
        """Serve whenever the lease is ours."""
        try:
            while True:
                await self._hold()
                await self._persist(self._serve)
        finally:
            await self._let_go()

    # --- One process at a time ---

    async def _hold(self) -> None:
        """Wait until this process may poll and send."""
        while not await self._extend():  # noqa: ASYNC110 - the other holder is another process
            await asyncio.sleep(self.terms.lease.total_seconds() / 3)

    async def _extend(self) -> bool:
        now = self.clock()
        try:
            return await self.archive.write(
                lambda session: (
                    leases.hold(session, LEASE, self.holder, now, self.terms.lease)
                    or (
                        _take_from_the_dead(session, self.holder)
                        and leases.hold(session, LEASE, self.holder, now, self.terms.lease)
                    )
                )
            )
        except SQLAlchemyError as error:
            _log.warning("the lease could not be renewed: %s", type(error).__name__)
            return False

    async def _keep(self) -> None:
        """Return when the lease is lost."""
        until = self.clock() + self.terms.lease
        while self.clock() < until:
            await asyncio.sleep(self.terms.lease.total_seconds() / 3)
            if await self._extend():
                until = self.clock() + self.terms.lease

    async def _let_go(self) -> None:
        with suppress(SQLAlchemyError):
            await self.archive.write(lambda session: leases.let_go(session, LEASE, self.holder))

    async def _serve(self) -> None:
        """Poll, do and send while the lease lasts."""
        pace = Pace(self.terms.per_second, self.terms.between)
        self.sender = Sender(
            self.bot, self.archive, pace, self.clock, self.terms.base_url, self.secret, self.terms.look
        )
        await self.archive.write(outbox.recover)
        await self.archive.write(lambda session: inbox.tidy(session, self.clock()))
        self.chats.clear()
        self._feed(self.archive.read(inbox.waiting))
        running = [
            asyncio.create_task(each)
            for each in (self._keep(), self.sender.run(), self._poll(), self._menu())
        ]
        self.loop = asyncio.get_running_loop()
        try:
            await asyncio.wait(running[:3], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.loop = None
            for task in (running[2], running[3], running[0], *self.tasks, running[1]):
                task.cancel()
            await asyncio.gather(*running, *self.tasks, return_exceptions=True)

    # --- What comes in ---

    async def _poll(self) -> None:
        """Fetch updates, store them, acknowledge them with the next poll."""
        offset = 0
        while True:
            seconds = self.terms.poll
            updates = await self._persist(
                lambda: self.bot.get_updates(offset=offset, timeout=seconds, allowed_updates=ALLOWED)  # noqa: B023 - called before it changes
            )
            if updates:
                await self._persist(lambda: self._store(reduced(updates)))  # noqa: B023 - likewise
                offset = updates[-1].update_id + 1

    async def _store(self, updates: Sequence[Update]) -> None:
        now = self.clock()
        try:
            waiting, replies = await self.archive.write(
                lambda session: inbox.store(session, updates, now, self.secret)
            )
        except SQLAlchemyError:
            self.unsure = True
            raise
        if self.unsure:  # they may have been stored before the database said that something failed
            waiting = self.archive.read(inbox.waiting)
            self.unsure = False
        self._feed(waiting)
        for reply in replies:
            self._begin(self._reply(reply))

    def _feed(self, waiting: Sequence[Waiting]) -> None:
        """Let updates be done, those that are being done already but once."""
        begun = {each.number for queue in self.chats.values() for each in queue}
        for update in (each for each in waiting if each.number not in begun):
            if update.address_id not in self.chats:
                self.chats[update.address_id] = deque()
                self._begin(self._drain(update.address_id))
            self.chats[update.address_id].append(update)

    async def _drain(self, address_id: int) -> None:
        """Do the updates of one chat in order."""
        queue = self.chats[address_id]
        while queue:
            await self._do(queue[0])
            queue.popleft()
        del self.chats[address_id]

    async def _do(self, update: Waiting) -> None:
        """Do one update; again and again where it cannot be stored."""
        try:
            reaction = await self._persist(
                lambda: self.archive.write(
                    lambda session: handle(session, update, self.clock(), self.fresh_id(), self.secret)
                )
            )
        except DoneBefore:
            return
        except Exception as error:  # noqa: BLE001 - one update must not hold up all others
            _log.error("update %s could not be done: %s", update.number, place_of(error))
            await self._persist(
                lambda: self.archive.write(lambda session: inbox.finish(session, update, self.clock()))
            )
            return
        self.sender.wake.set()
        if reaction.query or reaction.farewell:
            self._begin(self._react(reaction))

    async def _react(self, reaction: Reaction) -> None:
        """Answer a press. One that is too old needs no answer any more."""
        with suppress(TelegramError):
            if reaction.query:
                await self.bot.answer_callback_query(reaction.query, reaction.popup or None)
            if reaction.farewell and reaction.chat:
                await self.sender.say(reaction.chat, Screen(reaction.farewell))

    async def _reply(self, reply: Reply) -> None:
        """Tell a stranger how to come in. Lost if the process ends just now: nothing was promised."""
        body = reply.update.body
        language = body.get("language") if body.get("language") in LANGUAGES else self.terms.language
        text = say(str(language), f"telegram.{reply.kind if reply.kind in STRANGERS else 'stranger'}")
        with suppress(TelegramError):
            if body.get("query"):
                await self.bot.answer_callback_query(str(body["query"]), text, show_alert=True)
                return
            await self.sender.say(reply.update.chat, Screen(text))
        if reply.kind == "group":
            with suppress(TelegramError):
                await self.bot.leave_chat(int(reply.update.chat))

    async def _menu(self) -> None:
        """Show the commands in the menu of private chats, in each language."""
        scope = BotCommandScopeAllPrivateChats()
        for code, language in ((None, self.terms.language), *((each, each) for each in LANGUAGES)):
            menu = [
                BotCommand(each.name(language), say(language, f"telegram.menu_{each.menu}"))
                for each in COMMANDS
                if each.menu
            ]
            with suppress(TelegramError):
                await self.bot.set_my_commands(menu, scope, language_code=code)

    # --- Trying again ---

    async def _persist(self, attempt: Callable[[], Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401 - what the attempt returns
        """Try until it works, waiting longer each time; faults of ours are raised."""
        pause = self.terms.pause
        while True:
            try:
                return await attempt()
            except RetryAfter as limit:
                await asyncio.sleep(seconds_of(limit))
            except Conflict:
                _log.warning("another program fetches the updates of this bot: waiting for it to end")
                await asyncio.sleep(pause)
            except (InvalidToken, Forbidden):
                raise
            except (NetworkError, TelegramError, CouldNotStore, SQLAlchemyError) as error:
                _log.warning("Telegram or the database does not answer: %s", type(error).__name__)
                await asyncio.sleep(pause)
            pause = min(2 * pause, self.terms.longest_pause)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def prepare_libraries() -> None:
    """Keep the token, which stands in every address, out of the log; take waiting times as durations."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    os.environ.setdefault("PTB_TIMEDELTA", "1")


@cache
def _authorities() -> SSLContext:
    """Return the certificates that are trusted, read once for both clients: that takes a while."""
    return httpx.create_ssl_context()


def _take_from_the_dead(session: Any, mine: str) -> bool:  # noqa: ANN401 - a session
    """Give up the lease of a process of this machine that has ended without doing so."""
    holder = session.connection().execute(chat_queries.HOLDER, {"called": LEASE}).scalar() or ""
    host, _, process = holder.rpartition(" ")[0].rpartition(" ")
    if host != socket.gethostname() or not process.isdecimal() or holder == mine:
        return False
    if int(process) != os.getpid():
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            pass
        except PermissionError:
            return False
        else:
            return False
    leases.let_go(session, LEASE, holder)
    return True
