from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from bot.old_copies import old_copies_deleted

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_an_open_door_deletes_old_copies_at_once_and_ends_with_it(tmp_path: Path) -> None:
    old = tmp_path / "granska-0001-to-0002-before-migration.db"
    asked_for = tmp_path / "granska-2026-01-01.db"
    for path in (old, asked_for):
        path.touch()
        os.utime(path, (0, 0))
    with old_copies_deleted(tmp_path, lambda: NOW):
        pass
    assert not old.exists()
    assert asked_for.exists()
    assert "old copies" not in {thread.name for thread in threading.enumerate()}
