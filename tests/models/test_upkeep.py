from __future__ import annotations

import resource
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
