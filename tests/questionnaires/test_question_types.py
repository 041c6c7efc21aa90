from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.definition import LANGUAGES, Choice, Question
from questionnaires.errors import REFUSALS, Refusal
from questionnaires.question_types import (
    MAX_TEXT,
    QUESTION_TYPES,
    measure,
    parse_answer,
    seconds,
    show_answer,
)
from tests.questionnaires.small import both

CHOICES = (
    Choice("fia", both("FIA")),
    Choice("ib", {"sv": "Initial bedömning, IB", "en": "Initial assessment, IB"}),
    Choice("ja", {"sv": "Ja, under egen rubrik.", "en": "Yes, under its own heading."}),
    Choice("inget", {"sv": "Inget av dessa", "en": "None of these"}, exclusive=True),
)


def question(kind: str, **more: object) -> Question:
    choices = CHOICES if kind.startswith("select") else ()
    return Question("Q", kind, both("Question"), choices=choices, **more)  # type: ignore[arg-type]


def answer(kind: str, *raw: str, language: str = "sv") -> str | Refusal:
    return parse_answer(question(kind), raw, language)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("40", "40"),
        (" 40 ", "40"),
        ("1 000", "1000"),
        ("1\N{NO-BREAK SPACE}000", "1000"),
        ("12\N{NARROW NO-BREAK SPACE}345\N{THIN SPACE}678", "12345678"),
        ("-3", "-3"),
        ("\N{MINUS SIGN}3", "-3"),
        ("+3", "3"),
        ("007", "7"),
        ("40,0", "40"),
        ("40.0", "40"),
        ("-0", "0"),
        ("٤٠", "40"),
    ],
)
def test_a_whole_number_is_read_as_people_write_it(typed: str, value: str) -> None:
    assert answer("integer", typed) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3,5", "not_an_integer"),
        ("1.000", "not_an_integer"),
        ("1,000", "not_an_integer"),
        ("fyra", "not_an_integer"),
        ("1 2", "not_an_integer"),
        ("ca 40", "not_an_integer"),
        ("1e3", "not_an_integer"),
        ("nan", "not_an_integer"),
        ("0x10", "not_an_integer"),
        ("1" * 16, "not_an_integer"),
        ("1" * 1_000_000, "not_an_integer"),
        ("", "empty"),
        ("   ", "empty"),
    ],
)
def test_what_is_no_whole_number_is_refused(typed: str, code: str) -> None:
    assert answer("integer", typed) == Refusal(code)


def test_two_numbers_are_not_one() -> None:
    assert answer("integer", "1", "2") == Refusal("not_an_integer")
    assert answer("decimal", "1", "2") == Refusal("not_a_number")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3,5", "3.5"), ("3.50", "3.5"), ("1 000,25", "1000.25"), ("40", "40"), ("-0,0", "0")],
)
def test_a_decimal_number_is_read_with_comma_and_with_point(typed: str, value: str) -> None:
    assert answer("decimal", typed, language="sv") == value
    assert answer("decimal", typed, language="en") == value


@pytest.mark.parametrize("typed", ["3,5,1", "1.000,5", "tre", ",5", "5,", "∞"])
def test_what_is_no_decimal_number_is_refused(typed: str) -> None:
    assert answer("decimal", typed) == Refusal("not_a_number")


