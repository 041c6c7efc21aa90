"""How long the bot process takes to answer its first request, how much memory it holds, and what it loads."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from models.database import migrate

RUNS = 5
GOAL_SECONDS = 1.5
GOAL_MEGABYTES = 120
UNWANTED = ("pandas", "altair", "streamlit")
_LOADED = f"import sys, bot.cli, bot.app; print(*[name for name in {UNWANTED} if name in sys.modules])"


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until the first answer, resident megabytes right after it."""

    seconds: float
    megabytes: float


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_once(folder: Path) -> Start:
    """Start ``granska bot`` on the database in ``folder``, wait for its first answer, and end it."""
    port = _free_port()
    surroundings = {**os.environ, "GRANSKA_DATA_DIR": str(folder), "GRANSKA_WEB_PORT": str(port)}
    command = [sys.executable, "-c", "from bot.cli import main; main()", "bot"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=surroundings, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"the bot ended by itself (code {process.returncode})")
        seconds = time.perf_counter() - begun
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    finally:
        process.terminate()
        process.wait(10)
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return Start(seconds, int(resident.split()[1]) / 1024)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def unwanted() -> str:
    """Return the libraries of the dashboard that the bot process loads: none, it is hoped."""
    found = subprocess.run([sys.executable, "-c", _LOADED], check=True, capture_output=True, text=True)
    return found.stdout.strip()


def measure() -> list[Start]:
    """Return ``RUNS`` starts on a database that is there already."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/granska.db")
        return [start_once(Path(folder)) for _ in range(RUNS)]


def run() -> None:
    """Print the medians beside the goals."""
    starts = measure()
    seconds = statistics.median(start.seconds for start in starts)
    megabytes = statistics.median(start.megabytes for start in starts)
    print(
        f"start of the bot process to its first answer: {seconds:.2f} s (goal < {GOAL_SECONDS} s), "
        f"memory {megabytes:.0f} MB (goal < {GOAL_MEGABYTES} MB), medians of {RUNS} runs; "
        f"pandas, altair, streamlit loaded: {unwanted() or 'none'}"
    )


if __name__ == "__main__":
    run()
