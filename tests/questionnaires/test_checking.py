"""Every rule of a definition, one broken file each, with the item and the remedy it is told with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.checking import LONGEST_LABEL, check
from questionnaires.definition import Form, restored
from questionnaires.errors import DefinitionError, Problem
from questionnaires.loader import parse
from tests.questionnaires.small import HEAD, LISTS, row, toml

FIRST = row("Q1", "select_one ja_nej")
SEVERAL = row("Q2", "select_multiple instrument")
NUMBER = row("Q3", "integer")
WORDS = row("Q4", "text")
DAY = row("Q5", "date")
NOTE = row("Q6", "note")
ALL = (FIRST, SEVERAL, NUMBER, WORDS, DAY, NOTE)
MESSAGE = 'constraint_message = { sv = "Nej", en = "No" }'


def problems(*rows: str, head: str = HEAD, lists: str = LISTS) -> list[Problem]:
    return list(check(toml(*rows, head=head, lists=lists), "prov_a.toml"))


def with_relevant(relevant: str) -> list[Problem]:
    return problems(*ALL, row("Q9", "text", f'relevant = "{relevant}"'))


def with_constraint(kind: str, constraint: str) -> list[Problem]:
    return problems(*ALL, row("Q9", kind, f'constraint = "{constraint}"', MESSAGE))


def found(told: list[Problem], item: str, rule: str, remedy: str = "") -> bool:
    return any(item == problem.item and rule in problem.rule and remedy in problem.remedy for problem in told)


def test_a_right_file_has_no_problem() -> None:
    assert problems(*ALL) == []


def test_a_problem_says_file_item_rule_and_remedy() -> None:
    told = [str(problem) for problem in with_relevant("${Q11} = 'ja'")]
    assert told == [
        "prov_a.toml: Q9: relevant refers to the unknown name “Q11”. Write ${Q1}, if that is meant."
    ]


@pytest.mark.parametrize(
    ("relevant", "rule", "remedy"),
    [
        ("${nothing_like_it} = 'ja'", "unknown name “nothing_like_it”", "name an item of this questionnaire"),
        ("foo(${Q1})", "unknown function 'foo'", "correct relevant"),
        ("${Q1} = ", "unexpected end of source", "correct relevant"),
        ("${Q1} = 'kanske'", "${Q1} has no option 'kanske'", "use one of ja, nej, vill_inte"),
        ("'kanske' != ${Q1}", "${Q1} has no option 'kanske'", "use one of ja, nej, vill_inte"),
        ("${Q1} = 1", "${Q1} is one option and 1 is a number", "an option stands in quotes"),
        ("${Q1} > 1", "${Q1} is one option, and “>” needs a number", "number()"),
        ("${Q1}", "${Q1} is one option where true or false is needed", "${Q1} != ''"),
        ("${Q1} and true()", "${Q1} is one option where true or false is needed", "${Q1} != ''"),
        ("not(${Q1})", "${Q1} is one option where true or false is needed", "${Q1} != ''"),
        ("selected(${Q1}, 'ja')", "selected() is for a select_multiple", "${Q1} = 'option'"),
        ("count-selected(${Q3}) = 1", "count-selected() is for a select_multiple", "${Q3}"),
        ("${Q2} = 'fia'", "${Q2} is several options", "write selected(${Q2}, 'fia')"),
        ("selected(${Q2}, 'asi')", "${Q2} has no option 'asi'", "use one of fia, ib, annat, inget"),
        ("count-selected(${Q2}) = 'två'", "is a number, never 'två'", "numbers without quotes"),
        ("${Q3} = 'tre'", "${Q3} is a number, never 'tre'", "numbers without quotes"),
        ("${Q3} + ${Q4} > 2", "${Q4} is text, and “+” needs a number", "number()"),
        ("${Q4} > 2", "${Q4} is text, and “>” needs a number", "number()"),
        ("${Q4} = 2", "${Q4} is text and 2 is a number", "answers of one kind"),
        ("string-length(${Q3}) > 2", "${Q3} is a number, and string-length() reads text", "text item"),
        ("round(${Q4}) = 2", "${Q4} is text, and round() needs a number", "number()"),
        ("${Q5} = '1 mars'", "${Q5} is a date, never '1 mars'", "'2012-03-01'"),
        ("${Q5} > 2012", "${Q5} is a date, and “>” needs a number", "number()"),
        ("${Q6} = 'ok'", "${Q6} is a note, which has no answer", "refer to a question"),
        ("if(${Q1}, true(), false())", "${Q1} is one option where true or false is needed", "${Q1} != ''"),
        (". = 'ja'", "“.” is the answer itself, which relevant cannot know", "${ITEM}"),
        ("(${Q3} = 1) = 'sant'", "is true or false, never 'sant'", "quotes"),
    ],
)
def test_a_wrong_expression_is_told_with_what_to_do(relevant: str, rule: str, remedy: str) -> None:
    assert found(with_relevant(relevant), "Q9", rule, remedy)


@pytest.mark.parametrize(
    "relevant",
    [
        "${Q1} = 'ja' or ${Q1} = ''",
        "selected(${Q2}, 'fia') and not(selected(${Q2}, 'ib'))",
        "${Q2} != ''",
        "count-selected(${Q2}) >= 2",
        "${Q3} * 2 + 1 > 5 and ${Q3} mod 2 = 0",
        "number(${Q4}) > 2",
        "string-length(${Q4}) > 20 and regex(${Q4}, '.*[0-9]')",
        "${Q5} >= '2012-03-01' and '2013-01-01' > ${Q5}",
        "number(substring(${Q5}, 1, 4)) = 2012",
        "coalesce(${Q4}, 'inget') = 'inget'",
        "if(${Q1} = 'ja', ${Q3}, 0) > 2",
        "contains(concat(${Q4}, ${Q1}), 'ja')",
    ],
)
def test_a_right_expression_is_let_through(relevant: str) -> None:
    assert with_relevant(relevant) == []


def test_a_constraint_judges_the_answer_itself_by_its_type() -> None:
    assert with_constraint("integer", ". >= 0 and . <= ${Q3}") == []
    assert with_constraint("select_multiple instrument", "count-selected(.) <= 2") == []
    assert found(with_constraint("text", ". > 3"), "Q9", "in constraint, wrong type: . is text")
    assert found(with_constraint("integer", "${Q9} > 3"), "Q9", "its own item by name", "write .")


def test_a_forward_reference_is_told() -> None:
    told = problems(row("Q0", "text", "relevant = \"${Q1} = 'ja'\""), FIRST)
    assert found(told, "Q0", "forward reference: relevant refers to “Q1”", "move “Q1” before it")


def test_a_cycle_is_told_of_the_items_that_close_it() -> None:
    told = problems(
        row("A1", "select_one ja_nej", "relevant = \"${B1} = 'ja'\""),
        row("B1", "select_one ja_nej", "relevant = \"${A1} = 'ja'\""),
        row("C1", "select_one ja_nej", "relevant = \"${C1} = 'ja'\""),
    )
    assert found(told, "A1", "cycle: relevant and the one of “B1” depend on each other")
    assert found(told, "C1", "cycle")


def test_a_cycle_is_told_also_where_its_second_half_cannot_be_understood() -> None:
    told = problems(
        row("A1", "select_one ja_nej", "relevant = \"${B1} = 'ja'\""),
        row("B1", "select_one ja_nej", "relevant = \"foo(${A1}) = 'ja'\""),
    )
    assert found(told, "A1", "cycle: relevant and the one of “B1” depend on each other")
    assert found(told, "B1", "unknown function 'foo'")


@pytest.mark.parametrize(
    "relevant",
    [
        "${Q1} = 'ja' and ${Q1} = 'nej'",
        "${Q1} = 'ja' and not(${Q1} = 'ja')",
        "${Q3} > 5 and ${Q3} < 5",
        "${Q3} > 5 and ${Q3} < 6",
        "${Q5} > '2012-03-01' and ${Q5} < '2012-03-02'",
        "selected(${Q2}, 'inget') and selected(${Q2}, 'fia')",
        "false()",
        "${Q1} != 'ja' and (${Q1} = 'ja' and string-length(${Q4}) > 2)",
    ],
)
def test_a_question_that_nobody_can_reach_is_told(relevant: str) -> None:
    assert found(with_relevant(relevant), "Q9", "unreachable question", "correct relevant")


@pytest.mark.parametrize(
    "relevant",
    [
        "${Q1} = 'ja' or ${Q1} = 'nej'",
        "${Q3} > 5 and ${Q3} < 7",
        "${Q5} > '2012-03-01' and ${Q5} < '2012-03-03'",
        "${Q3} * 2 = 11",
        "string-length(${Q4}) > 5000",
        "selected(${Q2}, 'fia') and selected(${Q2}, 'ib') and selected(${Q2}, 'annat')",
        "${Q4} = 'ett' or ${Q4} != 'ett'",
    ],
)
def test_a_question_that_may_be_reached_is_not_told(relevant: str) -> None:
    assert with_relevant(relevant) == []


def test_a_question_behind_an_unreachable_one_is_unreachable() -> None:
    told = problems(
        FIRST,
        row("A1", "select_one ja_nej", "relevant = \"${Q1} = 'ja' and ${Q1} = 'nej'\""),
        row("B1", "text", "relevant = \"${A1} = 'ja'\""),
        row("C1", "text", "relevant = \"${A1} = '' \""),
    )
    assert [problem.item for problem in told] == ["A1", "B1"]


def test_a_question_whose_way_there_contradicts_it_is_unreachable() -> None:
    told = problems(
        FIRST,
        row("A1", "select_one ja_nej", "relevant = \"${Q1} = 'ja'\""),
        row("B1", "text", "relevant = \"${A1} = 'ja' and ${Q1} = 'nej'\""),
    )
    assert [problem.item for problem in told] == ["B1"]


def test_too_many_ways_to_try_are_taken_to_be_possible() -> None:
    rows = [row(f"N{number}", "select_one ja_nej") for number in range(12)]
    clauses = " and ".join(f"(${{N{number}}} = 'ja' or ${{N{number}}} = 'nej')" for number in range(12))
    never = f"{clauses} and ${{N0}} = 'ja' and ${{N0}} = 'nej'"
    assert problems(*rows, row("Q9", "text", f'relevant = "{never}"')) == []


@pytest.mark.parametrize(
    ("line", "item", "rule", "remedy"),
    [
        ('colour = "red"', "Q9", "unknown key “colour”", "the keys here are type, name, label"),
        (
            'required = "yes"',
            "Q9",
            "the value of “required” is not true or false",
            "write required = true or",
        ),
        ("relevant = 3", "Q9", "the value of “relevant” is not text", 'write relevant = "…"'),
        ("seconds = -1", "Q9", "the value of “seconds” is not at least 0", "write a number from 0"),
        ('area = "XX"', "Q9", "unknown area “XX”", "use one of: SI, HS, KB, EF, TI, TS"),
        (
            'status = "guessed"',
            "Q9",
            "unknown status “guessed”",
            "use one of: printed, described, reconstructed",
        ),
        ('base = "nagra"', "Q9", "unknown base “nagra”", "use one of: alla"),
        ('section = "slut"', "Q9", "unknown section “slut”", "use one of: samverkan"),
        ('codes = "bok"', "Q9", "unknown codes “bok”", "use one of: tema"),
        ('appearance = "minimal"', "Q9", "appearance “minimal” on a text", "likert"),
        ('hint = { sv = "Hej" }', "Q9", "missing translation: hint.en", 'add en = "…" to hint'),
        ('why = { sv = " ", en = "Why" }', "Q9", "missing translation: why.sv", 'add sv = "…" to why'),
        (
            'hint = { sv = "a", en = "b", fi = "c" }',
            "Q9",
            "unknown language hint.fi",
            "the languages are sv, en",
        ),
        (
            "constraint = \". != 'x'\"",
            "Q9",
            "constraint without constraint_message",
            "what to answer instead",
        ),
        (MESSAGE, "Q9", "constraint_message without constraint", "add constraint"),
    ],
)
def test_a_wrong_line_of_an_item_is_told(line: str, item: str, rule: str, remedy: str) -> None:
    assert found(problems(*ALL, row("Q9", "text", line)), item, rule, remedy)


@pytest.mark.parametrize(
    ("kind", "line", "rule"),
    [
        ("select_two ja_nej", "", "unknown type “select_two”"),
        ("select_one farger", "", "unknown choice list “farger”"),
        ("select_one", "", "unknown choice list “”"),
        ("text ja_nej", "", "a text has no choice list"),
        ("select_multiple instrument", 'appearance = "likert"', "appearance “likert” on a select_multiple"),
        ("decimal", 'appearance = "year"', "appearance “year” on a decimal"),
        ("integer", 'codes = "tema"', "a code book on a integer"),
        ("note", "required = true", "a note is never answered"),
    ],
)
def test_a_wrong_type_of_an_item_is_told(kind: str, line: str, rule: str) -> None:
    assert found(problems(*ALL, row("Q9", kind, line)), "Q9", rule)


@pytest.mark.parametrize("name", ["1Q", "Q 1", "Q-", "Å1", "", "Q$"])
def test_a_name_that_no_expression_could_use_is_told(name: str) -> None:
    assert any("is no item id" in problem.rule for problem in problems(row(name, "text")))


def test_an_item_that_stands_twice_is_told_also_as_the_follow_up_of_another() -> None:
    assert found(problems(FIRST, FIRST), "Q1", "duplicate item", "its own name")
    assert found(problems(SEVERAL, row("Q2_other", "text")), "Q2_other", "duplicate item")


def lists_with(*choices: str) -> str:
    return f"[choices]\nfarg = [{', '.join(choices)}]\n"


RED = '{ name = "rod", label = { sv = "Röd", en = "Red" } }'
FURTHER = 'label = { sv = "Annan", en = "Other" }, other = true'


@pytest.mark.parametrize(
    ("choices", "item", "rule"),
    [
        ([RED, RED], "choices.farg", "duplicate option “rod”"),
        ([RED, RED.replace('"rod"', '"rosa"')], "Q1", "duplicate label “röd” in sv"),
        ([RED.replace("Röd", "R" * 61)], "Q1", f"rod.sv has {LONGEST_LABEL + 1} characters"),
        ([RED.replace('"rod"', '"Röd!"')], "choices.farg", "“Röd!” is no name"),
        ([RED.replace(', en = "Red"', "")], "choices.farg", "missing translation: label of “rod”.en"),
        ([RED.replace(" }", ", shade = 3 }", 1)], "choices.farg", "“label.shade” is not text"),
        ([RED[:-1] + ", colour = 3 }"], "choices.farg", "unknown key “colour”"),
        ([RED[:-1] + ', missing = "lost" }'], "choices.farg", "unknown missing reason “lost”"),
        (
            [f'{{ name = "{name}", {FURTHER} }}' for name in "ab"],
            "choices.farg",
            "more than one option is “other”",
        ),
        ([RED.replace('"rod"', '"2"')], "Q1", "option “2” is number 1 in the list"),
        ([], "choices.farg", "the list is empty"),
    ],
)
def test_a_wrong_option_is_told(choices: list[str], item: str, rule: str) -> None:
    assert found(problems(row("Q1", "select_one farg"), lists=lists_with(*choices)), item, rule)


@pytest.mark.parametrize(
    ("old", "new", "item", "rule"),
    [
        ('code = "PROV"', "", "", "“code” is missing"),
        ('code = "PROV"', 'code = "prov"', "code", "“prov” is no code"),
        ('edition = "a"', 'edition = "A b"', "edition", "“A b” is no edition"),
        ("version = 1", "version = 0", "", "the value of “version” is not"),
        ("version = 1", 'version = "1"', "", "the value of “version” is not a whole number"),
        ('subject = "self"', 'subject = "planet"', "subject", "unknown subject “planet”"),
        (', en = "Trial"', "", "title", "missing translation: title.en"),
        ('code = "PROV"', 'code = "PROV"\ncolour = 1', "", "unknown key “colour”"),
    ],
)
def test_a_wrong_head_is_told(old: str, new: str, item: str, rule: str) -> None:
    assert found(problems(FIRST, head=HEAD.replace(old, new)), item, rule)


SEX = row("Q7", "select_one ja_nej", 'background = "sex"')


@pytest.mark.parametrize(
    ("rows", "head", "rule"),
    [
        ([row("Q7", "select_one ja_nej", 'background = "age"')], HEAD, "unknown background “age”"),
        ([row("Q7", "integer", 'background = "years"')], HEAD, "a background on integer"),
        ([SEX.replace("Q7", "Q1"), SEX], HEAD, "“Q1” tells the background “sex” already"),
        ([SEX], HEAD.replace('"self"', '"file"'), "a background where the respondent is not the subject"),
    ],
)
def test_a_wrong_background_is_told(rows: list[str], head: str, rule: str) -> None:
    assert found(problems(*rows, head=head), "Q7", rule)


def test_a_background_is_known_to_the_form_and_to_a_later_reading() -> None:
    whole = parse(toml(SEX, row("Q8", "select_one ja_nej", 'background = "years"')), "prov_a.toml")
    assert Form((restored(whole.canonical),)).backgrounds == {
        "sex": whole.questions[0],
        "years": whole.questions[1],
    }


def test_a_questionnaire_without_backgrounds_keeps_the_hash_it_was_published_with() -> None:
    assert "background" not in parse(toml(*ALL), "prov_a.toml").canonical


def test_all_problems_are_told_at_once_and_parse_refuses_with_them() -> None:
    body = toml(
        row("Q1", "select_one farger"),
        row("Q2", "text", "relevant = \"${Q99} = 'ja'\""),
        row("Q2", "integer", 'area = "XX"', "label = 3").replace(
            'label = { sv = "Fråga Q2?"', 'hint = { sv = "F"'
        ),
        head=HEAD.replace("version = 1", ""),
    )
    told = check(body, "prov_a.toml")
    rules = " | ".join(str(problem) for problem in told)
    for part in ("version", "farger", "Q99", "label"):
        assert part in rules
    with pytest.raises(DefinitionError) as raised:
        parse(body, "prov_a.toml")
    assert raised.value.problems == told


def test_a_key_that_cannot_be_read_hides_no_other_fault_of_its_row() -> None:
    told = problems(
        row("Q1", "text"),
        '[[survey]]\ntype = "magi"\nname = "Q2"\nlabel = "hej"\narea = "XX"\n',
        '[[survey]]\ntype = "text"\nname = "Q1"\nlabel = "hej"\nrelevant = "${Q9} = 1"\n',
        '[[survey]]\ntype = "magi"\nname = "Q2"\nlabel = { sv = "Hej", en = "Hi" }\n',
        '[[survey]]\nname = 3\nlabel = { sv = "Hej" }\n',
        head=HEAD.replace("version = 1", 'version = "1"').replace('"self"', '"planet"'),
    )
    assert found(told, "Q2", "“label” is not a table", 'write label = { sv = "…", en = "…" }')
    for item, rule in (
        ("", "“version” is not a whole number"),
        ("subject", "unknown subject"),
        ("Q2", "unknown type “magi”"),
        ("Q2", "unknown area “XX”"),
        ("Q1", "duplicate item"),
        ("Q2", "duplicate item"),
        ("Q1", "unknown name “Q9”"),
        ("survey row 5", "“name” is not text"),
        ("survey row 5", "“type” is missing"),
        ("survey row 5", "missing translation: label.en"),
    ):
        assert found(told, item, rule), (item, rule)
    assert not any("valid" in str(problem) or "…" in problem.rule for problem in told)


def test_an_option_that_cannot_be_read_is_not_told_again_by_those_who_use_it() -> None:
    told = problems(
        row("Q1", "select_one farg"),
        row("Q2", "text", "relevant = \"${Q1} = 'rod'\""),
        lists=lists_with('{ name = "rod", label = "Röd" }', '{ label = { sv = "Blå", en = "Blue" } }'),
    )
    assert [problem.item for problem in told] == ["choices.farg", "choices.farg"]


def test_a_broken_row_is_not_told_again_by_those_who_refer_to_it() -> None:
    told = problems(
        row("Q1", "select_one ja_nej", "seconds = 1.5"), row("Q2", "text", "relevant = \"${Q1} = 'ja'\"")
    )
    assert [problem.item for problem in told] == ["Q1"]


PREVIOUS = parse(toml(*ALL), "prov_a.toml")


def changed(old: str, new: str) -> list[Problem]:
    body = toml(*ALL).replace(old, new).replace("version = 1", "version = 2")
    return list(check(body, "prov_a.toml", PREVIOUS))


@pytest.mark.parametrize(
    ("old", "new", "item", "rule"),
    [
        ("Fråga Q1?", "Frågan Q1?", "Q1", "changed wording under an unchanged id"),
        ("Question Q1?", "The question Q1?", "Q1", "changed wording under an unchanged id"),
        ('type = "integer"', 'type = "decimal"', "Q3", "changed type under an unchanged id (was integer)"),
        ('name = "ib"', 'name = "ibb"', "Q2", "changed options under an unchanged id"),
        ('sv = "FIA"', 'sv = "Fia"', "Q2", "changed options under an unchanged id"),
    ],
)
def test_a_change_under_an_unchanged_id_is_told(old: str, new: str, item: str, rule: str) -> None:
    assert found(changed(old, new), item, rule, "give the item a new id")


def test_a_new_version_may_add_remove_and_explain() -> None:
    assert changed('name = "Q4"', 'name = "Q40"') == []
    assert changed('type = "text"', 'type = "text"\nhint = { sv = "Kort", en = "Brief" }') == []


def test_a_changed_questionnaire_needs_a_higher_version() -> None:
    body = toml(*ALL, row("Q9", "text"))
    assert found(list(check(body, "prov_a.toml", PREVIOUS)), "version", "differs", "set version = 2")
    assert check(toml(*ALL), "prov_a.toml", PREVIOUS) == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("code = ", "line 1"),
        ('code = "PROV"\nedition = [', "not valid TOML"),
        ('code = "A"\ncode = "B"', "line 2"),
        ('[[survey]\nname = "Q1"', "line 1"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("\x00", "not valid TOML"),
    ],
)
def test_malformed_toml_is_one_problem_with_its_line(body: str, says: str) -> None:
    (problem,) = check(body, "prov_a.toml")
    assert problem.source == "prov_a.toml"
    assert says in str(problem)
    assert problem.remedy
    with pytest.raises(DefinitionError):
        parse(body, "prov_a.toml")


@pytest.mark.parametrize(
    "body",
    ["", "survey = 3", "survey = [3]", "choices = 3", "choices = { a = 3 }", "sections = 3", "[survey]"],
)
def test_a_file_of_another_shape_is_told_and_not_stumbled_over(body: str) -> None:
    assert check(body, "prov_a.toml")


WHOLE = toml(*ALL, row("Q9", "text", "relevant = \"${Q1} = 'ja' and ${Q3} > 2\""))


@settings(deadline=None, max_examples=300)
@given(
    st.integers(0, len(WHOLE)),
    st.integers(0, 40),
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(["'", '"', "[", "{}", "= 3", "\n", "${Q9}", "select_one x", "0"]),
    ),
)
def test_a_file_damaged_anywhere_is_told_or_still_right(start: int, length: int, put: str) -> None:
    body = WHOLE[:start] + put + WHOLE[start + length :]
    for problem in check(body, "prov_a.toml"):
        assert problem.rule
        assert problem.remedy
        assert str(problem).startswith("prov_a.toml: ")
