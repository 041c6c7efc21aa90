"""Commands around a wave: plan, invite, hand out links, files and codes, close."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from bot.command_line import (
    COMMAND_LINE,
    As,
    Commands,
    InFile,
    Out,
    WaveName,
    archive,
    counted,
    refuse_existing,
    write_new,
)
from fieldwork import coding, protocols, recounting
from fieldwork.dispositions import participation
from fieldwork.file_results import FIRST
from fieldwork.identities import erase_identities
from fieldwork.invitations import import_invitees
from fieldwork.links import link_maker, links_file, personal_links
from fieldwork.problems import InputError
from fieldwork.reviews import change_wave, close_wave, create_wave, find_wave
from fieldwork.rights import Role, Viewer
from fieldwork.settings import read_settings
from fieldwork.spreadsheets import read_text
from fieldwork.users import acting_user, find_viewer
from models.tables import Review, Wave
from questionnaires.errors import Problem

wave = typer.Typer(cls=Commands, no_args_is_help=True, help="Plan, change, follow and close waves.")

Part = Annotated[str, typer.Option("--part", help="Whose protocol: reader1, reader2 or agreed.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


def _now() -> datetime:
    return datetime.now(UTC)


@wave.command("new")
def new(file: InFile) -> None:
    """Create a wave from a wave file: review, form, organisations, staffing, dates and promise."""
    body = read_text(file.read_bytes(), str(file))
    with archive() as session:
        made = session.get_one(Wave, create_wave(session, body, str(file)))
        typer.echo(f"Wave {made.id} '{made.name}' is created. It is open from {made.opens} to {made.closes}.")
    follow = "wave protocol-template" if made.subject == "file" else "import"
    typer.echo(f"Next: granska {follow} {made.id} ...")


@wave.command("list")
def list_() -> None:
    """List the waves with their numbers and how many have answered."""
    with archive() as session:
        rows = session.exec(
            select(Wave, Review).join(Review, col(Review.id) == col(Wave.review_id)).order_by(col(Wave.id))
        ).all()
        for each, review in rows:
            typer.echo(_line(session, each, review))
    if not rows:
        typer.echo("There is no wave yet. Create one with: granska wave new FILE")


def _line(session: Session, each: Wave, review: Review) -> str:
    total = participation(session, Viewer(COMMAND_LINE, Role.ADMINISTRATOR), each.id or 0).total
    state = "closed" if each.closed_at else f"{each.opens} to {each.closes}"
    mark = " (example data)" if review.origin == "example" else ""
    return f"{each.id:>4}  {each.name}, {review.title}{mark}: {state}, {total.sent} of {total.invited} sent"


@wave.command("change")
def change(name: WaveName, opens: Day = None, closes: Day = None, informed_on: Day = None) -> None:
    """Move the first or the last day of a wave, or note when the staff were informed of its purpose."""
    with archive() as session:
        found = find_wave(session, name)
        change_wave(
            session,
            found.id or 0,
            opens=opens.date() if opens else None,
            closes=closes.date() if closes else None,
            informed_on=informed_on.date() if informed_on else None,
        )
        informed = f", staff informed on {found.informed_on}" if found.informed_on else ""
        typer.echo(f"Wave {found.id} is open from {found.opens} to {found.closes}{informed}.")


@wave.command("links")
def links(name: WaveName, out: Out, user: As = "") -> None:
    """Write a personal link for everyone invited (.csv, .xlsx). Whoever has a link answers as that person.

    Everyone in service gets one, also those who have answered, so that the list tells nothing. Earlier links
    go on working. The audit log notes who made the list: --as, or the only user there is.
    """
    settings = read_settings()
    links_file((), out.name, settings.language)  # refuses the kind of file before any link is made
    refuse_existing(out)
    with archive(settings) as session:
        viewer = acting_user(session, user)
        made = personal_links(
            session,
            find_wave(session, name).id or 0,
            fresh_token=lambda: secrets.token_urlsafe(32),
            base_url=settings.base_url,
            now=_now(),
            actor=link_maker(viewer) if viewer else COMMAND_LINE,
        )
    write_new(out, links_file(made, out.name, settings.language))
    typer.echo(f"{counted(len(made), 'link', 'links')} in {out}. Keep the file as you keep the staff list.")


@wave.command("close")
def close(name: WaveName, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Close a wave for good: drafts are erased, and what ties sent answers to invitations."""
    with archive() as session:
        found = find_wave(session, name)
        if not yes:
            typer.confirm(f"Close '{found.name}' for good? Drafts that were not sent are erased", abort=True)
        erased = close_wave(session, found.id or 0, _now())
        typer.echo(f"Wave {found.id} is closed. {counted(erased, 'draft was', 'drafts were')} erased.")


@wave.command("recount")
def recount(
    name: WaveName,
    mend: Annotated[bool, typer.Option("--repair", help="Put the counts right.")] = False,
    user: As = "",
) -> None:
    """Count the stored results of a wave anew; exit code 1 where the kept counts differ from them."""
    with archive() as session:
        found = find_wave(session, name)
        if mend:
            viewer = acting_user(session, user)
            actor = viewer.name if viewer else COMMAND_LINE
            wrong = recounting.repair(session, found.id or 0, actor, _now())
        else:
            wrong = recounting.recount(session, found.id or 0)
    for each in wrong:
        what = f"{each.item}, by {each.split}" if each.split else each.item or "the number of answers"
        typer.echo(f"{each.unit}: {what}: {counted(each.wrong, 'count is', 'counts are')} wrong.")
    if wrong and not mend:
        typer.echo(f"Put them right with: granska wave recount {name} --repair")
        raise typer.Exit(1)
    typer.echo("The counts are put right." if wrong else "Every count is that of the stored results.")


