"""The commands around contacts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from bot.cli import app
from fieldwork.settings import read_settings
from models.database import open_database, reading
from models.tables import Address, AuditEntry, Invitation, Wave

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
YEAR = datetime.now(UTC).year


def granska(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(autouse=True)
def _invited(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_kind: str, empty_database: str
) -> None:
    """The example wave, open now and for a year, with its staff list."""
    for name in [name for name in os.environ if name.startswith("GRANSKA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    if database_kind != "sqlite":  # which is what there is without a word
        monkeypatch.setenv("GRANSKA_DATABASE_URL", empty_database)
    body = (EXAMPLES / "utskick.toml").read_text(encoding="utf-8")
    body = body.replace("2026-09-22", f"{YEAR - 1}-01-01").replace("2026-10-01", f"{YEAR}-01-01")
    Path("utskick.toml").write_text(body.replace("2026-12-18", f"{YEAR + 1}-12-31"))
    granska("wave", "new", "utskick.toml")
    granska("import", 1, EXAMPLES / "personal.csv")


@contextmanager
def stored() -> Iterator[Session]:
    engine = open_database(read_settings().database_url)
    with reading(engine) as session:
        yield session
    engine.dispose()


def reference() -> str:
    return (EXAMPLES / "personal.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]


def test_the_plan_tells_how_many_are_contacted_on_which_day() -> None:
    told = granska("wave", "plan", 1).splitlines()
    assert told[:2] == ["Made: none", "Coming:"]
    assert told[2].endswith("23 invitations, 0 reminders")
    assert [line.endswith("0 invitations, 23 reminders") for line in told[3:6]] == [True] * 3
    assert told[6].startswith("1 cannot be reached")


def test_a_wave_is_started_paused_and_started_again() -> None:
    granska("user", "add", "inga", "inspector")
    assert "as planned" in granska("wave", "start", 1, "--as", "inga")
    assert "has started already" in granska("wave", "start", 1, code=1)
    assert "is paused" in granska("wave", "pause", 1)
    assert "nothing to pause" in granska("wave", "pause", 1, code=1)
    granska("wave", "start", 1)
    with stored() as session:
        entries = [(entry.actor, entry.action) for entry in session.exec(select(AuditEntry))]
        wave = session.get_one(Wave, 1)
    assert entries == [("inga", "start"), ("command line", "pause"), ("command line", "start")]
    assert wave.paused_at is None


def test_one_who_has_left_comes_back() -> None:
    assert "is empty" in granska("wave", "left", 1, reference(), code=1)
    granska("wave", "left", 1, reference(), "--reason", "föräldraledig")
    with stored() as session:
        assert "föräldraledig" in session.exec(select(Invitation.left_reason)).all()
    granska("wave", "left", 1, reference(), "--back")
    with stored() as session:
        assert set(session.exec(select(Invitation.left_at)).all()) == {None}


def test_an_address_is_corrected() -> None:
    granska("wave", "address", 1, reference(), "ny@example.se")
    with stored() as session:
        assert "ny@example.se" in session.exec(select(Address.value)).all()
    assert "not a mail address" in granska("wave", "address", 1, reference(), "ny", code=1)


def test_who_cannot_be_reached_is_listed_by_reference() -> None:
    granska("wave", "address", 1, reference(), "ny@example.se")
    assert "1 person cannot be reached." in granska("wave", "unreached", 1)


def test_a_notification_takes_its_addresses_out_of_use() -> None:
    granska("wave", "address", 1, reference(), "ny@example.se")
    Path("studs.eml").write_text(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example.se\n\n"
        "Final-Recipient: rfc822; ny@example.se\nAction: failed\nStatus: 5.1.1\n--b--\n"
    )
    assert "1 address is used no more." in granska("wave", "bounce", "studs.eml")
    assert f"{reference()}: the address takes no mail" in granska("wave", "unreached", 1)
    Path("brev.eml").write_text("hej")
    assert "brev.eml" in granska("wave", "bounce", "brev.eml", code=1)


def test_a_link_is_mailed_only_where_it_would_arrive() -> None:
    assert "not contacting anybody" in granska("wave", "send-link", 1, reference(), code=1)
    granska("wave", "start", 1)
    assert "is mailed" in granska("wave", "send-link", 1, reference())
