"""Starting the doors: the web chat in this process, the dashboard in one of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.app import serve_web
from fieldwork.settings import Settings, surroundings
from models.database import migrate

HOST = "127.0.0.1"
ROOT = Path(__file__).parent.parent
"""Where Streamlit finds ``.streamlit/config.toml``: how the dashboard looks."""

DASHBOARD = ROOT / "dashboard" / "asgi.py"
FAREWELL = 10.0
"""Seconds the dashboard gets to end by itself."""


def dashboard_command(port: int) -> Sequence[str]:
    """Return the command that serves the dashboard on this machine only."""
    options = {
        "server.address": HOST,
        "server.port": port,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return (sys.executable, "-m", "streamlit", "run", str(DASHBOARD), *flags)


def serve_dashboard(settings: Settings) -> int:
    """Serve the dashboard until it ends; return its exit code."""
    migrate(settings.database_url, settings.backup_dir)
    with _dashboard(settings) as process:
        return process.wait()


def serve_everything(settings: Settings) -> None:
    """Serve web chat and dashboard until the process is asked to end; the dashboard then ends too."""
    migrate(settings.database_url, settings.backup_dir)
    with _dashboard(settings):
        serve_web(settings)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl-C does, so that what was started is ended too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _dashboard(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
        dashboard_command(settings.dashboard_port), cwd=ROOT, env=surroundings(settings)
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
