"""What may be said about a difference, counted in persons."""

from __future__ import annotations

from itertools import product

import pytest

from analysis.comparison import Equality, equality
from analysis.differences import (
    Round,
    Share,
    Verdict,
    comparable,
    difference_sentence,
    equality_sentence,
    persons_to_vanish,
    silent_can_turn,
    verdict,
)


def apart(x: int, n: int, y: int, m: int) -> int:
    return x * m - y * n


def by_trying(first: Share, second: Share) -> int:
    """The least number of changed answers, by trying every number in both units."""
    turn = 1 if apart(first.count, first.answered, second.count, second.answered) >= 0 else -1
    best = first.answered + second.answered
    for x, y in product(range(first.answered + 1), range(second.answered + 1)):
        if turn * apart(x, first.answered, y, second.answered) <= 0:
            best = min(best, abs(x - first.count) + abs(y - second.count))
    return best


def shares(largest: int) -> list[Share]:
    return [Share(x, n, n) for n in range(1, largest + 1) for x in range(n + 1)]


def test_the_persons_are_those_found_by_trying_every_change() -> None:
    for first, second in product(shares(6), repeat=2):
        assert persons_to_vanish(first, second) == by_trying(first, second)


def test_small_differences_are_counted_in_persons_and_not_called_differences() -> None:
    assert (
        difference_sentence(Share(7, 10, 13), Share(6, 10, 10), 0.9, "sv")
        == "Skillnaden ryms i vad en persons svar kan göra."
    )
    assert (
        difference_sentence(Share(7, 10, 13), Share(5, 10, 10), 0.01, "sv")
        == "Skillnaden ryms i vad två personers svar kan göra."
    )
    assert difference_sentence(Share(5, 10, 10), Share(4, 8, 8), 1, "en") == "The shares are equal."


def test_a_difference_of_more_persons_is_judged_by_chance() -> None:
    first, second = Share(8, 10, 10), Share(4, 10, 10)
    p_value = equality({"a": first.parts, "b": second.parts}, ordered=False, seed=1).p_value
    assert verdict(first, second, p_value) is Verdict.CHANCE
    assert difference_sentence(first, second, p_value, "sv").endswith(
        "Den försvinner om fyra personer svarar annorlunda."
    )


def test_a_difference_beyond_chance_says_whether_the_silent_can_turn_it() -> None:
    first, second = Share(10, 10, 10), Share(2, 10, 10)
    p_value = equality({"a": first.parts, "b": second.parts}, ordered=False, seed=1).p_value
    assert verdict(first, second, p_value) is Verdict.BEYOND
    assert difference_sentence(first, second, p_value, "sv") == (
        "Skillnaden är större än vad slumpen brukar ge. "
        "Först om åtta personer hade svarat annorlunda hade den försvunnit."
    )
    silent = Share(2, 10, 40)
    assert difference_sentence(Share(10, 10, 20), silent, p_value, "sv").endswith(
        "De som inte har svarat kan vända den."
    )


def test_the_silent_can_turn_only_what_their_number_reaches() -> None:
    assert silent_can_turn(Share(7, 10, 13), Share(6, 10, 10))
    assert silent_can_turn(Share(6, 10, 10), Share(7, 10, 13))
    assert not silent_can_turn(Share(9, 10, 11), Share(2, 10, 12))
    assert not silent_can_turn(Share(9, 10, 10), Share(2, 10, 10))
    assert not silent_can_turn(Share(5, 10, 10), Share(5, 10, 10))


def test_all_units_get_one_sentence() -> None:
    found = Equality(0.01, exact=True, cramers_v=0.6)
    assert equality_sentence(found, 0.03, "sv").endswith("är större än vad slumpen brukar ge.")
    assert equality_sentence(found, 0.05, "en").endswith("no larger than chance can make.")
    with pytest.raises(ValueError, match="never below"):
        equality_sentence(found, 0.005, "sv")


def test_rounds_are_compared_only_where_the_members_are_the_same() -> None:
    north, both, south = frozenset({1}), frozenset({1, 2}), frozenset({3})
    before = {"Norrmalm": Round(north, Share(1, 5, 5)), "Farsta": Round(south, Share(4, 6, 9))}
    after = {
        "Norrmalm-Östermalm": Round(both, Share(3, 9, 9)),
        "Farsta distrikt": Round(south, Share(6, 8, 8)),
    }
    assert comparable(before, after) == {"Farsta distrikt": (Share(4, 6, 9), Share(6, 8, 8))}
    with pytest.raises(ValueError, match="same members"):
        comparable(before, {"A": Round(south, Share(1, 5, 5)), "B": Round(south, Share(1, 5, 5))})


@pytest.mark.parametrize("counts", [(3, 2, 2), (1, 3, 2), (-1, 3, 3), (0, 0, 4)])
def test_a_share_of_nobody_is_no_share(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="answers of"):
        Share(*counts)
