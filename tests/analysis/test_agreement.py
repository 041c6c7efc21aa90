"""Agreement of readers and coders."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import Codes, agreement, alpha

KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Four observers, twelve units, some not coded (K. Krippendorff, "Computing Krippendorff's alpha", 2011)."""

codes = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=20)


def observers() -> list[Codes]:
    return [[None if code == "." else code for code in line.split()] for line in KRIPPENDORFF]


def square(both: int, first: int, second: int, neither: int) -> tuple[list[str], list[str]]:
    one = ["ja"] * (both + first) + ["nej"] * (second + neither)
    other = ["ja"] * both + ["nej"] * first + ["ja"] * second + ["nej"] * neither
    return one, other


def test_cohens_kappa_of_the_textbook() -> None:
    """20 yes and 15 no by both, 5 and 10 apart: 0.7 observed, 0.5 by chance."""
    found = agreement(*square(20, 5, 10, 15))
    assert (found.both, found.agreed, found.share) == (50, 35, Fraction(7, 10))
    assert found.kappa == pytest.approx(0.4)
    assert found.base_rates == {
        "ja": (Fraction(25, 50), Fraction(30, 50)),
        "nej": (Fraction(25, 50), Fraction(20, 50)),
    }


def test_krippendorffs_own_example() -> None:
    assert alpha(observers()) == pytest.approx(0.743, abs=5e-4)
    assert alpha(observers(), order="12345") == pytest.approx(0.815, abs=5e-4)


def test_steps_that_nobody_used_change_nothing() -> None:
    assert alpha(observers(), order="0123456") == pytest.approx(0.815, abs=5e-4)


def test_much_agreement_on_a_rare_code_has_a_low_kappa_and_the_base_rates_say_why() -> None:
    found = agreement(*square(0, 2, 2, 46))
    assert found.share == Fraction(46, 50)
    assert found.kappa is not None
    assert found.kappa < 0
    assert found.base_rates["ja"] == (Fraction(2, 50), Fraction(2, 50))


@given(codes)
def test_alpha_and_kappa_are_one_for_full_agreement_and_never_more(pairs: list[tuple[str, str]]) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = agreement(one, other)
    for value in (found.kappa, found.alpha):
        assert value is None or value <= 1 + 1e-9
    same = agreement(one, one)
    assert same.share == 1
    for value in (same.kappa, same.alpha):
        assert value == (pytest.approx(1) if len(set(one)) > 1 else None)
    assert all(sum(rates) == 1 for rates in zip(*found.base_rates.values(), strict=True))


@given(codes)
def test_nominal_alpha_is_one_less_the_ratio_of_disagreements(pairs: list[tuple[str, str]]) -> None:
    values = [code for pair in pairs for code in pair]
    n = len(values)
    observed = Fraction(sum(one != other for one, other in pairs), len(pairs))
    expected = Fraction(sum(one != other for one in values for other in values), n * (n - 1))
    found = alpha([[one for one, _ in pairs], [other for _, other in pairs]])
    assert found == (pytest.approx(float(1 - observed / expected)) if expected else None)


def test_units_that_one_coder_left_out_tell_nothing() -> None:
    found = agreement(["ja", None, "nej", "ja"], ["ja", "nej", None, "nej"])
    assert (found.both, found.agreed) == (2, 1)


def test_nothing_to_agree_on_has_no_figure() -> None:
    for first, second in (([], []), (["ja", "ja"], ["ja", "ja"]), ([None], ["ja"])):
        found = agreement(first, second)
        assert (found.kappa, found.alpha) == (None, None)
    assert agreement([], []).share is None
    assert alpha([]) is None


def test_coders_of_different_material_are_refused() -> None:
    with pytest.raises(ValueError, match="the same units"):
        agreement(["ja"], [])
    with pytest.raises(ValueError, match="not a step"):
        alpha([["ja"], ["nej"]], order=["ja"])
