"""The dashboard says the same in both languages, and nothing that no page uses."""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter

from dashboard import widget_words
from dashboard.catalogue import NAMES, texts
from dashboard.pages import PAGES
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


def test_the_widgets_are_worded_with_the_values_that_streamlit_names() -> None:
    folder = Path(widget_words.__file__).parent / "texts" / "widgets"
    for code in LANGUAGES:
        for english, words in tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8")).items():
            assert fields(words) <= fields(english), english
