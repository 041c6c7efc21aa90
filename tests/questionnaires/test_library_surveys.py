"""The surveys of the library against what the reports print, describe and imply."""

from __future__ import annotations

import pytest

from questionnaires import checking, loader
from questionnaires.definition import LANGUAGES, Question
from questionnaires.engine import route
from questionnaires.question_types import seconds

SHORT = ("komp.kort", "kval.kort")
OF_2012 = ("komp.2012", "kval.2012")
NAMES = (*OF_2012, *SHORT, "led.2012", "bruk14.2014", "uppf20.2020")

TEN_MINUTES = 600

# Item, quality area and status, as the reports give them. P printed, D described, R reconstructed.
ITEMS = """
KOMP-01 KB D | KOMP-02 KB D | KOMP-02b KB R | KOMP-03 KB P | KOMP-04 KB D | KOMP-05 KB D | KOMP-06 KB R
KOMP-07 KB R | KOMP-08 KB R | KOMP-09 KB R | KOMP-10 KB R | KOMP-11 KB R
KVAL-01 SI D | KVAL-02 HS D | KVAL-03 KB D | KVAL-04 KB D | KVAL-05 HS P | KVAL-06 HS P | KVAL-07 HS D
KVAL-08 TS R | KVAL-09 TS D | KVAL-10 TS D | KVAL-11 TS D | KVAL-12 TS D | KVAL-13 TS D | KVAL-14 KB D
LED-00 - D | LED-01 TS R | LED-02 EF R | LED-03 EF R | LED-04 TS R | LED-05 EF R | LED-06 SI R | LED-07 SI R
LED-08 HS R | LED-09 HS R | LED-10 HS R | LED-11 EF R | LED-12 KB R | LED-13 KB D | LED-14 KB R | LED-15 TS R
LED-16 TS R | LED-17 - R
BRUK14-01 - D | BRUK14-02 - D | BRUK14-03 - D | BRUK14-04 - D | BRUK14-05 - R | BRUK14-06 - R
BRUK14-07 - R | BRUK14-08 - D
UPPF20-01 EF R | UPPF20-02 KB R | UPPF20-03 KB R | UPPF20-04 TI R | UPPF20-05 TS R | UPPF20-06 HS R
UPPF20-07 KB R | UPPF20-08 HS R | UPPF20-09 EF R | UPPF20-10 EF R
"""
STATUS = {"P": "printed", "D": "described", "R": "reconstructed"}

SPLIT = {
    "LED-08": ("LED-08.1", "LED-08.2"),
    "LED-09": ("LED-09.1", "LED-09.2"),
    "LED-12": ("LED-12.1", "LED-12.2", "LED-12.3", "LED-12.4"),
    "LED-13": ("LED-13.1", "LED-13.2"),
    "UPPF20-04": ("UPPF20-04.1", "UPPF20-04.2"),
}

FOUR_STEPS = ["Fungerar mycket bra", "Fungerar bra", "Fungerar mindre bra", "Fungerar dåligt"]
INSTRUMENTS_2012 = [
    "Audit/Dudit",
    "Stadens riktlinjer",
    "Jobbplan från Jobbtorg",
    "Handlingsplan från Arbetsförmedlingen",
]

LEAVES_OUT = {"komp.kort": ("KOMP-07", "KOMP-08", "KOMP-09", "KOMP-10", "KOMP-11")}

EVERYTHING_RELEVANT = {
    "KOMP-02": "annan_utbildning",
    "KOMP-04": "ja",
    "KVAL-03": "ja",
    "KVAL-04": "fia annat",
    "KVAL-08": "ja",
}


def items() -> list[tuple[str, str, str]]:
    rows = (row.split() for line in ITEMS.strip().splitlines() for row in line.split("|"))
    return [(item, "" if area == "-" else area, STATUS[status]) for item, area, status in rows]


def expected(name: str) -> list[tuple[str, str, str]]:
    code = name.split(".", maxsplit=1)[0].upper()
    return [
        row for row in items() if row[0].rsplit("-", 1)[0] == code and row[0] not in LEAVES_OUT.get(name, ())
    ]


def question(name: str, item: str) -> Question:
    return next(row for row in loader.from_library(name).questions if row.name == item)


def labels(name: str, item: str) -> list[str]:
    return [choice.label["sv"] for choice in question(name, item).choices]


