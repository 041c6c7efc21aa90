"""How far the answers speak for everyone on the list: exact finite-population sets and worst-case bounds.

The frame is a known list of N persons; n of them answered a question that all are asked, x of these in one
way. Unknown is K, how many of the N would answer so. There are two statements, and neither is the margin of
error of a large sample:

* if the silent are like those who answered (the n are a random sample of the N): the equal-tailed exact set,
  by inverting the hypergeometric test. Source: T. Wright, *Exact Confidence Bounds when Sampling from Small
  Finite Universes* (1991); W. Wang, "Exact optimal confidence intervals for hypergeometric parameters",
  JASA 110 (2015), shows how far approximations fall short.
* whatever the silent would have said: the bounds x and x + (N - n). Source: C. F. Manski, *Partial
  Identification of Probability Distributions* (2003).

Where all answered there is nothing to estimate. Sets give x and n away: pass only what disclosure control
shows.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from scipy.stats import hypergeom

from analysis.statistics_wording import statistics_words
from analysis.wording import in_words, percent, percent_sign

LEVEL = 0.95
_ROUNDING = 1e-9
"""A tail this near to the limit, relatively, is equal to it, and kept: rounding must not decide."""


class Span(NamedTuple):
    """The lowest and the highest number of persons, both included."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What can be said about all ``base`` persons when ``silent`` of them did not answer.

    ``likely`` if the silent are like the others, ``possible`` whatever they would have said.
    """

    base: int
    silent: int
    likely: Span
    possible: Span


def _check(count: int, answered: int, base: int) -> None:
    if not 0 <= count <= answered <= base or base < 1:
        raise ValueError(f"{count} of {answered} answers among {base} persons: order them so and begin at 0")


def worst_case(count: int, answered: int, base: int) -> Span:
    """Return the bounds x and x + (N - n) in persons; ValueError unless 0 <= x <= n <= N and N >= 1."""
    _check(count, answered, base)
    return Span(count, count + base - answered)


def finite_set(count: int, answered: int, base: int, level: float = LEVEL) -> Span:
    """Return every K whose two tails are both at least (1 - level) / 2, in persons.

    Kept are K with P(X >= x | K) and P(X <= x | K) not below the limit, X hypergeometric (N, K, n). Both
    tails are monotone in K, so the set has no gaps; its coverage is at least ``level`` for every N, n and K.
    ValueError as ``worst_case``.
    """
    lowest, highest = worst_case(count, answered, base)
    limit = (1 - level) / 2 * (1 - _ROUNDING)
    candidates = range(lowest, highest + 1)
    first = bisect_left(
        candidates,
        True,  # noqa: FBT003 - the value searched for, by key
        key=lambda k: bool(hypergeom.sf(count - 1, base, k, answered) >= limit),
    )
    past = bisect_left(
        candidates,
        True,  # noqa: FBT003 - likewise
        key=lambda k: bool(hypergeom.cdf(count, base, k, answered) < limit),
    )
    return Span(candidates[first], candidates[past - 1])


def uncertainty(count: int, answered: int, base: int, level: float = LEVEL) -> Uncertainty | None:
    """Return both sets, or None where all answered. ValueError as ``worst_case``."""
    bounds = worst_case(count, answered, base)
    if answered == base:
        return None
    return Uncertainty(base, base - answered, finite_set(count, answered, base, level), bounds)


def uncertainty_sentence(found: Uncertainty | None, language: str) -> str:
    """Return what may be said, in whole per cent of everyone on the list."""
    if found is None:
        return statistics_words("uncertainty.all_answered", language)
    number = "one" if found.silent == 1 else "many"
    key = f"{number}_same" if found.likely == found.possible else f"{number}_silent"
    return statistics_words(
        f"uncertainty.{key}",
        language,
        silent=in_words(found.silent, language),
        likely=_span(found.likely, found.base, language),
        possible=_span(found.possible, found.base, language),
    )


def _span(span: Span, base: int, language: str) -> str:
    low, high = percent(span.lowest, base), percent(span.highest, base)
    if low == high:
        return percent_sign(low, language)
    return statistics_words("uncertainty.span", language, low=low, high=percent_sign(high, language))
