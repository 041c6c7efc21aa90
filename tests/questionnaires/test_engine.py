from __future__ import annotations

import pytest

from questionnaires import engine
from questionnaires.definition import Missing
from questionnaires.engine import Outcome
from questionnaires.errors import Refusal
from questionnaires.loader import form
from questionnaires.prompts import Option, Progress, Prompt, Widget
from questionnaires.question_types import QUESTION_TYPES
from tests.questionnaires.small import row, small

YES = "relevant = \"${Q1} = 'ja'\""
FORM = small(
    row("N1", "note"),
    row("Q1", "select_one ja_nej", "required = true", 'section = "samverkan"'),
    row("N2", "note", YES),
    row(
        "Q2", "select_multiple instrument", YES, 'hint = { sv = "Flera går bra.", en = "Several are fine." }'
    ),
    row("N3", "note"),
    row(
        "Q3",
        "integer",
        "constraint = \". >= 0 and (${Q1} = 'ja' or . < 10)\"",
        'constraint_message = { sv = "Minst 0, under 10 om nej.", en = "At least 0, below 10 if no." }',
        'why = { sv = "För jämförelsen.", en = "For the comparison." }',
    ),
    row("Q4", "acknowledge"),
    row("Q5", "text", 'relevant = "${Q3} > 5"'),
    row("N4", "note"),
    row("N5", "note", YES),
)


def names(answers: dict[str, str | None]) -> list[str]:
    return [question.name for question in engine.route(FORM, answers)]


def asked(answers: dict[str, str | None], asking: str = "") -> str:
    question = engine.next_question(FORM, answers, asking)
    return question.name if question else "the end"


def accept(item: str, answers: dict[str, str | None], *raw: str, language: str = "sv") -> str | Refusal:
    return engine.accept(FORM, answers, FORM.by_name[item], raw, language)


def shown(item: str, answers: dict[str, str | None], language: str = "sv") -> Prompt:
    return engine.prompt(FORM, answers, FORM.by_name[item], language)


def test_the_first_question_is_the_first_that_is_no_note() -> None:
    assert asked({}) == "Q1"


def test_the_next_question_is_the_first_unanswered_on_the_route() -> None:
    assert asked({"Q1": "nej"}) == "Q3"
    assert asked({"Q1": "ja"}) == "Q2"
    assert asked({"Q1": "ja", "Q3": "3"}) == "Q2"
    assert asked({"Q1": "nej", "Q3": None, "Q4": "ok"}) == "the end"


def test_a_skipped_question_is_not_asked_again_and_counts_as_empty() -> None:
    assert asked({"Q1": None}) == "Q3"
    assert names({"Q3": None}) == ["Q1", "Q3", "Q4"]


def test_an_item_may_be_asked_again_while_it_is_on_the_route() -> None:
    answers: dict[str, str | None] = {"Q1": "nej", "Q2": "fia", "Q3": "3"}
    assert asked(answers, "Q1") == "Q1"
    assert asked(answers, "Q2") == "Q4"
    assert asked(answers, "unknown") == "Q4"


def test_back_is_the_question_before_and_from_the_end_the_last() -> None:
    answers: dict[str, str | None] = {"Q1": "nej", "Q3": "3"}
    assert engine.previous_question(FORM, {}) is None
    assert engine.previous_question(FORM, answers) == FORM.by_name["Q3"]
    assert engine.previous_question(FORM, answers, "Q3") == FORM.by_name["Q1"]
    assert engine.previous_question(FORM, answers, "Q1") is None
    assert engine.previous_question(FORM, answers | {"Q4": "ok"}) == FORM.by_name["Q4"]


def test_a_changed_answer_prunes_what_followed_from_it_and_revives_it_when_changed_back() -> None:
    answers: dict[str, str | None] = {
        "Q1": "ja",
        "Q2": "annat",
        "Q2_other": "MI",
        "Q3": "8",
        "Q4": "ok",
        "Q5": "x",
    }
    assert names(answers) == ["Q1", "Q2", "Q2_other", "Q3", "Q4", "Q5"]
    pruned = answers | {"Q1": "nej"}
    assert names(pruned) == ["Q1", "Q3", "Q4", "Q5"]
    assert engine.effective(FORM, pruned) == {"Q1": "nej", "Q3": "8", "Q4": "ok", "Q5": "x"}
    assert engine.effective(FORM, pruned | {"Q1": "ja"}) == answers


