"""A connection to the mail server: protected and signed in as the settings say, never less."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import timedelta

from bot.mail_server import MailServer, MailSettingsError, Security
from fieldwork.deliveries import DeliveryFailed

SOON = timedelta(minutes=5)
"""How long to wait after a broken connection."""
LATER = timedelta(minutes=30)
"""How long to wait when the server asks us to come back."""

_ABOUT_US = re.compile(rb"5\.7\.\d{1,3}\b")


def address_letter(connection: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Say from whom and to whom.

    Raises DeliveryFailed or MailSettingsError for what the server answers; OSError or SMTPException where it
    is gone.
    """
    code, _ = connection.mail(sender)
    if code >= 500:
        raise MailSettingsError(
            f"the mail server does not accept the sender (answer {code}): check GRANSKA_MAIL_FROM, and "
            "whether GRANSKA_SMTP_URL needs a user and a password"
        )
    if code != 250:
        raise DeliveryFailed(permanent=False, reason="busy", retry_after=LATER)
    code, answer = connection.rcpt(recipient)
    if code in {250, 251}:
        return
    if code < 500:
        raise DeliveryFailed(permanent=False, reason="busy", retry_after=LATER)
    # 5.7.x is about us (relaying denied, blocked sender): the address itself may well be right.
    about_us = _ABOUT_US.match(answer) is not None
    raise DeliveryFailed(
        permanent=not about_us,
        reason="policy" if about_us else "refused",
        retry_after=LATER if about_us else None,
    )


def connect(server: MailServer, timeout: float, tls: ssl.SSLContext) -> smtplib.SMTP:
    """Return a new connection; raise DeliveryFailed, or MailSettingsError where trying again is of no use."""
    try:
        return _sign_in(server, _open(server, timeout, tls))
    except ssl.SSLCertVerificationError:
        raise MailSettingsError(
            "the certificate of the mail server could not be verified: check the host in GRANSKA_SMTP_URL, "
            "or install the certificate authority on this machine"
        ) from None
    except (OSError, smtplib.SMTPException):
        raise DeliveryFailed(permanent=False, reason="connection", retry_after=SOON) from None


def _open(server: MailServer, timeout: float, tls: ssl.SSLContext) -> smtplib.SMTP:
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=tls)
    connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
    if server.security is Security.STARTTLS:
        try:
            connection.starttls(context=tls)
        except smtplib.SMTPNotSupportedError:
            connection.close()
            raise MailSettingsError(
                "the mail server offers no STARTTLS: check the host and the port in GRANSKA_SMTP_URL"
            ) from None
        except BaseException:
            connection.close()
            raise
    return connection


def _sign_in(server: MailServer, connection: smtplib.SMTP) -> smtplib.SMTP:
    try:
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
    except smtplib.SMTPNotSupportedError:
        connection.close()
        raise MailSettingsError(
            "the mail server offers no sign-in: leave out user and password in GRANSKA_SMTP_URL"
        ) from None
    except smtplib.SMTPAuthenticationError as refused:
        connection.close()
        if refused.smtp_code < 500:
            raise DeliveryFailed(permanent=False, reason="busy", retry_after=LATER) from None
        raise MailSettingsError(
            "the mail server refused the sign-in: check user and password in GRANSKA_SMTP_URL"
        ) from None
    except BaseException:
        connection.close()
        raise
    return connection


def is_alive(connection: smtplib.SMTP) -> bool:
    """Tell whether the server is still there."""
    try:
        return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def reset(connection: smtplib.SMTP) -> bool:
    """Give up the letter begun; False where the connection is of no more use."""
    try:
        return connection.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False
