"""The demo: published and invented reviews in a database of their own, web chat and dashboard beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from bot.running import HOST, dashboard_command
from fieldwork.demo.example import VISITOR_TOKEN, build_example
from fieldwork.demo.published import build_published
from fieldwork.settings import PREFIX, Settings
from models.database import migrate, open_database, writing
from models.private_files import private_folder

PATIENCE = 60.0
"""Seconds within which both servers must answer."""
_STEP = 0.25
_FAREWELL = 10.0
_WEB = (
    "from bot.app import serve_web; from fieldwork.settings import read_settings; serve_web(read_settings())"
)


class DemoError(Exception):
    """The demo cannot run; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Server:
    """One server to start: what it is called, how, and where it answers once it is up."""

    name: str
    command: Sequence[str]
    port: int
    health: str


def build_demo(folder: Path, now: datetime) -> str:
    """Build the demo's database anew in ``folder`` and return its address. Whatever it held is gone."""
    private_folder(folder)
    for old in folder.glob("granska.db*"):
        old.unlink()
    url = f"sqlite:///{folder.resolve() / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    try:
        with writing(engine) as session:
            build_published(session)
            build_example(session, now)
    finally:
        engine.dispose()
    return url


def run_demo(settings: Settings, now: datetime, say: Callable[[str], None]) -> None:
    """Build the demo, serve it on this machine only, say the two links, and return on Ctrl-C or SIGTERM.

    Raises:
        DemoError: a port is taken, or a server does not start or ends by itself.
    """
    for port, variable in ((settings.web_port, "WEB"), (settings.dashboard_port, "DASHBOARD")):
        _refuse_taken(port, f"{PREFIX}{variable}_PORT")
    say("Building the demo ...")
    folder = settings.data_dir / "demo"
    web, dashboard = settings.web_port, settings.dashboard_port
    surroundings = _surroundings(settings, folder, build_demo(folder, now))
    servers = (
        _Server("web chat", (sys.executable, "-c", _WEB), web, "/healthz"),
        _Server("dashboard", dashboard_command(dashboard), dashboard, "/_stcore/health"),
    )
    with _told_to_end() as ended, ExitStack() as started:
        running = [(server, started.enter_context(_started(server, surroundings))) for server in servers]
        if _all_answer(running, ended):
            say(f"Answer as an invented social secretary:  http://{HOST}:{web}/s/{VISITOR_TOKEN}")
            say(f"Look at the results as an inspector:     http://{HOST}:{dashboard}")
            say("Everything is on this machine only. End with Ctrl-C.")
            while not ended.wait(_STEP):
                _refuse_ended(running)
    say("The demo has ended.")


def _surroundings(settings: Settings, folder: Path, url: str) -> Mapping[str, str]:
    """Return the environment of the servers: nothing of a real installation, only what the demo needs."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return inherited | {
        f"{PREFIX}DATA_DIR": str(folder.resolve()),
        f"{PREFIX}DATABASE_URL": url,
        f"{PREFIX}BASE_URL": f"http://{HOST}:{settings.web_port}",
        f"{PREFIX}WEB_PORT": str(settings.web_port),
        f"{PREFIX}DASHBOARD_PORT": str(settings.dashboard_port),
        f"{PREFIX}LANGUAGE": settings.language,
    }


def _refuse_taken(port: int, variable: str) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError:
            raise DemoError(
                f"Port {port} is taken: end the program that uses it, or set {variable} to another port"
            ) from None


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into an event for as long as the demo runs."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _started(server: _Server, surroundings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a session of its own, so that Ctrl-C reaches us alone, and end it with all its own."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
        server.command,
        cwd=Path(__file__).parent.parent,  # where Streamlit finds how the dashboard looks
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _all_answer(running: Sequence[tuple[_Server, subprocess.Popen[bytes]]], ended: threading.Event) -> bool:
    """Wait until every server answers and return True; False when told to end before."""
    deadline = time.monotonic() + PATIENCE
    waiting = [server for server, _ in running]
    while waiting:
        _refuse_ended(running)
        waiting = [server for server in waiting if not _answers(server)]
        if waiting and time.monotonic() > deadline:
            raise DemoError(f"The {waiting[0].name} does not answer after {PATIENCE:.0f} seconds: try again")
        if ended.wait(_STEP if waiting else 0):
            return False
    return True


def _refuse_ended(running: Sequence[tuple[_Server, subprocess.Popen[bytes]]]) -> None:
    for server, process in running:
        if process.poll() is not None:
            raise DemoError(
                f"The {server.name} ended by itself (code {process.returncode}): see its messages above"
            )


def _answers(server: _Server) -> bool:
    connection = HTTPConnection(HOST, server.port, timeout=2)
    try:
        connection.request("GET", server.health)
        return connection.getresponse().status == HTTPStatus.OK
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()
