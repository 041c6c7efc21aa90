"""A PostgreSQL server of the tests' own: a cluster in a folder of its own, on a free port of this machine."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ACCOUNT = "postgres"
"""Who runs the server where the tests are run by root, which PostgreSQL refuses."""

PATIENCE = 30.0
TEMPLATE = "migrated"


def programs() -> Path:
    """Return the folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    assert found, "PostgreSQL is not installed: run 'bash .ci/system_packages postgres'"
    return found[-1]


def _as_account(*words: str) -> list[str]:
    """Return a command run by an ordinary account, which ends with the process that started it."""
    account = ["--reuid", ACCOUNT, "--regid", ACCOUNT, "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *account, "--pdeathsig", "QUIT", *words]


class Server:
    """One server. Databases are made from a template, so that migrations run once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.password = secrets.token_hex(16)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def initialise(self) -> None:
        """Make the cluster; its words are sorted as in Swedish, which a program must not depend on."""
        password = self.folder / "password"
        password.write_text(self.password)
        if os.geteuid() == 0:
            for path in (self.folder, password):
                shutil.chown(path, ACCOUNT, ACCOUNT)
        how = ("--auth=password", f"--pwfile={password}", "--username=granska", "--no-sync")
        words = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=sv-SE")
        command = _as_account(str(programs() / "initdb"), f"--pgdata={self.data}", *how, *words)
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        """Start on the port it had, or on a free one, and wait until it answers."""
        for _ in range(5):
            port = self.port or _free_port()
            if self._answers(port):
                self.port = port
                return
        log = (self.folder / "log").read_text(encoding="utf-8")
        raise RuntimeError(f"PostgreSQL does not start:\n{log}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT as an administrator does, SIGQUIT as if it had crashed."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://granska:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url(), autocommit=True, connect_timeout=5)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Lend out the address of a database of its own."""
        self._made += 1
        name = f"test_{self._made}"
        with self.connect() as connection:
            self.make(connection, name, template)
        yield self.url(name)
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def make(self, connection: psycopg.Connection, name: str, template: str = "template0") -> None:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())

    def _answers(self, port: int) -> bool:
        """Start it; tell whether it was it that answered, since anybody may have taken the port."""
        quick = ("fsync=off", "full_page_writes=off", "autovacuum=off")
        how = (*quick, "listen_addresses=127.0.0.1", f"port={port}")
        given = [word for each in (*how, f"unix_socket_directories={self.folder}") for word in ("-c", each)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                _as_account(str(programs() / "postgres"), "-D", str(self.data), *given),
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self.port, until = port, time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < until:
            try:
                with self.connect() as connection:
                    row = connection.execute("SHOW data_directory").fetchone()
            except psycopg.OperationalError:
                time.sleep(0.02)
                continue
            if row == (str(self.data),):
                return True
            break
        self.stop(signal.SIGQUIT)
        self.port = 0
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Server]:
    """A server that is gone, with all it held, when it is no longer needed."""
    folder = Path(tempfile.mkdtemp(prefix="granska-postgres-"))
    server = Server(folder)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)
        shutil.rmtree(folder)
