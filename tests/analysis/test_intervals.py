"""Exact finite-population sets and worst-case bounds."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb

import pytest
from scipy.stats import hypergeom
from statsmodels.stats.proportion import multinomial_proportions_confint, proportion_confint

from analysis.intervals import Span, finite_set, uncertainty, uncertainty_sentence, worst_case

NB = "\N{NO-BREAK SPACE}"
LARGEST = 25


@cache
def probability(x: int, base: int, k: int, n: int) -> Fraction:
    """P(X = x | K = k) for X hypergeometric (N, K, n), in exact fractions."""
    return Fraction(comb(k, x) * comb(base - k, n - x), comb(base, n)) if 0 <= x <= n else Fraction(0)


def blaker(x: int, n: int, base: int) -> list[int]:
    """Return Blaker's set: K where values whose smaller tail is no larger have more than 5 % in all."""

    def tails(k: int, value: int) -> Fraction:
        chance = [probability(y, base, k, n) for y in range(n + 1)]
        return min(sum(chance[value:], Fraction(0)), sum(chance[: value + 1], Fraction(0)))

    kept = []
    for k in range(base + 1):
        accepted = sum(
            (probability(y, base, k, n) for y in range(n + 1) if tails(k, y) <= tails(k, x)), Fraction(0)
        )
        if accepted > Fraction(5, 100) and probability(x, base, k, n):
            kept.append(k)
    return kept


@pytest.mark.parametrize(
    ("count", "answered", "base", "lowest", "highest"),
    [
        (9, 12, 15, 9, 12),
        (12, 12, 15, 13, 15),
        (6, 8, 8, 6, 6),
        (14, 20, 24, 15, 18),
        (0, 7, 9, 0, 2),
        (3, 10, 50, 5, 31),
        (10, 13, 13, 10, 10),
        (7, 10, 13, 7, 10),
        (2, 2, 2, 2, 2),
        (2, 2, 3, 2, 3),
        (2, 2, 13, 3, 13),
    ],
)
def test_the_exact_sets_of_the_research(
    count: int, answered: int, base: int, lowest: int, highest: int
) -> None:
    assert finite_set(count, answered, base) == Span(lowest, highest)


@pytest.mark.parametrize(
    ("count", "answered", "base", "lowest", "highest"),
    [(10, 13, 13, 10, 10), (7, 10, 13, 7, 10), (2, 2, 2, 2, 2), (2, 2, 3, 2, 3), (2, 2, 13, 2, 13)],
)
def test_the_bounds_of_the_research(count: int, answered: int, base: int, lowest: int, highest: int) -> None:
    assert worst_case(count, answered, base) == Span(lowest, highest)


def test_seven_of_ten_among_thirteen_is_as_likely_as_the_research_says() -> None:
    assert [probability(7, 13, k, 10) * 143 for k in (7, 8, 9, 10)] == [10, 40, 72, 60]
    assert blaker(2, 2, 13) == list(range(4, 14))


def test_the_intervals_that_are_not_used_are_known() -> None:
    """They take the silent for an endless crowd; the numbers show how wrong that is for thirteen persons."""
    expected = {
        "wilson": (49.7436, 91.8205),
        "beta": (46.1868, 94.9619),
        "agresti_coull": (49.0628, 92.5013),
        "jeffreys": (50.2628, 93.0343),
    }
    for method, limits in expected.items():
        found = proportion_confint(10, 13, method=method)
        assert [round(100 * float(limit), 4) for limit in found] == list(limits)
    assert wilson(7, 10) == (39.6778, 89.2209)
    assert wilson(2, 2) == (34.2380, 100)
    several = multinomial_proportions_confint([7, 2, 1], method="sison-glaz")
    assert several.round(4).tolist() == [[0.5, 1.0], [0.0, 0.5005], [0.0, 0.4005]]


def wilson(count: float, answered: float) -> tuple[float, float]:
    low, high = proportion_confint(count, answered, method="wilson")
    return round(100 * float(low), 4), round(100 * float(high), 4)


