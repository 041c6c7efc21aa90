"""Updates that are sent to the bot instead of fetched by it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from botapi.inbox import Inbox
from botapi.refusals import bad_request

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOPBACK = {"127.0.0.1", "localhost"}
# Telegram waits longer before it sends again; a test need not.
PAUSE = 0.05
PATIENCE = 60.0


@dataclass
class Webhook:
    """One address that gets every update, in order, again and again until it answers with success."""

    url: str
    secret: str
    inbox: Inbox
    last_error: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.get_running_loop().create_task(self._deliver())

    async def stop(self) -> None:
        """Deliver no more."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _deliver(self) -> None:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            while not self.inbox.closed:
                if not self.inbox.pending:
                    await self.inbox.bell.heard(PATIENCE)
                elif not await self._taken(client, self.inbox.pending[0]):
                    await asyncio.sleep(PAUSE)

    async def _taken(self, client: httpx.AsyncClient, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            answer = await client.post(self.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            return self._failed(type(error).__name__)
        if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES or answer.status_code < HTTPStatus.OK:
            return self._failed(f"Wrong response from the webhook: {answer.status_code}")
        if b'"method"' in answer.content:
            self.complaints.append("the stand-in does not model calls in the answer to a webhook")
        if self.inbox.pending and self.inbox.pending[0] is update:
            self.inbox.acknowledge(update["update_id"] + 1)
        return True

    def _failed(self, reason: str) -> bool:
        self.last_error = {"last_error_message": reason}
        return False


def checked_url(url: str) -> str:
    """The address of a webhook; http only to this machine, where tests live."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    return url
