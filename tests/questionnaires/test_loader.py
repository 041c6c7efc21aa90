from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires.errors import DefinitionError
from questionnaires.loader import form, from_library, joined, library, load, parse
from tests.questionnaires.small import row, small, toml


def test_a_file_becomes_a_questionnaire() -> None:
    questionnaire = parse(
        toml(
            row("Q1", "note"),
            row(
                "Q2",
                "select_one ja_nej",
                'appearance = "likert"',
                'hint = { sv = "Tips", en = "Hint" }',
                'why = { sv = "Därför", en = "Because" }',
                "required = true",
                'area = "HS"',
                'status = "printed"',
                'base = "alla"',
                'section = "samverkan"',
                "seconds = 15",
            ),
            row("Q3", "text", 'codes = "tema"', "relevant = \"${Q2} = 'ja'\""),
        ),
        "prov_a.toml",
    )
    assert questionnaire.name == "prov.a"
    assert questionnaire.title["en"] == "Trial"
    note, scale, text = questionnaire.questions
    assert (note.type, note.status) == ("note", "reconstructed")
    assert (scale.type, scale.scale, scale.required, scale.area, scale.base) == (
        "select_one",
        True,
        True,
        "HS",
        "alla",
    )
    assert (scale.status, scale.section, scale.seconds, scale.hint["sv"]) == (
        "printed",
        "samverkan",
        15,
        "Tips",
    )
    assert [choice.name for choice in scale.choices] == ["ja", "nej", "vill_inte"]
    assert scale.choices[2].missing == "declined"
    assert [code.name for code in text.codes] == ["tid"]


@pytest.mark.parametrize(
    ("kind", "relevant"),
    [("select_one", "${Q1} = 'annat'"), ("select_multiple", "selected(${Q1}, 'annat')")],
)
def test_another_namely_opens_a_follow_up_question(kind: str, relevant: str) -> None:
    body = row("Q1", f"{kind} instrument", 'area = "KB"', 'section = "samverkan"', 'status = "described"')
    asked, follow_up = parse(toml(body), "prov_a.toml").questions
    assert (follow_up.name, follow_up.type, follow_up.relevant) == ("Q1_other", "text", relevant)
    assert (follow_up.area, follow_up.section, follow_up.status) == (asked.area, asked.section, asked.status)
    assert follow_up.label == {
        "sv": "Du svarade ”Annat”. Vad menar du?",
        "en": "You answered “Another”. What do you mean?",
    }


def test_the_same_text_gives_the_same_hash_and_another_text_another() -> None:
    text = toml(row("Q1", "text"))
    assert parse(text, "a").hash == parse(text + "\n# a comment", "b").hash
    assert parse(text, "a").hash != parse(text.replace("Fråga Q1", "Frågan Q1"), "a").hash


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "prov_a.toml"
    path.write_text(toml(row("Q1", "text")), encoding="utf-8")
    assert load(path).questions[0].label["sv"] == "Fråga Q1?"


def test_a_file_in_latin_1_is_refused_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "prov_a.toml"
    path.write_bytes(toml(row("Q1", "text")).encode("latin-1"))
    with pytest.raises(DefinitionError, match=r"prov_a.toml: not UTF-8 at byte \d+. Save the file as UTF-8"):
        load(path)


def test_a_form_may_join_several_instruments() -> None:
    whole = form("komp.kort", "kval.kort")
    assert [part.name for part in whole.parts] == ["komp.kort", "kval.kort"]
    assert whole.questions[0].name == "KOMP-01"
    assert whole.hash != form("kval.kort", "komp.kort").hash


def test_an_instrument_may_not_stand_twice_in_a_form() -> None:
    with pytest.raises(DefinitionError, match="KVAL-08: the item stands twice in the form"):
        form("kval.kort", "kval.2012")
    with pytest.raises(DefinitionError):
        joined(*small(row("Q1", "text")).parts, *small(row("Q1", "text")).parts)


def test_a_form_may_not_tell_a_background_twice() -> None:
    twice = (parse(toml(row(name, "select_one ja_nej", 'background = "sex"')), name) for name in ("Q1", "Q2"))
    with pytest.raises(DefinitionError, match="Q2: the form tells the background “sex” twice"):
        joined(*twice)


def test_an_unknown_instrument_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        DefinitionError, match=r"library: kval.long: unknown questionnaire. Use one of .*kval.kort"
    ):
        from_library("kval.long")


def test_the_library_is_listed_by_the_names_forms_use() -> None:
    assert library()["kval.kort"].name == "kval_kort.toml"
