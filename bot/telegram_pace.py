"""How fast Telegram lets a bot send: so many messages a second in all, and so far apart in one chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

PER_SECOND = 30.0
BETWEEN = 1.0
MARGIN = 1.02
"""What is sent evenly arrives unevenly; a little slower than allowed, and nothing is refused."""

FORGET_AT = 10_000


@dataclass
class Pace:
    """Gives each message its moment. ``per_second`` 0 and ``between`` 0 lift the limits.

    Only what one process sends is counted, so one process sends.
    """

    per_second: float = PER_SECOND
    between: float = BETWEEN
    clock: Callable[[], float] = field(default_factory=lambda: asyncio.get_running_loop().time)
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)
    _next: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)

    async def turn(self, chat: str = "") -> None:
        """Wait until the next message may be sent; with ``chat``, also in that chat."""
        now = self.clock()
        if chat and self.between:
            mine = max(now, self._chats.get(chat, now))
            self._chats[chat] = mine + self.between
            self._forget(now)
            if mine > now:
                await self.sleep(mine - now)
        if self.per_second:
            async with self._order:
                await self._slot(MARGIN / self.per_second)

    async def _slot(self, apart: float) -> None:
        """Wait for the next slot. Only a delay of less than a slot is made up for: bursts are refused."""
        while (left := self._next - self.clock()) > 0:
            await self.sleep(left)
        now = self.clock()
        self._next = (self._next if now - self._next < apart else now) + apart

    def _forget(self, now: float) -> None:
        if len(self._chats) > FORGET_AT:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
