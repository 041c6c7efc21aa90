"""How sturdy a difference between two shares is, and the plain sentence that may be said about it.

A difference is measured in persons: how many would have to answer otherwise for it to vanish. The idea is
that of the fragility index (M. Walsh and others, "The statistical significance of randomized controlled trial
results is frequently fragile", Journal of Clinical Epidemiology 67, 2014), applied to the difference itself
instead of to its significance. Counts must be those that disclosure control shows: the number of persons
gives them away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.comparison import Equality
from analysis.intervals import worst_case
from analysis.statistics_wording import statistics_words
from analysis.wording import in_words

FEW = 2
"""A difference that so many persons' answers make is never called a difference."""

LIMIT = 0.05
"""Above this adjusted p-value chance is given as an explanation."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of the ``answered``, among ``invited`` whom the question concerns.

    ValueError unless 0 <= count <= answered <= invited and answered >= 1.
    """

    count: int
    answered: int
    invited: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.answered <= self.invited or self.answered < 1:
            raise ValueError(f"{self.count} of {self.answered} answers of {self.invited}")

    @property
    def parts(self) -> tuple[int, int]:
        """Those counted and the other ones who answered: the row of this unit in a test of equality."""
        return self.count, self.answered - self.count


class Verdict(StrEnum):
    """What may be said about the difference of two shares."""

    ALIKE = "alike"
    FEW = "few"  # no more than FEW persons' answers make it
    CHANCE = "chance"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Round:
    """One unit in one round: the organisations that it stands for, and a share."""

    members: frozenset[int]
    share: Share


def persons_to_vanish(first: Share, second: Share) -> int:
    """Return the least number of persons whose other answers make two shares equal or turn them round.

    Each such person moves the share of the smaller unit by 1/n, the most that one person can; with d the
    difference it takes ceil(d * min(n, m)) = ceil(|x m - y n| / max(n, m)) persons, and so many there always
    are.
    """
    apart = abs(first.count * second.answered - second.count * first.answered)
    return -(-apart // max(first.answered, second.answered))


def silent_can_turn(first: Share, second: Share) -> bool:
    """Tell whether those who did not answer could make the shares of all invited equal or turn them round.

    False where the shares are equal and all answered: nobody is left to turn anything.
    """
    if (first.answered, second.answered) == (first.invited, second.invited):
        return False
    turned = first.count * second.answered < second.count * first.answered
    higher, lower = (second, first) if turned else (first, second)
    least = worst_case(higher.count, higher.answered, higher.invited).lowest
    most = worst_case(lower.count, lower.answered, lower.invited).highest
    return least * lower.invited <= most * higher.invited


def verdict(first: Share, second: Share, p_value: float) -> Verdict:
    """Return what may be said; ``p_value`` is that of the two units, adjusted for all comparisons made."""
    persons = persons_to_vanish(first, second)
    if persons == 0:
        return Verdict.ALIKE
    if persons <= FEW:
        return Verdict.FEW
    return Verdict.CHANCE if p_value >= LIMIT else Verdict.BEYOND


def difference_sentence(first: Share, second: Share, p_value: float, language: str) -> str:
    """Return the plain sentence about the difference, and that the silent can turn it where they can."""
    said = verdict(first, second, p_value)
    persons = persons_to_vanish(first, second)
    key = said.value if said is not Verdict.FEW else ("few_one" if persons == 1 else "few_many")
    sentence = statistics_words(f"difference.{key}", language, persons=in_words(persons, language))
    if said is Verdict.BEYOND and silent_can_turn(first, second):
        return f"{sentence} {statistics_words('difference.silent', language)}"
    return sentence


def equality_sentence(found: Equality, p_value: float, language: str) -> str:
    """Return the plain sentence about all units; ``p_value`` is that of ``found``, adjusted."""
    if p_value < found.p_value:
        raise ValueError("an adjusted p-value is never below the one it was made of")
    return statistics_words(f"equality.{'chance' if p_value >= LIMIT else 'beyond'}", language)


def comparable(before: Mapping[str, Round], after: Mapping[str, Round]) -> dict[str, tuple[Share, Share]]:
    """Return both shares of the units whose members are the same in both rounds, under the later label.

    Units are known by their members, not by their labels. Persons are not linked: the same people may have
    answered twice, so the test of two units is cautious here. ValueError where two units of a round have the
    same members.
    """
    earlier = {unit.members: unit.share for unit in before.values()}
    if len(earlier) < len(before) or len({unit.members for unit in after.values()}) < len(after):
        raise ValueError("two units of one round have the same members")
    return {
        label: (earlier[unit.members], unit.share) for label, unit in after.items() if unit.members in earlier
    }
