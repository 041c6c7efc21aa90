"""What is kept is thrown away as soon as somebody has written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from sqlmodel import col, select

from analysis.disclosure import SafeTable
from dashboard import data, evidence
from models.database import open_database, writing
from models.tables import Invitation


@pytest.fixture
def own(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the demo that may be changed."""
    path = tmp_path / "own.db"
    shutil.copy(demo.removeprefix("sqlite:///"), path)
    url = f"sqlite:///{path}"
    monkeypatch.setenv("GRANSKA_DATABASE_URL", url)
    yield url
    st.cache_data.clear()
    st.cache_resource.clear()


def test_a_new_answer_is_seen_at_the_next_look(own: str) -> None:
    wave = data.waves()[0]
    before = data.participation(wave)
    assert data.participation(wave) == before
    engine = open_database(own)
    with writing(engine) as session:
        waiting = select(Invitation).where(Invitation.wave_id == wave.id, col(Invitation.begun_at).is_(None))
        invitation = session.exec(waiting.where(col(Invitation.declined_at).is_(None))).first()
        assert invitation is not None
        invitation.begun_at = invitation.finished_at = datetime(2026, 11, 20, 13, tzinfo=UTC)
        session.add(invitation)
        session.commit()
    engine.dispose()
    assert data.participation(wave).total.sent == before.total.sent + 1


def test_open_waves_come_first_and_have_names_that_tell_them_apart(own: str) -> None:
    waves = data.waves()
    assert [wave.closed for wave in waves] == sorted(wave.closed for wave in waves)
    assert len({wave.label for wave in waves}) == len(waves)


def test_pages_get_tables_only_when_they_are_safe(own: str) -> None:
    for wave in data.waves():
        for language in ("sv", "en"):
            sections = evidence.sections(wave, language)
            assert sections
            assert all(isinstance(table, SafeTable) for each in sections for table in each.tables)


def test_a_printed_wave_offers_printed_items_only(own: str) -> None:
    for wave in data.waves():
        if wave.policy == "published":
            assert set(evidence.items_shown(wave)) == {entry["item"] for entry in wave.printed}


def test_what_is_printed_only_together_is_never_shown_apart(own: str) -> None:
    for wave in data.waves():
        together = {entry["item"] for entry in wave.printed if not entry["split"]}
        apart = {entry["item"] for entry in wave.printed if entry["split"]}
        for item in together - apart:
            assert [table.columns for table in evidence.tables_of(wave, str(item), "sv")] == [()]
