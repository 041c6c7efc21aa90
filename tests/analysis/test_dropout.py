"""Where respondents leave: persons at risk, hazard and survival."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.dropout import Dropout, Stops, dropout, large_enough
from questionnaires.blocks import heads
from questionnaires.definition import Choice, Form, Question, Questionnaire

ORDER = ("A", "C", "D")


def both(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


def ask(name: str, relevant: str = "") -> Question:
    choices = (Choice("ja", both("Ja")), Choice("nej", both("Nej")))
    return Question(name, "select_one", both(name), choices=choices, relevant=relevant)


def rows(found: Dropout) -> list[tuple[str, int, int, int]]:
    return [(row.item, row.shown, row.left, row.waiting) for row in found.questions]


def test_a_follow_up_is_counted_with_the_question_that_everybody_is_asked_before_it() -> None:
    note = Question("HEJ", "note", both("Hej"))
    questions = (note, ask("A"), ask("B", "${A} = 'ja'"), ask("B2", "${B} = 'ja'"), ask("C"), ask("D"))
    form = Form((Questionnaire("PROV", "kort", 1, both("Prov"), "self", "Påhittad", questions=questions),))
    assert heads(form) == {"A": "A", "B": "A", "B2": "A", "C": "C", "D": "D"}


def test_the_life_table_by_hand() -> None:
    """Eight began: two left at A, one sent early at C and one broke off there, one waits at D."""
    stops = Stops(3, early={"C": 1}, broken_off={"A": 2, "C": 1}, waiting={"D": 1})
    found = dropout(ORDER, stops, introduction=2)
    assert rows(found) == [("A", 8, 2, 0), ("C", 6, 2, 0), ("D", 4, 0, 1)]
    assert [row.hazard for row in found.questions] == [Fraction(1, 4), Fraction(1, 3), Fraction(0)]
    assert [row.survival for row in found.questions] == [Fraction(3, 4), Fraction(1, 2), Fraction(1, 2)]
    assert (found.left, found.waiting, found.introduction) == (4, 1, 2)


def test_nobody_at_risk_has_no_hazard() -> None:
    found = dropout(ORDER, Stops())
    assert {row.hazard for row in found.questions} == {None}
    assert found.questions[-1].survival == 1


persons = st.dictionaries(st.sampled_from(ORDER), st.integers(0, 4))
groups = st.builds(Stops, st.integers(0, 9), persons, persons, persons)


@given(groups, groups)
def test_break_offs_sum_and_never_pass_those_at_risk(one: Stops, other: Stops) -> None:
    stops = one + other
    assert stops.begun == one.begun + other.begun
    found = dropout(ORDER, stops)
    assert found.left == sum(stops.early.values()) + sum(stops.broken_off.values())
    assert found.waiting == sum(stops.waiting.values())
    assert (
        found.questions[-1].shown - found.questions[-1].left - found.questions[-1].waiting == stops.finished
    )
    survival = Fraction(1)
    for row in found.questions:
        assert 0 <= row.left <= row.left + row.waiting <= row.shown <= stops.begun
        assert 0 <= row.survival <= survival
        survival = row.survival


@given(groups)
def test_where_nobody_waits_survival_is_the_share_that_got_past(stops: Stops) -> None:
    closed = Stops(stops.finished, stops.early, stops.broken_off)
    for row in dropout(ORDER, closed).questions:
        assert not closed.begun or row.survival == Fraction(row.shown - row.left, closed.begun)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Stops(1, early={"A": -1})
    with pytest.raises(ValueError, match="not in the form: X"):
        dropout(ORDER, Stops(early={"X": 1}))


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 12)), st.integers(3, 6))
def test_no_small_group_can_be_had_by_subtraction(begun: dict[str, int], smallest: int) -> None:
    seen = large_enough(begun, smallest)
    assert all(begun[label] >= smallest for label in seen)
    rest = sum(n for label, n in begun.items() if label not in seen)
    assert rest == 0 or rest >= smallest or not seen


def test_the_next_smallest_group_is_left_out_with_a_small_one() -> None:
    assert large_enough({"Bromma": 9, "Farsta": 6, "Älvsjö": 2}, 5) == {"Bromma"}
    assert large_enough({"Bromma": 9, "Farsta": 6, "Älvsjö": 0}, 5) == {"Bromma", "Farsta"}