def test_an_answer_that_fell_off_the_route_decides_nothing_further_on() -> None:
    chain = small(
        row("Q1", "select_one ja_nej"),
        row("Q2", "select_one ja_nej", YES),
        row("Q3", "text", "relevant = \"${Q2} = 'ja'\""),
        row("Q4", "text", "relevant = \"${Q2} = ''\""),
    )
    answers = {"Q1": "nej", "Q2": "ja"}
    assert [question.name for question in engine.route(chain, answers)] == ["Q1", "Q4"]


def test_an_answer_is_refused_by_its_constraint_with_the_message_in_the_language() -> None:
    message = {"sv": "Minst 0, under 10 om nej.", "en": "At least 0, below 10 if no."}
    assert accept("Q3", {"Q1": "nej"}, "12") == Refusal("constraint", {"message": message["sv"]})
    assert accept("Q3", {"Q1": "nej"}, "12", language="en") == Refusal(
        "constraint", {"message": message["en"]}
    )
    assert accept("Q3", {"Q1": "ja", "Q2": None}, "12") == "12"


def test_an_answer_to_a_question_no_longer_on_the_route_is_refused() -> None:
    assert accept("Q2", {"Q1": "nej"}, "fia") == Refusal("off_route")


def test_an_empty_answer_is_required_or_just_empty() -> None:
    assert accept("Q1", {}, "") == Refusal("required")
    assert accept("Q3", {"Q1": "nej"}, " ") == Refusal("empty")


def test_any_other_refusal_is_that_of_the_type() -> None:
    assert accept("Q1", {}, "blå") == Refusal("not_an_option", {"last": "3"})


def test_a_prompt_carries_all_that_a_door_shows() -> None:
    assert shown("Q2", {"Q1": "ja"}) == Prompt(
        widget=Widget.MANY,
        item="Q2",
        label="Fråga Q2?",
        progress=Progress(position=2, about=5, minutes=2),
        hint="Flera går bra.",
        notes=("Fråga N2?",),
        options=(
            Option("fia", "FIA"),
            Option("ib", "Initial bedömning, IB"),
            Option("annat", "Annat"),
            Option("inget", "Inget av dessa", exclusive=True),
        ),
    )


def test_a_prompt_of_an_answered_question_shows_the_answer_as_one_would_type_it() -> None:
    answers: dict[str, str | None] = {"Q1": "ja", "Q2": "fia ib", "Q3": "7"}
    assert [option.value for option in shown("Q2", answers).options if option.chosen] == ["fia", "ib"]
    assert shown("Q2", answers).value == "fia ib"
    decimal = small(row("Q1", "decimal"))
    for language, typed in (("sv", "1000,5"), ("en", "1000.5")):
        assert engine.prompt(decimal, {"Q1": "1000.5"}, decimal.questions[0], language).value == typed


def test_a_prompt_is_in_the_language_of_the_respondent() -> None:
    found = shown("Q1", {}, "en")
    assert (found.label, found.section, found.notes) == ("Question Q1?", "Cooperation", ("Question N1?",))


def test_notes_stand_before_the_next_question_and_only_while_relevant() -> None:
    assert shown("Q3", {"Q1": "nej"}).notes == ("Fråga N3?",)
    assert shown("Q4", {"Q1": "nej", "Q3": "3"}).notes == ()
    assert engine.closing_notes(FORM, {"Q1": "nej"}, "sv") == ("Fråga N4?",)
    assert engine.closing_notes(FORM, {"Q1": "ja"}, "en") == ("Question N4?", "Question N5?")


def test_only_a_question_that_is_not_required_can_be_skipped() -> None:
    assert not shown("Q1", {}).can_skip
    assert not shown("Q4", {"Q1": "nej"}).can_skip
    assert shown("Q3", {"Q1": "nej"}).can_skip


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("integer", "integer"), ("decimal", "decimal"), ("date", "date"), ("month", "month"), ("text", "")],
)
def test_a_prompt_narrows_its_widget_by_a_format(kind: str, wanted: str) -> None:
    one = small(row("Q1", kind))
    assert engine.prompt(one, {}, one.questions[0], "sv").format == wanted


def test_a_scale_is_shown_as_one() -> None:
    one = small(row("Q1", "select_one ja_nej", 'appearance = "likert"'))
    assert engine.prompt(one, {}, one.questions[0], "sv").format == "scale"


