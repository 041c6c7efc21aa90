"""Commands for whoever looks after Granska: the database, users, the state of things, measurements."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from bot.command_line import Commands, archive
from bot.doctor import findings
from fieldwork.rights import Role
from fieldwork.settings import read_settings
from fieldwork.users import add_user
from models import upkeep
from models.database import migrate as bring_up_to_date
from models.tables import User

user = typer.Typer(cls=Commands, no_args_is_help=True, help="The people who work in Granska.")

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-%f")


def _days() -> str:
    return f"{upkeep.KEPT.days} days"


def migrate() -> None:
    """Bring the tables of the database up to date. A copy of the database is made first."""
    settings = read_settings()
    saved = bring_up_to_date(settings.database_url, settings.backup_dir)
    if saved:
        typer.echo(f"The database as it was is in {saved}. It is deleted by itself after {_days()}.")
    typer.echo("The database is up to date.")


def backup(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: in the data directory.")
    ] = None,
) -> None:
    """Copy the database to a file, also while Granska is running."""
    settings = read_settings()
    target = out or settings.backup_dir / f"granska-{_stamp()}.db"
    upkeep.back_up(settings.database_url, target)
    typer.echo(f"The backup is in {target}. It holds answers: keep it as safe as the database.")
    last = (datetime.now(UTC) + upkeep.KEPT).date()
    typer.echo(
        f"Delete it by {last}: respondents are told that what is erased is in no copy after {_days()}."
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the database. What was there is copied first. Stop Granska before."""
    settings = read_settings()
    if not yes:
        typer.confirm("Replace the database? Answers that came after the backup will be gone", abort=True)
    aside = settings.backup_dir / f"granska-{_stamp()}{upkeep.BY_ITSELF}restore.db"
    if upkeep.restore(settings.database_url, file, aside):
        typer.echo(f"The database as it was is in {aside}. It is deleted by itself after {_days()}.")
    bring_up_to_date(settings.database_url, settings.backup_dir)
    typer.echo(f"{file} is restored. What was erased after it was made is back: erase it again.")


def doctor() -> None:
    """Look whether everything is in order: settings, database, disk, fonts. No secret is shown."""
    bad = 0
    for finding in findings():
        typer.echo(f"{'ok ' if finding.good else 'NOT'}  {finding.what}")
        bad += not finding.good
    if bad:
        raise typer.Exit(1)


@user.command("add")
def add(name: str, role: Role) -> None:
    """Add a user by the name that is used to sign in and in the audit log."""
    with archive() as session:
        add_user(session, name, role)
    typer.echo(f"{name} is added as {role}.")


@user.command("list")
def list_() -> None:
    """List the users and their roles."""
    with archive() as session:
        for each in session.exec(select(User).order_by(User.name)):
            typer.echo(f"{each.role:<14} {each.name}")


def bench(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One of them; without, all.")] = "",
) -> None:
    """Run the measurements: contacts, engine, receive, tabulate, web and others, beside their goals."""
    if not BENCHMARKS.is_dir():
        typer.echo("The measurements are in the source tree only (folder benchmarks).", err=True)
        raise typer.Exit(1)
    known = {path.stem: path for path in sorted(BENCHMARKS.glob("*.py"))}
    if name and name not in known:
        raise typer.BadParameter(f"there is no measurement '{name}': choose {', '.join(known)}")
    for each in [name] if name else known:
        specification = importlib.util.spec_from_file_location(f"benchmarks.{each}", known[each])
        if specification is None or specification.loader is None:
            raise typer.BadParameter(f"'{each}' cannot be loaded")
        module = importlib.util.module_from_spec(specification)
        sys.modules[specification.name] = module  # dataclasses look their module up there
        specification.loader.exec_module(module)
        module.run()