@pytest.mark.parametrize(
    ("count", "answered", "base", "limits"),
    [(7, 10, 13, (54.5700, 81.9252)), (2, 2, 3, (51.0109, 100)), (2, 2, 13, (36.2231, 100))],
)
def test_wilson_with_a_finite_correction_passes_the_possible(
    count: int, answered: int, base: int, limits: tuple[float, float]
) -> None:
    effective = answered * (base - 1) / (base - answered)
    assert wilson(count / answered * effective, effective) == limits
    if count == 7:
        assert limits[1] > 100 * worst_case(count, answered, base).highest / base


def test_exact_sets_hold_their_coverage_for_every_list_up_to_25() -> None:
    lowest = Fraction(1)
    for base in range(1, LARGEST + 1):
        for answered in range(base + 1):
            sets = [finite_set(x, answered, base) for x in range(answered + 1)]
            for k in range(base + 1):
                covered = sum(
                    (
                        probability(x, base, k, answered)
                        for x, span in enumerate(sets)
                        if span.lowest <= k <= span.highest
                    ),
                    Fraction(0),
                )
                lowest = min(lowest, covered)
    assert lowest >= Fraction(95, 100)


def test_the_sets_are_those_of_exact_fractions_for_every_list_up_to_25() -> None:
    limit = Fraction(25, 1000)
    for base in range(1, LARGEST + 1):
        for answered in range(base + 1):
            chances = [
                [probability(x, base, k, answered) for x in range(answered + 1)] for k in range(base + 1)
            ]
            for count in range(answered + 1):
                kept = [
                    k
                    for k, chance in enumerate(chances)
                    if sum(chance[count:]) >= limit and sum(chance[: count + 1]) >= limit
                ]
                found = finite_set(count, answered, base)
                assert kept == list(range(found.lowest, found.highest + 1))


def test_a_tail_of_exactly_the_limit_is_kept() -> None:
    """One answer among forty persons: P(X >= 1 | K = 1) is 1/40, which no binary number equals."""
    assert probability(1, 40, 1, 1) == Fraction(25, 1000)
    assert finite_set(1, 1, 40) == Span(1, 40)


def test_likely_is_within_possible_and_holds_the_share_observed() -> None:
    for base in range(1, 16):
        for answered in range(1, base + 1):
            for count in range(answered + 1):
                likely, possible = finite_set(count, answered, base), worst_case(count, answered, base)
                assert possible.lowest <= likely.lowest <= likely.highest <= possible.highest
                assert answered * (likely.lowest - 1) < count * base < answered * (likely.highest + 1)


def test_a_whole_city_is_as_easy_as_a_unit() -> None:
    found = finite_set(400, 1000, 100_000)
    assert hypergeom.sf(399, 100_000, found.lowest, 1000) >= 0.025
    assert hypergeom.sf(399, 100_000, found.lowest - 1, 1000) < 0.025
    assert 36_900 < found.lowest < 40_000 < found.highest < 43_200


def test_where_all_answered_there_is_no_interval() -> None:
    assert uncertainty(10, 13, 13) is None
    assert uncertainty_sentence(None, "sv").startswith("Alla har svarat.")


def test_nobody_answered_says_nothing() -> None:
    found = uncertainty(0, 0, 4)
    assert found is not None
    assert (found.likely, found.possible) == (Span(0, 4), Span(0, 4))


@pytest.mark.parametrize(("count", "answered", "base"), [(3, 2, 5), (1, 6, 5), (-1, 2, 5), (0, 0, 0)])
def test_counts_out_of_order_are_refused(count: int, answered: int, base: int) -> None:
    with pytest.raises(ValueError, match="order them so"):
        finite_set(count, answered, base)


def test_the_sentence_says_what_each_set_assumes() -> None:
    assert uncertainty_sentence(uncertainty(14, 20, 24), "sv") == (
        f"Om de fyra som inte har svarat liknar de andra är andelen 63–75{NB}%. "
        f"Hur de än svarar är den 58–75{NB}%."
    )
    assert uncertainty_sentence(uncertainty(7, 10, 13), "sv") == (
        f"Hur de tre som inte har svarat än svarar är andelen 54–77{NB}%."
    )
    assert uncertainty_sentence(uncertainty(2, 2, 3), "en") == (
        "Whatever the one who has not answered would say, the share is 67–100%."
    )
