"""A mail server as a process that keeps what it takes: `python tests/browser/mail_server.py FOLDER`.

It tells its port as soon as it listens. Everybody has a mailbox but one misspelt address.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

NOBODY = "felstavad@example.se"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/s/[\w-]+")


class Mailboxes:
    """What the server says to a letter: kept in a file, in the order of arrival, before it is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == NOBODY:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            number = len(list(self.folder.iterdir()))
            (self.folder / f"{number:04} {address}").write_bytes(bytes(envelope.content or b""))
        return "250 OK"


@dataclass
class Post:
    """A running mail server as a test sees it."""

    url: str
    folder: Path

    def letters(self) -> list[tuple[str, EmailMessage]]:
        """Every letter with its recipient, in the order of arrival."""
        return [
            (path.name.split()[1], message_from_bytes(path.read_bytes(), policy=default))
            for path in sorted(self.folder.iterdir())
        ]

    def last_to(self, address: str) -> EmailMessage:
        return [mail for recipient, mail in self.letters() if recipient == address][-1]

    def link(self, address: str) -> str:
        """The personal link in the last letter to an address."""
        body = self.last_to(address).get_body(("plain",))
        assert body is not None
        found = LINK.search(body.get_content())
        assert found is not None
        return found[0]


@contextmanager
def started(folder: Path) -> Iterator[Post]:
    """The mail server in a process of its own, its letters in a folder."""
    folder.mkdir()
    with subprocess.Popen([sys.executable, __file__, str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        try:
            yield Post(f"smtp://127.0.0.1:{port}", folder)
        finally:
            process.terminate()


async def serve(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Mailboxes(folder), loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
