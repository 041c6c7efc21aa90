"""The page on statistics says what is true."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from analysis import agreement, comparison, differences, dispositions, dropout, intervals, rates

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
MODULES = (agreement, comparison, differences, dispositions, dropout, intervals, rates)
SAID_IN_WORDS = {"verdict", "equality_sentence"}


def public_functions(module: ModuleType) -> list[str]:
    functions = inspect.getmembers(module, inspect.isfunction)
    return [
        name
        for name, function in functions
        if function.__module__ == module.__name__ and name[0] not in {"_", "<"}
    ]


def test_every_example_gives_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    whole = "\n".join(EXAMPLES)
    page = doctest.DocTestParser().get_doctest(whole, {}, "docs/statistics.md", None, 0)
    result = doctest.DocTestRunner().run(page)
    assert result.failed == 0, capsys.readouterr().out
    assert result.attempted > 40


def test_every_chapter_has_an_example() -> None:
    chapters = re.split(r"^##+ ", PAGE, flags=re.MULTILINE)[1:]
    assert [chapter.splitlines()[0] for chapter in chapters if "```python" not in chapter] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_function_stands_on_the_page(module: ModuleType) -> None:
    names = set(public_functions(module)) - SAID_IN_WORDS
    assert {name for name in names if not re.search(rf"\b{name}\b", PAGE)} == set()


def test_every_rate_stands_on_the_page_with_its_formula() -> None:
    for name, rate in rates.RATES.items():
        assert f"| {name} | `{rate.formula}` |" in PAGE


def test_every_code_but_those_told_in_words_stands_in_the_table() -> None:
    numbers = re.findall(r"^\| [^|]+ \| ([\d.]+|none) \|", PAGE, flags=re.MULTILINE)
    given = {code.aapor or "none" for code, _, _ in dispositions.RULES}
    assert given - {"1"} <= set(numbers)


def test_the_limits_on_the_page_are_those_in_use() -> None:
    assert f"Up to {comparison.COUNTED_THROUGH:,} tables".replace(",", " ") in PAGE
    assert f"{comparison.DRAWN:,} are drawn".replace(",", " ") in PAGE
    assert f"p is {differences.LIMIT} or above" in PAGE
    assert differences.FEW == 2
    assert intervals.LEVEL == 0.95
