"""What is killed: the bot and the mail server, each a process of its own; and the database server."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from benchmarks.faulty.wave import mail_address

if TYPE_CHECKING:
    from postgres import Server

    from botapi.api import BotApi

ROOT = Path(__file__).parents[2]
ALIVE = 1.5
"""A life of the bot ends within so many seconds after its first sign, or within the time it took to start."""

STILLBORN = 0.25
"""So many of all lives end while the bot starts, within as many seconds."""

SOON = 0.05
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAWN = clock_time(7)
DAYLIGHT = timedelta(hours=13)
"""The hours in which a wave may contact people at all."""


@dataclass(frozen=True)
class FastTime:
    """A clock by which a day is over in ``day`` seconds, and which leaves the nights out."""

    day: float
    begun: float = field(default_factory=time.time)

    def at(self, moment: float) -> datetime:
        """Return what it shows at a moment of ``time.time``."""
        days, part = divmod((moment - self.begun) / self.day, 1)
        today = datetime.combine(datetime.fromtimestamp(self.begun, STOCKHOLM), DAWN, STOCKHOLM)
        return (today + timedelta(days=days) + part * DAYLIGHT).astimezone(UTC)

    def __call__(self) -> datetime:
        """Return what it shows now."""
        return self.at(time.time())


@dataclass
class Bot:
    """The bot as ``granska bot`` starts it, but that contacts go by a fast clock; killed again and again."""

    settings: dict[str, str]
    time: FastTime
    api: BotApi
    kills: int
    questions: int
    chance: random.Random
    killed: int = 0
    finished: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start, kill and start; after the last kill let it live until all have finished."""
        while not self.finished.is_set():
            starts = self._starts()
            surroundings = {**os.environ, **self.settings}
            with subprocess.Popen(self._command(), cwd=ROOT, env=surroundings) as process:
                self._live(process, starts)
                # It may have ended by itself, where the database was not there: then it is started again.
                self.killed += process.poll() is None and not self.finished.is_set()
                process.kill()

    def may_answer(self, answered: int) -> bool:
        """Tell whether somebody who has answered so much may go on: all kills are to matter."""
        return answered <= self.questions * (self.killed + 1) / self.kills

    def _live(self, process: subprocess.Popen[bytes], starts: int) -> None:
        """Return at a random moment: while it starts, or some time after it has begun to work."""
        last, begun = self.killed >= self.kills, time.monotonic()
        if not last and self.chance.random() < STILLBORN:
            self.finished.wait(self.chance.uniform(0, STILLBORN))
            return
        while process.poll() is None and not self.finished.wait(SOON):
            if not last and self._starts() > starts:
                self.finished.wait(self.chance.uniform(0, max(ALIVE, time.monotonic() - begun)))
                return

    def _starts(self) -> int:
        return len(self.api.calls("getMe"))

    def _command(self) -> list[str]:
        return module("hurried_bot", self.time.day, self.time.begun)


@dataclass
class MailServer:
    """A mail server that writes down what it takes before it says so; killed now and then."""

    folder: Path
    chance: random.Random
    process: subprocess.Popen[bytes] | None = None
    killed: int = 0

    def __post_init__(self) -> None:
        self.port = free_port()

    @property
    def record(self) -> Path:
        """Where it writes."""
        return self.folder / "mails"

    def start(self) -> None:
        """Start it; who connects too early is told that nobody is there."""
        self.process = subprocess.Popen(module("mail_server", self.port, self.record), cwd=ROOT)

    def kill(self) -> None:
        """Kill it and start it again."""
        self.stop()
        self.killed += 1
        self.start()

    def stop(self) -> None:
        """End it for good."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def has_mail(self, invitation: int) -> bool:
        """Tell whether a mail came to somebody."""
        return any(address == mail_address(invitation) for address, _ in self.mails())

    def mails(self) -> list[tuple[str, float]]:
        """Return to whom mails came, and when."""
        if not self.record.exists():
            return []
        return [(row["to"], row["at"]) for row in map(json.loads, self.record.read_text().splitlines())]


@dataclass
class Outages:
    """A database server that is stopped and started: properly, or as if it had crashed."""

    server: Server | None
    chance: random.Random
    stopped: int = 0

    def strike(self) -> None:
        """Let it be gone for a moment."""
        if self.server is None:
            return
        self.server.stop(signal.SIGQUIT if self.stopped % 2 else signal.SIGINT)
        self.stopped += 1
        time.sleep(self.chance.uniform(0, 1))
        self.server.start()


def module(name: str, *words: object) -> list[str]:
    """Return the command that runs a module of this folder."""
    return [sys.executable, "-m", f"benchmarks.faulty.{name}", *map(str, words)]


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
