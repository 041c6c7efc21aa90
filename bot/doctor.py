"""Looking whether everything is in order. Each finding is a sentence; none holds a secret."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from fieldwork.settings import PREFIX, SECRETS, Settings, SettingsError, read_settings, unknown_variables
from models.private_files import files_of, others_can_read
from models.upkeep import KEPT, old_copies, revision

FONTS = Path(__file__).parent / "static"
ENOUGH_SPACE = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and whether it is in order."""

    good: bool
    what: str


def findings() -> Iterator[Finding]:
    """Look at settings, database, disk, rights, copies and fonts, in this order."""
    try:
        settings = read_settings()
    except SettingsError as error:
        yield from (Finding(good=False, what=problem) for problem in error.problems)
        return
    yield from _settings(settings)
    yield _database(settings)
    yield from _disk(settings)
    yield from _private(settings)
    yield from _copies(settings)
    yield _fonts()


def _settings(settings: Settings) -> Iterator[Finding]:
    for name in ("base_url", "web_port", "dashboard_port", "language", "time_zone"):
        yield Finding(good=True, what=f"{PREFIX}{name.upper()} is {getattr(settings, name)}")
    for name in SECRETS:
        if name != "database_url":
            state = "set" if getattr(settings, name) else "not set"
            yield Finding(good=True, what=f"{PREFIX}{name.upper()} is {state}")
    for name in unknown_variables():
        yield Finding(good=False, what=f"{name} is no setting of Granska: correct its spelling")


def _database(settings: Settings) -> Finding:
    address = make_url(settings.database_url)
    where = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and address.database and not Path(address.database).exists():
        return Finding(good=False, what=f"There is no database at {where} yet: run 'granska migrate'")
    try:
        found = revision(settings.database_url)
    except SQLAlchemyError as error:
        return Finding(good=False, what=f"The database {where} cannot be opened ({type(error).__name__})")
    if found.present != found.newest:
        return Finding(good=False, what=f"The database {where} is not up to date: run 'granska migrate'")
    return Finding(good=True, what=f"The database {where} is up to date (revision {found.present})")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding(good=False, what=f"The data directory {folder} is not there: run 'granska migrate'")
        return
    writable = os.access(folder, os.W_OK)
    can = "can" if writable else "cannot"
    yield Finding(good=writable, what=f"The data directory {folder} {can} be written")
    free = shutil.disk_usage(folder).free
    yield Finding(good=free >= ENOUGH_SPACE, what=f"{free // 2**20} MB are free on its disk (500 are wanted)")
    key = settings.kept_secret_key
    if key.exists():
        private = not others_can_read(key)
        ending = "only its owner can read" if private else "others can read: chmod 600"
        yield Finding(good=private, what=f"The signing key is kept in {key}, which {ending}")


def _private(settings: Settings) -> Iterator[Finding]:
    """Look whether others can read what holds answers, addresses or keys."""
    address = make_url(settings.database_url)
    database = address.database if address.get_backend_name() == "sqlite" else None
    looked_at = [
        (settings.data_dir, 700),
        (settings.backup_dir, 700),
        *((path, 600) for path in (files_of(Path(database)) if database else ())),
        *((path, 600) for path in sorted(settings.backup_dir.glob("*.db"))),
    ]
    loose = [(path, mode) for path, mode in looked_at if path.exists() and others_can_read(path)]
    for path, mode in loose:
        yield Finding(good=False, what=f"Others than the owner have rights to {path}: chmod {mode} {path}")
    if not loose:
        yield Finding(
            good=True, what="Only their owner can read the data directory, the database and its copies"
        )


def _copies(settings: Settings) -> Iterator[Finding]:
    """Look for copies that still hold what was erased longer ago than respondents are told."""
    old = old_copies(settings.backup_dir, datetime.now(UTC))
    for path in old:
        yield Finding(
            good=False, what=f"{path} is older than {KEPT.days} days and holds what was erased: delete it"
        )
    if not old:
        yield Finding(good=True, what=f"No copy in {settings.backup_dir} is older than {KEPT.days} days")


def _fonts() -> Finding:
    if any(FONTS.glob("*.woff2")):
        return Finding(good=True, what="The typeface of the web chat is there")
    return Finding(good=False, what=f"There is no typeface in {FONTS}: install Granska again")
