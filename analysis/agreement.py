"""How far two or more readers or coders of the same material agree.

Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement
20 (1960); K. Krippendorff, *Content Analysis* (2nd ed., 2004), chapter 11. No single figure is enough: where
one code is nearly always used, kappa and alpha are low although the coders nearly always agree
(A. R. Feinstein and D. V. Cicchetti, Journal of Clinical Epidemiology 43, 1990), so percent agreement and
base rates stand beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import krippendorff
import numpy as np
from statsmodels.stats.inter_rater import cohens_kappa

Codes = Sequence[str | None]
"""What one coder gave each unit of the material, in its order; None where nothing was given."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders on the units that both coded.

    ``kappa`` (-1 to 1) and ``alpha`` (1 at most) are None where nothing is left to agree on beyond chance:
    no unit, or the same single code throughout. ``base_rates`` holds, per code, each coder's share.
    """

    both: int
    agreed: int
    kappa: float | None
    alpha: float | None
    base_rates: Mapping[str, tuple[Fraction, Fraction]]

    @property
    def share(self) -> Fraction | None:
        """The share of units coded alike, in [0, 1]; None where none was coded by both."""
        return Fraction(self.agreed, self.both) if self.both else None


def agreement(first: Codes, second: Codes) -> Agreement:
    """Compare two coders. ValueError where they were not given equally many units."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} units and {len(second)}: give both coders the same units")
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if one and other]
    codes = sorted({code for pair in pairs for code in pair})
    return Agreement(
        both=len(pairs),
        agreed=sum(one == other for one, other in pairs),
        kappa=_kappa(pairs, codes) if len(codes) > 1 else None,
        alpha=alpha([[one for one, _ in pairs], [other for _, other in pairs]]),
        base_rates={code: _base_rates(pairs, code) for code in codes},
    )


def alpha(coders: Sequence[Codes], order: Sequence[str] = ()) -> float | None:
    """Return Krippendorff's alpha = 1 - observed / expected disagreement, for any number of coders.

    Units coded by one coder only tell nothing. Codes are nominal; with ``order`` they are the steps of a
    scale from its lowest. None where fewer than two codes are used in units that two coded. ValueError where
    a code is not in a given ``order``.
    """
    given = {code for codes in coders for code in codes if code}
    domain = list(order) or sorted(given)
    if unknown := given.difference(domain):
        raise ValueError(f"not a step of the scale: {', '.join(sorted(unknown))}")
    places = {code: place for place, code in enumerate(domain)}
    units = [Counter(places[code] for code in unit if code) for unit in zip(*coders, strict=True)]
    pairable = [unit for unit in units if unit.total() > 1]
    if len({place for unit in pairable for place in unit}) < 2:
        return None
    counts = np.array([[unit[place] for place in range(len(domain))] for unit in pairable])
    used = counts.any(axis=0)
    level: Literal["ordinal", "nominal"] = "ordinal" if order else "nominal"
    return float(krippendorff.alpha(value_counts=counts[:, used], level_of_measurement=level))


def _kappa(pairs: Sequence[tuple[str, str]], codes: Sequence[str]) -> float:
    counts = Counter(pairs)
    table = np.array([[counts[one, other] for other in codes] for one in codes])
    return float(cohens_kappa(table, return_results=False))


def _base_rates(pairs: Sequence[tuple[str, str]], code: str) -> tuple[Fraction, Fraction]:
    one, other = (Fraction(sum(pair[coder] == code for pair in pairs), len(pairs)) for coder in (0, 1))
    return one, other
