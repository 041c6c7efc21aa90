"""The mail channel: letters over SMTP, one connection for a whole batch.

No address and no line of the server ever reaches an exception text, so none can reach a log.
"""

from __future__ import annotations

import secrets
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from bot.mail_connection import LATER, SOON, address_letter, connect, is_alive, reset
from bot.mail_message import Envelope, UnsafeHeader, compose
from bot.mail_server import MailServer, MailSettingsError, parse_sender, parse_server
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import RenderedLetter
from fieldwork.mail_addresses import mail_address

TIMEOUT = timedelta(seconds=20)


class SmtpChannel:
    """Sends letters by one mail server. Connects at the first letter; for one thread at a time.

    ``with SmtpChannel(...) as channel`` ends the connection after the batch. Certificates are always
    verified: ``tls`` replaces the authorities that the system trusts. Raises MailSettingsError for settings
    that cannot be used.
    """

    def __init__(
        self, url: str, sender: str, *, timeout: timedelta = TIMEOUT, tls: ssl.SSLContext | None = None
    ) -> None:
        self._server: MailServer = parse_server(url)
        self._sender = parse_sender(sender)
        self._timeout = timeout.total_seconds()
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(
        self,
        address: str,
        letter: RenderedLetter,
        *,
        reply_to: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Hand one letter over to the mail server.

        Raises DeliveryFailed with the reason ``not_an_address``, ``reply_to`` (no address either),
        ``unsafe_header``, ``refused`` (the server will not take this address), ``policy`` (it will not take
        our mail to it), ``content``, ``busy`` or ``connection``; MailSettingsError when no letter at all can
        be sent.
        """
        recipient, answers = mail_address(address), mail_address(reply_to)
        if recipient is None:
            raise DeliveryFailed(permanent=True, reason="not_an_address")
        if reply_to and answers is None:
            raise DeliveryFailed(permanent=False, reason="reply_to")
        envelope = Envelope(
            sender=self._sender,
            address=recipient,
            reply_to=answers or "",
            message_id=f"<{secrets.token_hex(16)}@{self._sender.domain}>",
            at=datetime.now(UTC),
        )
        try:
            message = compose(letter, envelope, headers or {})
        except UnsafeHeader:
            raise DeliveryFailed(permanent=False, reason="unsafe_header") from None
        self._hand_over(recipient, message.as_bytes())

    def close(self) -> None:
        """End the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _hand_over(self, recipient: str, content: bytes) -> None:
        connection = self._connected()
        try:
            address_letter(connection, self._sender.addr_spec, recipient)
        except DeliveryFailed:
            self._start_over()
            raise
        except MailSettingsError:
            self.close()
            raise
        except (OSError, smtplib.SMTPException):
            self._drop()
            raise DeliveryFailed(permanent=False, reason="connection", retry_after=SOON) from None
        code = self._write(connection, content)
        if code != 250:
            self._start_over()
            raise DeliveryFailed(
                permanent=False, reason="busy" if code < 500 else "content", retry_after=LATER
            )

    def _write(self, connection: smtplib.SMTP, content: bytes) -> int:
        """Return the server's answer to the letter itself; without one, nobody knows whether it arrived."""
        try:
            return connection.data(content)[0]
        except smtplib.SMTPDataError as refused:
            return refused.smtp_code
        except (OSError, smtplib.SMTPException):
            self._drop()
            raise DeliveryFailed(permanent=False, reason="connection", unknown=True) from None

    def _connected(self) -> smtplib.SMTP:
        """Return a living connection: the one in use, or a new one where the server has hung up."""
        if self._connection is not None and not is_alive(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = connect(self._server, self._timeout, self._tls)
        return self._connection

    def _start_over(self) -> None:
        """Make the connection ready for the next letter, or give it up."""
        if self._connection is not None and not reset(self._connection):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
