"""Files that only their owner may read: the database, what SQLite keeps beside it, and copies of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""The rights of everybody but the owner."""

BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files that it keeps beside it."""


def private_folder(folder: Path) -> None:
    """See to it that a folder is there; one that is made is for its owner alone.

    A folder that was there keeps its rights: it may be one that Granska shares.
    """
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def keep_private(database: Path) -> None:
    """See to it that a database file is there, and that only its owner can read it and what goes with it.

    Where that cannot be done (another owner, a full disk) it is left to SQLite to say what is wrong.
    """
    private_folder(database.parent)
    with suppress(OSError):
        database.touch(mode=0o600)
    for path in files_of(database):
        if others_can_read(path):
            with suppress(OSError):
                path.chmod(path.stat().st_mode & 0o700)


def files_of(database: Path) -> tuple[Path, ...]:
    """Return the files of a database that are there."""
    named = (database.with_name(f"{database.name}{ending}") for ending in BESIDE)
    return tuple(path for path in named if path.is_file())


def others_can_read(path: Path) -> bool:
    """Say whether anybody but the owner has any right to a file or folder."""
    return bool(path.stat().st_mode & OTHERS)
