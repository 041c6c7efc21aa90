"""The stand-in over HTTP, in a thread of the test or alone in its process."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from botapi.api import BotApi
from botapi.calls import AnswerLostError, carry_out
from botapi.control import Control
from botapi.refusals import RefusedError
from botapi.world import TOKEN, World

HOST = "127.0.0.1"
SECONDS_TO_STOP = 5


class BrokenConnection(Response):
    """An answer that announces more than it sends, after which the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": False})


def application(world: World) -> Starlette:
    """The Bot API at /bot<token>/<method> and the control interface at /control/."""

    async def call(request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            parameters = await _parameters(request)
        except ClientDisconnect:  # a bot that was killed while it asked
            return Response()
        try:
            result = await carry_out(world, token, method, parameters)
        except RefusedError as refusal:
            return _json(refusal.body(), refusal.status)
        except AnswerLostError:
            return BrokenConnection()
        return _json({"ok": True, "result": result})

    routes = [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        *Control(world).routes(),
    ]
    return Starlette(routes=routes)


@contextmanager
def running(world: World | None = None) -> Iterator[BotApi]:
    """Serve from a thread. When it ends, an AssertionError tells of complaints that nobody forgave."""
    world = world or World()
    listening = listen(0)
    server = _uvicorn(world)
    thread = threading.Thread(target=server.run, args=([listening],), name="bot-api", daemon=True)
    thread.start()
    with BotApi(address(listening), world.token) as api:
        try:
            yield api
            api.check()
        finally:
            server.should_exit = True
            thread.join(SECONDS_TO_STOP)
            listening.close()


def serve(world: World, listening: socket.socket) -> None:
    """Serve until the process is told to stop."""
    _uvicorn(world).run([listening])


def listen(port: int) -> socket.socket:
    """A socket that already listens, so that nobody can come too early; port 0 takes a free one."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(512)
    return listening


def address(listening: socket.socket) -> str:
    """Where the socket listens, as an address for HTTP."""
    return f"http://{HOST}:{listening.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Lets waiting polls return when it stops, rather than waiting for them."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.inbox.close()
        if self._world.webhook:
            await self._world.webhook.stop()
        await super().shutdown(sockets)


def _uvicorn(world: World) -> _Server:
    config = uvicorn.Config(
        application(world),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config, world)


async def _parameters(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    found: dict[str, Any] = dict(request.query_params)
    if kind.startswith("multipart/form-data"):
        return found | dict(await request.form())
    body = await request.body()
    if kind.startswith("application/json"):
        return {**found, **json.loads(body or b"{}")}
    return found | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _json(body: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json")


__all__ = ["TOKEN", "BotApi", "World", "listen", "running", "serve"]
