"""The command ``granska``. Each command is thin: it reads settings, opens the database, calls fieldwork."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import commands_contacts, commands_release, commands_run, commands_statistics, commands_upkeep
from bot.command_line import Commands
from bot.commands_wave import import_, wave
from fieldwork.spreadsheets import read_text
from questionnaires import checking
from questionnaires.loader import load

app = typer.Typer(
    name="granska",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Granska: quality reviews of social services. Settings are described in .env.example.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"granska {version('granska')}")
        raise typer.Exit


@app.callback()
def granska(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Granska: quality reviews of social services."""


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The version before of the same edition: wording under an unchanged id must not differ.",
        ),
    ] = None,
) -> None:
    """Check questionnaires and report all problems at once: file, item, rule, remedy."""
    if previous is not None and len(files) > 1:
        raise typer.BadParameter("--previous compares one FILE with the version before it")
    before = load(previous) if previous else None
    problems = [
        problem
        for file in files
        for problem in checking.check(read_text(file.read_bytes(), file.name), file.name, before)
    ]
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise typer.Exit(1)
    typer.echo(f"{len(files)} checked, no problem found.")


app.command()(commands_run.run)
app.command()(commands_run.demo)
app.command()(commands_run.bot)
app.command()(commands_run.dashboard)
app.command()(commands_run.chat)
app.command()(check)
wave.command("plan")(commands_contacts.show_plan)
wave.command("start")(commands_contacts.start)
wave.command("pause")(commands_contacts.pause)
wave.command("unreached")(commands_contacts.unreachable)
wave.command("bounce")(commands_contacts.bounce)
wave.command("left")(commands_contacts.left)
wave.command("address")(commands_contacts.address)
wave.command("send-link")(commands_contacts.send_link)
wave.command("release")(commands_release.release)
wave.command("released")(commands_release.released)
wave.command("why")(commands_statistics.why)
wave.command("method")(commands_statistics.method)
wave.command("agreement")(commands_statistics.agreement)
app.add_typer(wave, name="wave")
app.command("import")(import_)
app.command()(commands_upkeep.migrate)
app.command()(commands_upkeep.backup)
app.command()(commands_upkeep.restore)
app.command()(commands_upkeep.doctor)
app.add_typer(commands_upkeep.user, name="user")
app.command()(commands_upkeep.bench)


def main() -> None:
    """Run the command line (the console script)."""
    app()
