"""What has become of one invitation, by AAPOR's disposition codes, and why it is coded so.

Source: AAPOR, *Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys* (codes 1
interview, 2 eligible without an interview, 3 unknown eligibility, 4 not eligible). Where the standard leaves
a choice, the rules here are Granska's own and are told in ``docs/statistics.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from analysis.statistics_wording import statistics_words
from models.rate_queries import InvitationFacts


class Code(StrEnum):
    """A disposition. ``aapor`` gives its number; an active one has none, since it is not final."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SENT = "sent"  # anonymous: complete and partial are not told apart per invitation
    REFUSAL = "refusal"
    BREAK_OFF = "break_off"
    NON_CONTACT = "non_contact"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ELIGIBLE = "not_eligible"
    ACTIVE = "active"

    @property
    def aapor(self) -> str:
        """The number of the code in the standard, '' where it has none."""
        return _NUMBERS[self]


_NUMBERS = {
    Code.COMPLETE: "1.1",
    Code.PARTIAL: "1.2",
    Code.SENT: "1",
    Code.REFUSAL: "2.11",
    Code.BREAK_OFF: "2.12",
    Code.NON_CONTACT: "2.2",
    Code.OTHER: "2.3",
    Code.UNKNOWN: "3",
    Code.NOT_ELIGIBLE: "4",
    Code.ACTIVE: "",
}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of an interview was answered, in questions on the respondent's own route.

    ``answered`` counts answers, "not applicable" among them; a skip, "I would rather not say" and a question
    not reached are no answers. ValueError unless 0 <= answered <= applicable and applicable >= 1.
    """

    answered: int
    applicable: int

    def __post_init__(self) -> None:
        if not 0 <= self.answered <= self.applicable or self.applicable < 1:
            raise ValueError(f"{self.answered} answered of {self.applicable} applicable questions")


@dataclass(frozen=True, slots=True)
class Disposition:
    """A code, and the reasons that led to it: keys of the catalogue."""

    code: Code
    reasons: tuple[str, ...]

    def trace(self, language: str) -> tuple[str, ...]:
        """Return why the invitation is coded so, one sentence a step.

        No sentence has a number in it: how many questions somebody came to tells what she answered.
        """
        return tuple(statistics_words(f"why.{key}", language) for key in self.reasons)


def completeness(extent: Extent) -> Code:
    """Return COMPLETE above 80 % answered, PARTIAL from 50 to 80 %, BREAK_OFF below 50 %.

    Exactly 50 % and exactly 80 % are partial. Computed in whole numbers.
    """
    if 2 * extent.answered < extent.applicable:
        return Code.BREAK_OFF
    return Code.COMPLETE if 5 * extent.answered > 4 * extent.applicable else Code.PARTIAL


def disposition(facts: InvitationFacts, extent: Extent | None = None, *, early: bool = False) -> Disposition:
    """Return the disposition of one invitation: the first rule that holds decides.

    ``extent`` is that of its interview, ``early`` that it was sent before the end; without them (they are
    tied to nobody in an anonymous wave or a closed one) what was sent is SENT. While the wave is open only
    what was sent, and whoever does not belong to the group, is settled: everybody else is active, whether
    paused, declined or not begun.
    """
    if facts.in_service and facts.sent and extent:
        code = completeness(extent)
        return Disposition(code, ("sent_early" if early else "sent_to_the_end", f"share_{code}"))
    code, key = next((code, key) for code, key, holds in RULES if holds(facts))
    return Disposition(code, (key,))


RULES: tuple[tuple[Code, str, Callable[[InvitationFacts], bool]], ...] = (
    (Code.NOT_ELIGIBLE, "not_in_service", lambda facts: not facts.in_service),
    (Code.SENT, "sent_unlinked", lambda facts: facts.sent),
    (Code.ACTIVE, "open_declined", lambda facts: not facts.closed and facts.declined),
    (Code.ACTIVE, "open_begun", lambda facts: not facts.closed and facts.begun),
    (Code.ACTIVE, "open_not_begun", lambda facts: not facts.closed),
    (Code.BREAK_OFF, "declined_after_begin", lambda facts: facts.declined and facts.begun),
    (Code.REFUSAL, "declined_at_information", lambda facts: facts.declined),
    (Code.REFUSAL, "deleted_draft", lambda facts: facts.deleted),
    (Code.OTHER, "left", lambda facts: facts.left),
    (Code.BREAK_OFF, "begun_not_sent", lambda facts: facts.begun),
    (Code.NON_CONTACT, "undelivered", lambda facts: not facts.reached),
    (Code.NON_CONTACT, "never_begun", lambda _: True),
)
"""The code, the reason and the condition of what was not decided by how much was answered; first match."""
