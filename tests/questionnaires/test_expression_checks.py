"""What passes the checks can always be evaluated, whatever was answered."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from questionnaires.expression_checks import KINDS, ExpressionChecks
from questionnaires.expressions import compile_expression
from questionnaires.question_types import QUESTION_TYPES
from questionnaires.xpath import FUNCTIONS
from tests.questionnaires.small import row, small

ITEMS = small(
    row("ONE", "select_one ja_nej"),
    row("SEVERAL", "select_multiple instrument"),
    row("WHOLE", "integer"),
    row("PART", "decimal"),
    row("WORDS", "text"),
    row("DAY", "date"),
    row("MONTH", "month"),
    row("READ", "acknowledge"),
).questions

LEAVES = st.one_of(
    st.sampled_from([f"${{{question.name}}}" for question in ITEMS]),
    st.sampled_from(["'ja'", "'fia'", "''", "'2012-03-01'", "'2012-03'", "0", "1", "2.5", "true()", "-1"]),
)
OPERATORS = st.sampled_from(["and", "or", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "div", "mod"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return operations and calls on any operands, most of them of the wrong types."""
    operations = st.tuples(inner, OPERATORS, inner).map(lambda parts: f"({' '.join(parts)})")
    calls = [
        st.tuples(*[inner] * len(function.arguments)).map(lambda parts, n=name: f"{n}({', '.join(parts)})")
        for name, function in FUNCTIONS.items()
        if name != "regex"
    ]
    patterns = inner.map(lambda operand: f"regex({operand}, '[a-z0-9-]+')")
    return st.one_of(operations, patterns, *calls)


EXPRESSIONS = st.recursive(LEAVES, nested, max_leaves=6)
ANSWERED = st.fixed_dictionaries(
    {},
    optional={
        "ONE": st.sampled_from(["ja", "nej"]),
        "SEVERAL": st.sampled_from(["fia", "fia ib", "inget"]),
        "WHOLE": st.integers(-(10**15), 10**15).map(str),
        "PART": st.sampled_from(["0", "-0.5", "1000000000000.25"]),
        "WORDS": st.text(max_size=20),
        "DAY": st.dates().map(str),
        "MONTH": st.dates().map(lambda day: str(day)[:7]),
        "READ": st.just("ok"),
    },
)


LAST = small(row("LAST", "text")).questions[0]


def faults(relevant: str) -> tuple[object, ...]:
    return ExpressionChecks((*ITEMS, replace(LAST, relevant=relevant)), (), "prov_a.toml").problems()


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(EXPRESSIONS, st.lists(ANSWERED, min_size=1, max_size=4))
def test_an_expression_without_a_fault_can_be_evaluated_on_any_answers(
    text: str, answered: list[dict[str, str]]
) -> None:
    assume(not faults(text))
    for values in answered:
        assert compile_expression(text).holds(values) in {True, False}


def test_every_type_of_question_has_a_kind_of_answer() -> None:
    assert set(KINDS) == set(QUESTION_TYPES)
