"""The words of the statistics: dispositions, uncertainty and differences, in Swedish and English."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analysis.wording import Catalogue


@cache
def statistics_texts() -> Catalogue:
    """Return the texts of the statistics."""
    return Catalogue(Path(__file__).parent / "texts" / "statistics")


def statistics_words(key: str, language: str, **values: object) -> str:
    """Return one text of the statistics; KeyError where there is none."""
    return statistics_texts()(key, language, **values)
