"""The commands that may be typed in Telegram, in Swedish and English, and the menu made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fieldwork.messages import Action

Does = Literal["act", "read", "confirm", "remind"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its names, and what it does. ``menu`` is its key in the catalogue, '' to leave it out."""

    sv: str
    en: str
    does: Does
    action: Action | None = None
    reading: str = ""
    menu: str = ""

    def name(self, language: str) -> str:
        """Return how it is written in a language."""
        return self.sv if language == "sv" else self.en


COMMANDS: tuple[Command, ...] = (
    Command("fortsatt", "continue", "act", Action.RESUME, menu="continue"),
    Command("tillbaka", "back", "act", Action.BACK, menu="back"),
    Command("hoppa", "skip", "act", Action.SKIP, menu="skip"),
    Command("behall", "keep", "act", Action.KEEP),
    Command("andra", "change", "act", Action.CHANGE),
    Command("mina_svar", "my_answers", "read", reading="answers", menu="answers"),
    Command("paus", "pause", "act", Action.PAUSE, menu="pause"),
    Command("paminn", "remind", "remind", menu="remind"),
    Command("inga_paminnelser", "no_reminders", "act", Action.NO_MORE, menu="no_more"),
    Command("varfor", "why", "read", reading="why", menu="why"),
    Command("fragor", "questions", "read", reading="questions", menu="questions"),
    Command("om", "about", "read", reading="about", menu="about"),
    Command("webb", "web", "read", reading="web", menu="web"),
    Command("sprak", "language", "act", Action.LANGUAGE, menu="language"),
    Command("skicka", "send", "confirm", Action.SEND_PARTIAL, menu="send"),
    Command("avboj", "decline", "confirm", Action.DECLINE, menu="decline"),
    Command("radera", "delete", "confirm", Action.DELETE, menu="delete"),
    Command("stopp", "stop", "confirm", menu="forget"),
    Command("hjalp", "help", "read", reading="help", menu="help"),
)
"""Every command but ``/start``, in the order of the menu."""

BY_NAME: Mapping[str, Command] = {name: command for command in COMMANDS for name in (command.sv, command.en)}

READINGS: tuple[str, ...] = ("answers", "why", "questions", "about", "web", "help")
"""What can be read, in the order of the numbers on buttons."""

CONFIRMED: tuple[Action | None, ...] = (Action.SEND_PARTIAL, Action.DECLINE, Action.DELETE, None)
"""What is asked once more before it is done; None forgets the chat. In the order of their numbers."""

REMINDERS: tuple[str, ...] = ("hour", "next_day", "no_more")
"""The buttons for reminders, in the order of their numbers."""

_PLAIN = str.maketrans("åäöé", "aaoe")


def read_command(words: str) -> tuple[Command | None, str]:
    """Return the command that a text beginning with ``/`` is, and what stands after it."""
    name, _, rest = words[1:].strip().partition(" ")
    plain = name.partition("@")[0].lower().translate(_PLAIN)
    return BY_NAME.get("fortsatt" if plain == "start" else plain), rest.strip()
