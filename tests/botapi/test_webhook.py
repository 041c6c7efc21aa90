"""Updates that are brought to the bot: its secret, its order, its patience."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict

from botapi.api import BotApi, User

pytestmark = pytest.mark.anyio


class Receiver:
    """A webhook that refuses the first deliveries, then takes all."""

    def __init__(self) -> None:
        self.refusals = 0
        self.taken: list[tuple[str | None, bytes]] = []
        self.tries = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.tries += 1
                refused = outer.tries <= outer.refusals
                if not refused:
                    outer.taken.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body))
                self.send_response(500 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


async def test_updates_are_brought_in_order_with_the_secret_until_taken(
    api: BotApi, bot: Bot, kim: User, receiver: Receiver
) -> None:
    kim.say("Två")
    receiver.refusals = 2
    await bot.set_webhook(receiver.url, secret_token="hemligt")
    kim.say("Tre")
    api.expect_acknowledged()
    assert receiver.tries == 5
    assert [secret for secret, _ in receiver.taken] == ["hemligt"] * 3
    assert [b"/start" in body for _, body in receiver.taken] == [True, False, False]
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (receiver.url, 0)
    assert info.last_error_message == "Wrong response from the webhook: 500"


async def test_a_webhook_excludes_polling_and_can_drop_what_waits(
    bot: Bot, api: BotApi, kim: User, receiver: Receiver
) -> None:
    kim.say("Detta kastas")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    assert await bot.get_updates(timeout=0) == ()
    assert receiver.taken == []


async def test_a_webhook_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="https url must be provided"):
        await bot.set_webhook("http://granska.example/bot")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://granska.example/bot", secret_token="å")
