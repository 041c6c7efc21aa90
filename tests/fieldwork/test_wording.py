"""The text catalogue: the same in every language, and in plain words."""

from __future__ import annotations

import string
from datetime import date

import pytest

from fieldwork.messages import Stage
from fieldwork.wording import day, say, words
from questionnaires.definition import LANGUAGES
from questionnaires.errors import REFUSALS


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_the_same_sentences() -> None:
    assert [list(words(language)) for language in LANGUAGES] == [list(words("sv"))] * len(LANGUAGES)


@pytest.mark.parametrize("key", words("sv"))
def test_a_sentence_takes_the_same_values_in_every_language(key: str) -> None:
    assert [places(words(language)[key]) for language in LANGUAGES] == [places(words("sv")[key])] * len(
        LANGUAGES
    )


@pytest.mark.parametrize(("code", "values"), REFUSALS.items())
def test_every_refusal_is_worded_with_the_values_it_brings(code: str, values: tuple[str, ...]) -> None:
    for language in LANGUAGES:
        assert places(words(language)[f"refusal.{code}"]) <= set(values)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_what_happens_next(stage: Stage) -> None:
    for language in LANGUAGES:
        assert words(language)[f"stage.{stage}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_plain(language: str) -> None:
    for key, text in words(language).items():
        assert "!" not in text, key
        said = text.lower().split()
        assert not {"token", "session", "submit", "invalid", "ogiltig", "ogiltigt", "systemet"} & set(said), (
            key
        )


def test_enhet_means_the_workplace_and_never_a_telephone() -> None:
    others = [key for key, text in words("sv").items() if "enhet" in text.lower()]
    assert all(key.startswith("slips.") for key in others), others


def test_what_the_database_holds_is_not_said_to_be_unreadable() -> None:
    assert "läser" in words("sv")["information.promise_confidential"]
    assert "kan läsa" not in words("sv")["information.promise_confidential"] + words("sv")["about.draft"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    lengths = [
        len(sentence.split())
        for text in words(language).values()
        for sentence in text.replace("?", ".").split(". ")
    ]
    assert max(lengths) <= 25
    assert sum(lengths) / len(lengths) <= 15


def test_values_are_filled_in_and_never_read_as_a_template() -> None:
    assert say("sv", "refusal.constraint", message="{hemligt} 100 %") == "{hemligt} 100 %"


def test_an_unknown_sentence_or_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("sv", "notice.unheard_of")
    with pytest.raises(KeyError):
        words("tlh")


def test_days_are_written_as_people_say_them() -> None:
    when = date(2026, 11, 3)
    assert (day("sv", when), day("en", when)) == ("3 november 2026", "3 November 2026")
