"""Every instrument of the library, however many there are."""

from __future__ import annotations

from statistics import mean

import pytest

from questionnaires import engine
from questionnaires.checking import check
from questionnaires.loader import form, from_library, library
from questionnaires.question_types import QUESTION_TYPES
from tests.questionnaires.random_respondent import walk

SEEDS = range(20)
FORMS = (("komp.kort", "kval.kort"), ("komp.2012", "kval.2012"), *((name,) for name in library()))


@pytest.mark.parametrize("name", library())
def test_an_instrument_has_no_problem(name: str) -> None:
    path = library()[name]
    assert [str(problem) for problem in check(path.read_text(encoding="utf-8"), path.name)] == []


@pytest.mark.parametrize("name", library())
def test_an_instrument_stands_under_its_own_name(name: str) -> None:
    assert from_library(name).name == name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", library())
def test_a_random_respondent_walks_an_instrument_to_its_end(name: str, seed: int) -> None:
    whole = form(name)
    answers = walk(whole, seed)
    assert engine.next_question(whole, answers) is None
    counted = [question for question in whole.questions if QUESTION_TYPES[question.type].counted]
    assert len(engine.outcomes(whole, answers, partial=False)) == len(counted)


@pytest.mark.parametrize("name", library())
def test_every_question_of_an_instrument_is_met_by_some_respondent(name: str) -> None:
    whole = form(name)
    met = {item for seed in range(60) for item in engine.effective(whole, walk(whole, seed, changes=False))}
    assert met == {question.name for question in whole.questions if engine.is_asked(question)}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("edition", ["kort", "2012"])
def test_the_survey_of_both_questionnaires_is_walked_as_one_form(edition: str, seed: int) -> None:
    whole = form(f"komp.{edition}", f"kval.{edition}")
    assert len(whole.parts) == 2
    assert engine.next_question(whole, walk(whole, seed)) is None


@pytest.mark.parametrize("names", FORMS, ids=" ".join)
def test_the_length_that_is_foretold_is_near_what_respondents_come_to(names: tuple[str, ...]) -> None:
    whole = form(*names)
    first = engine.route(whole, {})[0]
    foretold = engine.prompt(whole, {}, first, "sv").progress.about
    lengths = [len(engine.route(whole, walk(whole, seed, skips=0, changes=False))) for seed in range(30)]
    assert min(lengths) <= foretold <= max(lengths)
    assert foretold == pytest.approx(mean(lengths), rel=0.5, abs=1)


@pytest.mark.parametrize("name", library())
def test_the_hint_of_an_open_question_warns_against_naming_anyone(name: str) -> None:
    """Doors warn at every open question without a hint, and leave it to the hint where there is one."""
    hints = [
        question.hint["sv"]
        for question in from_library(name).questions
        if question.hint and question.type == "text"
    ]
    assert [hint for hint in hints if "Skriv inga" not in hint] == []
