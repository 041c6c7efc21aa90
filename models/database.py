"""The database: opening it, reading and writing sessions, and bringing its tables up to date.

The only module that knows which database it is. SQLite needs care: one writer at a time, so a writing
transaction takes the write lock at its start (BEGIN IMMEDIATE) instead of failing half way, while a reading
one never takes it. Every commit reaches the disk before the respondent is told so (synchronous FULL).
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from models import migrations
from models.postgresql import STEADY, open_server, take_turns
from models.private_files import keep_private

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)

BEFORE_MIGRATION = "-before-migration"
"""How the name ends of a copy that was made by itself before a migration."""


class NewerDatabase(Exception):  # noqa: N818 - it is the state of the database that is the message
    """The database was written by a later version of Granska; an upgrade of the program is needed."""


def open_database(url: str) -> Engine:
    """Return an engine for ``url``: ``sqlite:///path`` (its folder is made) or ``postgresql://...``.

    An SQLite file is for its owner alone; so are its log and index, which SQLite makes with the same rights.
    It is used through ``writing`` and ``reading`` only. Connects when first used.
    """
    address = make_url(url)
    if address.get_backend_name() in {"postgres", "postgresql"}:
        return open_server(address)
    # Parameters hold answers: no error text may quote them.
    engine = create_engine(address, hide_parameters=True)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            keep_private(Path(address.database))
        event.listen(engine, "connect", _prepare)
    return engine


def writing(engine: Engine) -> Session:
    """Return a session whose transaction takes the write lock at once. What it read stays usable."""
    return _Session(engine, expire_on_commit=False, info={"begin": "BEGIN IMMEDIATE"})


def reading(engine: Engine) -> Session:
    """Return a session that only reads: a steady picture of the database that holds no writer up."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(**STEADY)
    return _Session(engine, expire_on_commit=False, info={"begin": "BEGIN"})


def wipe_erased(session: Session) -> None:
    """Take what was erased and committed off the disk: SQLite keeps it in its log until that starts anew.

    Where the log is in use by a long reader it stays until the next time. Call it between transactions.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    connection = session.get_bind().engine.raw_connection()
    try:
        with suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def migrate(url: str, backup_dir: Path | None = None, *, to: str = "head") -> Path | None:
    """Bring the tables of the database to revision ``to``; all or nothing on SQLite and PostgreSQL.

    An existing SQLite database is first copied to ``backup_dir`` (default: folder ``backup`` beside it).

    Returns:
        The backup file, or None where nothing needed to change or there is no file to copy.

    Raises:
        NewerDatabase: the database holds a revision that this version of the program does not know.
    """
    engine = open_database(url)
    script = ScriptDirectory.from_config(_alembic())
    try:
        if engine.dialect.name == "sqlite":
            # A table is rebuilt by copying it; with the keys enforced its dependants would go with it.
            event.listen(engine, "connect", _unbind)
        with reading(engine) as session:
            present = MigrationContext.configure(session.connection()).get_current_revision()
        wanted = script.get_current_head() if to == "head" else to
        if present == wanted:
            return None
        if present is not None and present not in {each.revision for each in script.walk_revisions()}:
            raise NewerDatabase(
                f"The database is at revision {present}, which this version of Granska does not know: "
                "install the version that wrote it, or restore a backup"
            )
        saved = _back_up(engine.url, backup_dir, f"{present}-to-{wanted}") if present else None
        with writing(engine) as session, session.begin():
            if engine.dialect.name == "postgresql":
                take_turns(session.connection())
            _move(session.connection(), to)
    finally:
        engine.dispose()
    return saved


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _unbind(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")


class _Session(Session):
    """A session that begins its transactions as it was told to.

    The usual listener to the engine's own "begin" does the same, but then every statement of every connection
    looks for listeners: a fifth of the time that receiving an answer takes.
    """


@event.listens_for(_Session, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Begin straight on the driver, since every answer passes here."""
    if connection.dialect.name != "sqlite":
        return
    begin = session.info["begin"]
    try:
        connection.connection.cursor().execute(begin)
    except sqlite3.OperationalError as error:
        raise OperationalError(begin, None, error) from error


def _alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _move(connection: Connection, to: str) -> None:
    """Run the migrations up or down to revision ``to`` (``head``, ``base`` or a revision's name)."""
    config = _alembic(connection)
    script = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    older = {each.revision for each in script.iterate_revisions(present, "base")} if present else set()
    if to == "base" or (to in older and to != present):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise sqlite3.IntegrityError(f"The migration would leave {len(broken)} rows without their parent")


def _back_up(address: URL, folder: Path | None, version: str) -> Path | None:
    if address.get_backend_name() != "sqlite" or not address.database:
        return None  # PostgreSQL is backed up by its own tools, see the documentation
    source = Path(address.database)
    folder = folder or source.parent / "backup"
    target = _unused(folder, f"{source.stem}-{version}{BEFORE_MIGRATION}")
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    keep_private(unfinished)
    with sqlite3.connect(source) as old, sqlite3.connect(unfinished) as new:
        old.backup(new)
    old.close()
    new.close()
    return unfinished.rename(target)


def _unused(folder: Path, stem: str) -> Path:
    """Return a file name in ``folder`` that no earlier backup has."""
    target, number = folder / f"{stem}.db", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.db"
    return target
