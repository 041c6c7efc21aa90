from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import select

from models.database import NewerDatabase, migrate, open_database, reading, writing
from models.tables import AuditEntry, Count, Form, FormPart, Instrument, ReportingUnit, Review, Wave

AT = datetime(2026, 11, 3, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def url(empty_database: str) -> str:
    return empty_database


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    migrate(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Wave.metadata))


def names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def triggers(engine: Engine) -> set[str]:
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        found = connection.exec_driver_sql(of_sqlite if engine.dialect.name == "sqlite" else of_postgresql)
        return set(found.scalars())


def publish(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Instrument(id=1, code="KVAL", edition="kort", version=1, hash="h", body="code = 'KVAL'"))
        session.add(Form(id=1, hash="f"))
        session.flush()
        session.add(FormPart(form_id=1, position=0, instrument_id=1))
        session.commit()


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    assert differences(engine) == []


def test_the_migrations_can_be_taken_back_and_made_again(url: str, engine: Engine) -> None:
    migrate(url, to="base")
    assert names(engine) == {"alembic_version"}
    assert triggers(engine) == set()
    migrate(url)
    assert differences(engine) == []


def test_a_wave_from_before_contacts_comes_through_unstarted(url: str) -> None:
    migrate(url, to="0001")
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO form (id, hash) VALUES (1, 'f')")
        connection.exec_driver_sql(
            "INSERT INTO review (id, title, theme, year, phase, origin) VALUES (1, 'A', '', 2012, '', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO wave (id, review_id, form_id, name, subject, promise, policy, smallest_group, "
            "comment_threshold, doors, opens, closes, pilot, contact_name, contact_phone, contact_mail, "
            "information, printed) VALUES (1, 1, 1, 'W', 'self', 'confidential', 'group', 5, 75, '[]', "
            "'2026-01-01', '2026-02-01', false, '', '', '', '{}', '[]')"
        )
        connection.exec_driver_sql("UPDATE wave SET smallest_group = 12")
    migrate(url)
    with reading(engine) as session:
        wave = session.get_one(Wave, 1)
    engine.dispose()
    assert (wave.schedule, wave.started_at, wave.telegram_free_text) == ({}, None, False)
    assert (wave.alike_below, wave.open_answers_from) == (12, 12)


def test_counts_from_before_splits_come_through_unsplit_and_back(url: str) -> None:
    migrate(url)
    engine = open_database(url)
    publish(engine)
    with writing(engine) as session:
        session.add(Review(id=1, title="Ekonomiskt bistånd", year=2012))
        session.flush()
        days = {"opens": date(2026, 1, 1), "closes": date(2026, 2, 1)}
        session.add(Wave(id=7, review_id=1, form_id=1, name="Hösten", **days))
        session.flush()
        session.add(ReportingUnit(id=3, wave_id=7, label="Farsta", position=1))
        session.flush()
        place = {"reporting_unit_id": 3, "item": "KVAL-05", "kind": "option", "value": "bra"}
        session.add_all([Count(**place, n=6, shown=5), Count(**place, split="sex", part="man", n=2)])
        session.commit()
    migrate(url, to="0003")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT reporting_unit_id, item, kind, value, wave_id, n, shown FROM count"
        ).all()
    assert [tuple(row) for row in rows] == [(3, "KVAL-05", "option", "bra", 7, 6, 5)]
    migrate(url)
    with reading(engine) as session:
        (kept,) = session.exec(select(Count)).all()
    assert (kept.split, kept.part, kept.n, kept.shown) == ("", "", 6, 5)
    engine.dispose()


