"""Commands about the numbers of a wave: why an invitation is coded so, and how the numbers came about."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

import typer

from bot.command_line import COMMAND_LINE, As, Out, WaveName, archive, refuse_existing, write_new
from bot.commands_contacts import Reference
from fieldwork.invitation_facts import facts_of_one
from fieldwork.methods import method_material
from fieldwork.problems import InputError
from fieldwork.readings import readings
from fieldwork.reviews import find_wave
from fieldwork.rights import Role, Viewer
from fieldwork.settings import read_settings
from fieldwork.users import acting_user, find_viewer
from questionnaires.errors import Problem


def why(name: WaveName, reference: Reference, user: As) -> None:
    """Tell why one invitation has its disposition code. For inspectors; the audit log notes who asked."""
    from analysis.dispositions import Extent, disposition  # noqa: PLC0415 - only commands load analysis
    from analysis.statistics_wording import statistics_words  # noqa: PLC0415 - likewise

    settings = read_settings()
    with archive(settings) as session:
        viewer = find_viewer(session, user)
        found = facts_of_one(session, viewer, find_wave(session, name).id or 0, reference, datetime.now(UTC))
    extent = Extent(*found.extent) if found.extent else None
    coded = disposition(found.facts, extent, early=found.early)
    number = f"{coded.code.aapor} " if coded.code.aapor else ""
    typer.echo(f"{number}{statistics_words(f'code.{coded.code}', settings.language)}")
    for line in coded.trace(settings.language):
        typer.echo(f"  {line}")


def method(name: WaveName, out: Out, user: As = "") -> None:
    """Write the method page of a closed wave (.html): frame, dates, rates, what is missing or hidden."""
    from analysis.method_page import method_page  # noqa: PLC0415 - likewise

    if out.suffix.casefold() != ".html":
        raise InputError(Problem(out.name, "", "is not .html", "End the name with .html: it is a page"))
    refuse_existing(out)
    with archive() as session:
        viewer = acting_user(session, user) or Viewer(COMMAND_LINE, Role.ADMINISTRATOR)
        material = method_material(session, viewer, find_wave(session, name).id or 0)
    write_new(out, method_page(material, version("granska")))
    typer.echo(f"The method page is in {out}.")


def agreement(name: WaveName, user: As) -> None:
    """Tell how far two readers of files, or coders of open answers, agree. The audit log notes who asked."""
    from analysis.agreement_tables import agreement_table  # noqa: PLC0415 - likewise

    settings = read_settings()
    with archive(settings) as session:
        viewer, wave = find_viewer(session, user), find_wave(session, name).id or 0
        found = readings(session, viewer, wave, datetime.now(UTC))
    if not found:
        typer.echo("Nothing has been read or coded by two people yet.")
        return
    pairs = [(each.about, each.names, each.first, each.second, each.order) for each in found]
    table = agreement_table(pairs, settings.language)
    for row in (table.heads, *table.rows):
        typer.echo("  ".join(row))
    for note in table.notes:
        typer.echo(note)
