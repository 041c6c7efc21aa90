"""What an outgoing message becomes when it is sent: drawn from the rows as they are then. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.telegram_commands import CONFIRMED
from bot.telegram_screens import Painter, Rows, Screen
from fieldwork import inbox, interviews, outbox
from fieldwork.outbox import QUESTION, Outgoing

ONCE_FOR_MANY = frozenset({QUESTION, "keyboard", "written"})
"""Messages that need not be sent where the same one waits again for the same chat."""


@dataclass
class Drawn:
    """Edits of earlier messages, then a screen. ``params`` replace those of a question that has moved on.

    ``needs_link`` is the last day of the wave where the screen is to be drawn again with a personal link.
    """

    closes: list[tuple[int, Screen | None]] = field(default_factory=list)
    keyboard: tuple[int, Rows] | None = None
    screen: Screen | None = None
    params: Mapping[str, Any] | None = None
    needs_link: date | None = None


TEMPLATES: Mapping[str, Callable[[Painter, Mapping[str, Any]], Screen]] = {
    "notice": lambda painter, params: painter.notice(params["said"]),
    "written": lambda painter, params: painter.written(params["said"]),
    "paused": lambda painter, params: painter.paused(params["said"]),
    "answers": lambda painter, _: painter.answers(),
    "why": lambda painter, _: painter.why(),
    "questions": lambda painter, _: painter.questions(),
    "about": lambda painter, _: painter.about(),
    "web": lambda painter, _: painter.web(),
    "help": lambda painter, _: painter.help(),
    "remind": lambda painter, _: painter.remind(),
    "confirm": lambda painter, params: painter.confirm(CONFIRMED[params["action"]]),
}
"""Every template but the question itself and the ticks on its buttons."""


def draw(session: Session, message: Outgoing, link: str, device: str, now: datetime) -> Drawn:
    """Return what to send; nothing where it has served already, or its conversation is gone."""
    painter = _painter(session, message, link, device, now)
    if painter is None:
        return Drawn()
    if message.template == QUESTION:
        return _question(session, painter, message)
    if message.followed and message.template in ONCE_FOR_MANY:
        return Drawn()
    if message.template == "keyboard":
        return _keyboard(session, painter, message)
    drawn = Drawn(screen=TEMPLATES[message.template](painter, message.params))
    if message.template == "web" and not link:
        drawn.needs_link = painter.talk.place.standing.closes
    return drawn


def _painter(session: Session, message: Outgoing, link: str, device: str, now: datetime) -> Painter | None:
    place = inbox.places(session, message.address_id).get(message.params["invitation"])
    if place is None:
        return None
    unlocked = bool(message.params.get("unlocked"))
    talk = interviews.show(session, place.invitation, now=now, device=device, unlocked=unlocked)
    return Painter(talk, place.free_text, link)


def _question(session: Session, painter: Painter, message: Outgoing) -> Drawn:
    """Close what was open, then ask. Answers given meanwhile at another door have moved the question on."""
    params = message.params
    pressed, item = params["pressed"]
    row, item_before = params["follows"]
    before = next((each.number for each in outbox.asked(session, message.address_id) if each.id == row), None)
    closes = {before: item_before, pressed: item}
    drawn = Drawn(
        [(number, painter.closed(item) if item else None) for number, item in closes.items() if number]
    )
    if message.followed:
        return drawn
    screen, talk = painter.conversation(), painter.talk
    drawn.screen = Screen("\n\n".join(filter(None, (params["said"], screen.text))), screen.rows)
    present = {"revision": talk.revision, "item": talk.prompt.item if talk.prompt else ""}
    if painter.asks_on_the_web and not painter.link:
        drawn.needs_link = talk.place.standing.closes
    if present != {name: params[name] for name in present}:
        drawn.params = {**params, **present}
    return drawn


def _keyboard(session: Session, painter: Painter, message: Outgoing) -> Drawn:
    """Show the ticks, unless the question has been answered meanwhile."""
    asked = next((each for each in outbox.asked(session, message.address_id) if each.shown), None)
    if asked is None or asked.params["revision"] != painter.talk.revision:
        return Drawn()
    ticked = Painter(painter.talk, painter.free_text, chosen=asked.params.get("chosen"))
    return Drawn(keyboard=(message.params["message"], ticked.question_rows()))
