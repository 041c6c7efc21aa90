"""Numbers and sentences as the inspectors print them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis import sentences
from analysis.wording import Catalogue, day, in_words, listed, number, percent, percent_sign, texts


def test_both_languages_say_the_same_things() -> None:
    catalogue = texts().texts
    assert set(catalogue) == {"sv", "en"}
    assert set(catalogue["sv"]) == set(catalogue["en"])


def test_an_unknown_text_is_a_program_error(tmp_path: Path) -> None:
    (tmp_path / "sv.toml").write_text('[page]\ntitle = "Hej {name}"', encoding="utf-8")
    catalogue = Catalogue(tmp_path)
    assert catalogue("page.title", "sv", name="du") == "Hej du"
    with pytest.raises(KeyError):
        catalogue("page.nothing", "sv")


def test_swedish_numbers_have_a_comma_and_a_narrow_space() -> None:
    assert number(76710, "sv") == "76\N{NARROW NO-BREAK SPACE}710"
    assert number(81.04, "sv", 1) == "81,0"
    assert number(76710, "en") == "76,710"
    assert percent_sign(77, "sv") == "77\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("count", "base", "shown"), [(10, 13, 77), (1, 8, 13), (1, 200, 1), (0, 5, 0), (41, 80, 51)]
)
def test_percentages_are_integers_rounded_half_up(count: int, base: int, shown: int) -> None:
    assert percent(count, base) == shown


def test_small_numbers_are_words_in_running_text() -> None:
    assert [in_words(n, "sv") for n in (0, 3, 12, 13)] == ["ingen", "tre", "tolv", "13"]
    assert listed(["Farsta", "Norrmalm", "Skarpnäck"], "sv") == "Farsta, Norrmalm och Skarpnäck"
    assert listed(["Farsta"], "en") == "Farsta"
    assert day(date(2012, 3, 1), "sv") == "1 mars 2012"


def test_participation_is_told_as_the_inspectors_tell_it() -> None:
    assert (
        sentences.answered("Hägersten-Liljeholmen", 10, 13, "sv")
        == "10 av 13 har svarat i Hägersten-Liljeholmen; tre har inte svarat."
    )
    assert sentences.answered("", 2, 2, "sv") == "2 av 2 har svarat; ingen återstår."
    assert sentences.answered("", 0, 0, "sv") == "Ingen är inbjuden än."
    assert (
        sentences.registered(10, 13, "sv")
        == "Totalt 10 av 13 möjliga svar registrerades, ett bortfall på tre svar."
    )
    assert sentences.registered(12, 13, "sv").endswith("ett bortfall på ett svar.")
    assert sentences.registered(13, 13, "en").endswith("no dropout.")
