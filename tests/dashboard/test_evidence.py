"""Tables say who they are about, and nothing of what is withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import streamlit as st
from sqlalchemy import Engine, event

from analysis.disclosure import SafeTable
from analysis.exports import to_xlsx
from analysis.safe_columns import HIDDEN, State
from analysis.tables import WRITTEN
from dashboard import data, evidence, html_tables


@pytest.fixture(autouse=True)
def _over_the_demo(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_DATABASE_URL", demo)
    st.cache_data.clear()


def example(subject: str) -> data.WaveInfo:
    return next(wave for wave in data.waves() if (wave.origin, wave.subject) == ("example", subject))


def tables(subject: str) -> list[SafeTable]:
    found = evidence.sections(example(subject), "sv")
    return [table for section in found for table in section.tables]


def test_a_unit_with_too_few_new_answers_is_hidden_everywhere() -> None:
    for table in tables("self"):
        column = table.column("Lindvik")
        assert column is not None
        assert (column.state, column.withheld) == (State.HIDDEN, True)
        assert {cell.text for cell in column.cells} == {HIDDEN}
        drawn = html_tables.html(table)
        assert "(för få svar hittills)" in drawn
        assert "(0 av 8 svar)" not in drawn


@pytest.mark.parametrize(
    ("subject", "everyone"), [("self", "alla som har skickat in svar"), ("file", "alla granskade ärenden")]
)
def test_an_open_question_that_all_are_asked_is_about_all(subject: str, everyone: str) -> None:
    assert everyone in {table.base_label for table in tables(subject) if table.rows[0].value == WRITTEN}


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every statement that reads from the database."""
    statements: list[str] = []

    def note(*call: object) -> None:
        statements.append(" ".join(str(call[2]).split()))

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_no_table_or_file_of_tables_fetches_answers(asked: list[str]) -> None:
    made = [table for wave in data.waves() for part in evidence.sections(wave, "sv") for table in part.tables]
    assert to_xlsx(made)
    raw = [words for words in asked if re.search(r"(FROM|JOIN|,) (result|textresult|answer|coding)\b", words)]
    assert [words for words in raw if "GROUP BY" not in words or re.search(r"SELECT.*\.text\b", words)] == []
    assert any(re.search(r"FROM count\b", words) for words in asked)
    assert raw  # the codes of open answers, counted in the database
