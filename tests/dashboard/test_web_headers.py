"""Only this machine is served, and a page says its language and what it may load."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from dashboard import widget_words
from dashboard.web_headers import Headers, OnlyHere


def page(request: Request) -> HTMLResponse:
    assert "accept-encoding" not in request.headers
    return HTMLResponse('<!DOCTYPE html><html lang="en"><head></head><body>å</body></html>')


def script(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.headers.get("accept-encoding", ""))


APP = Starlette(
    routes=[
        Route("/samverkan", page),
        Route("/static/app.js", script),
        Route(widget_words.ADDRESS, widget_words.serve),
    ],
    middleware=[Middleware(OnlyHere), Middleware(Headers)],
)


def get(address: str, machine: str = "127.0.0.1") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(APP, client=(machine, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(address)

    return asyncio.run(ask())


def test_a_page_is_in_the_language_of_its_address() -> None:
    assert '<html lang="sv">' in get("/samverkan").text
    assert '<html lang="en">' in get("/samverkan?sprak=English").text
    assert "å" in get("/samverkan").text


def test_a_page_loads_the_script_that_rewords_the_widgets() -> None:
    assert '<script src="./granska.js" defer></script></head>' in get("/samverkan").text
    script = get("/granska.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert '"Upload": "Välj fil"' in script.text
    assert "MutationObserver" in script.text


def test_a_page_may_load_nothing_from_elsewhere() -> None:
    for address in ("/samverkan", "/static/app.js"):
        headers = get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; ")
        assert "'unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_files_may_come_compressed() -> None:
    assert "gzip" in get("/static/app.js").text


def test_another_machine_is_refused() -> None:
    answer = get("/samverkan", "192.0.2.7")
    assert answer.status_code == 403
    assert "egna datorn" in answer.text


def test_a_websocket_from_another_machine_is_closed() -> None:
    sent: list[Message] = []

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(OnlyHere(never)({"type": "websocket", "client": ("192.0.2.7", 1)}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
