"""What an update from a chat means: one update, one decision, one transaction.

Every button carries the revision it was drawn for, and what is typed answers the question that was last shown
in the chat. Anything older changes nothing: the current question is shown again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.telegram_buttons import Press, read_press
from bot.telegram_presses import pressed
from bot.telegram_turn import LONGEST_POPUP, Turn
from bot.telegram_typed import typed
from fieldwork import inbox, interviews, outbox
from fieldwork.inbox import Place, Waiting
from fieldwork.outbox import Asked


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is told at once beside the outbox: a word to a press, and a last word to a chat just forgotten."""

    query: str = ""
    popup: str = ""
    farewell: str = ""
    chat: str = field(default="", repr=False)
    """Where the farewell goes."""


def handle(session: Session, update: Waiting, now: datetime, fresh_id: str, secret: bytes) -> Reaction:
    """Do what an update says, put what is to be said, mark it done; one transaction.

    ``secret`` keys the hashes of chats: what came from a chat forgotten since is not done for another.

    Raises ``CouldNotStore``: nothing was changed, and the update still waits.
    """
    query = str(update.body.get("query", ""))
    places = {
        invitation: place
        for invitation, place in inbox.places(session, update.address_id).items()
        if inbox.device_of(secret, place.chat) == update.device
    }
    asked = outbox.asked(session, update.address_id)
    press = read_press(str(update.body.get("data", ""))) if query else None
    invitation = _invitation(update.body, press, places, asked)
    if invitation is None:
        inbox.finish(session, update, now)
        return Reaction(query)
    talk = interviews.show(session, invitation, now=now, device=update.device)
    turn = Turn(session, update, now, fresh_id, places[invitation], tuple(asked), talk)
    popup = _react(turn, press)
    popup = popup if query and len(popup) <= LONGEST_POPUP else ""
    return Reaction(query, popup, turn.farewell, turn.chat)


def _react(turn: Turn, press: Press | None) -> str:
    kind = turn.update.body.get("kind")
    if kind == "press":
        return pressed(turn, press)
    if kind == "text":
        return typed(turn, str(turn.update.body["text"]).strip())
    if kind == "start":
        return turn.show()
    return turn.say(f"telegram.{kind}")


def _invitation(
    body: Mapping[str, Any], press: Press | None, places: Mapping[int, Place], asked: Sequence[Asked]
) -> int | None:
    """Return which conversation is meant: that of the button or link, else the one spoken of last."""
    if press and press.invitation == 0:  # the button of a reminder
        return next(iter(places), None)
    spoken_of = [each.params.get("invitation") for each in asked[:1]]
    for meant in (press.invitation if press else None, body.get("invitation"), *spoken_of):
        if meant in places:
            return int(meant)  # type: ignore[arg-type]  # what is in places is a number
    return next(iter(places), None)
