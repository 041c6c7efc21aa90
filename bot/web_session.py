"""Who is at the other end of the web chat: a signed cookie, and proof that a form came from our own page.

The cookie names an invitation and a random device; it is not the personal link and cannot be turned into it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

COOKIE = "granska_samtal"
COOKIE_SECONDS = 60 * 60 * 24 * 60  # a wave and its reminders; the wave's own end counts before this one


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser's place in one conversation. ``unlocked``: the four-digit code was given on it."""

    invitation: int
    device: str
    unlocked: bool = False


def sign(secret: bytes, visit: Visit) -> str:
    """Return the cookie value of ``visit``."""
    content = f"{visit.invitation}.{visit.device}.{int(visit.unlocked)}"
    return f"{content}.{_seal(secret, 'visit', content)}"


def read_visit(secret: bytes, cookie: str) -> Visit | None:
    """Return the visit that ``cookie`` names, or None where it is not a whole cookie of ours."""
    content, _, seal = cookie.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(secret, "visit", content).encode()):
        return None
    invitation, device, unlocked = content.split(".")
    return Visit(int(invitation), device, unlocked == "1")


def form_token(secret: bytes, visit: Visit) -> str:
    """Return what every form of this visit carries: nobody else's page can know it."""
    return _seal(secret, "form", f"{visit.invitation}.{visit.device}")


def from_own_page(secret: bytes, visit: Visit, token: str, headers: Mapping[str, str], own_host: str) -> bool:
    """Return whether a post was made from a page of ours, in this browser.

    The token must be right; what a browser says about where the post came from must not contradict it.
    """
    if not hmac.compare_digest(token.encode(), form_token(secret, visit).encode()):
        return False
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    # A page with Referrer-Policy no-referrer posts with the origin "null" in some browsers.
    return origin in {None, "null"} or urlsplit(origin).netloc in {own_host, headers.get("host")}


def _seal(secret: bytes, purpose: str, content: str) -> str:
    digest = hmac.digest(secret, f"{purpose}:{content}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
