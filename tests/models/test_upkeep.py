from __future__ import annotations

import os
import resource
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import upkeep
from models.database import migrate


def test_a_copy_for_which_there_is_no_room_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'granska.db'}"
    migrate(url)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, hard))
    try:
        with pytest.raises(upkeep.CannotCopy, match="could not be made"):
            upkeep.back_up(url, tmp_path / "backup" / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "backup").iterdir()) == []


def test_a_restored_database_is_for_the_owner_alone(tmp_path: Path) -> None:
    url, elsewhere = f"sqlite:///{tmp_path / 'granska.db'}", f"sqlite:///{tmp_path / 'ny' / 'granska.db'}"
    migrate(url)
    upkeep.back_up(url, tmp_path / "kopior" / "copy.db")
    upkeep.restore(elsewhere, tmp_path / "kopior" / "copy.db", tmp_path / "aside.db")
    files = (tmp_path / "kopior" / "copy.db", tmp_path / "ny" / "granska.db")
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {stat.S_IMODE(file.parent.stat().st_mode) for file in files} == {0o700}


def test_copies_made_unasked_are_deleted_in_time_and_the_others_are_told_of(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    ages = {
        "granska-0001-to-0002-before-migration.db": 31,
        "granska-2026-10-01-before-restore.db": 31,
        "granska-0001-to-0002-before-migration.part": 31,
        "granska-2026-10-01.db": 31,
        "granska-0002-to-0003-before-migration.db": 29,
        "granska-2026-11-01.db": 29,
    }
    for name, days in ages.items():
        at = (now - timedelta(days=days)).timestamp()
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at, at))
    assert {path.name for path in upkeep.old_copies(tmp_path, now)} == {*[*ages][:4]}
    assert {path.name for path in upkeep.delete_old_copies(tmp_path, now)} == {*[*ages][:3]}
    assert {path.name for path in tmp_path.iterdir()} == {*[*ages][3:]}
    assert upkeep.old_copies(tmp_path / "nowhere", now) == ()
