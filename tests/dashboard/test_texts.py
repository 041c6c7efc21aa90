"""The dashboard says the same in both languages, and nothing that no page uses."""

from __future__ import annotations

from string import Formatter

from dashboard.app import PAGES
from dashboard.catalogue import NAMES, texts
from questionnaires.definition import LANGUAGES


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    catalogue = texts().texts
    assert set(catalogue) == set(LANGUAGES) == set(NAMES)
    assert set(catalogue["sv"]) == set(catalogue["en"])
    for key, text in catalogue["sv"].items():
        assert fields(text) == fields(catalogue["en"][key]), key


def test_every_page_has_a_title() -> None:
    for key, _, _ in PAGES:
        assert texts()(f"page.{key}.title", "sv")


def test_no_text_shouts_or_praises() -> None:
    assert not [text for each in texts().texts.values() for text in each.values() if "!" in text]
