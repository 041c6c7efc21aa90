"""The protocols of the file reviews and the interview guide of 2014, against what the reports hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from questionnaires import engine, loader
from questionnaires.checking import check
from questionnaires.definition import LANGUAGES, Form, Question, Questionnaire

PROTOCOLS = ("akt12.2012", "fam20.2020", "till20.2020")
INSTRUMENTS = (*PROTOCOLS, "int14.2014")

# Every item: number, quality area ("-": background), where its wording comes from (p printed, d described,
# r reconstructed) and what is asked: yn yes/no, one, many, n number, t text; several for a compound item.
ITEMS: Mapping[str, str] = {
    "akt12.2012": """
        00b - d yn   | 01 TS d yn   | 02 TS d yn  | 03 HS d yn  | 04 EF d yn | 05 SI d yn | 06 SI d one
        07 KB d yn   | 08 EF d yn   | 09 SI d yn  | 10 TS d yn  | 11 EF d yn | 12 SI d one
        13 EF d one  | 14 EF d yn   | 15 EF d yn  | 15b EF d yn | 16 EF d yn | 17 EF d n yn
        18 TS d yn   | 19 HS d yn   | 20 HS d many | 21 SI d one | 22 TS d one | 23 TS d n
        24 TS d yn   | 25 TS r one  | 26 - r t
    """,
    "fam20.2020": """
        01 - d one   | 02 - d one   | 03 HS d yn n | 04 HS d yn | 05 TS d yn | 06 - d yn  | 07 HS d yn
        08 TS d yn   | 09 TS d yn   | 10 TS d yn  | 11 HS p yn  | 12 HS p yn | 13 HS p yn | 14 HS p yn
        15 HS d yn one | 16 EF d yn | 17 SI p yn  | 18 SI p yn  | 19 SI p yn | 20 SI d one
        21 SI d yn   | 22 SI d n    | 23 SI d yn  | 24 KB d yn t | 25 KB d yn
    """,
    "till20.2020": """
        01 - d one   | 02 - d one   | 03 HS p yn  | 04 HS p yn  | 05 HS p yn | 05b - d yn | 06 KB d yn
        07 KB d yn   | 08 TS d yn one | 09 TS d yn | 10 TS d yn | 11 KB p yn | 12 SI d yn | 13 KB d yn
        14 EF p yn   | 15 TI d many | 16 TS d yn  | 17 TS p yn  | 18 TS p yn | 19 TS d yn | 20 SI d yn
        21 HS d yn   | 22 TI d yn
    """,
    "int14.2014": """
        01 - p yn    | 02 - r yn t  | 03 - p t    | 04 SI r t   | 05 SI r many | 06 HS r t
        07 HS r t t t t | 08 HS r t | 09 HS r one yn yn | 10 KB r one | 11 KB r one | 12 KB r one
        13 KB r many | 14 KB r t    | 15 KB r t   | 16 KB r t yn | 17 KB r yn yn | 18 KB r t
        19 KB r t    | 20 KB r one  | 21 KB r t   | 22 KB r t   | 23 KB r t  | 24 KB r n n n n
        25 KB r n t  | 26 EF r t    | 27 EF r yn  | 28 EF r yn  | 29 EF r t  | 30 TI r t yn
        31 TI r yn   | 32 TS r t    | 33 TS r yn  | 34 TS r yn  | 35 TS r n t
    """,
}
STATUS = {"p": "printed", "d": "described", "r": "reconstructed"}
TYPES = {"yn": "select_one", "one": "select_one", "many": "select_multiple", "n": "integer", "t": "text"}

PRINTED_ROW_LABELS: Mapping[str, str] = {
    "FAM20-11": "Hälsokort utskickat",
    "FAM20-12": "Fysisk hälsa uppföljt i senaste övervägandet",
    "FAM20-13": "Psykisk hälsa uppföljt i senaste övervägandet",
    "FAM20-14": "Tandvård uppföljt i senaste övervägandet",
    "FAM20-17": "Skriftlig umgängesplan finns",
    "FAM20-18": "Konkreta uppgifter kring umgänget finns",
    "FAM20-19": "Barnets vilja belyses",
    "TILL20-03": "Psykosociala problem",
    "TILL20-04": "Hälsoproblem",
    "TILL20-05": "Funktionsnedsättning",
    "TILL20-11": "Plan finns för boendesituationen",
    "TILL20-14": "Får stödinsatser för boendesituationen",
    "TILL20-17": "Barnkonsekvensanalys",
    "TILL20-18": "Pratat med barnen",
}

PROTOCOL_ANSWERS = [
    ("ja", "Ja"),
    ("nej", "Nej"),
    ("ej_aktuellt", "Ej aktuellt"),
    ("framgar_inte", "Går ej att utläsa"),
]
YES_NO = [("ja", "Ja"), ("nej", "Nej")]

Answers = Mapping[str, str | None]


def item_id(instrument: str, number: str) -> str:
    return f"{instrument.split('.', maxsplit=1)[0].upper()}-{number}"


def rows(instrument: str) -> list[tuple[str, str, str, str]]:
    """Return name, area, status and kind of every question that the table of items names."""
    found = []
    for cell in ITEMS[instrument].replace("\n", "|").split("|"):
        if not cell.strip():
            continue
        number, area, status, *kinds = cell.split()
        names = [item_id(instrument, number)]
        if len(kinds) > 1:
            names = [item_id(instrument, f"{number}.{part}") for part in range(1, len(kinds) + 1)]
        found += [
            (name, area.strip("-"), STATUS[status], kind) for name, kind in zip(names, kinds, strict=True)
        ]
    return found


ROWS = [(instrument, *row) for instrument in INSTRUMENTS for row in rows(instrument)]


def questionnaire(instrument: str) -> Questionnaire:
    return loader.from_library(instrument)


def question(item: str) -> Question:
    instrument = next(name for name in INSTRUMENTS if item.startswith(item_id(name, "")))
    return loader.form(instrument).by_name[item]


def options(asked: Question) -> list[tuple[str, str]]:
    return [(choice.name, choice.label["sv"]) for choice in asked.choices]


def on_route(form: Form, answers: Answers) -> set[str]:
    return {asked.name for asked in engine.route(form, answers)}


def base(form: Form, files: Sequence[Answers], item: str) -> int:
    """Return how many of the files are asked about an item."""
    return sum(item in on_route(form, answers) for answers in files)


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_has_no_fault(instrument: str) -> None:
    path = loader.library()[instrument]
    assert check(path.read_text(encoding="utf-8"), path.name) == ()


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_holds_every_item_of_its_report_and_no_other(instrument: str) -> None:
    own = [asked.name for asked in questionnaire(instrument).questions if not asked.name.endswith("_other")]
    assert own == [name for name, *_ in rows(instrument)]


@pytest.mark.parametrize(("instrument", "name", "area", "status", "kind"), ROWS)
def test_an_item_keeps_its_quality_area_its_status_and_its_type(
    instrument: str, name: str, area: str, status: str, kind: str
) -> None:
    asked = loader.form(instrument).by_name[name]
    assert (asked.area, asked.status, asked.type) == (area, status, TYPES[kind])


@pytest.mark.parametrize(("instrument", "name", "_area", "_status", "kind"), ROWS)
def test_a_yes_or_no_about_a_file_can_also_be_beside_the_point_or_unreadable(
    instrument: str, name: str, _area: str, _status: str, kind: str
) -> None:
    answers = options(loader.form(instrument).by_name[name])
    expected = PROTOCOL_ANSWERS if instrument in PROTOCOLS else YES_NO
    assert (answers == expected) == (kind == "yn")


@pytest.mark.parametrize(("item", "label"), PRINTED_ROW_LABELS.items())
def test_a_printed_row_label_is_the_question_to_the_letter(item: str, label: str) -> None:
    assert question(item).label["sv"] == label


@pytest.mark.parametrize("instrument", PROTOCOLS)
def test_only_printed_row_labels_are_marked_printed_in_a_protocol(instrument: str) -> None:
    printed = {asked.name for asked in questionnaire(instrument).questions if asked.status == "printed"}
    assert printed == {item for item in PRINTED_ROW_LABELS if item.startswith(item_id(instrument, ""))}


def test_the_guide_of_2014_has_the_printed_headings_as_sections() -> None:
    headings = [texts["sv"] for texts in questionnaire("int14.2014").sections.values()]
    assert headings == [
        "Har rapporterna redovisats i stadsdelsnämnden?",
        "Hur har granskningsrapporterna använts?",
        "Delaktighet och brukarmedverkan",
        "Samverkan",
        "Skriftliga rutiner",
        "Användning av bedömningsinstrument",
        "Individuella bedömningar",
        "Kunskapsinhämtande och övrig metodutveckling",
        "Personalsituation",
        "Arbetsbelastning",
        "Uppföljning",
        "Tillgänglighet",
        "Barnperspektiv",
    ]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a_protocol_is_about_a_file_and_an_interview_about_a_unit(instrument: str) -> None:
    assert questionnaire(instrument).subject == ("file" if instrument in PROTOCOLS else "unit")


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_no_question_asks_for_the_running_number_of_a_file(instrument: str) -> None:
    assert not [asked.name for asked in questionnaire(instrument).questions if asked.name.endswith("-00")]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_question_says_why_it_is_asked_where_it_belongs_and_who_its_base_is(instrument: str) -> None:
    for asked in questionnaire(instrument).questions:
        if not asked.name.endswith("_other"):
            assert set(asked.why) == set(LANGUAGES), asked.name
            assert asked.section, asked.name
            assert asked.base, asked.name


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_field_for_words_warns_against_identifying_a_client(instrument: str) -> None:
    form = loader.form(instrument)
    for asked in form.questions:
        if asked.type == "text":
            warning = asked.hint or form.by_name[asked.name.removesuffix("_other")].hint
            assert "röja en klient" in warning["sv"], asked.name
            assert "could identify a client" in warning["en"], asked.name


# (instrument, the answer that opens, the items that it opens); every other question is asked of everybody.
ROUTES = [
    ("akt12.2012", {"AKT12-01": "nej"}, "02"),
    ("akt12.2012", {"AKT12-01": "ja"}, "03 04 06 07"),
    ("akt12.2012", {"AKT12-01": "ja", "AKT12-04": "ja"}, "03 04 05 06 07"),
    ("akt12.2012", {"AKT12-08": "ja"}, "09 10 11 13 14 15 15b 16 17.1 17.2"),
    ("akt12.2012", {"AKT12-08": "ja", "AKT12-11": "ja"}, "09 10 11 12 13 14 15 15b 16 17.1 17.2"),
    ("akt12.2012", {"AKT12-22": "ja"}, "23 24 25"),
    ("fam20.2020", {"FAM20-03.1": "ja"}, "03.2"),
    ("fam20.2020", {"FAM20-07": "ja"}, "16"),
    ("fam20.2020", {"FAM20-19": "ja"}, "20"),
    ("fam20.2020", {"FAM20-24.1": "ja"}, "24.2"),
    ("till20.2020", {"TILL20-08.1": "ja"}, "08.2 09"),
    ("till20.2020", {"TILL20-08.1": "ja", "TILL20-09": "ja"}, "08.2 09 10"),
    ("till20.2020", {"TILL20-11": "ja"}, "12 13"),
    ("till20.2020", {"TILL20-14": "ja"}, "15"),
    ("till20.2020", {"TILL20-16": "ja"}, "17 18 19"),
    ("till20.2020", {"TILL20-03": "ja"}, "21"),
    ("till20.2020", {"TILL20-04": "ja"}, "21"),
    ("till20.2020", {"TILL20-05": "ja"}, "21"),
    ("int14.2014", {"INT14-02.1": "ja"}, "02.2"),
    ("int14.2014", {"INT14-09.1": "finns"}, "09.2 09.3"),
    ("int14.2014", {"INT14-09.1": "revideras"}, "09.2 09.3"),
]


@pytest.mark.parametrize(("instrument", "answers", "opened"), ROUTES)
def test_an_answer_opens_its_follow_up_questions_and_no_others(
    instrument: str, answers: Answers, opened: str
) -> None:
    form = loader.form(instrument)
    expected = {item_id(instrument, number) for number in opened.split()}
    assert on_route(form, answers) - on_route(form, {}) == expected


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_the_routes_listed_are_all_there_are(instrument: str) -> None:
    form = loader.form(instrument)
    opened = {
        item_id(instrument, number)
        for name, _, numbers in ROUTES
        if name == instrument
        for number in numbers.split()
    }
    closed = {item for item in form.by_name if not item.endswith("_other")} - on_route(form, {})
    assert closed == opened


@pytest.mark.parametrize("answer", ["nej", "ej_aktuellt", "framgar_inte", None])
def test_nothing_but_a_yes_opens_a_follow_up_on_a_file(answer: str | None) -> None:
    for instrument, answers, _ in ROUTES:
        *before, gate = answers.items()
        if instrument in PROTOCOLS and gate[1] == "ja":
            form, earlier = loader.form(instrument), dict(before)
            follow_ups = on_route(form, dict(answers)) - on_route(form, earlier)
            assert follow_ups.isdisjoint(on_route(form, {**earlier, gate[0]: answer}))


def test_a_share_of_families_is_asked_for_only_where_their_number_is_unknown() -> None:
    form = loader.form("int14.2014")
    assert "INT14-35.2" in on_route(form, {"INT14-35.1": None})
    assert "INT14-35.2" not in on_route(form, {"INT14-35.1": "40"})


FILES_2012: Sequence[Answers] = (
    {"AKT12-01": "ja", "AKT12-04": "ja", "AKT12-08": "ja", "AKT12-11": "ja", "AKT12-22": "ja"},
    {"AKT12-01": "ja", "AKT12-04": "nej", "AKT12-08": "ja", "AKT12-11": "nej", "AKT12-22": "framgar_inte"},
    {"AKT12-01": "nej", "AKT12-02": "ja", "AKT12-08": "nej", "AKT12-22": "ja"},
    {"AKT12-01": "framgar_inte", "AKT12-08": None, "AKT12-22": "nej"},
)


@pytest.mark.parametrize(
    ("item", "n"),
    [
        ("AKT12-01", 4),
        ("AKT12-02", 1),
        ("AKT12-03", 2),
        ("AKT12-05", 1),
        ("AKT12-09", 2),
        ("AKT12-12", 1),
        ("AKT12-17.1", 2),
        ("AKT12-21", 4),
        ("AKT12-24", 2),
    ],
)
def test_nested_bases_of_2012_follow_from_the_route(item: str, n: int) -> None:
    assert base(loader.form("akt12.2012"), FILES_2012, item) == n


def test_an_investigation_in_the_case_notes_is_outside_the_base_of_own_documents() -> None:
    form = loader.form("akt12.2012")
    only_in_the_notes = {"AKT12-01": "nej", "AKT12-02": "ja"}
    assert not on_route(form, only_in_the_notes) & {"AKT12-03", "AKT12-04", "AKT12-06", "AKT12-07"}


def test_rejections_and_cases_with_children_are_the_bases_of_2020() -> None:
    form = loader.form("till20.2020")
    cases: Sequence[Answers] = (
        {"TILL20-08.1": "ja", "TILL20-16": "ja"},
        {"TILL20-08.1": "ja", "TILL20-16": "nej"},
        {"TILL20-08.1": "nej", "TILL20-16": "ja"},
        {"TILL20-08.1": "nej", "TILL20-16": "framgar_inte"},
        {"TILL20-08.1": "nej", "TILL20-16": "ja"},
    )
    assert [base(form, cases, item) for item in ("TILL20-09", "TILL20-17", "TILL20-19")] == [2, 3, 3]


def test_an_unknown_number_of_children_is_missing_and_never_zero() -> None:
    form = loader.form("akt12.2012")
    answers: Answers = {**dict.fromkeys(form.by_name), "AKT12-22": "ja"}
    outcome = next(
        found for found in engine.outcomes(form, answers, partial=False) if found.item == "AKT12-23"
    )
    assert (outcome.options, outcome.missing) == ((), "skipped")
    refused = engine.accept(form, answers, form.by_name["AKT12-23"], ["0"], "sv")
    assert not isinstance(refused, str)


def test_the_highest_number_of_cases_is_not_below_the_lowest() -> None:
    form = loader.form("int14.2014")
    highest = form.by_name["INT14-24.2"]
    assert engine.accept(form, {"INT14-24.1": "40"}, highest, ["75"], "sv") == "75"
    assert not isinstance(engine.accept(form, {"INT14-24.1": "40"}, highest, ["39"], "sv"), str)
    assert engine.accept(form, {"INT14-24.1": None}, highest, ["39"], "sv") == "39"
