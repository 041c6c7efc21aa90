from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_both_doors_and_ends_both(tmp_path: Path, ended_by: signal.Signals) -> None:
    web, dashboard = free_port(), free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GRANSKA_")}
    ports = {"GRANSKA_WEB_PORT": str(web), "GRANSKA_DASHBOARD_PORT": str(dashboard)}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("granska"), "run"],
        cwd=tmp_path,
        env=clean | ports,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            if answers(web, "/healthz") and answers(dashboard, "/_stcore/health"):
                break
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        else:
            pytest.fail("the doors do not answer")
    finally:
        process.send_signal(ended_by)
        code = process.wait(30)
    assert code == 0
    assert not answers(web, "/healthz")
    assert not answers(dashboard, "/_stcore/health")
