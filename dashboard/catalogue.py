"""The dashboard's own words, in the language the visitor has chosen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from analysis.wording import Catalogue
from fieldwork.settings import read_settings

LANGUAGE_KEY = "sprak"
"""The widget and the part of the address that hold the language."""

NAMES = {"sv": "Svenska", "en": "English"}


@cache
def texts() -> Catalogue:
    """Return the texts of this package."""
    return Catalogue(Path(__file__).parent / "texts")


def language() -> str:
    """Return the language of this visit: as chosen, as in the address, else as in the settings."""
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get(LANGUAGE_KEY)
    return code_of(chosen or st.session_state.get(kept(LANGUAGE_KEY), ""))


def kept(key: str) -> str:
    """Return where a choice is kept while another page is shown, which clears widgets and address."""
    return f"kept_{key}"


def code_of(chosen: str) -> str:
    """Return the language code of a name in the address; that of the settings where it names none."""
    named = next((code for code, name in NAMES.items() if chosen == name), "")
    return named or read_settings().language  # settings take long to read: every text asks for its language


def say(key: str, **values: object) -> str:
    """Return the text called ``key`` in the language of this visit."""
    return texts()(key, language(), **values)
