"""Words and numbers as the inspectors print them, in Swedish and English.

Numbers follow visual.md: decimal comma, a narrow no-break space between thousands, a no-break space before
the percent sign, small numbers as words in running text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal

NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
_LOCALES: Mapping[str, str] = {"sv": "sv_SE", "en": "en_GB"}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "sv": (
        "ingen", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
    ),
    "en": (
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ),
}  # fmt: skip


class Catalogue:
    """The texts of one folder: one TOML file per language, the same keys in each.

    ``catalogue(key, language, **values)`` returns the text with its values filled in; an unknown key is a
    program error (KeyError).
    """

    def __init__(self, folder: Path) -> None:
        self.texts: Mapping[str, Mapping[str, str]] = {
            path.stem: _flat(tomllib.loads(path.read_text(encoding="utf-8")))
            for path in sorted(folder.glob("*.toml"))
        }

    def __call__(self, key: str, language: str, **values: object) -> str:
        """Return the text called ``key`` in ``language``."""
        return self.texts[language][key].format(**values)


def _flat(tree: Mapping[str, object], above: str = "") -> dict[str, str]:
    """Turn nested tables into dotted keys."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = str(value)
    return flat


@cache
def texts() -> Catalogue:
    """Return the texts of this package."""
    return Catalogue(Path(__file__).parent / "texts")


def words(key: str, language: str, **values: object) -> str:
    """Return one text of this package."""
    return texts()(key, language, **values)


def number(value: float, language: str, decimals: int = 0) -> str:
    """Return ``value`` as printed: ``76 710`` (narrow space), ``81,0``."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    shown = format_decimal(value, format=pattern, locale=_LOCALES[language])
    return shown.replace(NO_BREAK, NARROW) if language == "sv" else shown


def percent(count: int, base: int) -> int:
    """Return the integer percentage, rounded half up. ``base`` must be positive."""
    return (200 * count + base) // (2 * base)


def percent_sign(value: int, language: str) -> str:
    """Return ``77 %`` in Swedish, ``77%`` in English."""
    return f"{value}{NO_BREAK}%" if language == "sv" else f"{value}%"


def base_of(n: int, language: str) -> str:
    """Return ``n = 10``, which stays on one line."""
    return f"n{NO_BREAK}={NO_BREAK}{number(n, language)}"


def in_words(value: int, language: str) -> str:
    """Return numbers up to twelve as words, larger ones in digits."""
    return _WORDS[language][value] if 0 <= value < len(_WORDS[language]) else number(value, language)


def day(value: date, language: str) -> str:
    """Return a date in words: ``3 november 2026``."""
    return format_date(value, "d MMMM y", locale=_LOCALES[language])


def long_day(value: date, language: str) -> str:
    """Return a date with its day of the week: ``tisdag 3 november 2026``."""
    return format_date(value, "EEEE d MMMM y", locale=_LOCALES[language])


def listed(names: list[str], language: str) -> str:
    """Return ``Farsta, Norrmalm och Skarpnäck``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words('and', language)} {names[-1]}"


def capital(sentence: str) -> str:
    """Return the sentence with a capital first letter, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]
