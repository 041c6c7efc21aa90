"""Outcome rates by AAPOR's names, item non-response, and when results may be commented on.

Source: AAPOR, *Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys*.
I complete, P partial, R refusal and break-off, NC non-contact, O other, UH and UO unknown eligibility, NE not
eligible, e the share of the unknown that is taken to be eligible. Rates are exact fractions without a unit,
in [0, 1].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis import tallies
from analysis.dispositions import Code, Disposition, Extent, completeness, disposition
from analysis.tallies import Tally
from models.rate_queries import InvitationFacts
from questionnaires.definition import Missing


@dataclass(frozen=True, slots=True)
class Counts:
    """How many invitations came to what. ``active`` ones have no final disposition yet.

    ValueError where a count is negative.
    """

    complete: int = 0
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    not_eligible: int = 0
    active: int = 0

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in self.__dataclass_fields__) < 0:
            raise ValueError(f"a count of dispositions is negative: {self}")

    @property
    def interviews(self) -> int:
        """I + P."""
        return self.complete + self.partial

    @property
    def contacted(self) -> int:
        """(I + P) + R + O."""
        return self.interviews + self.refusal + self.other

    @property
    def eligible(self) -> int:
        """(I + P) + (R + NC + O)."""
        return self.contacted + self.non_contact

    @property
    def unknown(self) -> int:
        """UH + UO."""
        return self.unknown_household + self.unknown_other


Parts = Callable[[Counts, Fraction], tuple[int, int | Fraction]]
"""Numerator and denominator of a rate, from the counts and e."""


def _all(counts: Counts, _e: Fraction) -> int:
    return counts.eligible + counts.unknown


def _estimated(counts: Counts, e: Fraction) -> Fraction:
    return counts.eligible + e * counts.unknown


@dataclass(frozen=True, slots=True)
class Rate:
    """One outcome rate: its formula as printed in the standard, and its parts."""

    formula: str
    parts: Parts


RATES: Mapping[str, Rate] = {
    "RR1": Rate("I / ((I+P) + (R+NC+O) + (UH+UO))", lambda c, e: (c.complete, _all(c, e))),
    "RR2": Rate("(I+P) / ((I+P) + (R+NC+O) + (UH+UO))", lambda c, e: (c.interviews, _all(c, e))),
    "RR3": Rate("I / ((I+P) + (R+NC+O) + e(UH+UO))", lambda c, e: (c.complete, _estimated(c, e))),
    "RR4": Rate("(I+P) / ((I+P) + (R+NC+O) + e(UH+UO))", lambda c, e: (c.interviews, _estimated(c, e))),
    "RR5": Rate("I / ((I+P) + (R+NC+O))", lambda c, _: (c.complete, c.eligible)),
    "RR6": Rate("(I+P) / ((I+P) + (R+NC+O))", lambda c, _: (c.interviews, c.eligible)),
    "COOP1": Rate("I / ((I+P) + R + O)", lambda c, _: (c.complete, c.contacted)),
    "COOP2": Rate("(I+P) / ((I+P) + R + O)", lambda c, _: (c.interviews, c.contacted)),
    "COOP3": Rate("I / ((I+P) + R)", lambda c, _: (c.complete, c.interviews + c.refusal)),
    "COOP4": Rate("(I+P) / ((I+P) + R)", lambda c, _: (c.interviews, c.interviews + c.refusal)),
    "REF1": Rate("R / ((I+P) + (R+NC+O) + (UH+UO))", lambda c, e: (c.refusal, _all(c, e))),
    "REF2": Rate("R / ((I+P) + (R+NC+O) + e(UH+UO))", lambda c, e: (c.refusal, _estimated(c, e))),
    "REF3": Rate("R / ((I+P) + (R+NC+O))", lambda c, _: (c.refusal, c.eligible)),
    "CON1": Rate("((I+P) + R + O) / ((I+P) + (R+NC+O) + (UH+UO))", lambda c, e: (c.contacted, _all(c, e))),
    "CON2": Rate(
        "((I+P) + R + O) / ((I+P) + (R+NC+O) + e(UH+UO))", lambda c, e: (c.contacted, _estimated(c, e))
    ),
    "CON3": Rate("((I+P) + R + O) / ((I+P) + (R+NC+O))", lambda c, _: (c.contacted, c.eligible)),
}
"""Every outcome rate of the standard, by its name."""


def count(dispositions: Iterable[Disposition], unlinked: Iterable[Code] = ()) -> Counts:
    """Count dispositions. Refusals and break-offs count together, as R.

    ``unlinked`` holds the completeness of the interviews that are tied to no invitation, one for each
    invitation coded ``SENT``; ValueError where they are not as many.
    """
    return counted(told_apart(Counter(each.code for each in dispositions), Counter(unlinked)))


def told_apart(codes: Mapping[Code, int], unlinked: Mapping[Code, int]) -> Mapping[Code, int]:
    """Return the codes with the completeness of interviews in the place of ``SENT``; raises as ``count``."""
    sent, loose = codes.get(Code.SENT, 0), sum(unlinked.values())
    if sent != loose:
        raise ValueError(f"{sent} invitations are sent, and {loose} interviews are told")
    return Counter({code: n for code, n in codes.items() if code is not Code.SENT}) + Counter(unlinked)


def codes_of(
    invitations: Mapping[InvitationFacts, int], extents: Mapping[tuple[int, int], int]
) -> Mapping[Code, int]:
    """Return how many invitations have each code; ``extents`` counts interviews by (answered, applicable).

    Raises as ``count``.
    """
    codes: Counter[Code] = Counter()
    for facts, n in invitations.items():
        codes[disposition(facts).code] += n
    unlinked: Counter[Code] = Counter()
    for (answered, applicable), n in extents.items():
        unlinked[completeness(Extent(answered, applicable))] += n
    return told_apart(codes, unlinked)


def counted(codes: Mapping[Code, int]) -> Counts:
    """Return the counts of the standard from how many invitations have each code."""
    of = Counter(codes)
    return Counts(
        complete=of[Code.COMPLETE],
        partial=of[Code.PARTIAL],
        refusal=of[Code.REFUSAL] + of[Code.BREAK_OFF],
        non_contact=of[Code.NON_CONTACT],
        other=of[Code.OTHER],
        unknown_other=of[Code.UNKNOWN],
        not_eligible=of[Code.NOT_ELIGIBLE],
        active=of[Code.ACTIVE],
    )


def eligible_share(counts: Counts) -> Fraction:
    """Return e ("CASRO"): the eligible among those known to be eligible or not; 1 where none is known."""
    known = counts.eligible + counts.not_eligible
    return Fraction(counts.eligible, known) if known else Fraction(1)


def rates(counts: Counts, e: Fraction | None = None) -> dict[str, Fraction | None]:
    """Return every rate of ``RATES`` by name; None where its denominator is 0.

    ``e`` is ``eligible_share`` unless told. ValueError where an invitation is still active: a rate is of
    final dispositions, so the wave must be closed first.
    """
    if counts.active:
        raise ValueError(f"{counts.active} invitations are active: close the wave before computing its rates")
    share = eligible_share(counts) if e is None else e
    parts = {name: rate.parts(counts, share) for name, rate in RATES.items()}
    return {name: Fraction(above) / below if below else None for name, (above, below) in parts.items()}


def is_known_list(counts: Counts) -> bool:
    """Tell whether nobody's eligibility is unknown, so that RR1 = RR3 = RR5 and RR2 = RR4 = RR6."""
    return counts.unknown == 0