@wave.command("erase-identities")
def erase_identities_(user: As = COMMAND_LINE) -> None:
    """Erase who was invited to waves that closed 30 days ago or earlier. The running program does so too."""
    with archive() as session:
        actor = user if user == COMMAND_LINE else find_viewer(session, user).name
        done = erase_identities(session, _now(), actor)
    for each in done:
        typer.echo(f"Who was invited to '{each}' is erased.")
    if not done:
        typer.echo("There is nothing to erase: no wave has been closed for 30 days.")


@wave.command("files")
def files(name: WaveName, district: str, number: Annotated[int, typer.Argument(min=1, max=10_000)]) -> None:
    """See to it that a district has files 1 to NUMBER in a wave about files."""
    with archive() as session:
        added = protocols.add_files(session, find_wave(session, name).id or 0, district, number)
    typer.echo(f"{counted(added, 'file', 'files')} added.")


@wave.command("protocol-template")
def protocol_template(name: WaveName, out: Out, part: Part = FIRST) -> None:
    """Write a workbook (.xlsx) to fill in protocols: a row for each file without one, a column an item."""
    settings = read_settings()
    if out.suffix.casefold() != ".xlsx":
        raise InputError(Problem(out.name, "", "is not .xlsx", "End the name with .xlsx: it is a workbook"))
    with archive(settings) as session:
        content = protocols.template(session, find_wave(session, name).id or 0, part, settings.language)
    write_new(out, content)
    typer.echo(f"The template is in {out}. Fill it in, then: granska import {name} {out} --as USER")


@wave.command("texts")
def texts(
    name: WaveName,
    item: str,
    out: Out,
    user: As,
    seed: Annotated[int, typer.Option(help="Decides the order; keep it to get the same again.")] = 1,
) -> None:
    """Write the open answers to an item, to be coded: in random order, without background (.csv, .xlsx)."""
    settings = read_settings()
    refuse_existing(out)
    with archive(settings) as session:
        viewer, found = find_viewer(session, user), find_wave(session, name)
        content, number = coding.coding_file(
            session,
            viewer,
            found.id or 0,
            item,
            seed,
            filename=out.name,
            language=settings.language,
            now=_now(),
        )
        waiting, smallest = found.closed_at is None, found.smallest_group
    write_new(out, content)
    if number:
        typer.echo(
            f"Write codes in the last column of {out}, then: granska wave codes {name} {out} --as {user}"
        )
    elif waiting:
        typer.echo(
            f"There is no answer in {out} yet. While the wave is open, a unit's answers are let out in steps "
            f"of at least {smallest}: try again later, or when the wave has closed."
        )
    else:
        typer.echo(f"There is no answer in {out}: nobody answered {item} with words.")


@wave.command("codes")
def codes(name: WaveName, file: InFile, user: As) -> None:
    """Store the codes that a user gave open answers, from the file that 'wave texts' wrote."""
    with archive() as session:
        viewer, found = find_viewer(session, user), find_wave(session, name)
        number = coding.import_codes(session, viewer, found.id or 0, file.read_bytes(), file.name, now=_now())
    typer.echo(f"{counted(number, 'answer is', 'answers are')} coded by {user}.")


def import_(
    name: WaveName,
    file: InFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; change nothing.")] = False,
    part: Part = FIRST,
    user: As = "",
) -> None:
    """Import into a wave: the staff list of a survey, or filled protocols of a file review (CSV or XLSX).

    All or nothing: on a fault every fault is told by row, and nothing is changed. Protocols need --as.
    """
    settings = read_settings()
    with archive(settings) as session:
        found = find_wave(session, name)
        if found.subject == "file":
            typer.echo(_import_protocols(session, found, file, user=user, part=part, dry_run=dry_run))
            return
        report = import_invitees(
            session,
            found.id or 0,
            file.read_bytes(),
            file.name,
            dry_run=dry_run,
            language=settings.language,
        )
    verb = "would be " if dry_run else ""
    typer.echo(
        f"{counted(report.rows, 'row', 'rows')} read: {report.added} {verb}added, "
        f"{report.updated} {verb}updated, {report.unchanged} unchanged."
    )
    if report.away:
        typer.echo(f"{report.away} not in service: not counted as invited, and given no link.")


def _import_protocols(  # noqa: PLR0913 - what the command was told
    session: Session, found: Wave, file: Path, *, user: str, part: str, dry_run: bool
) -> str:
    if not user:
        remedy = f"Name the inspector who filled them in: granska import {found.id} {file} --as USER"
        raise InputError(
            Problem(file.name, "", "holds protocols, and nobody is named who filled them in", remedy)
        )
    report = protocols.import_protocols(
        session,
        found.id or 0,
        file.read_bytes(),
        file.name,
        user=user,
        part=part,
        now=_now(),
        fresh_id=lambda: secrets.token_urlsafe(16),
        dry_run=dry_run,
    )
    verb = "would be stored" if dry_run else "stored"
    left = f" {counted(report.empty, 'row', 'rows')} without answers left out." if report.empty else ""
    return f"{counted(report.rows, 'protocol', 'protocols')} {verb} as {part}.{left}"
