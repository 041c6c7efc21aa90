"""Where respondents leave: persons at risk, hazard and survival."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.dropout import LEFT, End, Tallies, Walk, counted, dropout, walk
from questionnaires.definition import Choice, Form, Question, Questionnaire
from questionnaires.engine import Answers, next_question

ORDER = ("A", "B", "C", "D")


def both(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


def ask(name: str, relevant: str = "") -> Question:
    choices = (Choice("ja", both("Ja")), Choice("nej", both("Nej")))
    return Question(name, "select_one", both(name), choices=choices, relevant=relevant)


@pytest.fixture
def form() -> Form:
    """A, then B only for who said yes to A, then C and D; a note stands first."""
    note = Question("HEJ", "note", both("Hej"))
    questions = (note, ask("A"), ask("B", "${A} = 'ja'"), ask("C"), ask("D"))
    return Form((Questionnaire("PROV", "kort", 1, both("Prov"), "self", "Påhittad", questions=questions),))


def rows(*walks: Walk) -> dict[str, tuple[int, int, int]]:
    found = dropout(ORDER, counted(walks))
    return {row.item: (row.shown, row.left, row.waiting) for row in found.questions}


def test_who_leaves_leaves_where_the_questionnaire_waits(form: Form) -> None:
    found = walk(form, {"A": "ja", "B": "nej"}, End.BROKEN_OFF)
    assert found == Walk(frozenset("ABC"), End.BROKEN_OFF, "C")
    assert walk(form, {}, End.BROKEN_OFF) == Walk(frozenset("A"), End.BROKEN_OFF, "A")


def test_a_question_off_the_route_is_shown_to_nobody(form: Form) -> None:
    found = walk(form, {"A": "nej", "C": None}, End.BROKEN_OFF)
    assert (found.shown, found.at) == (frozenset("ACD"), "D")


def test_a_changed_answer_takes_back_nothing_that_was_shown(form: Form) -> None:
    found = walk(form, {"A": "nej", "B": "ja", "C": "ja"}, End.BROKEN_OFF)
    assert (found.shown, found.at) == (frozenset("ABCD"), "D")


def test_a_changed_answer_that_opens_a_question_puts_the_person_there(form: Form) -> None:
    answers: Answers = {"A": "ja", "C": "ja", "D": "ja"}
    assert walk(form, answers, End.BROKEN_OFF).at == "B"


def test_going_back_moves_no_one(form: Form) -> None:
    answers: Answers = {"A": "ja", "B": "ja"}
    looked_at = next_question(form, answers, asking="A")
    assert looked_at is not None
    assert looked_at.name == "A"
    assert walk(form, answers, End.BROKEN_OFF).at == "C"


def test_who_answered_everything_and_never_sent_left_at_the_last_question(form: Form) -> None:
    assert walk(form, dict.fromkeys("ABCD", "ja"), End.BROKEN_OFF).at == "D"
    assert walk(form, dict.fromkeys("ABCD", "ja"), End.FINISHED) == Walk(frozenset("ABCD"), End.FINISHED)


def test_the_life_table_by_hand(form: Form) -> None:
    found = dropout(
        ORDER,
        counted(
            [
                walk(form, dict.fromkeys("ABCD", "ja"), End.FINISHED),
                walk(form, {"A": "nej", "C": "ja", "D": "ja"}, End.FINISHED),
                walk(form, {"A": "ja"}, End.BROKEN_OFF),
                walk(form, {"A": "nej", "C": "ja"}, End.EARLY),
                walk(form, {}, End.BROKEN_OFF),
            ]
        ),
        introduction=2,
    )
    assert [(row.item, row.shown, row.left) for row in found.questions] == [
        ("A", 5, 1),
        ("B", 2, 1),
        ("C", 3, 0),
        ("D", 3, 1),
    ]
    assert [row.hazard for row in found.questions] == [
        Fraction(1, 5),
        Fraction(1, 2),
        Fraction(0),
        Fraction(1, 3),
    ]
    assert found.questions[-1].survival == Fraction(4, 5) * Fraction(1, 2) * Fraction(2, 3)
    assert (found.left, found.introduction) == (3, 2)


def test_paused_is_not_broken_off(form: Form) -> None:
    found = dropout(ORDER, counted([walk(form, {"A": "ja"}, End.WAITING)]))
    assert (found.left, found.waiting) == (0, 1)
    assert found.questions[1].hazard == 0


def test_a_person_is_counted_once_a_question() -> None:
    assert rows(Walk(frozenset("AB"), End.BROKEN_OFF, "A"))["A"] == (1, 1, 0)


def test_nobody_at_risk_has_no_hazard() -> None:
    found = dropout(ORDER, counted([]))
    assert {row.hazard for row in found.questions} == {None}
    assert found.questions[-1].survival == 1


walks = st.lists(
    st.tuples(st.frozensets(st.sampled_from(ORDER), min_size=1), st.sampled_from(End), st.integers(0, 3)).map(
        lambda each: Walk(each[0], each[1], sorted(each[0])[each[2] % len(each[0])])
    )
)


@given(walks)
def test_break_offs_sum_and_never_pass_those_at_risk(made: list[Walk]) -> None:
    found = dropout(ORDER, counted(made))
    assert found.left == sum(each.end in LEFT for each in made)
    assert found.waiting == sum(each.end is End.WAITING for each in made)
    survival = Fraction(1)
    for row in found.questions:
        assert 0 <= row.left <= row.left + row.waiting <= row.shown <= len(made)
        assert 0 <= row.survival <= survival
        survival = row.survival


def test_without_routes_survival_is_the_share_that_got_past() -> None:
    made = [
        Walk(frozenset(ORDER[:1]), End.BROKEN_OFF, "A"),
        Walk(frozenset(ORDER[:3]), End.EARLY, "C"),
        *[Walk(frozenset(ORDER), End.FINISHED)] * 6,
    ]
    found = dropout(ORDER, counted(made))
    assert [row.survival for row in found.questions] == [Fraction(n, 8) for n in (7, 7, 6, 6)]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="was not shown"):
        Walk(frozenset("A"), End.BROKEN_OFF, "B")
    with pytest.raises(ValueError, match="not in the form: X"):
        dropout(ORDER, Tallies({"X": 1}, {}))
    with pytest.raises(ValueError, match="A: 2 left and 0 wait, of 1"):
        dropout(ORDER, Tallies({"A": 1}, {"A": 2}))