def test_progress_counts_what_may_still_come_by_how_likely_it_is() -> None:
    follow_up = "relevant = \"${{{}}} = 'ja'\""
    form = small(
        row("Q1", "select_one ja_nej", "seconds = 60"),
        row("Q2", "select_one ja_nej", follow_up.format("Q1"), "seconds = 240"),
        row("Q3", "select_one ja_nej", follow_up.format("Q2"), "seconds = 240"),
    )
    first, second, third = form.questions
    assert engine.prompt(form, {}, first, "sv").progress == Progress(1, 2, 4)
    assert engine.prompt(form, {"Q1": "nej"}, first, "sv").progress == Progress(1, 1, 1)
    assert engine.prompt(form, {"Q1": None}, first, "sv").progress == Progress(1, 1, 1)
    assert engine.prompt(form, {"Q1": "ja"}, second, "sv").progress == Progress(2, 3, 6)
    assert engine.prompt(form, {"Q1": "ja", "Q2": "ja"}, third, "sv").progress == Progress(3, 3, 4)
    changed = {"Q1": "nej", "Q2": "ja"}
    assert engine.prompt(form, changed, first, "sv").progress == Progress(1, 1, 1)


def test_progress_counts_the_own_route_and_the_time_that_is_left() -> None:
    texts = small(*[row(f"Q{number}", "text", "seconds = 50") for number in range(1, 5)])
    first, last = texts.questions[0], texts.questions[3]
    assert engine.prompt(texts, {}, first, "sv").progress == Progress(1, 4, 4)
    assert engine.prompt(texts, {"Q1": "a", "Q2": "b", "Q3": None}, last, "sv").progress == Progress(4, 4, 1)
    assert engine.prompt(texts, {"Q1": "a", "Q2": "b", "Q3": "c"}, first, "sv").progress == Progress(1, 4, 2)


def test_a_question_off_the_route_has_no_place_on_it() -> None:
    with pytest.raises(ValueError, match="Q2"):
        shown("Q2", {"Q1": "nej"})


def test_an_outcome_is_the_options_or_the_reason_why_there_are_none() -> None:
    answers: dict[str, str | None] = {
        "Q1": "ja",
        "Q2": "fia annat",
        "Q2_other": "MI",
        "Q3": "7",
        "Q4": "ok",
        "Q5": None,
    }
    assert engine.outcomes(FORM, answers, partial=False) == (
        Outcome("Q1", ("ja",)),
        Outcome("Q2", ("fia", "annat")),
        Outcome("Q2_other", ("text",), "MI"),
        Outcome("Q3", ("7",)),
        Outcome("Q5", missing=Missing.SKIPPED),
    )


def test_an_option_that_is_a_reason_for_a_missing_value_is_that_reason() -> None:
    found = engine.outcomes(FORM, {"Q1": "vill_inte"}, partial=True)
    assert found[0] == Outcome("Q1", missing="declined")


def test_what_was_not_asked_and_what_was_not_reached_are_told_apart() -> None:
    found = {outcome.item: outcome.missing for outcome in engine.outcomes(FORM, {"Q1": "nej"}, partial=True)}
    assert found == {
        "Q1": "",
        "Q2": Missing.OFF_ROUTE,
        "Q2_other": Missing.OFF_ROUTE,
        "Q3": Missing.NOT_REACHED,
        "Q5": Missing.OFF_ROUTE,
    }


def test_a_whole_sending_with_an_unanswered_question_is_a_program_error() -> None:
    with pytest.raises(ValueError, match="Q3 is on the route and unanswered"):
        engine.outcomes(FORM, {"Q1": "nej"}, partial=False)


def test_conditions_reach_back_over_the_parts_of_a_form() -> None:
    whole = form("komp.kort", "kval.kort")
    first, second = (part.questions for part in whole.parts)
    assert engine.next_question(whole, {}) == first[0]
    done: dict[str, str | None] = {question.name: None for question in first}
    following = engine.next_question(whole, done)
    assert following is not None
    assert following in second


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_every_type_but_the_note_is_asked(kind: str) -> None:
    listed = {"select_one": " ja_nej", "select_multiple": " ja_nej"}.get(kind, "")
    one = small(row("Q1", f"{kind}{listed}"))
    following = engine.next_question(one, {})
    assert (following is None) == (kind == "note")


def test_a_short_follow_up_stands_with_its_hint_where_it_stands_alone() -> None:
    hint = 'hint = { sv = "Gäller instrument.", en = "About instruments." }'
    form = small(row("Q1", "select_one ja_nej", hint), row("Q2", "text", "relevant = \"${Q1} = 'ja'\"", hint))
    first, follow_up = form.questions
    assert engine.label_alone(first, "sv") == "Fråga Q1?"
    assert engine.label_alone(follow_up, "sv") == "Fråga Q2? Gäller instrument."
