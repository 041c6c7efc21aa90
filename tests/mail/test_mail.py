"""Letters over a real mail server: what arrives, and what each refusal means."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Protocol

import pytest
from aiosmtpd.smtp import Session

from bot.mail import SmtpChannel
from bot.mail_server import MailSettingsError
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import Letter, LetterKind, RenderedLetter, render

SIGN_IN = "granska:hemligt%3A%40%2Ford@"
Letters = Callable[..., Letter]


class Took(Protocol):
    """What the server of the tests took, and what it answers."""

    mails: list[EmailMessage]
    recipients: list[str]
    raw: list[bytes]
    connections: dict[object, Session]
    sender_answer: str
    content_answer: str


class Running(Protocol):
    """The server of the tests."""

    port: int
    took: Took

    def channel(self, scheme: str = "smtp", sign_in: str = "") -> SmtpChannel: ...

    def stop(self) -> None: ...


Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def invitation(letter: Letters) -> RenderedLetter:
    return render(letter())


def failure(channel: SmtpChannel, address: str, letter: RenderedLetter, **options: object) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        channel.send(address, letter, **options)
    assert address not in str(failed.value)
    return failed.value


def test_a_relay_gets_the_letter_with_both_versions(relay: Running, invitation: RenderedLetter) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", invitation, reply_to="inga@example.se", headers={"X-Granska": "1"})
    [mail] = relay.took.mails
    assert relay.took.recipients == ["lh01@example.se"]
    assert mail["Subject"] == invitation.subject
    assert mail["From"] == "Granska <granska@example.se>"
    assert mail["To"] == "lh01@example.se"
    assert mail["Reply-To"] == "inga@example.se"
    assert mail["Content-Language"] == "sv"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Granska"] == "1"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == invitation.plain
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == invitation.html.rstrip("\n")


def test_a_letter_can_be_stopped_by_one_post(relay: Running, invitation: RenderedLetter) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", invitation)
    [mail] = relay.took.mails
    whole = f"\r\nList-Unsubscribe: <{invitation.unsubscribe}>\r\n"
    assert whole.encode() in relay.took.raw[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Reply-To" not in mail


def test_a_thank_you_has_nothing_to_stop(relay: Running, letter: Letters) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", render(letter(kind=LetterKind.THANKS)))
    assert "List-Unsubscribe" not in relay.took.mails[0]


def test_every_letter_has_a_number_of_its_own_and_the_present_time(
    relay: Running, invitation: RenderedLetter
) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", invitation)
        channel.send("lh02@example.se", invitation)
    numbers = {mail["Message-ID"] for mail in relay.took.mails}
    assert len(numbers) == 2
    assert all(number.endswith("@example.se>") for number in numbers)
    written = parsedate_to_datetime(relay.took.mails[0]["Date"])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


def test_a_batch_shares_one_connection(relay: Running, invitation: RenderedLetter) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", invitation)
        assert failure(channel, "okand@example.se", invitation).permanent
        assert failure(channel, "upptagen@example.se", invitation).reason == "busy"
        channel.send("lh02@example.se", invitation)
    assert relay.took.recipients == ["lh01@example.se", "lh02@example.se"]
    assert len(relay.took.connections) == 1


def test_a_sign_in_over_starttls(protected: Running, invitation: RenderedLetter) -> None:
    with protected.channel("smtp+starttls", SIGN_IN) as channel:
        channel.send("lh01@example.se", invitation)
    [session] = protected.took.connections.values()
    assert session.ssl is not None
    assert session.authenticated
    assert protected.took.recipients == ["lh01@example.se"]


def test_a_connection_protected_from_the_start(start: Start, invitation: RenderedLetter) -> None:
    with start(tls="tls", auth_require_tls=False) as server, server.channel("smtps", SIGN_IN) as channel:
        channel.send("lh01@example.se", invitation)
    assert server.took.recipients == ["lh01@example.se"]


@pytest.mark.parametrize(
    ("address", "permanent", "reason"),
    [
        ("okand@example.se", True, "refused"),
        ("gammaldags@example.se", True, "refused"),
        ("nekad@example.se", False, "policy"),
        ("upptagen@example.se", False, "busy"),
    ],
)
def test_an_answer_about_the_recipient_is_told_apart(
    relay: Running, invitation: RenderedLetter, address: str, permanent: bool, reason: str
) -> None:
    with relay.channel() as channel:
        failed = failure(channel, address, invitation)
    assert (failed.permanent, failed.reason, failed.unknown) == (permanent, reason, False)
    assert (failed.retry_after is None) == permanent


@pytest.mark.parametrize(("answer", "reason"), [("452 4.3.1 full", "busy"), ("554 5.6.0 spam", "content")])
def test_a_refused_letter_says_nothing_about_the_address(
    relay: Running, invitation: RenderedLetter, answer: str, reason: str
) -> None:
    relay.took.content_answer = answer
    with relay.channel() as channel:
        failed = failure(channel, "lh01@example.se", invitation)
        assert (failed.permanent, failed.reason, failed.unknown) == (False, reason, False)
        relay.took.content_answer = "250 OK"
        channel.send("lh01@example.se", invitation)
    assert len(relay.took.mails) == 1


def test_a_server_that_is_busy_with_the_sender_is_tried_later(
    relay: Running, invitation: RenderedLetter
) -> None:
    relay.took.sender_answer = "421 4.3.2 closing"
    with relay.channel() as channel:
        assert failure(channel, "lh01@example.se", invitation).reason == "busy"
        relay.took.sender_answer = "250 OK"
        channel.send("lh01@example.se", invitation)


def test_a_refused_sender_is_a_fault_of_the_settings(relay: Running, invitation: RenderedLetter) -> None:
    relay.took.sender_answer = "553 5.7.1 not you"
    with relay.channel() as channel, pytest.raises(MailSettingsError, match="GRANSKA_MAIL_FROM"):
        channel.send("lh01@example.se", invitation)


def test_a_refused_sign_in_is_a_fault_of_the_settings(protected: Running, invitation: RenderedLetter) -> None:
    channel = protected.channel("smtp+starttls", "granska:fel@")
    with channel, pytest.raises(MailSettingsError, match="refused the sign-in") as refused:
        channel.send("lh01@example.se", invitation)
    assert "fel@" not in str(refused.value)


def test_a_server_that_wants_a_sign_in_and_gets_none_is_a_fault_of_the_settings(
    protected: Running, invitation: RenderedLetter
) -> None:
    channel = protected.channel("smtp+starttls")
    with channel, pytest.raises(MailSettingsError, match="needs a user and a password"):
        channel.send("lh01@example.se", invitation)


def test_a_server_without_starttls_gets_no_letter(relay: Running, invitation: RenderedLetter) -> None:
    with relay.channel("smtp+starttls") as channel, pytest.raises(MailSettingsError, match="no STARTTLS"):
        channel.send("lh01@example.se", invitation)
    assert relay.took.mails == []


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp+starttls"), ("tls", "smtps")])
def test_a_server_with_an_unknown_certificate_gets_no_letter(
    start: Start, invitation: RenderedLetter, tls: str, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    with start(tls=tls) as server:
        channel = SmtpChannel(f"{scheme}://localhost:{server.port}", "granska@example.se")
        with pytest.raises(MailSettingsError, match="could not be verified"):
            channel.send("lh01@example.se", invitation)
    assert server.took.mails == []


def test_a_server_that_has_gone_is_tried_later(relay: Running, invitation: RenderedLetter) -> None:
    with relay.channel() as channel:
        channel.send("lh01@example.se", invitation)
        relay.stop()
        for _ in range(2):
            failed = failure(channel, "lh02@example.se", invitation)
            assert (failed.permanent, failed.reason, failed.unknown) == (False, "connection", False)
            assert failed.retry_after


@contextmanager
def script(*answers: str) -> Iterator[int]:
    """A server that greets, gives these answers in turn, and says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as asked:
                connection.sendall(b"220 ready\r\n")
                for answer in answers:
                    asked.readline()
                    connection.sendall(f"{answer}\r\n".encode())
                asked.read() if answers[-1].startswith("354") else asked.readline()

        serving = threading.Thread(target=serve)
        serving.start()
        yield listening.getsockname()[1]
        serving.join(timeout=5)


