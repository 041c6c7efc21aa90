"""What several browser tests do: serve the dashboard, and answer as a respondent."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page

from bot.running import dashboard_command

ROOT = Path(__file__).parents[2]
GIVEN = {
    "ALLA-03": "40",
    "ALLA-04": "3,5",
    "ALLA-05": "2012-03-01",
    "ALLA-06": "2012-03",
    "ALLA-09": "Att vara med.",
}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def dashboard_over(url: str, **settings: str) -> Iterator[str]:
    """Serve the dashboard over a database, with more settings by name; yield its address once it answers."""
    port = free_port()
    surroundings = {**os.environ, "GRANSKA_DATABASE_URL": url, **settings}
    process = subprocess.Popen(dashboard_command(port), cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own server
            return
    raise TimeoutError(address)


def item(page: Page) -> str:
    """Return the item that the page asks, "" where it asks none."""
    hidden = page.locator("#fraga input[name=item]")
    return hidden.get_attribute("value") or "" if hidden.count() else ""


def answer(page: Page) -> None:
    """Answer the question asked the way a thumb does: the first option, or a fitting text."""
    asked, turn = item(page), page.locator("#fraga")
    if turn.locator("input[type=checkbox]").count():
        turn.locator("label").first.click()
        turn.locator(".main-action").click()
    elif turn.locator(".options button").count():
        turn.locator(".options button").first.click()
    elif asked in GIVEN:
        turn.locator("[name=svar]").fill(GIVEN[asked])
        turn.locator(".main-action").click()
    elif turn.locator("button[value=skip]").count():
        turn.locator("button[value=skip]").click()
    else:
        turn.locator(".main-action").click()


def begin(page: Page) -> Page:
    page.locator("button[value=begin]").click()
    return page


def answer_until(page: Page, wanted: str) -> Page:
    while item(page) != wanted:
        assert item(page), f"{wanted} is not on the route"
        answer(page)
    return page
