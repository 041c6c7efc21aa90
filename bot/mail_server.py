"""Which mail server to use and how: ``GRANSKA_SMTP_URL`` and ``GRANSKA_MAIL_FROM`` read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from fieldwork.mail_addresses import mail_address
from fieldwork.settings import SettingsError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class MailSettingsError(SettingsError):
    """The mail settings cannot be used: no mail can be sent until somebody mends them."""

    def __init__(self, problem: str) -> None:
        super().__init__((problem,))


class Security(StrEnum):
    """How the connection is protected; the value is the scheme of the address."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


DEFAULT_PORTS: Mapping[Security, int] = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how to sign in to it; without a user there is no sign-in."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def parse_server(url: str) -> MailServer:
    """Return the mail server of ``GRANSKA_SMTP_URL``; raise MailSettingsError without its content.

    User and password may be percent-encoded. A sign-in needs a protected connection.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MailSettingsError(
            "GRANSKA_SMTP_URL has a port or a host that cannot be read: write it as host:587, and "
            "percent-encode / : @ # ? and [ in the password"
        ) from None
    if parts.scheme not in DEFAULT_PORTS:
        raise MailSettingsError("GRANSKA_SMTP_URL must begin with smtp://, smtp+starttls:// or smtps://")
    return _server(parts, Security(parts.scheme), port)


def _server(parts: SplitResult, security: Security, port: int | None) -> MailServer:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not parts.hostname:
        raise MailSettingsError("GRANSKA_SMTP_URL names no host: write for example smtp://relay.example.se")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise MailSettingsError(
            "GRANSKA_SMTP_URL must end after the host and the port; percent-encode / ? and # in the password"
        )
    if bool(user) != bool(password):
        raise MailSettingsError("GRANSKA_SMTP_URL must hold both a user and a password, or neither")
    if user and security is Security.NONE:
        raise MailSettingsError(
            "GRANSKA_SMTP_URL signs in without encryption: begin it with smtp+starttls:// or smtps://"
        )
    if not (user + password).isascii():
        raise MailSettingsError("GRANSKA_SMTP_URL has a user or a password with letters outside ASCII")
    return MailServer(parts.hostname, port or DEFAULT_PORTS[security], security, user, password)


def parse_sender(text: str) -> Address:
    """Return the sender of ``GRANSKA_MAIL_FROM``: an address, or ``Name <address>``."""
    name, found = parseaddr(text)
    address = mail_address(found)
    if not text.strip():
        raise MailSettingsError("GRANSKA_MAIL_FROM is not set: give the address that mails are sent from")
    if address is None or _CONTROL.search(text):
        raise MailSettingsError(
            "GRANSKA_MAIL_FROM is no mail address: write name@example.se or Name <name@example.se>"
        )
    return Address(name, addr_spec=address)
