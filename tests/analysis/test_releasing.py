"""A release: a closed list of safe tables, the same bytes years later, and no second way past disclosure."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from analysis.disclosure import SafeTable
from analysis.question_tables import items_tabulated
from analysis.release_page import render
from analysis.release_words import hidden, preview
from analysis.released import canonical, read_back, sha256
from analysis.releasing import LANGUAGES, Decision, decide
from analysis.safe_columns import State
from models.material import Material, UnitCount, WaveFacts
from models.queries import CountRow
from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.loader import parse

ROOT = Path(__file__).parents[2]
TRIAL = ROOT / "tests" / "fieldwork" / "provenkat.toml"
FORM = Form((parse(TRIAL.read_text(encoding="utf-8"), TRIAL.name),))
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
WAVE = WaveFacts(
    "Hösten",
    "Ekonomiskt bistånd",
    2026,
    "collected",
    "self",
    "confidential",
    "group",
    5,
    10,
    date(2026, 10, 1),
    date(2026, 10, 30),
    datetime(2026, 11, 2, 8, tzinfo=UTC),
)

Person = Mapping[str, str | None]
YES: Person = {"PROV-01": "ja", "PROV-02": "fia", "PROV-03": "40", "PROV-04": "Att få vara med."}
NO: Person = {"PROV-01": "nej", "PROV-03": "20", "PROV-04": None}


def counted(unit: int, people: Sequence[Person]) -> list[CountRow]:
    found: Counter[tuple[str, str, str]] = Counter()
    for answers in people:
        for each in engine.outcomes(FORM, answers, partial=False):
            found[(each.item, "missing", each.missing) if each.missing else (each.item, "answered", "")] += 1
            found.update((each.item, "option", option) for option in each.options)
    return [CountRow(unit, *what, n) for what, n in sorted(found.items())]


def material(
    units: Mapping[str, tuple[int, Sequence[Person]]] | None = None,
    *,
    wave: WaveFacts = WAVE,
    parts: tuple[tuple[str, tuple[CountRow, ...]], ...] = (),
    earlier: tuple[str, ...] = (),
) -> Material:
    """``units``: how many were invited, and what those who answered said."""
    chosen = units or {
        "Bromma": (13, [YES] * 6 + [NO] * 4),
        "Farsta": (15, [YES] * 5 + [NO] * 7),
        "Älvsjö": (2, [YES] * 2),
    }
    listed = list(enumerate(chosen.items(), start=1))
    rows = [row for number, (_, (_, people)) in listed for row in counted(number, people)]
    counts = tuple(UnitCount(number, label, n, len(people)) for number, (label, (n, people)) in listed)
    return Material(wave, FORM, counts, tuple(rows), (), parts, earlier)


def decided(**changed: object) -> Decision:
    return decide(material(**changed), at=AT, version="1.2.3")  # type: ignore[arg-type]


def tables(made: Decision, language: str = "sv") -> tuple[SafeTable, ...]:
    return made.release.edition(language).tables


def test_the_list_is_closed_one_table_a_question_in_both_languages_with_the_same_numbers() -> None:
    made = decided()
    assert made.release.listed == items_tabulated(FORM) == ("PROV-01", "PROV-02", "PROV-03", "PROV-04")
    numbers = []
    for language in LANGUAGES:
        assert [table.item for table in tables(made, language)] == list(made.release.listed)
        assert {table.language for table in tables(made, language)} == {language}
        columns = [column for table in tables(made, language) for column in table.all_columns]
        numbers.append([[(cell.count, cell.percent) for cell in column.cells] for column in columns])
    assert numbers[0] == numbers[1]


def test_the_same_counts_give_the_same_bytes_and_both_forms_can_be_made_again_from_the_json() -> None:
    made = decided()
    assert (made.canonical, made.page) == (decided().canonical, decided().page)
    back = read_back(made.canonical, sha256(made.canonical))
    assert back == made.release
    assert (canonical(back), render(back)) == (made.canonical, made.page)


def test_a_release_says_what_was_asked_by_which_rules_with_which_program_and_when() -> None:
    told = json.loads(decided().canonical)
    assert (told["format"], told["number"], told["version"], told["at"]) == (1, 1, "1.2.3", AT.isoformat())
    assert told["form"] == FORM.hash
    assert told["asked"] == [
        {"code": "PROV", "edition": "kort", "version": 1, "hash": FORM.parts[0].hash},
    ]
    assert (told["wave"]["policy"], told["wave"]["smallest_group"], told["wave"]["alike_below"]) == (
        "group",
        5,
        10,
    )


def test_the_page_needs_nothing_else_and_holds_every_table_in_both_languages() -> None:
    page = decided().page.decode()
    assert not re.search(r"https?:|src=|<script|<link|url\(", page)
    for language in LANGUAGES:
        for question in FORM.questions[:4]:
            assert question.label[language] in page
    assert page.count(FORM.hash) == len(LANGUAGES)
    assert "färre än fem inbjudna" in page


def test_names_in_the_page_are_text_and_no_markup() -> None:
    page = decided(wave=replace(WAVE, name="<b>Hösten & våren</b>")).page.decode()
    assert "<b>" not in page
    assert "&lt;b&gt;Hösten &amp; våren&lt;/b&gt;" in page


def test_of_a_unit_with_few_invited_not_even_participation_is_told() -> None:
    made = decided()
    turnout = {
        each.label: (each.sent, each.invited, each.few_invited) for each in made.release.editions[0].turnout
    }
    assert turnout == {
        "Bromma": (10, 13, 0),
        "Farsta": (12, 15, 0),
        "Älvsjö": (0, 0, 5),
        "Totalt, redovisade": (22, 28, 0),
    }


def test_units_with_few_invited_lie_under_the_total_where_they_have_enough_together() -> None:
    small = {"Bromma": (13, [YES] * 6 + [NO] * 4), "Älvsjö": (3, [YES] * 2), "Kista": (2, [NO])}
    whole = decided(units=small).release.editions[0].turnout[-1]
    assert (whole.label, whole.sent, whole.invited) == ("Totalt", 13, 18)
    alone = decided(units={"Älvsjö": (2, [YES] * 2)}).release.editions[0].turnout[-1]
    assert (alone.sent, alone.invited, alone.few_invited) == (0, 0, 5)


def test_a_wave_with_the_same_tables_as_the_newest_release_has_nothing_new() -> None:
    first = decided()
    again = decided(earlier=(first.canonical,))
    assert (first.changed, again.changed) == (True, False)
    assert again.release.number == 2
    assert again.release.earlier == (sha256(first.canonical),)


def test_a_correction_shows_what_moved_enough_and_says_what_waits() -> None:
    """One answer more in Farsta waits; eleven more in Bromma are shown, in the tables and in the turnout."""
    first = decided()
    units = {
        "Bromma": (30, [YES] * 11 + [NO] * 10),
        "Farsta": (15, [YES] * 5 + [NO] * 7),
        "Älvsjö": (2, [YES] * 2),
    }
    second = decided(units=units, earlier=(first.canonical,))
    assert second.changed
    assert tables(second)[0].column("Bromma").n == 21  # type: ignore[union-attr]
    assert second.release.editions[0].turnout[0].sent == 21
    waits = decided(units={**units, "Farsta": (15, [YES] * 5 + [NO] * 8)}, earlier=(first.canonical,))
    assert tables(waits)[0].column("Farsta").n == 12  # type: ignore[union-attr]
    assert waits.release.editions[0].turnout == first.release.editions[0].turnout
    first_said = waits.release.editions[0].waiting[0]
    assert first_said.startswith("Möter du barn? Rättelser av Farsta och Totalt, redovisade väntar")
    assert first_said in waits.page.decode()
    assert f"  {first_said}" in list(preview(waits.release, "sv"))


def test_one_answer_more_or_less_is_no_release() -> None:
    first = decided()
    for people in ([YES] * 5 + [NO] * 8, [YES] * 5 + [NO] * 6, [YES] * 6 + [NO] * 6):
        units = {"Bromma": (13, [YES] * 6 + [NO] * 4), "Farsta": (15, people), "Älvsjö": (2, [YES] * 2)}
        again = decided(units=units, earlier=(first.canonical,))
        assert not again.changed
        assert again.release.editions[0].waiting


def test_what_is_hidden_is_told_in_words_and_never_in_numbers() -> None:
    made = decided()
    said = [sentence for table in tables(made) for sentence in hidden(table, "group")]
    assert said
    assert not any(re.search(r"\d", sentence) for sentence in said)
    lines = list(preview(made.release, "sv"))
    assert lines[0] == "Redovisning 1 av ”Hösten”, Ekonomiskt bistånd (2026)"
    assert "allmän handling" in lines[-1]
    assert {f"  {table.item} {table.title}" for table in tables(made)} <= set(lines)
    english = list(preview(made.release, "en"))
    assert len(english) == len(lines)
    assert "public record" in english[-1]


def forged(made: Decision, change: str, to: str) -> str:
    assert change in made.canonical
    return made.canonical.replace(change, to)


@pytest.mark.parametrize(
    ("change", "to", "refusal"),
    [
        ('"percent":null,"text":".."', '"percent":100,"text":".."', "no release can hold"),
        ('"n":10,', '"n":4,', "no release can hold"),
        ('"n":10,', '"n":11,', "no release can hold"),
        ('"n":null,', '"n":2,', "no release can hold"),
        ('"policy":"group"', '"policy":"published"', "wave of one's own"),
        ('"listed":', '"later":1,"listed":', "later format"),
    ],
)
def test_numbers_that_disclosure_would_not_show_are_not_read_back(change: str, to: str, refusal: str) -> None:
    text = forged(decided(), change, to)
    with pytest.raises(ValueError, match=refusal):
        read_back(text, sha256(text))


def test_a_damaged_release_is_not_read_back() -> None:
    made = decided()
    with pytest.raises(ValueError, match="not what its hash says"):
        read_back(made.canonical.replace("Bromma", "Bromna"), sha256(made.canonical))


def test_only_disclosure_and_reading_back_know_the_key_of_a_safe_table() -> None:
    holders = set()
    for path in ROOT.glob("*/*.py"):
        if path.parts[-2] not in {"tests", "benchmarks"}:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            imported = {
                name.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for name in node.names
            }
            if "_KEY" in named | imported:
                holders.add(f"{path.parts[-2]}/{path.name}")
    assert holders == {"analysis/disclosure.py", "analysis/released.py"}


def test_a_file_review_is_released_by_the_rules_for_clients() -> None:
    files = replace(WAVE, policy="cell", subject="file")
    made = decided(
        wave=files, units={"Bromma": (20, [YES] * 12 + [NO] * 8), "Farsta": (15, [YES] * 7 + [NO] * 8)}
    )
    first = tables(made)[0]
    assert first.column("Bromma").state is State.SHOWN  # type: ignore[union-attr]
    assert "akter" in first.base_label
    said = hidden(tables(made)[1], "cell")
    assert "Alla enheter: visas inte, eftersom någon annars kunde kännas igen." in said
    assert "Granskade akter av utvalda" in made.page.decode()


MANY = {
    "Bromma": (40, [YES, NO, NO, YES, YES] * 8),
    "Farsta": (40, [NO, YES, YES, NO, NO, YES, YES, NO] * 5),
    "Älvsjö": (2, [YES] * 2),
}
ROLES = ("utredare", "samordnare")


def by_role(units: Mapping[str, tuple[int, Sequence[Person]]]) -> tuple[CountRow, ...]:
    """Every other person has the one role, the others the other."""
    return tuple(
        row._replace(part=role)
        for number, (_, people) in enumerate(units.values(), start=1)
        for place, role in enumerate(ROLES)
        for row in counted(number, people[place::2])
    )


def test_a_question_stands_also_by_the_first_background_that_gives_nobody_away() -> None:
    parts = (("years", ()), ("role", by_role(MANY)))
    made = decided(units=MANY, parts=parts)
    split = made.release.editions[0].split("PROV-01")
    assert split is not None
    assert [column.label for column in split.table.columns] == ["Samordnare", "Utredare"]
    assert split.by == "role"
    assert split.table.total.n == 80  # type: ignore[union-attr]
    assert "Möter du barn? (efter roll)" in made.page.decode()
    assert "  PROV-01 Möter du barn? (efter roll)" in list(preview(made.release, "sv"))
    assert read_back(made.canonical, sha256(made.canonical)) == made.release
    numbers = [
        [column.cells for column in edition.split("PROV-01").table.columns]  # type: ignore[union-attr]
        for edition in made.release.editions
    ]
    assert numbers[0] == numbers[1]


def test_a_split_is_carried_over_by_a_correction_and_is_never_made_of_files() -> None:
    parts = (("role", by_role(MANY)),)
    first = decided(units=MANY, parts=parts)
    more = {**MANY, "Bromma": (60, [*MANY["Bromma"][1], *[YES] * 10, *[NO] * 10])}
    second = decided(units=more, parts=(("role", by_role(more)),), earlier=(first.canonical,))
    assert second.release.editions[0].splits == first.release.editions[0].splits != ()
    assert tables(second)[0].column("Bromma").n == 60  # type: ignore[union-attr]
    files = replace(WAVE, policy="cell", subject="file")
    assert decided(units=MANY, parts=parts, wave=files).release.editions[0].splits == ()