@pytest.mark.parametrize(
    ("answers", "unknown"),
    [
        (("250 hej",), False),
        (("250 hej", "250 OK"), False),
        (("250 hej", "250 OK", "250 OK", "354 go on"), True),
    ],
)
def test_a_server_that_falls_silent_is_not_waited_for(
    invitation: RenderedLetter, answers: tuple[str, ...], unknown: bool
) -> None:
    with script(*answers) as port:
        channel = SmtpChannel(
            f"smtp://127.0.0.1:{port}", "granska@example.se", timeout=timedelta(milliseconds=300)
        )
        failed = failure(channel, "lh01@example.se", invitation)
        channel.close()
    assert (failed.permanent, failed.reason, failed.unknown) == (False, "connection", unknown)


@pytest.mark.parametrize(
    "address", ["", "lh01", "a@b", "a b@example.se", "a@example.se\r\nBcc: b@example.se"]
)
def test_what_is_no_address_is_never_sent(relay: Running, invitation: RenderedLetter, address: str) -> None:
    with relay.channel() as channel, pytest.raises(DeliveryFailed, match="not_an_address") as failed:
        channel.send(address, invitation)
    assert failed.value.permanent
    assert not relay.took.connections


def test_a_header_with_a_line_break_is_never_sent(relay: Running, letter: Letters) -> None:
    rendered = render(letter())
    split = RenderedLetter("Hej\r\nBcc: alla@example.se", "a", "b", "sv")
    with relay.channel() as channel:
        assert failure(channel, "lh01@example.se", split).reason == "unsafe_header"
        for headers in (
            {"X-A": "1\nBcc: b@example.se"},
            {"X-A: 1\r\nBcc": "b@example.se"},
            {"X-A": "\u2028"},
        ):
            assert failure(channel, "lh01@example.se", rendered, headers=headers).reason == "unsafe_header"
        reply_to = "inga@example.se\r\nBcc: b@example.se"
        assert failure(channel, "lh01@example.se", rendered, reply_to=reply_to).reason == "reply_to"
    assert not relay.took.connections


def test_no_address_reaches_a_log(
    relay: Running, invitation: RenderedLetter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, "mail.log")  # the log of the server that the tests run
    with relay.channel() as channel:
        failure(channel, "okand@example.se", invitation)
        channel.send("lh01@example.se", invitation)
    assert "example.se" not in caplog.text


def test_the_settings_are_checked_before_anything_is_sent() -> None:
    manager: AbstractContextManager[SmtpChannel] = SmtpChannel(
        "smtp://relay.example.se", "granska@example.se"
    )
    with manager as channel:
        channel.close()
    with pytest.raises(MailSettingsError, match="GRANSKA_MAIL_FROM is not set"):
        SmtpChannel("smtp://relay.example.se", "")
