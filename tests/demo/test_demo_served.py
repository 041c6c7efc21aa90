"""`granska demo` for real: its own processes, its own ports, its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PATIENCE = 90.0


@pytest.fixture
def ports() -> tuple[int, int]:
    """Two ports that were free a moment ago."""
    with socket.socket() as first, socket.socket() as second:
        for each in (first, second):
            each.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


@pytest.fixture
def demo(tmp_path: Path, ports: tuple[int, int]) -> Iterator[subprocess.Popen[str]]:
    settings = {
        "GRANSKA_DATA_DIR": str(tmp_path),
        "GRANSKA_WEB_PORT": str(ports[0]),
        "GRANSKA_DASHBOARD_PORT": str(ports[1]),
    }
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("granska")), "demo"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    yield process
    watch.cancel()
    process.terminate()
    process.wait(30)
    if process.stdout:
        process.stdout.close()


def said_until(process: subprocess.Popen[str], end: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if end in line:
            return said
    raise AssertionError(f"the demo ended before it said {end!r}: {said}")


def status(link: str) -> int:
    parts = urlsplit(link)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", parts.path or "/")
    found = connection.getresponse().status
    connection.close()
    return found


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_both_links_answer_and_the_demo_ends_cleanly(
    demo: subprocess.Popen[str], ports: tuple[int, int], end: signal.Signals
) -> None:
    said = said_until(demo, "Ctrl-C")
    chat, dashboard = re.findall(r"http://\S+", said)
    assert chat.startswith(f"http://127.0.0.1:{ports[0]}/s/")
    assert status(chat) == 303
    assert dashboard == f"http://127.0.0.1:{ports[1]}"
    assert status(dashboard) == 200
    demo.send_signal(end)
    assert demo.wait(30) == 0
    assert all(is_free(port) for port in ports)


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path, ports: tuple[int, int]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports[0]))
        taken.listen()
        ended = subprocess.run(
            [str(Path(sys.executable).with_name("granska")), "demo"],
            cwd=tmp_path,
            env={
                **os.environ,
                "GRANSKA_DATA_DIR": str(tmp_path),
                "GRANSKA_WEB_PORT": str(ports[0]),
                "GRANSKA_DASHBOARD_PORT": str(ports[1]),
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ended.returncode == 1
    assert f"Port {ports[0]} is taken" in ended.stderr
    assert "GRANSKA_WEB_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
