"""What is true of every form and every respondent."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import engine
from questionnaires.definition import Form, Missing
from questionnaires.question_types import QUESTION_TYPES, show_answer
from tests.questionnaires.random_respondent import walk
from tests.questionnaires.small import forms

SEEDS = st.integers(0, 2**32)
WALKS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def some_of(answers: dict[str, str | None], keep: float) -> dict[str, str | None]:
    """Return the first part of what was answered."""
    return dict(list(answers.items())[: int(len(answers) * keep)])


@WALKS
@given(forms(), SEEDS)
def test_every_respondent_comes_to_the_end_of_every_form(form: Form, seed: int) -> None:
    answers = walk(form, seed)
    assert engine.next_question(form, answers) is None
    assert {question.name for question in engine.route(form, answers)} <= set(answers)


@WALKS
@given(forms(), SEEDS, st.floats(0, 1))
def test_the_route_is_a_subsequence_of_the_form(form: Form, seed: int, keep: float) -> None:
    names = iter([question.name for question in form.questions])
    answers = some_of(walk(form, seed), keep)
    assert all(question.name in names for question in engine.route(form, answers))


@WALKS
@given(forms(), SEEDS, st.floats(0, 1), st.sampled_from(["sv", "en"]))
def test_going_back_and_giving_the_same_answer_changes_nothing(
    form: Form, seed: int, keep: float, language: str
) -> None:
    answers = some_of(walk(form, seed), keep)
    before = engine.next_question(form, answers)
    back = engine.previous_question(form, answers)
    if back is None or not answers[back.name]:
        return
    typed = engine.prompt(form, answers, back, language).value
    again = engine.accept(form, answers, back, [typed], language)
    assert again == answers[back.name]
    assert engine.next_question(form, {**answers, back.name: again}) == before


@WALKS
@given(forms(), SEEDS)
def test_an_answer_read_in_words_is_the_same_answer(form: Form, seed: int) -> None:
    answers = walk(form, seed)
    for item, value in engine.effective(form, answers).items():
        question = form.by_name[item]
        for language in ("sv", "en"):
            if value and question.type != "acknowledge":
                shown = show_answer(question, value, language)
                assert engine.accept(form, answers, question, [shown], language) == value


@WALKS
@given(forms(), SEEDS, st.data())
def test_an_answer_changed_and_changed_back_brings_the_route_back(
    form: Form, seed: int, data: st.DataObject
) -> None:
    answers = walk(form, seed)
    if not answers:
        return
    item = data.draw(st.sampled_from(sorted(answers)))
    other = walk(form, seed + 1).get(item)
    changed = {**answers, item: other}
    restored = {**changed, item: answers[item]}
    assert engine.route(form, restored) == engine.route(form, answers)
    assert engine.effective(form, restored) == engine.effective(form, answers)
    assert engine.next_question(form, restored) is None


@WALKS
@given(forms(), SEEDS)
def test_answers_off_the_route_decide_nothing(form: Form, seed: int) -> None:
    answers = walk(form, seed) | walk(form, seed + 1)
    pruned = engine.effective(form, answers)
    assert engine.route(form, pruned) == engine.route(form, answers)
    assert engine.next_question(form, pruned) == engine.next_question(form, answers)


@WALKS
@given(forms(), SEEDS, st.floats(0, 1))
def test_each_counted_question_has_exactly_one_outcome(form: Form, seed: int, keep: float) -> None:
    answers = some_of(walk(form, seed), keep)
    found = engine.outcomes(form, answers, partial=True)
    counted = [question.name for question in form.questions if QUESTION_TYPES[question.type].counted]
    assert [outcome.item for outcome in found] == counted
    assert all(bool(outcome.options) != bool(outcome.missing) for outcome in found)
    on_route = {question.name for question in engine.route(form, answers)}
    for outcome in found:
        assert (outcome.missing == Missing.OFF_ROUTE) == (outcome.item not in on_route)


@WALKS
@given(forms(), SEEDS, st.floats(0, 1), st.integers(0, 100))
def test_an_item_asked_again_is_asked_wherever_it_is_on_the_route(
    form: Form, seed: int, keep: float, place: int
) -> None:
    answers = some_of(walk(form, seed), keep)
    on_route = engine.route(form, answers)
    if not on_route:
        return
    position = place % len(on_route)
    asked = on_route[position]
    assert engine.next_question(form, answers, asked.name) == asked
    before = engine.previous_question(form, answers, asked.name)
    assert before == (on_route[position - 1] if position else None)
    assert engine.prompt(form, answers, asked, "sv").progress.position == position + 1


@WALKS
@given(forms(), SEEDS)
def test_the_engine_leaves_the_answers_it_is_given_alone(form: Form, seed: int) -> None:
    answers = walk(form, seed)
    copy = dict(answers)
    for question in engine.route(form, answers):
        engine.prompt(form, answers, question, "sv")
        engine.accept(form, answers, question, ["a"], "sv")
    engine.outcomes(form, answers, partial=False)
    assert answers == copy
