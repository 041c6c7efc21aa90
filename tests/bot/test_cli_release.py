"""Releasing by command: a preview in words, a question, a page to hand out."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from fieldwork.demo.example import build_example
from fieldwork.settings import read_settings
from models.database import migrate, open_database, writing
from models.tables import AuditEntry, Release

OPEN = "Enkät till socialsekreterare"
"""The wave of the example that is still open."""


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The example, with an inspector and a manager."""
    for name in [name for name in os.environ if name.startswith("GRANSKA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    url = read_settings().database_url
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        build_example(session, datetime(2026, 11, 20, 12, tzinfo=UTC))
    engine.dispose()
    granska("user", "add", "inga", "inspector")


def granska(*words: object, said: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], input=said)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_wave_is_closed_previewed_released_and_handed_out(tmp_path: Path) -> None:
    assert "Close it first: granska wave close " in granska("wave", "release", OPEN, code=1)
    granska("wave", "close", OPEN, "--yes")
    refused = granska("wave", "release", OPEN, said="n\n", code=1)
    assert "Lindvik: visas inte" in refused
    assert "allmän handling" in refused
    assert "Släpp redovisningen till cheferna?" in refused
    assert "Redovisning 1 är släppt. SHA-256: " in granska("wave", "release", OPEN, said="y\n")
    assert "nothing new" in granska("wave", "release", OPEN, "--yes", code=1)
    granska("user", "add", "chef", "manager")
    assert "are several" in granska("wave", "release", OPEN, "--yes", code=1)
    assert "Only an inspector" in granska("wave", "release", OPEN, "--yes", "--as", "chef", code=1)
    assert "The release is in ut.html" in granska(
        "wave", "released", OPEN, "--out", "ut.html", "--as", "chef"
    )
    assert (tmp_path / "ut.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "End the name with .html" in granska(
        "wave", "released", OPEN, "--out", "u.pdf", "--as", "chef", code=1
    )
    again = ("wave", "released", OPEN, "--out", "v.html", "--as", "chef", "--number", 2)
    assert "has no release 2" in granska(*again, code=1)
    engine = open_database(read_settings().database_url)
    with writing(engine) as session:
        assert len(session.exec(select(Release)).all()) == 1
        noted = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
    engine.dispose()
    assert [(each.actor, each.action) for each in noted] == [("inga", "release"), ("chef", "take release")]


def test_without_a_user_nobody_can_decide(tmp_path: Path) -> None:
    engine = open_database(read_settings().database_url)
    with writing(engine) as session:
        session.connection().exec_driver_sql("DELETE FROM user_account")
        session.commit()
    engine.dispose()
    assert "granska user add NAME inspector" in granska("wave", "release", OPEN, code=1)
