"""A real mail server on a free port, and a letter to send."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.mail import SmtpChannel
from fieldwork.letters import Letter, LetterKind
from fieldwork.messages import ContactPerson

ANSWERS = {
    "okand@example.se": "550 5.1.1 okand@example.se does not exist",
    "nekad@example.se": "554 5.7.1 nekad@example.se: relaying denied",
    "gammaldags@example.se": "553 mailbox name not allowed",
    "upptagen@example.se": "451 4.3.0 try again, upptagen@example.se",
}
"""What the server says to some recipients; it takes everybody else."""


class MailServer:
    """What the server took, and over which connections."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.raw: list[bytes] = []
        self.connections: dict[object, Session] = {}
        """The last session of each connection; a new one begins with the protection."""
        self.sender_answer = "250 OK"
        self.content_answer = "250 OK"

    async def handle_EHLO(  # noqa: N802  named by aiosmtpd
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections[session.peer] = session
        return responses

    async def handle_MAIL(  # noqa: N802  likewise
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802  likewise
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in ANSWERS:
            return ANSWERS[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.content_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.raw.append(content)
            self.recipients += envelope.rcpt_tos
        return self.content_answer


@dataclass
class Running:
    """A running server: how to reach it, and what it took."""

    port: int
    took: MailServer
    trusted: ssl.SSLContext
    stop: Callable[[], None] = field(repr=False)

    def channel(self, scheme: str = "smtp", sign_in: str = "") -> SmtpChannel:
        return SmtpChannel(
            f"{scheme}://{sign_in}localhost:{self.port}",
            "Granska <granska@example.se>",
            timeout=timedelta(seconds=5),
            tls=self.trusted,
        )


def _signs_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    right = (data.login, data.password) == (b"granska", b"hemligt:@/ord")
    return AuthResult(success=right, handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(certified: trustme.CA, *, tls: str = "", **options: object) -> Iterator[Running]:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certified.issue_cert("localhost").configure_cert(server)
    trusted = ssl.create_default_context()
    certified.configure_trust(trusted)
    if tls == "starttls":
        options["tls_context"] = server
    took = MailServer()
    controller = Controller(
        took,
        hostname="127.0.0.1",
        port=_free_port(),
        ssl_context=server if tls == "tls" else None,
        authenticator=_signs_in,
        **options,
    )
    controller.start()
    stopping = ExitStack()
    stopping.callback(controller.stop)
    try:
        yield Running(controller.port, took, trusted, stopping.close)
    finally:
        stopping.close()


@pytest.fixture(scope="session")
def certified() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def relay(certified: trustme.CA) -> Iterator[Running]:
    with running(certified) as server:
        yield server


@pytest.fixture
def protected(certified: trustme.CA) -> Iterator[Running]:
    with running(certified, tls="starttls", require_starttls=True, auth_required=True) as server:
        yield server


@pytest.fixture
def start(certified: trustme.CA) -> Callable[..., AbstractContextManager[Running]]:
    def started(**options: object) -> AbstractContextManager[Running]:
        return running(certified, **options)

    return started


@pytest.fixture
def letter() -> Callable[..., Letter]:
    standing: dict[str, Any] = {
        "kind": LetterKind.INVITATION,
        "language": "sv",
        "title": "Granskning av ekonomiskt bistånd i Lindhagen",
        "contact": ContactPerson("Inga Inspektör", "08-508 00 000", "inga@example.se"),
        "promise": "confidential",
        "smallest_group": 5,
        "closes": date(2026, 12, 18),
        "minutes": 10,
        "purpose": "Vi vill veta hur du upplever ditt arbete.",
        "informed_on": date(2026, 11, 3),
        "informed_by": "Avdelningschefen",
        "link": "https://granska.example.se/s/3q8Zt0cJvT0Jm5bTnq1Dk2mQm5u0yqI9dV7hS1aXw4E",
        "unsubscribe": "https://granska.example.se/avsluta/9sYkq0dTnq1Dk2mQm5u0yqI9dV7hS1aXw4E3q8Zt0c",
    }

    def written(**changes: object) -> Letter:
        links = {"link": "", "unsubscribe": ""} if changes.get("kind") is LetterKind.THANKS else {}
        return Letter(**{**standing, **links, **changes})

    return written