@pytest.mark.parametrize("name", NAMES)
def test_a_survey_of_the_library_has_no_problem(name: str) -> None:
    path = loader.library()[name]
    assert [str(problem) for problem in checking.check(path.read_text(encoding="utf-8"), path.name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_item_of_the_reports_is_there_with_its_area_and_status(name: str) -> None:
    rows = {row.name: (row.area, row.status) for row in loader.from_library(name).questions}
    for item, area, status in expected(name):
        for part in SPLIT.get(item, (item,)):
            assert rows[part] == (area, status), part


@pytest.mark.parametrize("name", NAMES)
def test_an_item_that_no_report_knows_is_reconstructed(name: str) -> None:
    known = {part for item, _, _ in expected(name) for part in SPLIT.get(item, (item,))}
    added = [row for row in loader.from_library(name).questions if row.name not in known]
    own = [row.name for row in added if not row.name.endswith("_other")]
    assert all(question(name, item).status == "reconstructed" for item in own)
    assert all(item.startswith(("KVAL-05.", "KVAL-06.")) for item in own)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_a_section_a_base_and_a_reason_in_both_languages(name: str) -> None:
    questionnaire = loader.from_library(name)
    for row in questionnaire.questions:
        if row.name.endswith("_other"):
            continue
        assert row.section in questionnaire.sections
        assert row.base in questionnaire.bases
        assert all(row.why[language] and row.label[language] for language in LANGUAGES), row.name


@pytest.mark.parametrize("name", NAMES)
def test_every_open_question_warns_against_exposing_anyone_and_may_be_skipped(name: str) -> None:
    for row in loader.from_library(name).questions:
        if row.type == "text" and not row.name.endswith("_other"):
            assert "Skriv inga uppgifter som kan röja en klient" in row.hint["sv"], row.name
            assert "Do not write anything that could reveal who a client" in row.hint["en"], row.name
            assert not row.required


@pytest.mark.parametrize("name", NAMES)
def test_the_district_is_never_asked_since_the_invitation_knows_it(name: str) -> None:
    assert "KOMP-00" not in {row.name for row in loader.from_library(name).questions}


def test_the_years_of_2012_are_the_printed_classes_to_the_letter() -> None:
    assert labels("komp.2012", "KOMP-03") == ["0-1 år", "1-2 år", "2-4 år", "4-8 år", "8 år eller mer"]
    assert "Den nedre gränsen hör till klassen" in question("komp.2012", "KOMP-03").hint["sv"]


def test_the_years_of_the_short_edition_are_clear_and_lead_to_the_printed_class() -> None:
    assert labels("komp.kort", "KOMP-03") == [
        "Mindre än 1 år",
        "Minst 1 men inte 2 år",
        "Minst 2 men inte 4 år",
        "Minst 4 men inte 8 år",
        "8 år eller mer",
    ]
    printed = [choice.name for choice in question("komp.2012", "KOMP-03").choices]
    assert [choice.printed for choice in question("komp.kort", "KOMP-03").choices] == printed
    assert [choice.name for choice in question("komp.kort", "KOMP-03").choices] == printed


@pytest.mark.parametrize("name", ["kval.2012", "kval.kort"])
@pytest.mark.parametrize("item", ["KVAL-05", "KVAL-06"])
def test_cooperation_has_the_four_printed_steps_to_the_letter(name: str, item: str) -> None:
    assert labels(name, item) == FOUR_STEPS
    assert question(name, item).scale


def test_in_2012_all_who_answered_are_the_base_of_every_printed_figure() -> None:
    for row in loader.form(*OF_2012).questions:
        if row.status != "reconstructed" and not row.name.endswith("_other"):
            assert (row.relevant, row.base) == ("", "alla"), row.name


def test_who_has_nothing_to_name_can_say_so_where_2012_asked_everybody() -> None:
    areas, instruments = question("komp.2012", "KOMP-05"), question("kval.2012", "KVAL-04")
    assert [choice.label["sv"] for choice in areas.choices if choice.exclusive] == ["Inget annat område"]
    assert [choice.label["sv"] for choice in instruments.choices if choice.exclusive] == ["Inget instrument"]


def test_the_start_is_a_month_in_2012_and_a_class_in_the_short_edition() -> None:
    assert question("komp.2012", "KOMP-06").type == "month"
    assert question("komp.kort", "KOMP-06").type == "select_one"
    assert len(question("komp.kort", "KOMP-06").choices) == 5


@pytest.mark.parametrize(("printed", "short"), list(zip(OF_2012, SHORT, strict=True)))
def test_the_editions_share_the_names_of_items_and_options(printed: str, short: str) -> None:
    before, now = loader.from_library(printed), loader.from_library(short)
    names = {row.name for row in before.questions}
    shared = [row for row in now.questions if row.name in names and row.name != "KOMP-06"]
    assert {row.name for row in now.questions if row.name not in names} == {
        row.name for row in now.questions if row.name.startswith(("KVAL-05.", "KVAL-06."))
    }
    for row in shared:
        earlier = question(printed, row.name)
        assert (row.label, row.type, row.area, row.status) == (
            earlier.label,
            earlier.type,
            earlier.area,
            earlier.status,
        )
        ours = {choice.name for choice in earlier.choices if choice.exclusive}
        assert {choice.name for choice in earlier.choices} - ours <= {choice.name for choice in row.choices}


def test_the_short_edition_is_asked_in_the_order_of_one_chat_session() -> None:
    asked = [row.name for row in loader.from_library("kval.kort").questions]
    own = [item for item in asked if "." not in item and not item.endswith("_other")]
    numbers = ["03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "01", "02", "14"]
    assert own == [f"KVAL-{number}" for number in numbers]


def test_the_short_edition_takes_at_most_ten_minutes_on_its_longest_route() -> None:
    form = loader.form(*SHORT)
    longest = route(form, EVERYTHING_RELEVANT)
    assert len(longest) == len(form.questions)
    assert sum(seconds(row) for row in longest) <= TEN_MINUTES


def test_the_expected_times_of_the_short_edition_are_realistic() -> None:
    for row in loader.form(*SHORT).questions:
        yes_or_no = [choice.name for choice in row.choices] == ["ja", "nej"]
        least = {"select_one": 8 if row.scale or yes_or_no else 10, "select_multiple": 15, "text": 20}
        assert seconds(row) >= least[row.type], row.name
        if row.name in {"KVAL-01", "KVAL-02", "KVAL-07", "KVAL-13", "KVAL-14"}:
            assert seconds(row) >= 60


def test_only_those_whom_a_question_concerns_are_asked_it_in_the_short_edition() -> None:
    form = loader.form(*SHORT)
    shortest = {row.name for row in route(form, {"KOMP-04": "nej", "KVAL-03": "nej", "KVAL-08": "nej"})}
    filtered = {"KOMP-02b", "KOMP-05", "KVAL-04", "KVAL-04_other"}
    filtered |= {f"KVAL-{number}" for number in ("09", "10", "11", "12")}
    assert {row.name for row in form.questions} - shortest == filtered


def test_another_education_is_asked_for_only_where_there_is_one() -> None:
    for name in ("komp.2012", "komp.kort"):
        form = loader.form(name)
        assert "KOMP-02b" in {row.name for row in route(form, {"KOMP-02": "annan_hogskoleutbildning"})}
        assert "KOMP-02b" not in {row.name for row in route(form, {"KOMP-02": "socionomexamen"})}


def test_who_does_not_want_to_give_the_gender_declines() -> None:
    last = question("komp.kort", "KOMP-01").choices[-1]
    assert (last.label["sv"], last.missing) == ("Vill inte svara", "declined")
    assert labels("komp.2012", "KOMP-01") == ["Kvinna", "Man"]


def test_a_partner_without_cooperation_is_not_an_answer_about_it() -> None:
    partners = [row for row in loader.from_library("kval.kort").questions if "." in row.name]
    assert 0 < len(partners) <= 6
    for row in partners:
        assert [choice.label["sv"] for choice in row.choices] == [*FOUR_STEPS, "Har ingen samverkan"]
        assert row.choices[-1].missing == "not_applicable"
        assert not row.required


def test_the_instruments_named_in_later_reports_are_offered_in_the_short_edition() -> None:
    assert labels("kval.2012", "KVAL-04")[:4] == INSTRUMENTS_2012
    later = ["Initial bedömning (IB)", "FIA", "FREDA", "Annat"]
    assert labels("kval.kort", "KVAL-04") == INSTRUMENTS_2012 + later
    assert question("kval.kort", "KVAL-04").choices[-1].other


@pytest.mark.parametrize("name", ["kval.2012", "kval.kort"])
def test_the_open_questions_that_the_report_counts_have_code_books(name: str) -> None:
    assert [code.name for code in question(name, "KVAL-01").codes] == [
        "socialt_arbete",
        "planeringen",
        "annat",
    ]
    assert [code.name for code in question(name, "KVAL-02").codes] == [
        "helhetsperspektiv",
        "samverkan",
        "annat",
    ]


@pytest.mark.parametrize("name", ["komp.kort", "komp.2012"])
def test_the_competence_questionnaire_says_which_items_tell_a_background(name: str) -> None:
    told = {background: item.name for background, item in loader.form(name).backgrounds.items()}
    assert told == {"sex": "KOMP-01", "education": "KOMP-02", "years": "KOMP-03"}
