"""What every command shares: the settings, a session, and words instead of a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from typer.core import TyperGroup

from fieldwork.errors import CouldNotStore, NotAllowed, NotPrinted, NotReleased
from fieldwork.problems import InputError
from fieldwork.settings import Settings, SettingsError, read_settings
from models.database import NewerDatabase, migrate, open_database, writing
from models.upkeep import CannotCopy, delete_old_copies
from questionnaires.errors import DefinitionError, Problem

EXPECTED = (
    InputError,
    DefinitionError,
    SettingsError,
    NewerDatabase,
    CannotCopy,
    CouldNotStore,
    NotAllowed,
    NotReleased,
    NotPrinted,
    OSError,
)
"""What a user can put right: told in a sentence, exit code 1. Anything else is a fault in the program."""

COMMAND_LINE = "command line"
"""The actor in the audit log where no user is named."""

As = Annotated[str, typer.Option("--as", metavar="USER", help="The user on whose behalf this is done.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="The file to write; an existing one is never replaced.")
]
InFile = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]
WaveName = Annotated[str, typer.Argument(metavar="WAVE", help="The wave's number or its name.")]


class Commands(TyperGroup):
    """A group of commands that tells what went wrong in words."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the type of the context is Typer's own
        """Run a command; end with exit code 1 and the reason where the user can put it right."""
        try:
            return super().invoke(ctx)
        except EXPECTED as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        except OperationalError as error:
            typer.echo(f"The database cannot be used: {error.orig}. See: granska doctor", err=True)
            raise typer.Exit(1) from None
        except sqlite3.OperationalError as error:  # while the database was copied before a migration
            typer.echo(f"The database cannot be copied: {error}. See: granska doctor", err=True)
            raise typer.Exit(1) from None


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """Open the database of the settings, its tables brought up to date and copies kept too long deleted."""
    migrate(settings.database_url, settings.backup_dir)
    delete_old_copies(settings.backup_dir, datetime.now(UTC))
    engine = open_database(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def archive(settings: Settings | None = None) -> Iterator[Session]:
    """Open a writing session on the database of the settings."""
    with database(settings or read_settings()) as engine, writing(engine) as session:
        yield session


def refuse_existing(path: Path) -> None:
    """Raise ``InputError`` where there is a file by that name already."""
    if path.exists():
        raise InputError(Problem(str(path), "", "exists already", "Choose another name"))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; ``InputError`` where there is one already."""
    refuse_existing(path)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 wave``, ``2 waves``."""
    return f"{number} {one if number == 1 else many}"
