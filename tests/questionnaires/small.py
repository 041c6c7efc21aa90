"""Small questionnaires: TOML texts made of a head and rows, and forms made by hypothesis."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from questionnaires.definition import Choice, Form, Question, Questionnaire
from questionnaires.engine import is_asked
from questionnaires.loader import joined, parse

HEAD = """
code = "PROV"
edition = "a"
version = 1
title = { sv = "Prov", en = "Trial" }
subject = "self"
source = "made for the tests"
"""

LISTS = """
[sections]
samverkan = { sv = "Samverkan", en = "Cooperation" }

[bases]
alla = { sv = "alla som svarat", en = "all who answered" }

[choices]
ja_nej = [
  { name = "ja", label = { sv = "Ja", en = "Yes" } },
  { name = "nej", label = { sv = "Nej", en = "No" } },
  { name = "vill_inte", label = { sv = "Vill inte svara", en = "Prefer not to say" }, missing = "declined" },
]
instrument = [
  { name = "fia", label = { sv = "FIA", en = "FIA" } },
  { name = "ib", label = { sv = "Initial bedömning, IB", en = "Initial assessment, IB" } },
  { name = "annat", label = { sv = "Annat", en = "Another" }, other = true },
  { name = "inget", label = { sv = "Inget av dessa", en = "None of these" }, exclusive = true },
]

[codes]
tema = [{ name = "tid", label = { sv = "Tid", en = "Time" } }]
"""


def row(name: str, kind: str, *more: str) -> str:
    """Return one row of a survey; ``more`` are further lines."""
    label = f'label = {{ sv = "Fråga {name}?", en = "Question {name}?" }}'
    return "\n".join(["[[survey]]", f'type = "{kind}"', f'name = "{name}"', label, *more, ""])


def toml(*rows: str, head: str = HEAD, lists: str = LISTS) -> str:
    """Return the text of a questionnaire file."""
    return "\n".join([head, lists, *rows])


def small(*rows: str) -> Form:
    """Return the form of one small questionnaire."""
    return joined(parse(toml(*rows), "prov_a.toml"))


def both(words: str) -> dict[str, str]:
    return {"sv": words, "en": words}


OPTIONS = tuple(Choice(name, both(name.upper())) for name in ("a", "b", "c"))
SEVERAL = (*OPTIONS, Choice("none", both("None of these"), exclusive=True))
KINDS = (
    "select_one",
    "select_multiple",
    "integer",
    "decimal",
    "text",
    "date",
    "month",
    "acknowledge",
    "note",
)


@st.composite
def clauses(draw: st.DrawFn, earlier: Sequence[Question]) -> str:
    """Return a comparison with one earlier item, of the right type."""
    question = draw(st.sampled_from(earlier))
    item = f"${{{question.name}}}"
    option = draw(st.sampled_from("abc"))
    templates = {
        "select_one": [f"{item} = '{option}'", f"{item} != '{option}'", f"not({item} = '{option}')"],
        "select_multiple": [f"selected({item}, '{option}')", f"count-selected({item}) > 1"],
        "integer": [f"{item} > 3", f"{item} + 1 <= 5", f"({item} mod 2) = 0", f"round({item}) = 2"],
        "decimal": [f"{item} >= 1.5", f"-{item} < 0", f"floor({item} div 2) = 1"],
        "text": [f"{item} != ''", f"string-length({item}) > 3", f"regex({item}, '.*[a-z]')"],
        "date": [f"{item} > '2012-03-01'", f"substring({item}, 1, 4) = '2012'"],
        "month": [f"{item} = '2012-03'", f"number(substring({item}, 1, 4)) < 2013"],
        "acknowledge": [f"{item} = 'ok'"],
    }
    return draw(st.sampled_from(templates[question.type]))


@st.composite
def relevants(draw: st.DrawFn, earlier: Sequence[Question]) -> str:
    """Return a condition on earlier items, or nothing."""
    if not earlier or draw(st.booleans()):
        return ""
    first, second = draw(clauses(earlier)), draw(clauses(earlier))
    shapes = [first, f"{first} and {second}", f"{first} or {second}", f"if({first}, {second}, true())"]
    return draw(st.sampled_from(shapes))


@st.composite
def forms(draw: st.DrawFn, most: int = 12) -> Form:
    """Return a form of every type of question, with conditions on earlier items."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(KINDS))
        earlier = [question for question in questions if is_asked(question)]
        choices = {"select_one": OPTIONS, "select_multiple": SEVERAL}.get(kind, ())
        questions.append(
            Question(
                name=f"Q-{number}",
                type=kind,
                label=both(f"Question {number}"),
                required=kind != "note" and draw(st.booleans()),
                relevant=draw(relevants(earlier)),
                choices=choices,
            )
        )
    cut = draw(st.integers(0, len(questions)))
    halves = (tuple(questions[:cut]), tuple(questions[cut:]))
    return Form(
        tuple(
            Questionnaire(f"P{place}", "a", 1, both("Part"), "self", "made", half)
            for place, half in enumerate(halves)
        )
    )
