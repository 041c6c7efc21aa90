"""Before and after: what may be said of each unit whose members are the same in two rounds.

Computed only from what both rounds show. Persons are never linked, so the test is cautious
(``differences.comparable``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.account import SEED, share_of
from analysis.comparison import adjusted, equality
from analysis.differences import Round, Share, comparable, difference_sentence
from analysis.disclosure import SafeTable
from analysis.statistics_wording import statistics_words

Members = Mapping[str, frozenset[int]]
"""The organisations that each unit stands for."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Which units can be compared: the later label with the earlier one, and which cannot."""

    same: Mapping[str, str]
    differ: tuple[str, ...]


def matched(before: Members, after: Members) -> Matched:
    """Return the units of the later round by whether an earlier one has the same members.

    ValueError where two units of one round have the same members.
    """
    any_share = Share(0, 1, 1)
    pairs = comparable(*({u: Round(m, any_share) for u, m in each.items()} for each in (before, after)))
    earlier = {members: unit for unit, members in before.items()}
    same = {unit: earlier[after[unit]] for unit in pairs}
    return Matched(same, tuple(unit for unit in after if unit not in same))


def round_sentences(
    before: SafeTable, after: SafeTable, same: Mapping[str, str], language: str
) -> tuple[str, ...]:
    """Return for each unit what may be said of the class that changed most, with both counts.

    The p-value is adjusted for every class of every unit, since the class was picked. Units that either round
    does not show with numbers are left out.
    """
    places = {row.value: place for place, row in enumerate(before.rows)}
    tests: list[tuple[str, str, Share, Share, float]] = []
    for unit, earlier in same.items():
        first, second = before.column(earlier), after.column(unit)
        for place, row in enumerate(after.rows):
            if first is None or second is None or row.value not in places or row.parts:
                continue
            old, new = share_of(first, places[row.value]), share_of(second, place)
            if old and new:
                parts = {"before": old.parts, "after": new.parts}
                p_value = equality(parts, ordered=False, seed=SEED).p_value
                tests.append((unit, row.label, old, new, p_value))
    p_values = adjusted([test[-1] for test in tests])
    most: dict[str, tuple[str, Share, Share, float]] = {}
    for (unit, label, old, new, _), p_value in zip(tests, p_values, strict=True):
        if unit not in most or _moved(old, new) > _moved(*most[unit][1:3]):
            most[unit] = (label, old, new, p_value)
    return tuple(_sentence(unit, *found, language) for unit, found in most.items())


def _moved(old: Share, new: Share) -> float:
    return abs(new.count / new.answered - old.count / old.answered)


def _sentence(unit: str, label: str, old: Share, new: Share, p_value: float, language: str) -> str:  # noqa: PLR0913, PLR0917 - all that is said
    return statistics_words(
        "rounds.sentence",
        language,
        unit=unit,
        row=label,
        before=_of(old, language),
        after=_of(new, language),
        said=difference_sentence(old, new, p_value, language),
    )


def _of(share: Share, language: str) -> str:
    return statistics_words("rounds.of", language, count=share.count, n=share.answered)