def may_comment(sent: int, invited: int, threshold: int = 75) -> bool:
    """Tell whether ``sent`` of ``invited`` reaches ``threshold`` per cent; below, show with a caution."""
    return invited > 0 and 100 * sent >= threshold * invited


@dataclass(frozen=True, slots=True)
class ItemResponse:
    """What those who sent and were on the route of one question did with it.

    Those to whom it did not apply are in no base.
    """

    answered: int
    skipped: int
    declined: int
    not_reached: int

    @property
    def base(self) -> int:
        """How many ought to have answered."""
        return self.answered + self.skipped + self.declined + self.not_reached

    @property
    def nonresponse(self) -> Fraction | None:
        """Item non-response: the share of the base without an answer; None where the base is empty."""
        return Fraction(self.base - self.answered, self.base) if self.base else None


def item_response(of: Tally) -> ItemResponse:
    """Return the item response from the counts of one question. An answer not coded yet is an answer."""
    reasons = Counter(dict(tallies.missing(of)))
    in_no_base = reasons[Missing.OFF_ROUTE] + reasons[Missing.NOT_APPLICABLE]
    lost = {reason: reasons[reason] for reason in (Missing.SKIPPED, Missing.DECLINED, Missing.NOT_REACHED)}
    uncoded = reasons.total() - in_no_base - sum(lost.values())
    return ItemResponse(tallies.answered(of) + uncoded, *lost.values())
