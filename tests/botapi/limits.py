"""Telegram's limits on sending, and refusals that a test asks for beforehand."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from botapi.refusals import RefusedError, too_many_requests

# Messages spaced exactly as allowed may arrive a little closer to each other than they were sent.
SLACK = 0.05


@dataclass
class Fault:
    """What befalls the next calls: a refusal, or an answer that is lost although the call was carried out."""

    method: str = ""
    chat_id: int | None = None
    times: int = 1
    status: int = 429
    description: str = ""
    retry_after: int | None = None
    lost: bool = False

    def befalls(self, method: str, parameters: dict[str, Any]) -> bool:
        """Whether this call is meant."""
        return self.method in {"", method} and self.chat_id in {None, parameters.get("chat_id")}

    def refusal(self) -> RefusedError:
        """The answer of the Bot API."""
        if self.status == 429 and not self.description:
            return too_many_requests(self.retry_after or 1)
        return RefusedError(self.status, self.description or "Refused", retry_after=self.retry_after)


def next_fault(faults: list[Fault], method: str, parameters: dict[str, Any]) -> Fault | None:
    """The fault that befalls this call; it is used up once."""
    fault = next((fault for fault in faults if fault.befalls(method, parameters)), None)
    if fault:
        fault.times -= 1
        if fault.times <= 0:
            faults.remove(fault)
    return fault


@dataclass
class Pace:
    """So many messages in any second, and so many seconds between two in the same chat."""

    per_second: float = 30
    per_chat: float = 1
    _sent: deque[float] = field(default_factory=deque)
    _last: dict[int, float] = field(default_factory=dict)

    def admit(self, chat_id: int, now: float) -> None:
        """Count a message; RefusedError if it comes too soon."""
        while self._sent and self._sent[0] <= now - 1 + SLACK:
            self._sent.popleft()
        wait = self._last.get(chat_id, -math.inf) + self.per_chat - SLACK - now
        if len(self._sent) >= self.per_second:
            wait = max(wait, self._sent[0] + 1 - now)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._sent.append(now)
        self._last[chat_id] = now
