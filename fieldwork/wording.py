"""The text catalogue: every sentence that fieldwork says to a respondent, in every language.

The sentences stand in ``texts/<language>.toml``; a key is its section and name: ``notice.stale``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from fieldwork.messages import Notice


@cache
def words(language: str) -> Mapping[str, str]:
    """Return every sentence in ``language`` by its key. An unknown language is a KeyError."""
    path = Path(__file__).parent / "texts" / f"{language}.toml"
    if not path.is_file():
        raise KeyError(language)
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def say(language: str, key: str, **values: object) -> str:
    """Return one sentence with its values filled in. An unknown key or a missing value is a KeyError."""
    return words(language)[key].format_map(values)


def notice(language: str, key: str, **values: object) -> Notice:
    """Return a notice in words."""
    return Notice(key, say(language, key, **values))


@cache
def day(language: str, when: date) -> str:
    """Return a date as people write it: ``3 november 2026``."""
    return format_date(when, "d MMMM y", locale=language)


def moment(language: str, when: datetime, zone: str) -> str:
    """Return a moment as people there say it: ``tisdag 3 november klockan 9.00``."""
    return format_datetime(when, words(language)["moment.pattern"], ZoneInfo(zone), language)


def unbroken_day(language: str, when: date) -> str:
    """Return the same date, its day and month kept on one line."""
    return day(language, when).replace(" ", "\N{NO-BREAK SPACE}", 1)
