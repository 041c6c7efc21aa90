"""Answers in words: numbers, days and months as people write and read them in Swedish and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

YEARS = range(1900, 2101)
"""The years a date or month may have."""

MONTHS: Mapping[str, tuple[str, ...]] = {
    "sv": (
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

_DECIMAL_SIGN: Mapping[str, str] = {"sv": ",", "en": "."}
_THOUSANDS = "\N{NARROW NO-BREAK SPACE}"
_LONGEST = 60  # characters of a number or date; more cannot be one
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d{1,15})(?:[.,](\d{1,9}))?")
_ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})|(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DAY_MONTH_YEAR = re.compile(
    r"(?:den )?(\d{1,2})(?::?[ae]|st|nd|rd|th)?[ /.-]+(\d{1,2}|[a-zåäö]+)\.?[ ,/.-]+(\d{4})"
)
_MONTH_DAY_YEAR = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/. ]*(\d{1,2}|[a-zåäö]+)\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2}|[a-zåäö]+)\.?[-/. ,]+(\d{4})")


def clean(text: str) -> str:
    """Return the text without control characters and blanks around it, line ends as newlines.

    Emoji, joiners and marks of right-to-left text stay; half surrogates, which no file can hold, go.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _squeezed(text: str) -> str:
    """Return a short text in lower case with single plain blanks, or '' where it is too long to be read."""
    if len(text) > _LONGEST:
        return ""
    return " ".join(clean(text).replace("\N{MINUS SIGN}", "-").lower().split())


def read_decimal(text: str) -> Decimal | None:
    """Return a number written with comma or point, thousands apart or together; None where it is none."""
    match = _NUMBER.fullmatch(_squeezed(text))
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    return Decimal(f"{sign}{whole.replace(' ', '')}.{fraction or '0'}")


def read_integer(text: str) -> int | None:
    """Return a whole number; None where it is none, or may be thousands or thousandths ("1.000")."""
    value = read_decimal(text)
    if value is None or value != int(value) or re.search(r"[.,]\d{3}$", _squeezed(text)):
        return None
    return int(value)


def _month_number(word: str) -> int:
    """Return 1 to 12 for a number, name or abbreviation (three letters or more) of a month, else 0."""
    if word.isdecimal():
        return int(word)
    names = [(name.lower(), place) for months in MONTHS.values() for place, name in enumerate(months, 1)]
    return next((place for name, place in names if len(word) >= 3 and name.startswith(word)), 0)


def _day(year: str, month: str, day: str) -> date | None:
    if int(year) not in YEARS:
        return None
    try:
        return date(int(year), _month_number(month), int(day))
    except ValueError:
        return None


def read_date(text: str) -> str | None:
    """Return the ISO form of a day ("2012-03-01", "1 mars 2012", "1/3 2012"); None where it is none."""
    words = _squeezed(text)
    found = None
    if match := _ISO_DAY.fullmatch(words):
        found = _day(*[part for part in match.groups() if part])
    elif match := _DAY_MONTH_YEAR.fullmatch(words):
        found = _day(match[3], match[2], match[1])
    elif match := _MONTH_DAY_YEAR.fullmatch(words):
        found = _day(match[3], match[1], match[2])
    return found.isoformat() if found else None


def read_month(text: str) -> str | None:
    """Return the ISO form of a month ("2012-03", "mars 2012", "3/2012"); None where it is none."""
    words = _squeezed(text)
    found = None
    if match := _YEAR_MONTH.fullmatch(words):
        found = _day(match[1], match[2], "1")
    elif match := _MONTH_YEAR.fullmatch(words):
        found = _day(match[2], match[1], "1")
    return found.isoformat()[:7] if found else None


def canonical(value: Decimal) -> str:
    """Return a number with a point and no needless zeros."""
    plain = format(value.normalize(), "f")
    return "0" if plain in {"0", "-0"} else plain


def type_number(value: str, language: str) -> str:
    """Return a canonical number as one would type it: the decimal sign of the language, no thousands."""
    return value.replace(".", _DECIMAL_SIGN[language])


def show_number(value: str, language: str) -> str:
    """Return a canonical number as printed: thousands apart, the decimal sign of the language."""
    whole, point, fraction = value.removeprefix("-").partition(".")
    apart = f"{int(whole):,}".replace(",", _THOUSANDS)
    sign = "\N{MINUS SIGN}" if value.startswith("-") else ""
    return f"{sign}{apart}{_DECIMAL_SIGN[language] if point else ''}{fraction}"


def show_month(value: str, language: str) -> str:
    """Return "mars 2012" for "2012-03"."""
    year, month = value.split("-")
    return f"{MONTHS[language][int(month) - 1]} {year}"


def show_date(value: str, language: str) -> str:
    """Return "1 mars 2012" for "2012-03-01"."""
    month, _, day = value.rpartition("-")
    return f"{int(day)} {show_month(month, language)}"
