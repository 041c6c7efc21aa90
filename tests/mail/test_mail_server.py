"""The mail settings, and what counts as an address."""

from __future__ import annotations

import pytest

from bot.mail_server import MailServer, MailSettingsError, Security, parse_sender, parse_server
from fieldwork.mail_addresses import mail_address


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relay", MailServer("relay", 25, Security.NONE)),
        ("smtp://relay:2525/", MailServer("relay", 2525, Security.NONE)),
        ("smtp://[::1]:25", MailServer("::1", 25, Security.NONE)),
        ("smtp+starttls://relay.example.se", MailServer("relay.example.se", 587, Security.STARTTLS)),
        (
            "smtp+starttls://inga%40example.se:p%3Aq%40@relay.example.se:588",
            MailServer("relay.example.se", 588, Security.STARTTLS, "inga@example.se", "p:q@"),
        ),
        ("smtps://u:p@relay", MailServer("relay", 465, Security.TLS, "u", "p")),
    ],
)
def test_an_address_of_a_mail_server_is_read(url: str, server: MailServer) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://relay", "must begin with smtp://"),
        ("relay:25", "must begin with smtp://"),
        ("smtp://", "names no host"),
        ("smtp://relay:port", "a port or a host that cannot be read"),
        ("smtp://relay:70000", "a port or a host that cannot be read"),
        ("smtp+starttls://u:hemligt/ord@relay", "cannot be read"),
        ("smtp://relay/mail", "must end after the host and the port"),
        ("smtp://relay?tls=no", "must end after the host and the port"),
        ("smtp+starttls://hemligt@relay", "both a user and a password"),
        ("smtp+starttls://:hemligt@relay", "both a user and a password"),
        ("smtp://u:hemligt@relay", "without encryption"),
        ("smtps://u:hemligt%C3%A5@relay", "letters outside ASCII"),
    ],
)
def test_an_unusable_address_of_a_mail_server_is_refused_without_being_told(url: str, problem: str) -> None:
    with pytest.raises(MailSettingsError, match=problem) as refused:
        parse_server(url)
    assert "hemligt" not in str(refused.value)
    assert refused.value.problems == (str(refused.value),)


def test_a_password_is_never_shown() -> None:
    assert "hemligt" not in repr(parse_server("smtps://u:hemligt@relay"))


def test_a_sender_is_an_address_with_or_without_a_name() -> None:
    assert str(parse_sender("granska@example.se")) == "granska@example.se"
    assert (
        str(parse_sender("Granska, Stockholm <granska@example.se>"[9:])) == "Stockholm <granska@example.se>"
    )
    assert parse_sender('"Granska i stan" <granska@example.se>').display_name == "Granska i stan"


@pytest.mark.parametrize("text", ["granska", "Granska <>", "a@example.se\r\nBcc: b@example.se", "x <a@b>"])
def test_an_unusable_sender_is_refused(text: str) -> None:
    with pytest.raises(MailSettingsError, match="is no mail address"):
        parse_sender(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" inga.inspektor@Example.SE ", "inga.inspektor@example.se"),
        ("o'hara+test@example.se", "o'hara+test@example.se"),
        ("namn@ålstad.se", "namn@xn--lstad-lra.se"),
    ],
)
def test_an_address_is_written_as_it_is_sent_to(text: str, address: str) -> None:
    assert mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "inga",
        "@example.se",
        "inga@",
        "inga@example",
        "inga@@example.se",
        "inga@example..se",
        "inga@.se",
        "inga@-example.se",
        ".inga@example.se",
        "inga..i@example.se",
        "ingå@example.se",
        "inga i@example.se",
        "inga@exa mple.se",
        "inga@example.se, per@example.se",
        "Inga <inga@example.se>",
        '"inga i"@example.se',
        "inga@example.se\nBcc: per@example.se",
        "inga@example.se\x00",
        "a" * 65 + "@example.se",
        "inga@" + "a" * 64 + ".se",
        "inga@" + "a." * 130 + "se",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert mail_address(text) is None
