"""A question by sex beside its table by unit: of closed surveys, to inspectors, if it gives nobody away."""

from __future__ import annotations

import pytest
import streamlit as st

from analysis.disclosure import SafeTable
from dashboard import data, evidence, splits


@pytest.fixture(autouse=True)
def _over_the_demo(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_DATABASE_URL", demo)
    st.cache_data.clear()


def first_round() -> data.WaveInfo:
    return next(
        wave for wave in data.waves() if (wave.origin, wave.subject, wave.closed) == ("example", "self", True)
    )


def whole(wave: data.WaveInfo, item: str) -> SafeTable:
    (table,) = evidence.tables_of(wave, item, "sv")
    return table


def test_a_question_of_the_closed_round_is_shown_by_sex() -> None:
    table = whole(first_round(), "KVAL-05")
    found = splits.beside(first_round(), table, "sv")
    assert found is not None
    split, parts = found
    assert (split, [column.label for column in parts.columns]) == ("sex", ["Kvinna", "Man"])
    assert parts.total is not None
    assert table.total is not None
    assert [cell.count for cell in parts.total.cells] == [cell.count for cell in table.total.cells]
    assert min(column.n or 0 for column in parts.columns) >= 5


def test_nothing_is_split_by_itself_nor_on_a_route() -> None:
    for item in ("KOMP-01", "KOMP-02b"):
        assert splits.beside(first_round(), whole(first_round(), item), "sv") is None


@pytest.mark.parametrize("kind", ["open", "file", "published", "manager"])
def test_no_split_is_shown_of_what_is_open_printed_or_about_clients_nor_to_a_manager(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waves = {
        "open": next(wave for wave in data.waves() if not wave.closed),
        "file": next(wave for wave in data.waves() if (wave.origin, wave.subject) == ("example", "file")),
        "published": next(
            wave for wave in data.waves() if wave.policy == "published" and wave.subject == "self"
        ),
        "manager": first_round(),
    }
    wave = waves[kind]
    table = next(table for section in evidence.sections(wave, "sv") for table in section.tables)
    if kind == "manager":
        monkeypatch.setattr(splits, "sees_releases_only", lambda _: True)
    assert splits.beside(wave, table, "sv") is None
