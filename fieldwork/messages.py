"""What goes in and out of a conversation, the same for every door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Door(StrEnum):
    """Where an answer came in; kept on every answer."""

    WEB = "web"
    TELEGRAM = "telegram"
    CONSOLE = "console"
    PAPER = "paper"
    IMPORT = "import"


class Action(StrEnum):
    """Everything a respondent can do that changes something."""

    BEGIN = "begin"  # "Jag har läst, börja"; also takes back a decline
    ANSWER = "answer"  # the whole answer to the question asked
    ADD = "add"  # one more message of a long text; the question stays
    DONE = "done"  # the long text is finished
    KEEP = "keep"  # leave a reopened question as it was
    SKIP = "skip"
    BACK = "back"
    CHANGE = "change"  # reopen the question named by ``item``
    PAUSE = "pause"  # ``values`` may hold a four-digit code chosen by the respondent
    RESUME = "resume"
    SEND = "send"  # after the last question
    SEND_PARTIAL = "send_partial"  # "skicka in det jag har svarat"
    DECLINE = "decline"
    DELETE = "delete"  # erase the draft
    REMIND = "remind"  # ``values`` holds hour, next_day or a date; replaces the next reminder
    NO_MORE = "no_more"  # no more reminders; not a refusal
    LANGUAGE = "language"  # ``values`` holds the language code


class Stage(StrEnum):
    """Where a conversation stands; derived from rows, never stored."""

    INFORMATION = "information"
    QUESTION = "question"
    REVIEW = "review"  # every question on the route is answered or skipped; not yet sent
    SENT = "sent"
    DECLINED = "declined"
    NOT_OPEN = "not_open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a respondent did, at any door.

    ``revision`` is the revision of the conversation the respondent saw; None where a door cannot know it
    (a typed line). A revision that is not the current one never changes an answer. ``device`` is a random id
    of the browser or chat, without meaning outside Granska; a door without one leaves it empty and sees no
    earlier answers. ``unlocked`` says that the device has given the right code (see ``interviews.unlock``).
    ``fresh_id`` is a new random id, never used before (``secrets.token_urlsafe``): BEGIN and the two SENDs
    need it, since chance is an argument below the doors.
    """

    invitation: int
    door: Door
    action: Action
    at: datetime
    item: str = ""
    values: tuple[str, ...] = ()
    revision: int | None = None
    device: str = ""
    unlocked: bool = False
    fresh_id: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the respondent: a key of the text catalogue and its values, already in words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answered question: what was asked, and the answer in words."""

    item: str
    question: str
    answer: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """The named inspector a respondent may turn to."""

    name: str
    phone: str
    mail: str
