"""The dashboard's own words, in the language the visitor has chosen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from analysis.wording import Catalogue

LANGUAGE_KEY = "sprak"
"""The widget and the part of the address that hold the language."""

NAMES = {"sv": "Svenska", "en": "English"}


@cache
def texts() -> Catalogue:
    """Return the texts of this package."""
    return Catalogue(Path(__file__).parent / "texts")


def language() -> str:
    """Return the language of this visit: as chosen, as in the address, else Swedish."""
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get(LANGUAGE_KEY)
    return next((code for code, name in NAMES.items() if chosen in {name, code}), "sv")


def say(key: str, **values: object) -> str:
    """Return the text called ``key`` in the language of this visit."""
    return texts()(key, language(), **values)
