"""Every fault that a page can meet has words in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboard.problem_words import in_words, known
from questionnaires.errors import Problem

FIELDWORK = Path(__file__).parents[2] / "fieldwork"
MET_ON_PAGES = (
    "desk", "drafts", "invitations", "invitees", "links", "paper_answers", "reviews", "sample_letters",
    "sendouts", "spreadsheets", "staff_lists", "wave_files", "wave_rules",
)  # fmt: skip
NO_FAULTS = {"i tjänst", "in service", "X X"}


def text(node: ast.expr) -> str:
    """The text that an expression stands for, with X where a value is filled in; '' for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)
    return ""


def words_in(node: ast.AST) -> list[ast.expr]:
    """Where rules and remedies stand: in a Problem, at the end of tuples, in variables of that name."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
        return node.args[2:]
    if isinstance(node, ast.Tuple) and 2 <= len(node.elts) <= 4:
        return node.elts[-2:]
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"rule", "remedy", "problem"}:
        return [node.value]
    return []


def said(module: str) -> set[str]:
    tree = ast.parse((FIELDWORK / f"{module}.py").read_text(encoding="utf-8"))
    found = [part for node in ast.walk(tree) for part in words_in(node)]
    parts = [
        each
        for part in found
        for each in ([part.body, part.orelse] if isinstance(part, ast.IfExp) else [part])
    ]
    return {words for part in parts if " " in (words := text(part))} - NO_FAULTS


@pytest.mark.parametrize("module", MET_ON_PAGES)
def test_every_fault_has_words_in_swedish(module: str) -> None:
    assert sorted(words for words in said(module) if known(words, "sv") is None) == []


@pytest.mark.parametrize("module", MET_ON_PAGES)
def test_no_page_names_a_command_or_a_key_of_the_wave_file(module: str) -> None:
    shown = [known(words, code) or words for words in said(module) for code in ("sv", "en")]
    assert [words for words in shown if any(key in words for key in ("granska ", "wave.", "docs/"))] == []


def test_a_fault_says_where_what_and_what_to_do() -> None:
    fault = Problem(
        "lista.csv", "row 3, adress", "is the same address as in row 2", "Correct one of the two rows"
    )
    assert in_words(fault, "sv") == "Rad 3, adress: är samma adress som på rad 2. Rätta en av de två raderna."
    assert in_words(fault, "en").startswith("Row 3, adress: is the same address as in row 2. ")
