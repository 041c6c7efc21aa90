"""Bounces: what a delivery status notification (RFC 3464) says about the addresses it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from fieldwork.mail_addresses import mail_address

_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.2|7\.\d+)")
"""Final refusals of addresses that may well be right: a full mailbox, and rules against the sender."""


class NotABounce(ValueError):  # noqa: N818  named for what the file is
    """The file names no address that was not reached. ``code`` is a key of the catalogue's ``bounces``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail did not reach.

    ``permanent``: the address takes no mail, now or later. ``status`` is the code of RFC 3463, 5.1.1 for
    example, or empty where the notification has none.
    """

    recipient: str = field(repr=False)
    permanent: bool
    status: str


def read_bounces(content: bytes) -> tuple[Bounce, ...]:
    """Return the addresses that a notification, as a saved mail (.eml), says were not reached.

    Raises NotABounce: ``not_a_report`` for anything but a delivery status notification, ``delivered`` where
    it reports no failure, ``no_address`` where it names no address that can be read.
    """
    mail = message_from_bytes(content, policy=compat32)
    blocks = [block for part in mail.walk() for block in _recipients(part)]
    if not blocks:
        raise NotABounce("not_a_report")
    missed = [block for block in blocks if _word(block, "Action") in {"failed", "delayed"}]
    if not missed:
        raise NotABounce("delivered")
    read = [_bounce(block) for block in missed]
    bounces = tuple(bounce for bounce in read if bounce is not None)
    if not bounces:
        raise NotABounce("no_address")
    return bounces


def _recipients(part: Message) -> Iterator[Message]:
    """Yield the groups of fields about one recipient each; the first group is about the whole mail."""
    if part.get_content_type() != "message/delivery-status":
        return
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, Message) and "Action" in group:
            yield group


def _bounce(block: Message) -> Bounce | None:
    recipient = _address(block, "Original-Recipient") or _address(block, "Final-Recipient")
    if recipient is None:
        return None
    found = _STATUS.match(str(block.get("Status", "")))
    status = ".".join(found.groups()) if found else ""
    final = _word(block, "Action") == "failed" and status.startswith("5")
    return Bounce(recipient, final and not _NOT_THE_ADDRESS.fullmatch(status), status)


def _address(block: Message, name: str) -> str | None:
    """Return the address of a field such as ``rfc822; name@example.se``."""
    kind, _, address = str(block.get(name, "")).partition(";")
    return mail_address(address.strip().strip("<>")) if kind.strip().lower() == "rfc822" else None


def _word(block: Message, name: str) -> str:
    words = str(block.get(name, "")).lower().split()
    return words[0] if words else ""
