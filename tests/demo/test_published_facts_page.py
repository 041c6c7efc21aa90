"""The page that lists what has become of every published fact says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from fieldwork.demo.facts import facts, inconsistencies
from fieldwork.demo.margins import published_waves
from fieldwork.demo.published import published_only

PAGE = (Path(__file__).parents[2] / "docs" / "published_facts.md").read_text(encoding="utf-8")
LISTED = dict(re.findall(r"^\| `(f[\w.]+)` \| .* \| (reproduced|published figure) \|", PAGE, re.MULTILINE))


def test_every_fact_is_listed_once() -> None:
    assert LISTED.keys() == facts().keys()
    assert len(re.findall(r"^\| `f", PAGE, re.MULTILINE)) == len(facts()) == 265


def test_a_fact_is_listed_as_reproduced_exactly_if_it_is() -> None:
    waves = published_waves()
    reproduced = {cell.fact for wave in waves for cell in wave.cells}
    reproduced |= {coded.fact for wave in waves for coded in wave.codings}
    reproduced |= {fact for wave in waves for fact in wave.participation}
    assert {fact for fact, state in LISTED.items() if state == "reproduced"} == reproduced


def test_what_no_table_shows_is_a_published_figure() -> None:
    assert {fact for fact, state in LISTED.items() if state == "published figure"} <= published_only()
    for fact in published_only():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{fact}` "))
        assert "published figure" in row


def test_every_inconsistency_of_the_documents_is_told() -> None:
    assert len(inconsistencies()) == 30
    for inconsistency in inconsistencies().values():
        assert f"| {inconsistency.id} | " in PAGE
        assert inconsistency.text in PAGE
