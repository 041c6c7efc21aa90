"""What the server adds to Streamlit's answers: who may ask, what a page may load, and the page's language."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.catalogue import LANGUAGE_KEY, code_of
from dashboard.widget_words import ADDRESS

LOCAL = ("127.0.0.1", "::1")
"""The only addresses that are served."""

POLICY = (
    "default-src 'self'",
    # Vega turns the expressions of a chart into functions, hence 'unsafe-eval'; nothing inline is run.
    "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
SECURITY = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SCRIPT = f'<script src=".{ADDRESS}" defer></script></head>'.encode()
WHOLE = (b"accept-encoding", b"range", b"if-none-match", b"if-modified-since")
"""Request headers for which the page would come compressed or in part, and its language could not be set."""


class OnlyHere:
    """Refuse every request that does not come from this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 (a websocket is closed before it is opened)."""
        client = scope.get("client")
        if scope["type"] == "lifespan" or (client and client[0] in LOCAL):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = PlainTextResponse(
                "Granskas översikt kan bara öppnas på den egna datorn.", status_code=403
            )
            await refusal(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


class Headers:
    """Add the security headers, and say in the page itself which language it is in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with headers added to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _is_page(scope):
            kept = [pair for pair in scope["headers"] if pair[0].lower() not in WHOLE]
            scope = {**scope, "headers": kept}
        language = _language(scope)
        held: list[Message] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
            elif held:
                await _send_page(held, message, language, send)
                return
            await send(message)

        await self.app(scope, receive, answer)


def _is_page(scope: Scope) -> bool:
    """Say whether the request is for a page rather than for one of its files."""
    return "." not in scope["path"].rsplit("/", 1)[-1] and not scope["path"].startswith("/_stcore")


def _language(scope: Scope) -> str:
    chosen = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(LANGUAGE_KEY, [""])[0]
    return code_of(chosen)


async def _send_page(held: list[Message], message: Message, language: str, send: Send) -> None:
    """Send the page when all of it has come, with its language in place of English, and our script."""
    held.append(message)
    if message.get("more_body"):
        return
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts)
    body = body.replace(b'<html lang="en"', f'<html lang="{language}"'.encode(), 1)
    body = body.replace(b"</head>", SCRIPT, 1)
    MutableHeaders(scope=start)["content-length"] = str(len(body))
    held.clear()
    await send(start)
    await send({"type": "http.response.body", "body": body})
