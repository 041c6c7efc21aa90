"""From a TOML file to a questionnaire: every problem is found before anything is refused."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from questionnaires.definition import Form, Questionnaire
from questionnaires.errors import DefinitionError, Problem
from questionnaires.reading import Draft, read_tables

LIBRARY = Path(__file__).with_name("library")
"""Where the instruments of the house are."""


def read(body: str, source: str) -> Draft:
    """Return all that could be made of a TOML text, with every problem that makes it unusable."""
    try:
        tables = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = str(error).replace("at end of document", f"at line {body.count(chr(10)) + 1}, the end")
        line = re.search(r"line \d+", fault)
        remedy = f"correct {line.group()}, or what is left open before it" if line else "close what is open"
        return Draft(problems=[Problem(source, "", f"not valid TOML: {fault}", remedy)])
    return read_tables(tables, source)


def parse(body: str, source: str) -> Questionnaire:
    """Return the questionnaire of a TOML text.

    Raises:
        DefinitionError: It cannot be used; holds all problems found.
    """
    draft = read(body, source)
    if draft.problems or draft.questionnaire is None:
        raise DefinitionError(draft.problems)
    return draft.questionnaire


def load(path: Path) -> Questionnaire:
    """Return the questionnaire of a file.

    Raises:
        DefinitionError: It cannot be used; holds all problems found.
        OSError: The file cannot be read.
    """
    try:
        body = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        rule = f"not UTF-8 at byte {error.start}"
        raise DefinitionError([Problem(path.name, "", rule, "save the file as UTF-8")]) from None
    return parse(body, path.name)


def library() -> Mapping[str, Path]:
    """Return the files of the library by the name that forms use: ``kval.kort``."""
    return {path.stem.replace("_", ".", 1): path for path in sorted(LIBRARY.glob("*.toml"))}


@cache
def from_library(name: str) -> Questionnaire:
    """Return an instrument of the library by name.

    Raises:
        DefinitionError: There is none with this name, or it cannot be used.
    """
    paths = library()
    if name not in paths:
        remedy = f"use one of {', '.join(paths)}"
        raise DefinitionError([Problem("library", name, "unknown questionnaire", remedy)])
    return load(paths[name])


def joined(*parts: Questionnaire) -> Form:
    """Return the form of these instruments, in this order.

    Raises:
        DefinitionError: Two of them have an item of the same name, or tell the same background.
    """
    questions = [question for part in parts for question in part.questions]
    source = " + ".join(part.name for part in parts)
    times = Counter(question.name for question in questions)
    twice = [name for name, count in times.items() if count > 1]
    if twice:
        remedy = "leave out one of the instruments, or rename the item"
        raise DefinitionError(
            Problem(source, name, "the item stands twice in the form", remedy) for name in twice
        )
    told = Counter(question.background for question in questions if question.background)
    again = [question for question in questions if told[question.background] > 1]
    if again:
        remedy = "leave out one of the instruments, or take background away from one item"
        raise DefinitionError(
            Problem(source, each.name, f"the form tells the background “{each.background}” twice", remedy)
            for each in again
        )
    return Form(parts)


def form(*names: str) -> Form:
    """Return the form of instruments of the library, in this order.

    Raises:
        DefinitionError: A name is unknown, or two instruments have an item of the same name.
    """
    return joined(*(from_library(name) for name in names))
