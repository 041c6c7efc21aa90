"""How many answers a second the web chat stores, and how long a respondent waits for the next question.

A real server in a process of its own, a database of its own, and respondents who each keep one connection and
answer KOMP + KVAL (kort) from the link to the sending. One answer is the POST that stores it and the GET that
shows the next question; the wait is that of both.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlmodel import select

from fieldwork.invitations import import_invitees, mint_link
from fieldwork.reviews import create_wave
from models.database import migrate, open_database, writing
from models.tables import Invitation

RUNS = 3
PLAN: tuple[tuple[int, int], ...] = ((1, 12), (8, 4), (32, 2))
"""Respondents at the same time, and interviews that each of them fills in one after the other."""

GOAL_RATE = 350.0
GOAL_P95 = 110.0
DEADLINE = 120.0
"""Seconds after which one run is given up."""

SERVE = """
from bot.app import serve_web
from fieldwork.settings import read_settings
serve_web(read_settings(env_file=None))
"""

WAVE = """
[review]
title = "Mätning"
year = {year}
origin = "example"
[wave]
name = "Mätning"
form = ["komp.kort", "kval.kort"]
opens = {opens}
closes = {closes}
informed_on = {opens}
[contact]
name = "Inga Inspektör"
phone = "08-508 00 000"
[information.sv]
purpose = "Mätning."
readers = "Ingen."
[information.en]
purpose = "Measurement."
readers = "Nobody."
[[organisation]]
name = "Lindhagen"
"""

ITEM = re.compile(rb'name="item" value="([^"]+)"')
REVISION = re.compile(rb'name="revision" value="(\d+)"')
TOKEN = re.compile(rb'name="token" value="([^"]+)"')
OPTION = re.compile(rb'name="svar" value="([a-z0-9_-]+)"(?! lang)')


@dataclass
class Measured:
    """What one run saw. Times in milliseconds, one for each stored answer."""

    waits: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    server_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Stored answers a second."""
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the wait that ``share`` of the answers stayed under."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))]


@dataclass
class Browser:
    """One keep-alive connection that speaks as much HTTP/1.1 as it needs."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookie: bytes = b""

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request and return status and body."""
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ".encode() + self.cookie
        if body:
            head += b"\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: %d" % len(body)
        self.writer.write(head + b"\r\n\r\n" + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head)[1])  # type: ignore[index]
        if cookie := re.search(rb"set-cookie: ([^;]+)", head):
            self.cookie = cookie[1]
        return int(head[9:12]), await self.reader.readexactly(length)

    async def page(self) -> bytes:
        """Return the conversation as it stands."""
        return (await self.ask("GET", "/samtal"))[1]

    async def send(self, page: bytes, **fields: str) -> int:
        """Post the form of ``page`` with ``fields``; return the status."""
        hidden = {"token": _found(TOKEN, page), "revision": _found(REVISION, page)}
        return (await self.ask("POST", "/samtal", urlencode({**hidden, **fields}).encode()))[0]


def _found(pattern: re.Pattern[bytes], page: bytes) -> str:
    found = pattern.search(page)
    return found[1].decode() if found else ""


async def _interview(browser: Browser, link: str, measured: Measured) -> None:
    """Fill in one interview from its link to its sending."""
    browser.cookie = b""
    await browser.ask("GET", link)
    measured.errors += await browser.send(await browser.page(), action="begin") != 303
    page = await browser.page()
    while item := _found(ITEM, page):
        option = _found(OPTION, page)
        given = (
            {"action": "answer", "item": item, "svar": option} if option else {"action": "skip", "item": item}
        )
        started = time.perf_counter()
        status = await browser.send(page, **given)
        page = await browser.page()
        measured.waits.append((time.perf_counter() - started) * 1000)
        measured.errors += status != 303
        if status != 303:
            return
    measured.errors += await browser.send(page, action="send") != 303


async def _respondent(port: int, links: list[str], measured: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    browser = Browser(reader, writer)
    for link in links:
        await _interview(browser, link, measured)
    writer.close()
    await writer.wait_closed()


async def _run(port: int, links: list[list[str]]) -> Measured:
    measured = Measured()
    started = time.perf_counter()
    async with asyncio.timeout(DEADLINE):
        await asyncio.gather(*(_respondent(port, own, measured) for own in links))
    measured.seconds = time.perf_counter() - started
    return measured


def _links(url: str, number: int) -> list[str]:
    """Make a wave with so many invited, and return their links."""
    now, today = datetime.now(UTC), datetime.now(UTC).date()
    plan = WAVE.format(year=today.year, opens=today - timedelta(days=2), closes=today + timedelta(days=30))
    rows = ["referens;adress;distrikt;enhet;roll;i tjänst", *(f"p{n};;Lindhagen;;;ja" for n in range(number))]
    engine = open_database(url)
    tokens = [secrets.token_urlsafe(24) for _ in range(number)]
    with writing(engine) as session:
        wave = create_wave(session, plan, "benchmark.toml")
        import_invitees(session, wave, "\n".join(rows).encode(), "benchmark.csv", dry_run=False)
        invited = session.exec(select(Invitation.id)).all()
        for invitation, token in zip(invited, tokens, strict=True):
            mint_link(session, invitation or 0, token, now, now + timedelta(days=1))
    engine.dispose()
    return [f"/s/{token}" for token in tokens]


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, int]]:
    """Run a server of our own over the folder's database; yield its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    settings = {"GRANSKA_DATA_DIR": str(folder), "GRANSKA_WEB_PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, **settings})
    try:
        _wait_for(server, port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when our server answers; raise when it ended or something else holds the port."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("The server ended at once: run it by hand with `granska bot` to see why")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                if "granska" not in json.load(answer):
                    raise RuntimeError(f"Something else answers on port {port}")
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The server did not answer within 20 seconds")


def _cpu(process: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure() -> dict[int, list[Measured]]:
    """Run everything; return for each number of respondents its runs."""
    needed = sum(people * each for people, each in PLAN) * RUNS
    runs: dict[int, list[Measured]] = {people: [] for people, _ in PLAN}
    with tempfile.TemporaryDirectory(prefix="granska-bench-") as folder:
        url = f"sqlite:///{folder}/granska.db"
        migrate(url)
        links = iter(_links(url, needed))
        with _server(Path(folder)) as (port, process):
            for _ in range(RUNS):
                for people, each in PLAN:
                    own = [[next(links) for _ in range(each)] for _ in range(people)]
                    before = _cpu(process)
                    measured = asyncio.run(_run(port, own))
                    measured.server_cpu = _cpu(process) - before
                    runs[people].append(measured)
    return runs


def run() -> None:
    """Print the medians beside the goals."""
    print(f"web chat, one answer = POST + GET (medians of {RUNS} runs):")
    for people, runs in measure().items():
        rate = statistics.median(each.rate for each in runs)
        middle = statistics.median(each.percentile(0.50) for each in runs)
        slow = statistics.median(each.percentile(0.95) for each in runs)
        cpu = statistics.median(each.server_cpu / len(each.waits) * 1000 for each in runs)
        errors = sum(each.errors for each in runs)
        print(
            f"  {people:>2} at once: {rate:.0f} answers/s, p50 {middle:.1f} ms, p95 {slow:.1f} ms, "
            f"{errors} errors, {cpu:.2f} ms of server processor an answer"
        )
        if people == PLAN[-1][0]:
            met = rate >= GOAL_RATE and slow < GOAL_P95 and not errors
            goal = f"at least {GOAL_RATE:.0f} answers/s, p95 under {GOAL_P95:.0f} ms, no error"
            print(f"  goal with {people}: {goal}: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    run()
