"""Faults in words: what fieldwork says in English about a file or an act, in the language of the visit.

Fieldwork's English is the key; ``{name}`` in it stands for whatever was filled in. The English list
holds only what is worded for the command line and reads otherwise on a page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analysis.wording import capital
from questionnaires.errors import Problem

_FOLDER = Path(__file__).parent / "texts" / "problems"
_PLACE = re.compile(r"\\{(\w+)\\}")
_ROW = re.compile(r"(row|line|cell|column) ([A-Z]*\d+|[A-Z]+)")


def in_words(problem: Problem, code: str) -> str:
    """Return one fault as sentences in a language: where, what is wrong, what to do."""
    where = _where(problem.item, code)
    rule = translated(problem.rule, code)
    first = f"{where}: {rule}" if where else capital(rule)
    return f"{capital(first)}. {translated(problem.remedy, code)}."


def translated(text: str, code: str) -> str:
    """Return a rule or a remedy in a language; as it stands where the list of that language has it not."""
    return known(text, code) or text


def known(text: str, code: str) -> str | None:
    """Return a text in a language, or None where its list has it not."""
    for pattern, words in _patterns(code):
        if found := pattern.fullmatch(text):
            return words.format(**found.groupdict())
    return None


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = _FOLDER / f"{code}.toml"
    listed: Mapping[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple((_pattern(english), words) for english, words in listed.items())


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)


def _where(item: str, code: str) -> str:
    """Return the place in a list: ``rad 3, adress``; a key of the wave file is shown beside its field."""
    if not _ROW.match(item):
        return ""
    words = {"row": "rad", "line": "rad", "cell": "cell", "column": "kolumn"}
    return _ROW.sub(lambda m: f"{words[m[1]]} {m[2]}", item) if code == "sv" else item
