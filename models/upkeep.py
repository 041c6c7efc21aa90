"""Keeping a database safe: copies of it, putting a copy back, and what revision it is at.

For SQLite files. PostgreSQL has its own tools (``pg_dump``, ``pg_restore``) and is left to them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from models import migrations
from models.database import open_database, reading
from models.private_files import keep_private, private_folder

KEPT = timedelta(days=30)
"""How long a copy may be kept: it still holds the drafts and the ties to invitations that were erased since.

What respondents are told names these days.
"""

BY_ITSELF = "-before-"
"""What stands in the name of a copy that Granska made unasked: before a migration or before a restore."""


class CannotCopy(Exception):  # noqa: N818 - named for what the administrator is told
    """The copy was not made, and nothing was changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Where a database stands: ``present`` is None before its first migration."""

    present: str | None
    newest: str | None


def revision(url: str) -> Revision:
    """Return the revision of a database and the newest that this version of Granska knows."""
    engine = open_database(url)
    try:
        with reading(engine) as session:
            present = MigrationContext.configure(session.connection()).get_current_revision()
    finally:
        engine.dispose()
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    return Revision(present, script.get_current_head())


def back_up(url: str, target: Path) -> None:
    """Write a steady copy of the database to ``target``, also while it is in use.

    Raises:
        CannotCopy: not an SQLite file, no database there, ``target`` exists, or there is no room for it.
    """
    source = _file(url)
    if not source.is_file():
        raise CannotCopy(f"There is no database at {source}: run 'granska migrate' first")
    if target.exists():
        raise CannotCopy(f"{target} exists: choose another name, an earlier backup is never overwritten")
    private_folder(target.parent)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        _copy(source, unfinished)
    except sqlite3.OperationalError as error:
        unfinished.unlink()
        raise CannotCopy(
            f"The copy could not be made ({error}): free some space, or choose another disk"
        ) from None
    unfinished.rename(target)


def restore(url: str, backup: Path, aside: Path) -> bool:
    """Put a backup in the place of the database; what was there is first copied to ``aside``.

    Returns:
        Whether there was anything to put aside.

    Raises:
        CannotCopy: ``backup`` is damaged or no database of Granska, or the database is in use.
    """
    target = _file(url)
    _refuse_unusable(backup)
    existed = target.is_file()
    if existed:
        back_up(url, aside)
    keep_private(target)
    try:
        _copy(backup, target)
    except sqlite3.OperationalError as error:
        raise CannotCopy(
            f"The database could not be replaced ({error}): stop Granska and try again"
        ) from None
    return existed


def old_copies(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Return the copies in a folder that have been kept longer than they may, also unfinished ones."""
    copies = (*folder.glob("*.db"), *folder.glob("*.part"))
    return tuple(sorted(path for path in copies if _made_at(path) + KEPT < now))


def delete_old_copies(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Delete the copies that Granska made unasked and has kept long enough; return them.

    Those that somebody asked for are left, and those that cannot be deleted: ``old_copies`` tells of them.
    """
    gone = []
    for path in old_copies(folder, now):
        if BY_ITSELF in path.name:
            with suppress(OSError):
                path.unlink()
                gone.append(path)
    return tuple(gone)


def _made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _file(url: str) -> Path:
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise CannotCopy("Only an SQLite file is copied here: use pg_dump and pg_restore for PostgreSQL")
    return Path(address.database)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, timeout=5)) as new:
        old.backup(new)


def _refuse_unusable(backup: Path) -> None:
    if not backup.is_file():
        raise CannotCopy(f"There is no file {backup}")
    try:
        with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError:
        sound, ours = True, None
    if not sound:
        raise CannotCopy(f"{backup} is damaged: choose an earlier backup")
    if not ours:
        raise CannotCopy(f"{backup} is no database of Granska: choose a file that 'granska backup' wrote")
