"""Who answered, by unit and in all, as a release tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.released import Turnout
from analysis.wording import words
from models.material import UnitCount


def turnout(units: Sequence[UnitCount], k: int, language: str) -> tuple[Turnout, ...]:
    """Return how many of the invited answered, by unit and then in all, as managers see it in an open wave.

    Units with fewer invited than k are told by name only, and lie under the total where they have at least k
    together.
    """
    return tuple(_lines(units, k, language))


def kept(now: Sequence[Turnout], earlier: Sequence[Sequence[Turnout]], k: int) -> tuple[Turnout, ...]:
    """Return ``now``, or the latest of the ``earlier`` ones where a number would move by less than k."""
    wide = all(
        old.label == new.label and abs(new.sent - old.sent) not in range(1, k)
        for before in earlier
        for old, new in zip(before, now, strict=True)
    )
    return tuple(now if wide else earlier[-1])


def _lines(units: Sequence[UnitCount], k: int, language: str) -> Iterator[Turnout]:
    few = [unit for unit in units if unit.invited < k]
    for unit in units:
        yield Turnout(unit.label, 0, 0, k) if unit in few else Turnout(unit.label, unit.invited, unit.answers)
    whole = not 0 < sum(unit.invited for unit in few) < k
    covered = [unit for unit in units if whole or unit not in few]
    label = words("total" if whole else "total_shown", language)
    invited = sum(unit.invited for unit in covered)
    sent = sum(unit.answers for unit in covered)
    yield Turnout(label, 0, 0, k) if invited < k else Turnout(label, invited, sent)
