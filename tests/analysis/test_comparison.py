"""Equality of units by dealing the answers out anew, and effect sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, kruskal, mannwhitneyu, permutation_test

from analysis.comparison import DRAWN, Equality, adjusted, cliffs_delta, equality, groups
from analysis.disclosure import Policy, disclose
from analysis.tables import Mark, Provenance, tabulate
from questionnaires.definition import Question

Table = Sequence[Sequence[int]]
JOBS = ((1, 3, 10, 6), (2, 3, 10, 7), (1, 6, 14, 12), (0, 1, 9, 11))
"""Job satisfaction by income (Agresti, Categorical Data Analysis, 2002, page 57)."""

few_counts = st.lists(st.integers(0, 2), min_size=3, max_size=3)
small_counts = st.lists(st.integers(0, 4), min_size=3, max_size=3)


def judged(table: Table, *, ordered: bool = False, seed: int = 1) -> Equality:
    return equality({str(unit): counts for unit, counts in enumerate(table)}, ordered=ordered, seed=seed)


def freeman_halton(table: Table) -> Fraction:
    """The textbook: every 2 x c table with these margins, those as probable as the observed or less."""
    columns = [a + b for a, b in zip(*table, strict=True)]
    first = sum(table[0])

    def ways(counts: Sequence[int]) -> int:
        return prod(comb(column, n) for column, n in zip(columns, counts, strict=True))

    grid = np.ndindex(*[column + 1 for column in columns])
    every = [ways(counts) for counts in grid if sum(counts) == first]
    return Fraction(sum(each for each in every if each <= ways(table[0])), sum(every))


def test_a_lady_tastes_tea() -> None:
    found = judged(((3, 1), (1, 3)))
    assert found.exact
    assert found.p_value == pytest.approx(34 / 70)


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_two_by_two_is_fishers_exact_test(counts: list[int]) -> None:
    table = (counts[:2], counts[2:])
    expected = fisher_exact(table).pvalue
    assert judged(table).p_value == pytest.approx(expected)


@given(small_counts, small_counts)
def test_more_options_are_freeman_and_haltons_test(first: list[int], second: list[int]) -> None:
    found = judged((first, second))
    assert found.exact
    if sum(first) and sum(second):
        assert found.p_value == pytest.approx(float(freeman_halton((first, second))))
    else:
        assert found.p_value == 1


def test_three_units_counted_through_by_hand() -> None:
    """One answer each way in three units of one: 3! ways to deal, all as probable."""
    assert judged(((1, 0, 0), (0, 1, 0), (0, 0, 1))).p_value == pytest.approx(1)
    pure = judged(((2, 0, 0), (0, 2, 0), (0, 0, 2)))
    assert pure.p_value == pytest.approx(factorial(3) / (factorial(6) / 2**3))
    assert pure.cramers_v == pytest.approx(1)


def test_a_large_table_is_drawn_with_a_seed_and_comes_near_the_exact_value() -> None:
    found = judged(JOBS)
    assert not found.exact
    assert found.p_value == pytest.approx(0.7827, abs=0.02)  # R: fisher.test(Job)
    assert found == judged(JOBS)
    assert found != judged(JOBS, seed=2)


def test_a_drawn_p_value_is_never_zero() -> None:
    pure = np.diag([20] * 6).tolist()
    assert judged(pure).p_value == 1 / (DRAWN + 1)


@given(few_counts, few_counts)
def test_two_units_on_a_scale_are_mann_and_whitneys_test_with_ties(
    first: list[int], second: list[int]
) -> None:
    one, other = np.repeat([0, 1, 2], first), np.repeat([0, 1, 2], second)
    if not one.size or not other.size:
        return
    every = np.concatenate([one, other])
    middle = one.size * other.size / 2
    u = [_u(every, chosen) for chosen in combinations(range(every.size), one.size)]
    observed = abs(_u(every, tuple(range(one.size))) - middle)
    expected = sum(abs(each - middle) >= observed - 1e-9 for each in u) / len(u)
    assert judged((first, second), ordered=True).p_value == pytest.approx(expected)


def _u(every: np.ndarray[tuple[int], np.dtype[np.int64]], chosen: tuple[int, ...]) -> float:
    one = every[list(chosen)]
    other = np.delete(every, list(chosen))
    above = (one[:, None] > other).sum() + (one[:, None] == other).sum() / 2
    return float(above)


def test_the_method_that_ignores_ties_is_not_ours() -> None:
    first, second = (0, 1, 3, 2), (1, 3, 1, 0)
    one, other = np.repeat(range(4), first), np.repeat(range(4), second)

    def from_the_middle(one: np.ndarray, other: np.ndarray) -> float:  # type: ignore[type-arg]
        return abs(float(mannwhitneyu(one, other, method="asymptotic").statistic) - 15)

    every = permutation_test((one, other), from_the_middle, n_resamples=np.inf, alternative="greater")
    ignoring = mannwhitneyu(one, other, method="exact").pvalue
    found = judged((first, second), ordered=True).p_value
    assert found == pytest.approx(every.pvalue)
    assert found != pytest.approx(ignoring, abs=1e-3)


def test_more_units_on_a_scale_follow_kruskal_and_wallis() -> None:
    """The ways to deal are ordered as their H is, so the p-value is near that of the large-sample test."""
    table = ((6, 3, 1), (3, 4, 3), (1, 3, 6))
    expected = kruskal(*(np.repeat(range(3), counts) for counts in table)).pvalue
    assert judged(table, ordered=True).p_value == pytest.approx(expected, abs=0.02)


@given(st.lists(small_counts, min_size=2, max_size=3), st.booleans())
def test_a_p_value_is_a_share_and_units_have_no_order(table: list[list[int]], ordered: bool) -> None:
    found = judged(table, ordered=ordered)
    assert 0 < found.p_value <= 1
    assert -1e-9 <= found.cramers_v <= 1 + 1e-9
    assert judged(table[::-1], ordered=ordered).p_value == pytest.approx(found.p_value)


def test_nothing_to_compare_is_no_difference() -> None:
    nothing = Equality(1.0, exact=True, cramers_v=0.0)
    assert judged(((3, 1),)) == nothing
    assert judged(((3, 1), (0, 0))) == nothing
    assert judged(((3, 0), (5, 0))) == nothing
    assert equality({}, ordered=False, seed=1) == nothing


def test_odd_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="different numbers"):
        judged(((1, 2), (1, 2, 3)))
    with pytest.raises(ValueError, match="negative"):
        judged(((1, -2), (1, 2)))


def test_several_comparisons_raise_every_p_value_as_holm_does() -> None:
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert adjusted([0.6, 0.9]) == (1, 1)
    assert adjusted([]) == ()


def test_cliffs_delta_is_the_surplus_of_pairs() -> None:
    assert cliffs_delta((0, 0, 3), (2, 1, 0)) == 1
    assert cliffs_delta((1, 1), (1, 1)) == 0
    first, second = (0, 2, 4, 3), (2, 4, 2, 0)
    u = mannwhitneyu(np.repeat(range(4), first), np.repeat(range(4), second)).statistic
    assert float(cliffs_delta(first, second)) == pytest.approx(2 * u / (9 * 8) - 1)
    assert cliffs_delta(second, first) == -cliffs_delta(first, second)
    for odd in ((0, 0), (1, 1, 1)):
        with pytest.raises(ValueError, match="on the same steps"):
            cliffs_delta((1, 1), odd)


def test_only_units_shown_with_numbers_are_compared(
    yes_no: Callable[..., tuple[Question, list, list]],
) -> None:  # type: ignore[type-arg]
    question, counts, columns = yes_no(
        Alby={"ja": 7, "nej": 5}, Bredäng={"ja": 2, "nej": 1}, Farsta={"ja": 4, "nej": 9}
    )
    table = tabulate(question, counts, columns, language="sv", provenance=Provenance("Prov", (Mark.EXAMPLE,)))
    assert groups(disclose(table, Policy("group"))) == {"Alby": [7, 5], "Farsta": [4, 9]}
