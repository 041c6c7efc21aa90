"""What buttons carry: numbers only, at most 64 bytes, never a word of a question or an answer.

``v1:verb:invitation:item:option:revision``, numbers in base 36. Item and option are places in their lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = "v1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_NUMBER = 12


class Verb(StrEnum):
    """What pressing a button does."""

    BEGIN = "g"
    ANSWER = "a"  # the option
    READ = "o"  # a note has been read
    SET = "1"  # choose the option, one of several
    UNSET = "0"  # take it back
    CHOSEN = "d"  # those are all
    WRITTEN = "w"  # the long text is finished
    KEEP = "k"
    SKIP = "s"
    BACK = "b"
    CHANGE = "c"  # the item
    RESUME = "r"  # show where we are
    SEND = "x"
    CONFIRM = "y"  # do what the option says, see ``telegram_commands.CONFIRMED``
    REMIND = "p"  # the option, see ``telegram_commands.REMINDERS``
    TELL = "i"  # show what the option says, see ``telegram_commands.READINGS``
    LANGUAGE = "l"


@dataclass(frozen=True, slots=True)
class Press:
    """One button, or one press on it."""

    verb: Verb
    invitation: int
    item: int = 0
    option: int = 0
    revision: int = 0

    @property
    def data(self) -> str:
        """What the button carries."""
        numbers = (self.invitation, self.item, self.option, self.revision)
        return ":".join((VERSION, self.verb, *map(_write, numbers)))


def read_press(data: str) -> Press | None:
    """Return what a button says; None where it is none of ours, or of another version."""
    version, _, rest = data.partition(":")
    verb, *numbers = rest.split(":")
    if version != VERSION or verb not in set(Verb) or len(numbers) != 4:
        return None
    if not all(
        number and set(number) <= set(_DIGITS) and len(number) <= _LONGEST_NUMBER for number in numbers
    ):
        return None
    invitation, item, option, revision = (int(number, 36) for number in numbers)
    return Press(Verb(verb), invitation, item, option, revision)


def _write(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
