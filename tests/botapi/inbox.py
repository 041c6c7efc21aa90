"""The updates that wait for the bot, and the long poll that fetches them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from botapi.refusals import conflict

FIRST_UPDATE = 700_000_001
MOST_PER_POLL = 100
# Telegram leaves these out unless the bot asks for them by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Bell:
    """Wakes everyone who waits, once per ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everyone."""
        self._event.set()
        self._event = asyncio.Event()

    async def heard_until(self, happened: Callable[[], object], seconds: float) -> bool:
        """Wait until it has happened, looking again at every ring; whether it has."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while not happened() and (left := until - clock()) > 0:
            await self.heard(left)
        return bool(happened())

    async def heard(self, seconds: float) -> bool:
        """Wait for the next ring, or for so long at most; whether it rang."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True


class Inbox:
    """Updates in order; they stay until the bot acknowledges them."""

    def __init__(self) -> None:
        self.pending: list[dict[str, Any]] = []
        self.allowed: frozenset[str] = frozenset()
        self.bell = Bell()
        self.closed = False
        self._next = FIRST_UPDATE
        self._poll = 0

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot asked for; None leaves that as it was. Waiting updates stay."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Put an update in the queue; its id, or None if the bot did not ask for that kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if not wanted:
            return None
        update_id = self._next
        self.push({"update_id": update_id, kind: body})
        return update_id

    def push(self, update: dict[str, Any]) -> None:
        """Put an update in the queue exactly as it is, even one that Telegram would never send."""
        self.pending.append(update)
        self._next = max(self._next, int(update["update_id"]) + 1)
        self.bell.ring()

    def acknowledge(self, offset: int) -> None:
        """Forget the updates before the offset; a negative one keeps only so many from the end."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self.bell.ring()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Acknowledge, then wait for updates. Whoever polls last wins; the older poll ends with 409."""
        self._poll += 1
        mine = self._poll
        self.acknowledge(offset)
        await self.bell.heard_until(lambda: self.pending or self.closed or mine != self._poll, seconds)
        if mine != self._poll:
            raise conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return self.pending[: min(limit, MOST_PER_POLL)]

    async def emptied(self, seconds: float = 5) -> bool:
        """Wait until the bot has acknowledged everything; whether it did."""
        return await self.bell.heard_until(lambda: not self.pending, seconds)

    def close(self) -> None:
        """Let waiting polls return, for the server is about to stop."""
        self.closed = True
        self.bell.ring()
