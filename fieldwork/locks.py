"""The four-digit code that opens earlier answers on a new device."""

from __future__ import annotations

import hashlib
import hmac
import re

TRIES = 5
"""So many wrong codes in a row, and the answers stay closed on new devices."""

_COST = 2**12
"""Work of one scrypt, about ten milliseconds: the five tries are what protects four digits."""


def is_code(code: str) -> bool:
    """Tell whether this is four digits."""
    return re.fullmatch(r"[0-9]{4}", code) is not None


def lock(interview: str, code: str) -> str:
    """Return what is kept of a code; the interview's random id is the salt."""
    return hashlib.scrypt(code.encode(), salt=interview.encode(), n=_COST, r=8, p=1).hex()


def opens(interview: str, code: str, kept: str) -> bool:
    """Tell whether the code is the one that was chosen."""
    return bool(kept) and is_code(code) and hmac.compare_digest(lock(interview, code), kept)
