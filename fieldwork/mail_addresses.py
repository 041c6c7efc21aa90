"""What counts as a mail address. Nothing here says the address in an error."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def mail_address(text: str) -> str | None:
    """Return a mail address as it is sent to, or None when the text is none.

    The domain becomes lower case, and a domain with å, ä or ö its ASCII form (IDNA). Quoted local parts,
    comments, addresses without a dot in the domain and letters outside ASCII before the @ are refused: a
    staff list holds such things by mistake only.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local):
        return None
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = plain.split(".")
    if len(plain) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return f"{local}@{plain}"
