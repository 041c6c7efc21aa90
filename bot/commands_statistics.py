"""Commands about the numbers of a wave: why an invitation is coded so."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from bot.command_line import As, WaveName, archive
from bot.commands_contacts import Reference
from fieldwork.invitation_facts import facts_of_one
from fieldwork.reviews import find_wave
from fieldwork.settings import read_settings
from fieldwork.users import find_viewer


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
