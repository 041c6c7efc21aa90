"""Commands that let the results of a closed wave out to managers, and hand out what was let out."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated

import typer

from bot.command_line import As, Out, WaveName, archive, database, refuse_existing, write_new
from fieldwork import releases
from fieldwork.problems import InputError
from fieldwork.reviews import find_wave
from fieldwork.rights import require_named_inspector
from fieldwork.settings import read_settings
from fieldwork.users import acting_user, find_viewer
from models.database import reading, writing
from questionnaires.errors import Problem

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def release(name: WaveName, user: As = "", yes: Yes = False) -> None:
    """Release the results of a closed wave to the managers, after a preview of what is not shown.

    Inspectors only; the audit log notes who. A release is never changed: after a correction, release again.
    """
    from analysis.release_words import preview  # noqa: PLC0415 - likewise
    from analysis.releasing import decide  # noqa: PLC0415 - only here does a command compute results
    from analysis.wording import words  # noqa: PLC0415 - likewise

    settings, now = read_settings(), datetime.now(UTC)
    with database(settings) as engine:
        with reading(engine) as session:
            viewer = acting_user(session, user)
            if viewer is None:
                remedy = "Add one with: granska user add NAME inspector"
                raise InputError(Problem("the users", "", "are none, so nobody can decide this", remedy))
            require_named_inspector(viewer)
            wave = find_wave(session, name).id or 0
            seen = releases.material(session, viewer, wave)
        decided = decide(seen, at=now, version=version("granska"))
        typer.echo("\n".join(preview(decided.release, settings.language)))
        if decided.changed and not yes:
            typer.confirm(words("release.ask", settings.language), abort=True)
        with writing(engine) as session:
            done = releases.publish(session, viewer, wave, releases.as_seen(seen, decided), now)
    typer.echo(words("release.done", settings.language, number=done.number, hash=done.hash))


def released(
    name: WaveName,
    out: Out,
    user: As,
    number: Annotated[int | None, typer.Option(min=1, help="Which release; else the newest.")] = None,
) -> None:
    """Write a release as a page to read (.html), byte for byte as it was made. The audit log notes who."""
    if out.suffix.casefold() != ".html":
        raise InputError(Problem(out.name, "", "is not .html", "End the name with .html: it is a page"))
    refuse_existing(out)
    with archive() as session:
        viewer, wave = find_viewer(session, user), find_wave(session, name).id or 0
        page = releases.take_page(session, viewer, wave, datetime.now(UTC), number)
    write_new(out, page)
    typer.echo(f"The release is in {out}.")
