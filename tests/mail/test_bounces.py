"""Notifications of mails that did not arrive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldwork.bounces import NotABounce, read_bounces
from fieldwork.wording import words

REPORT = """\
From: Mail Delivery System <mailer-daemon@example.se>
To: granska@example.se
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="gräns"

--gräns
Content-Type: text/plain; charset=utf-8

Brevet kom inte fram.

--gräns
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.se
Arrival-Date: Tue, 3 Nov 2026 09:30:00 +0100

{groups}
--gräns
Content-Type: text/rfc822-headers

Subject: Inbjudan

--gräns--
"""


def report(*groups: str) -> bytes:
    return REPORT.format(groups="\n".join(groups)).replace("gräns", "grans").encode()


def group(
    action: str = "failed", status: str = "5.1.1", final: str = "rfc822; lh01@example.se", more: str = ""
) -> str:
    return f"Final-Recipient: {final}\n{more}Action: {action}\nStatus: {status}\n"


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "5.1.1", True),
        ("Failed", "5.1.10 (no such recipient)", True),
        ("failed", "5.0.0", True),
        ("failed", "5.2.2", False),
        ("failed", "5.7.1", False),
        ("failed", "4.4.7", False),
        ("delayed", "4.4.1", False),
        ("failed", "", False),
    ],
)
def test_a_bounce_says_whether_the_address_is_wrong(action: str, status: str, permanent: bool) -> None:
    [bounce] = read_bounces(report(group(action, status)))
    assert (bounce.recipient, bounce.permanent) == ("lh01@example.se", permanent)
    assert bounce.status == status.split(" ", maxsplit=1)[0]
    assert "lh01" not in repr(bounce)


def test_the_address_is_the_one_the_mail_was_sent_to() -> None:
    original = "Original-Recipient: rfc822;<LH01@Example.se>\n"
    forwarded = group(final="rfc822;someone@elsewhere.example", more=original)
    assert read_bounces(report(forwarded))[0].recipient == "LH01@example.se"


def test_every_recipient_that_was_not_reached_is_read() -> None:
    arrived = group("delivered", "2.0.0", "rfc822; lh02@example.se")
    several = report(group(), arrived, group(final="rfc822;lh03@example.se"))
    assert [bounce.recipient for bounce in read_bounces(several)] == [
        "lh01@example.se",
        "lh03@example.se",
    ]


def test_line_ends_of_the_wire_are_read_too() -> None:
    assert read_bounces(report(group()).replace(b"\n", b"\r\n"))[0].recipient == "lh01@example.se"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_report"),
        (b"PK\x03\x04\xff\xfe", "not_a_report"),
        (b"Subject: Automatic reply\n\nOn leave.", "not_a_report"),
        (report(), "not_a_report"),
        (report(group()).replace(b"message/delivery-status", b"text/plain"), "not_a_report"),
        (report(group("delivered", "2.0.0")), "delivered"),
        (report(group("relayed", "2.0.0")), "delivered"),
        (report(group(final="x400; c=se")), "no_address"),
        (report(group(final="rfc822; lh01")), "no_address"),
        (report(group(final="")), "no_address"),
    ],
)
def test_a_file_that_is_no_bounce_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(NotABounce) as refused:
        read_bounces(content)
    assert refused.value.code == code
    assert all(f"bounces.{code}" in words(language) for language in ("sv", "en"))


@given(st.binary(max_size=400), st.integers(0, 700), st.integers(0, 60))
def test_no_file_is_anything_but_read_or_refused(noise: bytes, at: int, gone: int) -> None:
    whole = report(group())
    try:
        bounces = read_bounces(whole[:at] + noise + whole[at + gone :])
    except NotABounce:
        return
    assert all("@" in bounce.recipient for bounce in bounces)