def test_two_processes_that_start_at_once_migrate_once(url: str) -> None:
    words = (sys.executable, "-c", f"from models.database import migrate; migrate({url!r})")
    processes = [subprocess.Popen(words) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    engine = open_database(url)
    assert differences(engine) == []
    engine.dispose()


def test_a_new_database_needs_no_backup(url: str) -> None:
    assert migrate(url) is None


def test_a_database_that_is_up_to_date_is_left_alone(url: str, engine: Engine, tmp_path: Path) -> None:
    assert migrate(url, tmp_path / "backup") is None
    assert not (tmp_path / "backup").exists()


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_an_existing_database_is_copied_before_it_is_changed(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as session:
        session.add(Review(title="Ekonomiskt bistånd", year=2012))
        session.commit()
    saved = migrate(url, tmp_path / "backup", to="base")
    assert saved is not None
    assert saved.parent == tmp_path / "backup"
    assert re.fullmatch(r"granska-\d{4}-to-base-before-migration\.db", saved.name)
    with sqlite3.connect(saved) as copy:
        assert copy.execute("SELECT title FROM review").fetchall() == [("Ekonomiskt bistånd",)]
    copy.close()


@pytest.mark.only_on("sqlite", "the files of PostgreSQL are its own")
def test_the_database_its_log_its_folder_and_its_copy_are_for_the_owner_alone(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    publish(engine)
    folder = tmp_path / "data"
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["granska.db", "granska.db-shm", "granska.db-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    engine.dispose()
    saved = migrate(url, to="base")
    assert saved is not None
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, saved.parent)} == {0o700}


@pytest.mark.only_on("sqlite", "the files of PostgreSQL are its own")
def test_a_database_that_others_can_read_is_closed_to_them_and_its_folder_is_left(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    engine.dispose()
    (tmp_path / "data" / "granska.db").chmod(0o644)
    (tmp_path / "data").chmod(0o755)
    open_database(url)
    assert stat.S_IMODE((tmp_path / "data" / "granska.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o755


@pytest.mark.only_on("sqlite", "PostgreSQL is backed up by its own tools")
def test_a_second_backup_never_overwrites_the_first(url: str, engine: Engine, tmp_path: Path) -> None:
    first = migrate(url, tmp_path, to="base")
    migrate(url, tmp_path)
    second = migrate(url, tmp_path, to="base")
    assert first != second
    assert first is not None
    assert first.exists()


def test_a_database_of_a_later_version_is_refused_untouched(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="9999"):
        migrate(url)
    assert "review" in names(engine)


def test_a_migration_that_fails_leaves_the_tables_as_they_were(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        where = "" if engine.dialect.name == "sqlite" else " ON form"
        connection.exec_driver_sql(f"DROP TRIGGER form_no_update{where}")
    with pytest.raises(DBAPIError, match="form_no_update"):
        migrate(url, to="base")
    assert "review" in names(engine)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE instrument SET body = 'code = ''X'''",
        "DELETE FROM instrument",
        "UPDATE form SET hash = 'g'",
        "DELETE FROM formpart",
        "UPDATE formpart SET position = 1",
    ],
)
def test_what_is_published_cannot_be_changed(engine: Engine, change: str) -> None:
    publish(engine)
    with pytest.raises(DBAPIError, match="publish a new version"), engine.begin() as connection:
        connection.exec_driver_sql(change)


@pytest.mark.only_on("sqlite", "PostgreSQL keeps both by itself")
def test_a_commit_reaches_the_disk_and_keys_are_enforced(engine: Engine) -> None:
    with engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


def test_a_row_without_its_parent_is_refused(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Wave(review_id=7, form_id=7, name="x", opens=date(2026, 1, 1), closes=date(2026, 2, 1)))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_reader_neither_waits_for_a_writer_nor_holds_one_up(engine: Engine) -> None:
    with writing(engine) as writer, reading(engine) as reader:
        writer.add(Review(title="A", year=2012))
        writer.flush()
        assert reader.exec(select(Review)).all() == []
        writer.commit()
        assert reader.exec(select(Review)).all() == []
        reader.rollback()
        assert [review.title for review in reader.exec(select(Review))] == ["A"]


@pytest.mark.only_on("sqlite", "writers of PostgreSQL take turns at a row, not at the database")
def test_two_writers_take_turns_and_neither_fails(engine: Engine) -> None:
    def write(title: str) -> None:
        for number in range(20):
            with writing(engine) as session:
                count = len(session.exec(select(Review)).all())
                session.add(Review(title=f"{title} {number} after {count}", year=2012))
                session.commit()

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        seen = [int(review.title.rpartition(" ")[2]) for review in session.exec(select(Review))]
    assert sorted(seen) == list(range(40))


def test_times_come_back_aware_and_in_utc(engine: Engine) -> None:
    stockholm = AT.astimezone(timezone(timedelta(hours=1)))
    with writing(engine) as session:
        session.add(AuditEntry(at=stockholm, actor="anna", action="export", target="wave 1"))
        session.commit()
    with reading(engine) as session:
        at = session.exec(select(AuditEntry.at)).one()
    assert (at, at.tzinfo) == (AT, UTC)


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(AuditEntry(at=AT.replace(tzinfo=None), actor="anna", action="export", target="wave 1"))
        with pytest.raises(StatementError, match="timezone"):
            session.flush()
