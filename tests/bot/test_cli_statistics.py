"""The commands about the numbers of a wave, on the demo's database."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.demo import build_demo
from models.database import open_database, reading, writing
from models.tables import AuditEntry, User

FIRST = "Enkät till socialsekreterare, första omgången"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = build_demo(tmp_path_factory.mktemp("demo"), datetime(2026, 11, 20, 12, tzinfo=UTC))
    engine = open_database(url)
    with writing(engine) as session:
        session.add_all([User(name="inga", role="inspector"), User(name="chef", role="manager")])
        session.commit()
    engine.dispose()
    return url


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, built: str) -> None:
    for name in [name for name in os.environ if name.startswith("GRANSKA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRANSKA_DATABASE_URL", built)


def granska(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


def test_why_tells_the_code_and_the_reason_and_the_audit_log_who_asked(built: str) -> None:
    said = granska("wave", "why", FIRST, "Almängen-01", "--as", "inga")
    assert said.splitlines()[0] == "1 inskickat svar, komplett och delvis går inte att skilja åt"
    assert "kopplat till inbjudan" in said
    engine = open_database(built)
    with reading(engine) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "disposition")).one()
    engine.dispose()
    assert (entry.actor, "Almängen" in entry.target) == ("inga", False)
    assert "Only an inspector" in granska("wave", "why", FIRST, "Almängen-01", "--as", "chef", code=1)


def test_the_method_page_holds_what_it_says_in_both_languages_and_the_same_bytes_again() -> None:
    for name in ("en.html", "igen.html"):
        granska("wave", "method", FIRST, "--out", name, "--as", "inga")
    page = Path("en.html").read_bytes()
    assert page == Path("igen.html").read_bytes()
    text = page.decode()
    for said in (
        "Totalt 65 av 83 möjliga svar registrerades, ett bortfall på 18 svar.",
        "(I+P) / ((I+P) + (R+NC+O) + e(UH+UO))",
        "COOP4",
        "CON3",
        "Var de som började slutade svara",
        "Svar som saknas, per fråga",
        "Exempeldata",
        "Rules for what is shown, and what is hidden",
        "SHA-256",
    ):
        assert said in text
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", text))) == 3
    assert "Almängen-" not in text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((FIRST, "--out", "sida.pdf", "--as", "inga"), "is not .html"),
        ((FIRST, "--out", "sida.html", "--as", "chef"), "Only an inspector"),
        (("Enkät till socialsekreterare", "--out", "sida.html", "--as", "inga"), "is not closed"),
    ],
)
def test_a_method_page_is_refused_with_the_reason(words: tuple[str, ...], reason: str) -> None:
    assert reason in granska("wave", "method", *words, code=1)
    assert not Path("sida.html").exists()


def test_agreement_says_when_nobody_has_read_or_coded_the_same() -> None:
    assert "Nothing has been read or coded by two" in granska("wave", "agreement", FIRST, "--as", "inga")
    assert "Only an inspector" in granska("wave", "agreement", FIRST, "--as", "chef", code=1)
