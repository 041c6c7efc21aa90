"""One mail as it goes over the wire: headers and the two versions of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from fieldwork.letters import RenderedLetter

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


class UnsafeHeader(ValueError):  # noqa: N818  the name says what was found
    """A header holds a line break or another control character. The text holds no content."""


class _Policy(EmailPolicy):
    """The standard policy, but a web address stays whole.

    The standard library folds a long word by encoding it (RFC 2047), which no mail program decodes in
    List-Unsubscribe.
    """

    def fold(self, name: str, value: str) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self._whole(name, value).encode("ascii") or super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == "List-Unsubscribe" else ""


_POLICY = _Policy(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length)


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom, to whom and when; ``reply_to`` may be empty."""

    sender: Address
    address: str
    reply_to: str
    message_id: str
    at: datetime


def compose(letter: RenderedLetter, envelope: Envelope, headers: Mapping[str, str]) -> EmailMessage:
    """Return the mail, with ``headers`` beside its own. Raises UnsafeHeader."""
    message = EmailMessage(policy=_POLICY)
    for name, value in (*_headers(letter, envelope).items(), *headers.items()):
        if not _HEADER_NAME.fullmatch(name) or _UNSAFE.search(value):
            raise UnsafeHeader("a header of a mail holds a control character")
        message[name] = value
    message.set_content(letter.plain, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # Last, since making alternatives moves every Content- header to the first of them.
    message["Content-Language"] = letter.language
    return message


def _headers(letter: RenderedLetter, envelope: Envelope) -> Mapping[str, str]:
    return {
        "From": str(envelope.sender),
        "To": envelope.address,
        "Subject": letter.subject,
        "Message-ID": envelope.message_id,
        "Date": format_datetime(envelope.at),
        **({"Reply-To": envelope.reply_to} if envelope.reply_to else {}),
        "Auto-Submitted": "auto-generated",
        # Exchange answers automatic mail with absences unless it is told not to.
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **(_stopping(letter.unsubscribe) if letter.unsubscribe else {}),
    }


def _stopping(unsubscribe: str) -> Mapping[str, str]:
    """Return how a mail program stops the mails by one POST (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
