"""The loop that makes contacts: every half minute the process that holds the lease looks what is due."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.archive import Archive
from bot.mail import SmtpChannel
from bot.mail_server import parse_sender, parse_server
from bot.web_door import utc_now
from fieldwork.claims import recover
from fieldwork.contacts import Channel, Sending, Tally, send_due
from fieldwork.deliveries import DeliveryFailed
from fieldwork.leases import SENDING, TERM, hold, let_go
from fieldwork.letters import Letter, render
from fieldwork.sample_letters import send_waiting
from fieldwork.settings import Settings, SettingsError

_log = logging.getLogger("granska.contacts")

PAUSE = timedelta(seconds=30)
"""The time between two looks at what is due."""

LONG_PAUSE = timedelta(minutes=5)
"""The same when the last look went wrong: somebody has to mend something first."""

BATCH = 1000
FAREWELL = 30.0
"""Seconds a letter on its way gets when the process ends."""


@dataclass(frozen=True)
class Rounds:
    """By which clock and how often it is looked what is due. Measurements let the days pass faster."""

    clock: Callable[[], datetime] = utc_now
    pause: timedelta = PAUSE


class MailChannel:
    """Letters by mail, worded and answered to the inspector whom they name."""

    def __init__(self, smtp: SmtpChannel) -> None:
        self._smtp = smtp

    def send(self, address: str, letter: Letter) -> None:
        """Send one letter. Raises as ``SmtpChannel.send``; the reason ``letter`` is that it has no words."""
        try:
            worded = render(letter)
        except (KeyError, ValueError):
            raise DeliveryFailed(permanent=False, reason="letter") from None
        self._smtp.send(address, worded, reply_to=letter.contact.mail)


@dataclass
class ContactsLoop:
    """Makes contacts over one archive. Every process may run one; the lease lets one of them send.

    ``smtp`` is None where no mail server is set; ``others`` are the channels beside mail, by name.
    """

    archive: Archive
    smtp: Callable[[], SmtpChannel] | None
    base_url: str
    clock: Callable[[], datetime] = utc_now
    fresh_token: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    holder: str = field(
        default_factory=lambda: f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
    )
    others: Mapping[str, Channel] = field(default_factory=dict)
    pause: timedelta = PAUSE
    ending: threading.Event = field(default_factory=threading.Event)
    _renewed: datetime | None = None

    def run(self) -> None:
        """Look and send until ``ending`` is set, then give the lease up."""
        pause = self.pause
        while not self.ending.wait(pause.total_seconds()):
            pause = self.pause
            try:
                self.round()
            except SettingsError as error:
                _log.error("no mail is sent: %s", error)
                pause = LONG_PAUSE
            except Exception as error:  # noqa: BLE001 - a loop that ends would send nothing more, unseen
                _log.error("a round of contacts failed: %s", type(error).__name__)
                pause = LONG_PAUSE
        with suppress(SQLAlchemyError):  # it runs out by itself
            self.archive.write_now(lambda session: let_go(session, SENDING, self.holder))

    def round(self) -> Tally:
        """Make the contacts that are due now; none where another process holds the lease.

        Raises SettingsError where no mail can be sent at all.
        """
        self._renewed = None
        if not self._may_go_on():
            return Tally()
        self.archive.write_now(lambda session: recover(session, self.clock()))
        if self.smtp is None:
            return self._send(self.others)
        with self.smtp() as smtp:
            return self._send({"mail": MailChannel(smtp), **self.others})

    def _send(self, channels: Mapping[str, Channel]) -> Tally:
        sending = Sending(
            read=self.archive.read,
            write=self.archive.write_now,
            channels=channels,
            clock=self.clock,
            fresh_token=self.fresh_token,
            base_url=self.base_url,
            may_go_on=self._may_go_on,
        )
        send_waiting(sending)
        return send_due(sending, BATCH)

    def _may_go_on(self) -> bool:
        """Tell whether to send one more: the lease is ours, renewed well before it runs out."""
        now = self.clock()
        if self.ending.is_set():
            return False
        if self._renewed is None or now - self._renewed >= TERM / 4:
            held = self.archive.write_now(lambda session: hold(session, SENDING, self.holder, now))
            self._renewed = now if held else None
        return self._renewed is not None


@contextmanager
def contacts_made(
    settings: Settings,
    archive: Archive,
    others: Mapping[str, Channel] | None = None,
    rounds: Rounds | None = None,
) -> Iterator[None]:
    """Make contacts in a thread of its own as long as this lasts, where there is a channel to make them by.

    ``others`` are the channels beside mail. Raises SettingsError where the settings cannot be used.
    """
    if not settings.smtp_url and not others:
        yield
        return
    smtp = None
    if settings.smtp_url:
        parse_server(settings.smtp_url)
        parse_sender(settings.mail_from)
        smtp = partial(SmtpChannel, settings.smtp_url, settings.mail_from)
    rounds = rounds or Rounds()
    loop = ContactsLoop(
        archive, smtp, settings.base_url, rounds.clock, others=others or {}, pause=rounds.pause
    )
    thread = threading.Thread(target=loop.run, name="contacts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.ending.set()
        thread.join(FAREWELL)


def mail_in_words(settings: Settings) -> str:
    """Say in one line whether invitations and reminders are mailed."""
    if settings.smtp_url:
        return f"Invitations and reminders are mailed by {parse_server(settings.smtp_url).host}."
    return "No mail is sent: set GRANSKA_SMTP_URL and GRANSKA_MAIL_FROM for invitations and reminders."
