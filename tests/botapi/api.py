"""The stand-in as a test sees it: people to act as, calls to look at. Works from any process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

PATIENCE = 60.0
"""Seconds until a test fails that waits in vain. No test that passes takes longer for it."""

SLOWEST_ANSWER = 120.0
SCRIPT = Path(__file__).with_name("serve.py")


@dataclass(frozen=True)
class Shown:
    """A message on somebody's screen."""

    message_id: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...]
    edited: bool

    @classmethod
    def of(cls, seen: dict[str, Any]) -> Shown:
        """The message as the control interface tells it."""
        return cls(**{**seen, "buttons": tuple(tuple(row) for row in seen["buttons"])})


class BotApi:
    """A running stand-in."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        # A proxy from the environment must not stand between the test and this machine.
        self._http = httpx.Client(base_url=url, timeout=SLOWEST_ANSWER, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`."""
        return f"{self.url}/bot"

    def user(self, *, first_name: str = "Kim", language_code: str = "sv") -> User:
        """A new person, whom the bot has not met."""
        return User(self, self.control("users", first_name=first_name, language_code=language_code))

    def control(self, question: str, **arguments: Any) -> Any:  # noqa: ANN401 -- JSON both ways
        """Ask the control interface; AssertionError if it cannot do that."""
        answer = self._http.post(f"/control/{question}", json=arguments)
        body = answer.json()
        assert answer.status_code == 200, f"{question}: {body['error']}"
        return body["result"]

    def calls(self, method: str = "", after: int = 0) -> list[dict[str, Any]]:
        """The calls of the bot in order: number, at, method, parameters, status, description."""
        found: list[dict[str, Any]] = self.control("calls", method=method, after=after)
        return found

    def expect_call(self, method: str, after: int = 0, seconds: float = PATIENCE) -> None:
        """Wait until the bot has begun to call that method, after the call of that number. Blocks."""
        assert self.control("called", method=method, after=after, seconds=seconds), f"no call of {method}"

    def refuse(self, method: str = "", *, retry_after: int | None = None, **fault: Any) -> None:  # noqa: ANN401
        """Refuse the next call (429), or as the fields of `limits.Fault` say."""
        self.control("refuse", method=method, retry_after=retry_after, **fault)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Carry the next calls out, but break the connection before the bot gets to know."""
        self.control("refuse", method=method, times=times, lost=True)

    def keep_pace(self, per_second: float = 30, per_chat: float = 1) -> None:
        """Answer 429 from now on to messages that come faster than Telegram allows."""
        self.control("pace", per_second=per_second, per_chat=per_chat)

    def age_presses(self) -> None:
        """Make every press so far too old to be answered."""
        self.control("age")

    def push(self, update: dict[str, Any]) -> None:
        """Deliver an update exactly as it is."""
        self.control("update", update=update)

    def pending(self) -> list[dict[str, Any]]:
        """The updates that the bot has not acknowledged."""
        found: list[dict[str, Any]] = self.control("pending")
        return found

    def expect_acknowledged(self, seconds: float = PATIENCE) -> None:
        """Wait until the bot has acknowledged every update."""
        assert self.control("acknowledged", seconds=seconds), "the bot has not acknowledged every update"

    def complaints(self, *, forgive: bool = False) -> list[str]:
        """Everything that should fail the test; forgiving forgets it, for tests that provoke it."""
        found: list[str] = self.control("complaints", forgive=forgive)
        return found

    def begin(self) -> None:
        """Begin anew, for the next test: a bot with another token, whom nobody has met."""
        name, _, number = self.token.rpartition("_")
        self.token = f"{name}_{int(number) + 1:010}"
        self.control("begin", token=self.token)

    def check(self) -> None:
        """AssertionError if the bot did what the Bot API does not know or the stand-in does not model."""
        found = self.complaints()
        assert not found, "; ".join(found)


class User:
    """Somebody who chats with the bot."""

    def __init__(self, api: BotApi, person: int) -> None:
        self.id = person
        self._api = api

    def _do(self, act: str, **arguments: Any) -> Any:  # noqa: ANN401 -- JSON both ways
        return self._api.control(f"users/{self.id}/{act}", **arguments)

    def start(self, token: str = "") -> int:
        """Open the bot by its link; unblocks it if need be."""
        return int(self._do("start", token=token))

    def say(self, text: str, chat: int | None = None) -> int:
        """Write to the bot, or in a group; the id of the message."""
        return int(self._do("say", text=text, chat=chat))

    def send(self, kind: str, chat: int | None = None) -> int:
        """Send a sticker, photo, voice, document, contact, location or dice."""
        return int(self._do("send", kind=kind, chat=chat))

    def edit(self, message: int, text: str) -> None:
        """Change a message of one's own."""
        self._do("edit", message=message, text=text)

    def delete(self, message: int) -> None:
        """Delete a message from the chat, whoever wrote it."""
        self._do("delete", message=message)

    def press(self, label: str, message: int | Shown | None = None, *, stale: bool = False) -> str:
        """Press a button of the latest message that has it, or of the one given; the id of the press.

        A button with a link returns that instead. A stale press uses a keyboard that the bot has since
        changed, removed or deleted.
        """
        if isinstance(message, Shown):
            message = message.message_id
        return str(self._do("press", label=label, message=message, stale=stale))

    def forge(self, data: str, message: int) -> str:
        """Press with any callback data, as a tampered client could."""
        return str(self._do("forge", data=data, message=message))

    def block(self) -> None:
        """Block the bot."""
        self._do("block")

    def unblock(self) -> None:
        """Let the bot write again."""
        self._do("unblock")

    def deactivate(self) -> None:
        """Delete the whole account."""
        self._do("deactivate")

    def create_group(self, title: str = "En grupp") -> int:
        """Make a group with the bot in it; its id, for `chat`."""
        return int(self._do("create_group", title=title))

    def throw_out(self, chat: int) -> None:
        """Remove the bot from a group."""
        self._do("throw_out", chat=chat)

    def sees(self, chat: int | None = None) -> list[Shown]:
        """Everything on the screen, oldest first."""
        return [Shown.of(seen) for seen in self._do("sees", chat=chat)]

    def popups(self) -> list[dict[str, Any]]:
        """What became of the presses, oldest first: query_id, data, answered, text, alert."""
        found: list[dict[str, Any]] = self._do("popups")
        return found

    def answered(self) -> dict[str, Any]:
        """Wait until the bot has answered this person's last press; what became of it."""
        found = self._do("answered", seconds=PATIENCE)
        assert found, "the press was not answered"
        return dict(found)

    def expect(self, text: str, seconds: float = PATIENCE, chat: int | None = None) -> Shown:
        """Wait for a message with this text that the bot wrote or changed since this person's last act.

        Blocks: for bots in another thread or process. In the bot's own event loop, await `expected`.
        """
        seen = self._do("expect", text=text, seconds=seconds, chat=chat)
        assert seen, f"no {text!r} within {seconds} s; on the screen: {self.sees(chat)}"
        return Shown.of(seen)

    async def expected(self, text: str, seconds: float = PATIENCE, chat: int | None = None) -> Shown:
        """`expect` for tests that run the bot in their own event loop."""
        return await asyncio.to_thread(self.expect, text, seconds, chat)


@contextmanager
def started() -> Iterator[BotApi]:
    """The stand-in as a process of its own, which outlives bots that are killed; checked when it ends."""
    with subprocess.Popen([sys.executable, str(SCRIPT), "--port", "0"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        try:
            with BotApi(told["url"], told["token"]) as api:
                yield api
                api.check()
        finally:
            process.terminate()
