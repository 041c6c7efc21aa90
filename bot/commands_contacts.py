"""Commands around contacts: the plan, starting and pausing, and what happens to one invitee."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.command_line import COMMAND_LINE, As, InFile, WaveName, archive, counted
from fieldwork import invitees
from fieldwork.bounces import NotABounce
from fieldwork.invitations import find_invitation
from fieldwork.plans import ContactDay, plan
from fieldwork.problems import InputError
from fieldwork.reviews import find_wave
from fieldwork.sendouts import pause_wave, start_wave
from fieldwork.unreached import record_bounces, unreached
from fieldwork.users import find_viewer
from fieldwork.wording import say
from questionnaires.errors import Problem

Reference = Annotated[str, typer.Argument(help="The reference of an invitee, as in the staff list.")]


def _now() -> datetime:
    return datetime.now(UTC)


def _actor(session: Session, user: str) -> str:
    return user if user == COMMAND_LINE else find_viewer(session, user).name


def _invitation(session: Session, wave: str, reference: str) -> int:
    return find_invitation(session, find_wave(session, wave).id or 0, reference)


def show_plan(name: WaveName) -> None:
    """Show how many are contacted on which day: those already made, and those to come if nobody answers."""
    with archive() as session:
        foretold = plan(session, find_wave(session, name).id or 0, _now())
    for heading, days in (("Made", foretold.made), ("Coming", foretold.coming)):
        typer.echo(f"{heading}:" if days else f"{heading}: none")
        for each in days:
            typer.echo(_line(each))
    if foretold.unreachable:
        typer.echo(f"{foretold.unreachable} cannot be reached: give them an address, or a link on paper.")


def _line(day: ContactDay) -> str:
    invited = counted(day.invitations, "invitation", "invitations")
    return f"  {day.day:%Y-%m-%d}  {invited}, {counted(day.reminders, 'reminder', 'reminders')}"


def start(name: WaveName, user: As = COMMAND_LINE) -> None:
    """Let a wave invite and remind people from now on, or go on after a pause."""
    with archive() as session:
        found = find_wave(session, name)
        start_wave(session, found.id or 0, _now(), _actor(session, user))
    typer.echo(f"Wave {found.id} contacts people as planned. See: granska wave plan {found.id}")


def pause(name: WaveName, user: As = COMMAND_LINE) -> None:
    """Let a wave contact nobody until it is started again. Answering goes on."""
    with archive() as session:
        found = find_wave(session, name)
        pause_wave(session, found.id or 0, _now(), _actor(session, user))
    typer.echo(f"Wave {found.id} is paused: nobody is contacted until it is started again.")


def left(
    name: WaveName,
    reference: Reference,
    reason: Annotated[str, typer.Option(help="For example: slutat, föräldraledig.")] = "",
    back: Annotated[bool, typer.Option("--back", help="She is back: take it away again.")] = False,
) -> None:
    """Note that an invitee has left or is on leave: no more contacts, but still among the invited."""
    with archive() as session:
        invitation = _invitation(session, name, reference)
        if back:
            invitees.mark_back(session, invitation)
        else:
            invitees.mark_left(session, invitation, _now(), reason)
    typer.echo("Contacts go on." if back else "No more contacts.")


def unreachable(name: WaveName) -> None:
    """List who cannot be reached, by the reference in the staff list. Tells nothing of who has answered."""
    with archive() as session:
        found = unreached(session, find_wave(session, name).id or 0)
    for each in found:
        typer.echo(f"{each.reference}: {'the address takes no mail' if each.refused else 'no address'}")
    typer.echo(f"{counted(len(found), 'person', 'persons')} cannot be reached.")


def bounce(file: InFile) -> None:
    """Take the addresses of a mail that did not arrive out of use, from the saved notification (.eml)."""
    try:
        with archive() as session:
            number = record_bounces(session, file.read_bytes())
    except NotABounce as error:
        raise InputError(Problem(file.name, "", say("en", f"bounces.{error.code}"), "")) from None
    typer.echo(f"{counted(number, 'address is', 'addresses are')} used no more.")


def address(name: WaveName, reference: Reference, value: Annotated[str, typer.Argument()]) -> None:
    """Correct the mail address of an invitee. A contact that reached nobody is then made after all."""
    with archive() as session:
        invitees.correct_address(session, _invitation(session, name, reference), value)
    typer.echo("The address is corrected.")


def send_link(name: WaveName, reference: Reference, user: As = COMMAND_LINE) -> None:
    """Mail a new link to an invitee who asks for one, within working hours, in place of a reminder."""
    with archive() as session:
        actor = _actor(session, user)
        invitees.send_new_link(session, _invitation(session, name, reference), _now(), actor)
    typer.echo("A new link is mailed within working hours.")
