"""The page on the definition language says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires.checking import LONGEST_LABEL, check
from questionnaires.definition import BACKGROUNDS, QUALITY_AREAS, STATUSES, SUBJECTS
from questionnaires.loader import parse
from questionnaires.question_types import MAX_TEXT, QUESTION_TYPES
from questionnaires.reading import ChoiceRow, Header, SurveyRow
from questionnaires.xpath import FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "questionnaires.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml(?: wrong: ([^\n]*))?\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
WHOLE = BLOCKS[0][1]
RIGHT = [body for wrong, body in BLOCKS[1:] if not wrong]
WRONG = [(wrong, body) for wrong, body in BLOCKS if wrong]
TYPES = RIGHT[0]
LAST = """
[[survey]]
type = "text"
name = "LAST"
label = { sv = "Sist", en = "Last" }
constraint_message = { sv = "Nej", en = "No" }
"""
CODE = set(re.findall(r"`([^`\n]+)`", PAGE))


def put_into(whole: str, part: str) -> str:
    """Return the whole file with further rows and lists, each list in its own table."""
    for table, body in re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", part, flags=re.MULTILINE | re.DOTALL):
        whole = whole.replace(f"[{table}]\n", f"[{table}]\n{body}")
        part = part.replace(f"[{table}]\n{body}", "")
    return f"{whole}\n{part}"


def test_the_whole_questionnaire_on_the_page_is_right() -> None:
    assert check(WHOLE, "page") == ()


@pytest.mark.parametrize("part", RIGHT)
def test_a_part_put_into_it_is_right(part: str) -> None:
    assert check(put_into(WHOLE, part), "page") == ()


@pytest.mark.parametrize(("rule", "part"), WRONG)
def test_a_wrong_example_is_told_as_the_page_says(rule: str, part: str) -> None:
    told = check(put_into(WHOLE, part), "page")
    assert any(rule in problem.rule for problem in told), told


def test_the_page_has_examples_of_both_kinds() -> None:
    assert len(RIGHT) >= 2
    assert len(WRONG) >= 6


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_every_type_is_on_the_page_with_its_time_and_in_an_example(kind: str) -> None:
    seconds = QUESTION_TYPES[kind].seconds
    assert re.search(rf"^\| `{kind}( LIST)?` \|.*\| {seconds} s \|$", PAGE, flags=re.MULTILINE)
    assert f'type = "{kind}' in WHOLE + TYPES


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_on_the_page_in_an_expression_that_is_right(name: str) -> None:
    calls = [code for code in CODE if code.startswith(f"{name}(") and code != "not( )"]
    assert calls
    questions = put_into(WHOLE, TYPES)
    for call in calls:
        condition = call if FUNCTIONS[name].result == "boolean" else f"{call} = {call}"
        assert parse(f'{questions}\n{LAST}constraint = "{condition}"', "page")


@pytest.mark.parametrize(
    "operator", ["=", "!=", "<", ">", "<=", ">=", "and", "or", "+", "-", "*", "div", "mod"]
)
def test_every_operator_is_on_the_page(operator: str) -> None:
    assert operator in CODE


@pytest.mark.parametrize(
    "key", [*SurveyRow.model_fields, *sorted(set(ChoiceRow.model_fields) - {"name", "label"})]
)
def test_every_key_of_a_row_and_an_option_is_on_the_page(key: str) -> None:
    assert any(code == key or code.startswith(f"{key} = ") for code in CODE)


@pytest.mark.parametrize("key", Header.model_fields)
def test_every_key_of_the_head_is_on_the_page(key: str) -> None:
    assert {key, f"[{key}]", f"[[{key}]]"} & CODE


@pytest.mark.parametrize("word", [*QUALITY_AREAS, *STATUSES, *SUBJECTS, *BACKGROUNDS])
def test_every_area_status_subject_and_background_is_on_the_page(word: str) -> None:
    assert word in CODE


def test_the_limits_on_the_page_are_those_of_the_program() -> None:
    assert f"at most {MAX_TEXT:,} characters" in PAGE
    assert f"at most {LONGEST_LABEL} characters" in PAGE
