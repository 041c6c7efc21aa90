from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner, Result

from bot.cli import app
from fieldwork.settings import read_settings
from models.database import open_database, reading, writing
from models.tables import Answer, AuditEntry, Count, Invitation, ReportingUnit, Wave

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
LIBRARY = ROOT / "questionnaires" / "library"
YEAR = datetime.now(UTC).year


@pytest.fixture(autouse=True)
def _own_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_kind: str, empty_database: str
) -> None:
    for name in [name for name in os.environ if name.startswith("GRANSKA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    if database_kind != "sqlite":  # which is what there is without a word
        monkeypatch.setenv("GRANSKA_DATABASE_URL", empty_database)
    for name in ("utskick", "aktgranskning"):
        body = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
        open_now = body.replace("2026-09-22", f"{YEAR - 1}-01-01").replace("2026-10-01", f"{YEAR}-01-01")
        (tmp_path / f"{name}.toml").write_text(open_now.replace("2026-12-18", f"{YEAR + 1}-12-31"))
    (tmp_path / "personal.csv").write_bytes((EXAMPLES / "personal.csv").read_bytes())


def granska(*words: object, said: str = "", code: int = 0) -> str:
    """Run a command; return what it printed, errors included."""
    result: Result = CliRunner().invoke(app, [str(word) for word in words], input=said)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@contextmanager
def stored() -> Iterator[Session]:
    engine = open_database(read_settings().database_url)
    with reading(engine) as session:
        yield session
    engine.dispose()


def survey() -> None:
    granska("wave", "new", "utskick.toml")
    granska("import", 1, "personal.csv")


def file_review() -> None:
    granska("wave", "new", "aktgranskning.toml")
    granska("user", "add", "inga", "inspector")


def test_a_wave_is_planned_filled_and_followed_by_command() -> None:
    assert "Wave 1 'Enkät hösten 2026' is created" in granska("wave", "new", "utskick.toml")
    assert "25 rows read: 25 would be added" in granska("import", 1, "personal.csv", "--dry-run")
    assert "0 of 0 sent" in granska("wave", "list")
    output = granska("import", "Enkät hösten 2026", "personal.csv")
    assert "25 rows read: 25 added, 0 updated, 0 unchanged." in output
    assert "1 not in service" in output
    assert "0 of 24 sent" in granska("wave", "list")
    assert "(example data)" in granska("wave", "list")


def test_the_links_are_written_once_in_a_file_for_the_owner_only(tmp_path: Path) -> None:
    survey()
    assert "24 links in links.csv" in granska("wave", "links", 1, "--out", "links.csv")
    assert (tmp_path / "links.csv").stat().st_mode & 0o077 == 0
    text = (tmp_path / "links.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0].keys() == {"referens", "adress", "distrikt", "länk"}
    assert rows[0]["länk"].startswith("http://127.0.0.1:8080/s/")
    assert "exists already" in granska("wave", "links", 1, "--out", "links.csv", code=1)
    assert "neither .csv nor .xlsx" in granska("wave", "links", 1, "--out", "links.txt", code=1)
    assert "is not a user" in granska("wave", "links", 1, "--out", "b.xlsx", "--as", "okänd", code=1)
    granska("user", "add", "inga", "inspector")
    granska("wave", "links", 1, "--out", "b.xlsx", "--as", "inga")
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0].max_row == 25
    with stored() as session:
        assert session.exec(select(AuditEntry.actor)).all() == ["command line", "inga"]


def test_a_conversation_is_held_at_the_console_by_link_and_by_reference(tmp_path: Path) -> None:
    survey()
    granska("wave", "links", 1, "--out", "links.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "links.csv").read_text(encoding="utf-8-sig"))))
    link = rows[0]["länk"]
    assert "Exempeldata" in granska("chat", "--link", link, said="ja\n")
    granska("user", "add", "inga", "inspector")
    assert "Exempeldata" in granska("chat", "--wave", 1, "--reference", "LH-02", "--as", "inga", said="")
    with stored() as session:
        begun = [each.begun_at for each in session.exec(select(Invitation)).all()]
        assert sum(moment is not None for moment in begun) == 1


def test_an_unknown_link_or_reference_is_told_in_words() -> None:
    survey()
    assert "is unknown or has expired" in granska("chat", "--link", "https://x/s/nothing", code=1)
    granska("user", "add", "inga", "inspector")
    asked = ("chat", "--reference", "X", "--as", "inga", "--wave")
    assert "is not invited to this wave" in granska(*asked, 1, code=1)
    assert "is not a wave" in granska(*asked, 9, code=1)
    assert "say which conversation" in granska("chat", code=2)


def test_only_a_named_inspector_answers_for_somebody_and_the_audit_log_tells() -> None:
    survey()
    for name, role in (("inga", "inspector"), ("chef", "manager")):
        granska("user", "add", name, role)
    asked = ("chat", "--wave", 1, "--reference", "LH-02")
    assert "say which conversation" in granska(*asked, code=2)
    assert "Only an inspector" in granska(*asked, "--as", "chef", code=1)
    assert "is not a user" in granska(*asked, "--as", "okänd", code=1)
    granska(*asked, "--as", "inga", said="ja\n2\n")
    with stored() as session:
        (entry,) = session.exec(select(AuditEntry)).all()
        invited = session.exec(select(Invitation.id).where(col(Invitation.begun_at).is_not(None))).one()
        assert (entry.actor, entry.action, entry.target) == ("inga", "answering for", f"invitation {invited}")
        assert session.exec(select(Answer.door)).all() == ["console"]


def test_the_links_are_made_by_the_only_user_or_by_the_one_named(tmp_path: Path) -> None:
    survey()
    granska("user", "add", "inga", "inspector")
    granska("wave", "links", 1, "--out", "a.csv")
    granska("user", "add", "olle", "inspector")
    assert "with --as USER" in granska("wave", "links", 1, "--out", "b.csv", code=1)
    assert not (tmp_path / "b.csv").exists()
    with stored() as session:
        assert session.exec(select(AuditEntry.actor)).all() == ["inga"]


def test_protocols_are_filled_in_a_template_and_in_chat(tmp_path: Path) -> None:
    file_review()
    assert "is not .xlsx" in granska("wave", "protocol-template", 1, "--out", "mall.csv", code=1)
    granska("wave", "protocol-template", 1, "--out", "mall.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mall.xlsx")
    sheet = book.worksheets[0]
    assert sheet.max_row == 21
    sheet.delete_rows(3, 30)
    sheet["C2"] = "Nej"
    book.save(tmp_path / "ifylld.xlsx")
    output = granska("import", 1, "ifylld.xlsx", "--as", "inga", "--dry-run")
    assert "1 protocol would be stored as reader1" in output
    assert "1 protocol stored as reader1" in granska("import", 1, "ifylld.xlsx", "--as", "inga")
    assert "has been begun already" in granska("import", 1, "ifylld.xlsx", "--as", "inga", code=1)
    assert "nobody is named who filled them in" in granska("import", 1, "ifylld.xlsx", code=1)
    asked = ("chat", "--wave", 1, "--district", "Norrvik", "--as", "inga", "--file")
    assert "2" in granska(*asked, 2, said="ja\n")
    assert "file 9 of Norrvik is not in the sample" in granska(*asked, 9, code=1)
    assert "2 files added" in granska("wave", "files", 1, "Norrvik", 10)
    granska(*asked, 9, said="")
    assert "1 of 22 sent" in granska("wave", "list")


def test_a_wave_is_moved_and_closed_after_a_question() -> None:
    survey()
    output = granska("wave", "change", 1, "--closes", f"{YEAR + 2}-01-31", "--informed-on", f"{YEAR}-01-02")
    assert f"to {YEAR + 2}-01-31, staff informed on {YEAR}-01-02" in output
    granska("user", "add", "inga", "inspector")
    granska("chat", "--wave", 1, "--reference", "LH-01", "--as", "inga", said="ja\n")
    granska("wave", "close", 1, said="n\n", code=1)
    assert "1 draft was erased" in granska("wave", "close", 1, said="y\n")
    assert "is closed" in granska("wave", "close", 1, "--yes", code=1)
    assert "closed" in granska("wave", "list")
    assert "is closed" in granska("import", 1, "personal.csv", code=1)
    with stored() as session:
        assert session.exec(select(Wave.closed_at)).one() is not None


def test_open_answers_are_written_out_to_be_coded_by_inspectors_only(tmp_path: Path) -> None:
    survey()
    for name, role in (("inga", "inspector"), ("chef", "manager")):
        granska("user", "add", name, role)
    asked = ("wave", "texts", 1, "KVAL-01", "--out", "svar.csv", "--as")
    assert "read by inspectors only" in granska(*asked, "chef", code=1)
    told = granska(*asked, "inga")
    assert "There is no answer in svar.csv yet" in told
    assert "Write codes" not in told
    assert (tmp_path / "svar.csv").read_text(encoding="utf-8-sig") == "nyckel,fråga,svar,kod\n"
    assert "0 answers are coded by inga" in granska("wave", "codes", 1, "svar.csv", "--as", "inga")


def test_counts_that_are_not_those_of_the_results_are_told_and_put_right() -> None:
    survey()
    assert "Every count is that of the stored results" in granska("wave", "recount", 1)
    engine = open_database(read_settings().database_url)
    with writing(engine) as session:
        session.add(Count(reporting_unit_id=1, item="KVAL-05", kind="option", value="bra", n=7))
        session.get_one(ReportingUnit, 1).answers = 7
        session.commit()
    engine.dispose()
    told = granska("wave", "recount", 1, code=1)
    assert "KVAL-05: 1 count is wrong." in told
    assert "the number of answers: 1 count is wrong." in told
    assert "7" not in told
    assert "put right" in granska("wave", "recount", 1, "--repair")
    assert "Every count is that" in granska("wave", "recount", 1)


def test_a_bad_file_is_told_with_every_problem_and_exit_code_one(tmp_path: Path) -> None:
    granska("wave", "new", "utskick.toml")
    (tmp_path / "fel.csv").write_bytes("referens;adress;distrikt;i tjänst\nA;;Åkö;ja\n".encode("latin-1"))
    assert "fel.csv: line 1: is not UTF-8" in granska("import", 1, "fel.csv", code=1)
    (tmp_path / "fel.toml").write_bytes("[review]\ntitle = 'Å'".encode("latin-1"))
    assert "is not UTF-8" in granska("wave", "new", "fel.toml", code=1)
    (tmp_path / "fel.toml").write_text("[review]\n")
    output = granska("wave", "new", "fel.toml", code=1)
    assert "fel.toml: review.title: is missing" in output
    assert "fel.toml: contact: is missing" in output
    granska("wave", "new", "borta.toml", code=2)


@pytest.mark.only_on("sqlite", "no database is used")
def test_questionnaires_are_checked_all_at_once(tmp_path: Path) -> None:
    assert "2 checked, no problem found" in granska(
        "check", LIBRARY / "komp_kort.toml", LIBRARY / "kval_kort.toml"
    )
    (tmp_path / "fel.toml").write_text('code = "X"\n[[survey]]\ntype = "magi"\nname = "X-1"\n')
    output = granska("check", "fel.toml", LIBRARY / "komp_kort.toml", code=1)
    assert output.count("fel.toml") > 2
    body = (LIBRARY / "kval_kort.toml").read_text(encoding="utf-8")
    (tmp_path / "ny.toml").write_text(body.replace("Hur fungerar den interna samverkan?", "Fungerar det?"))
    assert "KVAL-05" in granska("check", "ny.toml", "--previous", LIBRARY / "kval_kort.toml", code=1)
    many = ("check", "ny.toml", "fel.toml", "--previous", LIBRARY / "kval_kort.toml")
    assert "--previous compares one FILE" in granska(*many, code=2)


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_a_backup_can_be_restored_and_what_was_there_is_kept(tmp_path: Path) -> None:
    granska("migrate")
    granska("backup", "--out", "kopia.db")
    survey()
    assert "0 of 24" in granska("wave", "list")
    granska("restore", "kopia.db", said="n\n", code=1)
    output = granska("restore", "kopia.db", "--yes")
    assert "kopia.db is restored" in output
    assert "There is no wave yet" in granska("wave", "list")
    kept = next((tmp_path / "data" / "backup").glob("*before-restore.db"))
    granska("restore", kept, "--yes")
    assert "0 of 24" in granska("wave", "list")


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("borta.db", None, "There is no file"),
        ("text.db", b"this is a text", "is no database of Granska"),
        ("tom.db", b"", "is no database of Granska"),
    ],
)
def test_a_file_that_is_no_backup_is_not_restored(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    survey()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert said in granska("restore", name, "--yes", code=1)
    assert "0 of 24" in granska("wave", "list")


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_a_backup_never_replaces_a_file_and_needs_a_database(tmp_path: Path) -> None:
    assert "There is no database" in granska("backup", code=1)
    granska("migrate")
    assert "data/backup/granska-" in granska("backup")
    (tmp_path / "upptagen.db").touch()
    assert "is never overwritten" in granska("backup", "--out", "upptagen.db", code=1)


@pytest.mark.only_on("sqlite", "it is about files of the data directory")
def test_the_doctor_finds_what_is_wrong_and_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "run 'granska migrate'" in granska("doctor", code=1)
    assert not (tmp_path / "data").exists()
    granska("migrate")
    monkeypatch.setenv("GRANSKA_SECRET_KEY", "hemlig" * 10)
    healthy = granska("doctor")
    assert "is up to date" in healthy
    assert "GRANSKA_SECRET_KEY is set" in healthy
    assert "hemlig" not in healthy
    monkeypatch.setenv("GRANSKA_BASURL", "x")
    assert "GRANSKA_BASURL is no setting" in granska("doctor", code=1)
    (tmp_path / "data" / "secret_key").write_text("x")
    assert "others can read: chmod 600" in granska("doctor", code=1)
    monkeypatch.setenv("GRANSKA_LANGUAGE", "fi")
    assert "GRANSKA_LANGUAGE must be one of sv, en" in granska("doctor", code=1)


@pytest.mark.only_on("sqlite", "it is about files of the data directory")
def test_the_doctor_tells_what_others_can_read(tmp_path: Path) -> None:
    granska("migrate")
    granska("backup")
    assert "Only their owner can read" in granska("doctor")
    (copy,) = (tmp_path / "data" / "backup").iterdir()
    copy.chmod(0o640)
    (tmp_path / "data").chmod(0o755)
    told = granska("doctor", code=1)
    assert "chmod 600 data/backup/granska-" in told
    assert "chmod 700 data\n" in told


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_a_copy_says_how_long_it_may_be_kept_and_the_doctor_finds_those_kept_longer(tmp_path: Path) -> None:
    granska("migrate")
    last = (datetime.now(UTC) + timedelta(days=30)).date()
    assert f"Delete it by {last}" in granska("backup")
    assert "No copy in data/backup is older than 30 days" in granska("doctor")
    (copy,) = (tmp_path / "data" / "backup").iterdir()
    long_ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(copy, (long_ago, long_ago))
    assert "is older than 30 days and holds what was erased" in granska("doctor", code=1)


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_the_next_command_deletes_a_copy_that_was_made_unasked_and_kept_long_enough(tmp_path: Path) -> None:
    granska("migrate")
    granska("backup", "--out", "kopia.db")
    assert "deleted by itself after 30 days" in granska("restore", "kopia.db", "--yes")
    (copy,) = (tmp_path / "data" / "backup").iterdir()
    granska("wave", "list")
    assert copy.exists()
    long_ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(copy, (long_ago, long_ago))
    granska("wave", "list")
    assert not copy.exists()


@pytest.mark.only_on("sqlite", "no database is used")
def test_a_bad_setting_stops_every_command_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_WEB_PORT", "0")
    assert "GRANSKA_WEB_PORT" in granska("wave", "list", code=1)


def test_users_are_added_once_with_a_known_role() -> None:
    granska("user", "add", "inga", "inspector")
    assert "is a user already" in granska("user", "add", "inga", "manager", code=1)
    granska("user", "add", "olle", "kung", code=2)
    assert granska("user", "list").split() == ["inspector", "inga"]


@pytest.mark.only_on("sqlite", "no database is used")
def test_the_measurements_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "choose attackers" in " ".join(granska("bench", "okänd", code=2).split())
    (tmp_path / "kort.py").write_text("def run():\n    print('measured')\n")
    monkeypatch.setattr("bot.commands_upkeep.BENCHMARKS", tmp_path)
    assert granska("bench", "kort") == "measured\n"
    monkeypatch.setattr("bot.commands_upkeep.BENCHMARKS", tmp_path / "borta")
    assert "in the source tree only" in granska("bench", code=1)


def test_the_console_script_works_in_a_process_of_its_own(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("granska")
    new = [script, "wave", "new", "utskick.toml"]
    created = subprocess.run(new, capture_output=True, text=True, check=True)
    assert "Wave 1" in created.stdout
    wrong = subprocess.run(new, capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "is already a wave of this review" in wrong.stderr
    unknown = subprocess.run([script, "flyg"], capture_output=True, text=True, check=False)
    assert unknown.returncode == 2
    assert "No such command" in unknown.stderr


@pytest.mark.only_on("sqlite", "no database is used")
def test_the_bot_process_loads_nothing_of_the_dashboard() -> None:
    code = (
        "import sys, bot.cli, bot.app\n"
        "print(*[name for name in ('pandas', 'altair', 'streamlit', 'numpy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