@pytest.mark.parametrize(
    "typed",
    [
        "2012-03-01",
        "2012-3-1",
        "20120301",
        "1 mars 2012",
        "den 1 mars 2012",
        "1 Mars 2012",
        "1:a mars 2012",
        "1 mar. 2012",
        "1 March 2012",
        "March 1, 2012",
        "1/3 2012",
        "1/3/2012",
        "01.03.2012",
        " 1  mars  2012 ",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert answer("date", typed) == "2012-03-01"


@pytest.mark.parametrize(
    "typed",
    ["30 februari 2012", "2012-13-01", "2012", "mars 2012", "1/3", "1899-12-31", "2101-01-01", "igår"],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert answer("date", typed) == Refusal("not_a_date")


@pytest.mark.parametrize(
    "typed",
    [
        "2012-03",
        "2012-3",
        "201203",
        "mars 2012",
        "Mars 2012",
        "mar 2012",
        "March 2012",
        "3/2012",
        "2012 mars",
    ],
)
def test_a_month_is_read_as_people_write_it(typed: str) -> None:
    assert answer("month", typed) == "2012-03"


@pytest.mark.parametrize(
    "typed", ["2012-13", "ma 2012", "2012", "2012-03-01", "mars", "0/2012", "m" * 100_000]
)
def test_what_is_no_month_is_refused(typed: str) -> None:
    assert answer("month", typed) == Refusal("not_a_month")


@pytest.mark.parametrize(
    "typed",
    ["ib", "IB", "Initial bedömning, IB", "initial  BEDÖMNING, ib", "Initial assessment, IB", "2", " 2 "],
)
def test_an_option_is_chosen_by_name_label_or_number(typed: str) -> None:
    assert answer("select_one", typed) == "ib"


def test_a_full_stop_in_a_label_need_not_be_typed() -> None:
    assert answer("select_one", "ja, under egen rubrik") == "ja"


@pytest.mark.parametrize("typed", ["blå", "0", "5", "-1", "²", "9" * 1_000_000, "fia ib", "\x00"])
def test_what_is_no_option_is_refused(typed: str) -> None:
    assert answer("select_one", typed) == Refusal("not_an_option", {"last": "4"})


def test_only_one_option_can_be_chosen_of_select_one() -> None:
    assert answer("select_one", "fia", "ib") == Refusal("not_an_option", {"last": "4"})


@pytest.mark.parametrize(
    "raw",
    [
        ("fia", "ib"),
        ("ib", "fia"),
        ("ib", "fia", "ib"),
        ("fia, ib",),
        ("FIA; Initial bedömning, IB",),
        ("Initial bedömning, IB, FIA",),
        ("1,2",),
        ("1 2",),
        ("fia ib",),
        ("fia\nib",),
    ],
)
def test_several_options_are_kept_in_the_order_of_the_instrument(raw: tuple[str, ...]) -> None:
    assert answer("select_multiple", *raw) == "fia ib"


def test_an_option_that_excludes_the_others_stands_alone() -> None:
    assert answer("select_multiple", "inget") == "inget"
    assert answer("select_multiple", "fia", "inget") == Refusal("exclusive", {"option": "Inget av dessa"})
    assert answer("select_multiple", "fia", "inget", language="en") == Refusal(
        "exclusive", {"option": "None of these"}
    )


@pytest.mark.parametrize("raw", [("fia", "blå"), ("fia, 9",), (",",), ("fia," * 2000,)])
def test_one_unknown_option_among_several_is_refused(raw: tuple[str, ...]) -> None:
    assert answer("select_multiple", *raw) == Refusal("not_an_option", {"last": "4"})


@pytest.mark.parametrize(
    "text",
    [
        "Bra samverkan 😀 👩\N{ZERO WIDTH JOINER}👧",
        "مرحبا بكم",
        "שלום \N{RIGHT-TO-LEFT MARK}x",
        "<script>alert('hej')</script>",
        "två\nrader",
        "å" * MAX_TEXT,
    ],
)
def test_a_text_is_kept_as_it_was_written(text: str) -> None:
    assert answer("text", text) == text


def test_a_text_loses_control_characters_and_outer_blanks() -> None:
    assert answer("text", "  a\x00b\x07c\r\nd\ud800 ") == "abc\nd"
    assert answer("text", "a\N{COMBINING RING ABOVE}") == "å"


def test_several_messages_become_one_text() -> None:
    assert answer("text", "Först detta.", "", "Sedan detta.") == "Först detta.\n\nSedan detta."


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x00"])
def test_an_empty_text_is_refused(text: str) -> None:
    assert answer("text", text) == Refusal("empty")


def test_a_text_that_is_too_long_is_refused_with_the_limit() -> None:
    assert answer("text", "x" * (MAX_TEXT + 1)) == Refusal("too_long", {"limit": "4000"})


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_a_million_characters_are_dealt_with_at_once(kind: str) -> None:
    begun = time.perf_counter()
    for sign in ("1", "x", ",", " ", "\x00", "😀"):
        answer(kind, sign * 1_000_000)
    assert time.perf_counter() - begun < 1


def test_an_acknowledgement_is_ok_whatever_is_sent_with_it() -> None:
    assert answer("acknowledge") == answer("acknowledge", "vidare") == "ok"


@pytest.mark.parametrize(
    ("kind", "value", "swedish", "english"),
    [
        ("select_one", "ib", "Initial bedömning, IB", "Initial assessment, IB"),
        ("select_multiple", "fia ib", "FIA, Initial bedömning, IB", "FIA, Initial assessment, IB"),
        ("integer", "1234567", "1\u202f234\u202f567", "1\u202f234\u202f567"),
        ("integer", "-3", "−3", "−3"),
        ("decimal", "1000.5", "1\u202f000,5", "1\u202f000.5"),
        ("date", "2012-03-01", "1 mars 2012", "1 March 2012"),
        ("month", "2012-10", "oktober 2012", "October 2012"),
        ("text", "hej\nhå", "hej\nhå", "hej\nhå"),
        ("acknowledge", "ok", "✓", "✓"),
    ],
)
def test_an_answer_is_shown_in_words(kind: str, value: str, swedish: str, english: str) -> None:
    assert show_answer(question(kind), value, "sv") == swedish
    assert show_answer(question(kind), value, "en") == english


def test_a_year_has_no_space_and_is_counted_by_its_value() -> None:
    asked = question("integer", year=True)
    assert [show_answer(asked, "2012", language) for language in ("sv", "en")] == ["2012", "2012"]
    assert measure(asked) == "ordinal"


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@given(raw=st.lists(st.text(), max_size=3), language=st.sampled_from(LANGUAGES))
def test_whatever_is_sent_gives_a_value_or_a_known_refusal(kind: str, raw: list[str], language: str) -> None:
    found = parse_answer(question(kind), raw, language)
    if isinstance(found, Refusal):
        assert set(found.values) <= set(REFUSALS[found.code])
    else:
        found.encode()
        assert parse_answer(question(kind), [found], language) == found


def test_a_scale_is_ordinal_and_quick() -> None:
    assert measure(question("select_one", scale=True)) == "ordinal"
    assert measure(question("select_one")) == "nominal"
    assert seconds(question("select_one", scale=True)) == 8
    assert seconds(question("select_one")) == 10
    assert seconds(question("text", seconds=45)) == 45


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_every_type_has_a_known_measure_and_a_time(kind: str) -> None:
    assert QUESTION_TYPES[kind].measure in {"nominal", "ordinal", "several", "number", "text", "none"}
    assert QUESTION_TYPES[kind].seconds > 0
