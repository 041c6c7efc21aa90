"""People who answer each question once, at one of two doors, and never ask again for what was lost."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from benchmarks.faulty.wave import OPTIONS

if TYPE_CHECKING:
    from botapi.api import Shown, User

FIELD = re.compile(r'name="(item|revision|token)" value="([^"]+)"')
DONE = "Dina svar är inskickade"
SEND = "Skicka in"
WAYS_ON = ("Jag har läst, börja", SEND, "Fortsätt")
CONTACT = ("Fortsätt",)
"""The buttons of a contact in Telegram."""

BREATH = 0.1
"""Seconds between two looks at the screens of a group."""


@dataclass
class Respondent:
    """Somebody who answers by chance. ``given`` is what was answered, by item.

    ``may_answer`` tells whether somebody with so many answers may go on yet. Nobody sends before having been
    contacted: contacts are to be made while everything is killed.
    """

    invitation: int
    may_answer: Callable[[int], bool]
    given: dict[str, str] = field(default_factory=dict)
    is_contacted: bool = False
    is_done: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.invitation)

    def leave(self) -> None:
        """Let go of what it took to answer."""

    def choose(self, item: str) -> str:
        """Return the answer to a question, the same however often it is asked."""
        return self.given.setdefault(item, self.chance.choice(OPTIONS))


@dataclass
class InTelegram(Respondent):
    """Somebody in a chat, who presses what the newest message offers."""

    user: User = field(kw_only=True)
    seen: int = 0

    def act(self) -> None:
        """Press one button, if there is a new one and its time has come."""
        if not self.may_answer(len(self.given)):
            return
        said = [each for each in self.user.sees() if each.by_bot]
        latest = max(said, key=lambda each: each.message_id, default=None)
        self.is_contacted = self.is_contacted or any(CONTACT in each.buttons for each in said)
        if latest is None or latest.message_id <= self.seen:
            return
        self.is_done = DONE in latest.text
        label = self.label(latest)
        if label:
            self.seen = latest.message_id
            self.user.press(label, latest, stale=True)

    def label(self, message: Shown) -> str:
        """Return what to press."""
        labels = {label for row in message.buttons for label in row}
        asked = re.search(r"Om (Q-\d\d)", message.text)
        ways_on = [label for label in WAYS_ON if label in labels]
        if SEND in ways_on and not self.is_contacted:
            return ""
        return ways_on[0] if ways_on else self.choose(asked[1]) if asked and labels else ""


@dataclass
class OnTheWeb(Respondent):
    """Somebody with a browser, who posts the form of the page and looks again when nothing answers."""

    client: httpx.Client = field(kw_only=True)
    token: str = field(kw_only=True)
    has_mail: Callable[[int], bool] = field(kw_only=True)

    def act(self) -> None:
        """Take one step; a broken connection is tried again later."""
        if not self.may_answer(len(self.given)):
            return
        try:
            if not self.client.cookies:
                self.client.get(f"/s/{self.token}")
                return
            page = self.client.get("/samtal").text
            self.is_done = DONE in page
            waits = 'value="send"' in page and not self.has_mail(self.invitation)
            if not self.is_done and not waits:
                self.client.post("/samtal", data=self.form(page))
        except httpx.HTTPError:
            return

    def leave(self) -> None:
        """Close the browser."""
        self.client.close()

    def form(self, page: str) -> dict[str, str]:
        """Return what the page's form says when it is answered."""
        fields = dict(FIELD.findall(page))
        if "item" in fields:
            return {**fields, "action": "answer", "svar": self.choose(fields["item"])}
        return {**fields, "action": "send" if 'value="send"' in page else "begin"}


def play(
    respondents: Sequence[InTelegram | OnTheWeb], patience: float, groups: int
) -> list[threading.Thread]:
    """Let people act in so many threads until all of them are done; return the threads."""
    until = time.monotonic() + patience
    parts = [respondents[first::groups] for first in range(groups)]
    threads = [threading.Thread(target=_play, args=(each, until)) for each in parts if each]
    for thread in threads:
        thread.start()
    return threads


def _play(respondents: Sequence[InTelegram | OnTheWeb], until: float) -> None:
    while not all(each.is_done for each in respondents) and time.monotonic() < until:
        for each in respondents:
            if not each.is_done:
                each.act()
        time.sleep(BREATH)
