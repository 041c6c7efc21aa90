"""Mails to respondents: what each kind says, as plain text and as HTML, from nothing but a ``Letter``.

A letter names the inspector and never the respondent or a district. Both versions are made of the same parts
in the same order, so neither says less than the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from fieldwork.messages import ContactPerson
from fieldwork.wording import say, unbroken_day

_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")
"""Printable ASCII without quotation marks and angle brackets: safe in a header and in an attribute."""


class LetterKind(StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    REMINDER_NOT_BEGUN = "reminder_not_begun"
    REMINDER_BEGUN = "reminder_begun"
    REMINDER_LAST = "reminder_last"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says. Dates are days in Stockholm; ``minutes`` is what is left to answer.

    ``purpose`` is the inspector's own words. ``informed_by`` told staff and unions on ``informed_on``.
    ``link`` opens the web chat and ``unsubscribe`` stops the mails; a thank-you has neither. ``test`` marks
    a mail that an inspector sends to herself.
    """

    kind: LetterKind
    language: str
    title: str
    contact: ContactPerson
    promise: Literal["confidential", "anonymous"]
    smallest_group: int
    closes: date
    minutes: int
    purpose: str = ""
    informed_on: date | None = None
    informed_by: str = ""
    link: str = ""
    unsubscribe: str = ""
    example: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A mail in words, ready to be sent: one subject, two versions of the same text."""

    subject: str
    plain: str
    html: str
    language: str
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a letter in words, in the order in which they stand."""

    subject: str
    marks: tuple[str, ...]
    heading: str
    before: tuple[str, ...]
    button: str
    address: str
    personal: str
    after: tuple[str, ...]
    ask: str
    contact_heading: str
    contact: str
    phone: str
    mail: str
    stop: str
    stop_link: str


def _own_words(letter: Letter) -> str:
    return letter.purpose


def _informed(letter: Letter) -> str:
    if letter.informed_on is None:
        return ""
    key = "letters.informed_by" if letter.informed_by else "letters.informed"
    told_on = unbroken_day(letter.language, letter.informed_on)
    return say(letter.language, key, who=letter.informed_by, informed_on=told_on)


def _promise(letter: Letter) -> str:
    return say(letter.language, f"information.promise_{letter.promise}", smallest_group=letter.smallest_group)


def _minutes(letter: Letter) -> str:
    left = letter.kind is LetterKind.REMINDER_BEGUN
    key = "letters.minutes_left" if left else "information.minutes"
    return say(letter.language, f"{key}_one" if letter.minutes <= 1 else key, minutes=letter.minutes)


def _time(letter: Letter) -> str:
    return f"{_minutes(letter)} {_text('closes')(letter)}"


def _text(name: str) -> Callable[[Letter], str]:
    """Return the paragraph that is one text of the catalogue."""

    def paragraph(letter: Letter) -> str:
        closes = unbroken_day(letter.language, letter.closes)
        return say(letter.language, f"letters.{name}", title=letter.title, closes=closes)

    return paragraph


def _voluntary(letter: Letter) -> str:
    return say(letter.language, "information.voluntary")


@dataclass(frozen=True, slots=True)
class _Content:
    """Which paragraphs a kind has before its button and after it; one without words is left out."""

    before: tuple[Callable[[Letter], str], ...]
    after: tuple[Callable[[Letter], str], ...] = ()


_CONTENT: Mapping[LetterKind, _Content] = {
    LetterKind.INVITATION: _Content(
        (_text("lead_invitation"), _own_words, _promise, _time),
        (_informed, _voluntary, _text("promise_more")),
    ),
    LetterKind.REMINDER_NOT_BEGUN: _Content(
        (_text("lead_reminder_not_begun"), _own_words, _promise, _time),
        (_informed, _voluntary, _text("automatic")),
    ),
    LetterKind.REMINDER_BEGUN: _Content(
        (_text("lead_reminder_begun"), _promise, _time),
        (_informed, _text("automatic")),
    ),
    LetterKind.REMINDER_LAST: _Content(
        (_text("lead_reminder_last"), _text("begun_last"), _promise, _minutes),
        (_text("no_more"), _informed, _text("automatic")),
    ),
    LetterKind.THANKS: _Content((_text("lead_thanks"), _text("nothing_more"), _text("after_closing"))),
}


def render(letter: Letter) -> RenderedLetter:
    """Return the mail in words.

    Raises ValueError when a link is missing or is no web address, a KeyError for an unknown language.
    """
    _check_links(letter)
    parts = _parts(letter)
    html = _template().render(letter=letter, parts=parts)
    return RenderedLetter(parts.subject, _plain(letter, parts), html, letter.language, letter.unsubscribe)


def _check_links(letter: Letter) -> None:
    links = {"link": letter.link, "unsubscribe": letter.unsubscribe}
    for name, link in links.items():
        if letter.kind is LetterKind.THANKS and link:
            raise ValueError(f"a thank-you has no {name}: there is nothing left to open or to stop")
        if letter.kind is not LetterKind.THANKS and not _WEB_ADDRESS.fullmatch(link):
            raise ValueError(f"the {name} of a letter must be a web address")


def _parts(letter: Letter) -> _Parts:
    language, kind, contact = letter.language, letter.kind, letter.contact
    asked = kind is not LetterKind.THANKS

    def told(text: str, **values: object) -> str:
        return say(language, f"letters.{text}", **values)

    return _Parts(
        subject=_subject(letter),
        marks=tuple(told(mark) for mark in ("test", "example") if getattr(letter, mark)),
        heading=told(f"heading_{kind}", closes=unbroken_day(language, letter.closes)),
        before=_worded(_CONTENT[kind].before, letter),
        button=told(f"button_{kind}") if asked else "",
        address=told("address"),
        personal=told("personal"),
        after=_worded(_CONTENT[kind].after, letter),
        ask=told("ask_reply" if contact.mail else "ask", name=contact.name),
        contact_heading=told("contact_heading"),
        contact=told("contact_role", name=contact.name),
        phone=told("contact_phone", phone=contact.phone),
        mail=told("contact_mail", mail=contact.mail) if contact.mail else "",
        stop=told("stop"),
        stop_link=told("stop_link"),
    )


def _worded(paragraphs: tuple[Callable[[Letter], str], ...], letter: Letter) -> tuple[str, ...]:
    return tuple(words for paragraph in paragraphs if (words := paragraph(letter)))


def _subject(letter: Letter) -> str:
    """Return the subject on one line, marked when the mail is a test or an example."""
    subject = say(letter.language, f"letters.subject_{letter.kind}", title=letter.title)
    for mark in ("example", "test"):
        if getattr(letter, mark):
            subject = say(letter.language, f"letters.subject_{mark}", subject=subject)
    return " ".join(subject.split())


def _plain(letter: Letter, parts: _Parts) -> str:
    """Return the plain version: paragraphs with an empty line between them, addresses on their own lines."""
    link = (f"{parts.button}:\n{letter.link}", parts.personal) if parts.button else ()
    contact = "\n".join(line for line in (parts.contact, parts.phone, parts.mail) if line)
    stop = (f"{parts.stop}\n{parts.stop_link}:\n{letter.unsubscribe}",) if parts.button else ()
    blocks = (
        *parts.marks,
        parts.heading,
        *parts.before,
        *link,
        *parts.after,
        parts.ask,
        f"{parts.contact_heading}\n{contact}",
        *stop,
    )
    return "\n\n".join(blocks) + "\n"


@cache
def _template() -> Template:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["phone"] = lambda number: re.sub(r"[^\d+]", "", number)
    return templates.get_template("letter.html")
