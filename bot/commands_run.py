"""Commands that open a door: to respondents, to inspectors, or at this console."""

from __future__ import annotations

import secrets
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.app import serve_web
from bot.command_line import As, archive, database
from bot.console_door import Console, converse
from bot.contacts_loop import mail_in_words
from bot.running import ended_by_signal, serve_dashboard, serve_everything
from bot.telegram_running import telegram_in_words
from fieldwork.file_results import FIRST
from fieldwork.invitations import open_link
from fieldwork.problems import InputError
from fieldwork.protocols import open_protocol
from fieldwork.reviews import find_wave
from fieldwork.settings import Settings, read_settings
from fieldwork.standing_in import stand_in
from fieldwork.users import acting_user, find_viewer
from models.database import writing
from questionnaires.errors import Problem


def bot() -> None:
    """Serve the web chat for respondents on this machine, until Ctrl-C."""
    settings = read_settings()
    typer.echo(f"The web chat is at http://127.0.0.1:{settings.web_port}. End with Ctrl-C.")
    typer.echo(mail_in_words(settings))
    typer.echo(telegram_in_words(settings))
    with ended_by_signal(), suppress(KeyboardInterrupt):
        serve_web(settings)


def dashboard(user: As = "") -> None:
    """Serve the dashboard for inspectors on this machine, until Ctrl-C."""
    settings = _acting(user)
    typer.echo(f"The dashboard is at http://127.0.0.1:{settings.dashboard_port}. End with Ctrl-C.")
    with ended_by_signal(), suppress(KeyboardInterrupt):
        raise typer.Exit(serve_dashboard(settings))


def run(user: As = "") -> None:
    """Serve web chat and dashboard on this machine, until Ctrl-C."""
    settings = _acting(user)
    typer.echo(f"The web chat is at http://127.0.0.1:{settings.web_port},")
    typer.echo(f"the dashboard at http://127.0.0.1:{settings.dashboard_port}. End with Ctrl-C.")
    typer.echo(mail_in_words(settings))
    typer.echo(telegram_in_words(settings))
    with ended_by_signal(), suppress(KeyboardInterrupt):
        serve_everything(settings)


def _acting(user: str) -> Settings:
    """Return the settings with the user on whose behalf the dashboard acts; ``InputError`` where unclear."""
    settings = read_settings()
    settings = settings.model_copy(update={"acting_user": user or settings.acting_user})
    with archive(settings) as session:
        acting_user(session, settings.acting_user)
    return settings


def demo() -> None:
    """Build the demo and serve it: published reviews, and an invented one that you can answer yourself."""
    from bot.demo import DemoError, run_demo  # noqa: PLC0415 - only the demo carries the published facts

    try:
        run_demo(read_settings(), datetime.now(UTC), typer.echo)
    except DemoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def chat(  # noqa: PLR0913, PLR0917 - three ways to say which conversation
    link: Annotated[str, typer.Option(help="A personal link, or the token at its end.")] = "",
    wave: Annotated[str, typer.Option(help="The wave, with --reference or --file.")] = "",
    reference: Annotated[str, typer.Option(help="The reference of an invitee.")] = "",
    file: Annotated[int, typer.Option(help="The running number of a case file.")] = 0,
    district: Annotated[str, typer.Option(help="The district of the case file.")] = "",
    part: Annotated[str, typer.Option(help="Whose protocol: reader1, reader2 or agreed.")] = FIRST,
    user: Annotated[str, typer.Option("--as", help="The inspector who answers for somebody.")] = "",
) -> None:
    """Hold a conversation at this console: by --link, for an invitee, or as a protocol of a file.

    An inspector answers for an invitee with --wave, --reference and --as, which the audit log notes. A
    protocol is filled in with --wave, --file, --district and --as. Type /help for the commands of the chat.
    """
    with database(read_settings()) as engine:
        with writing(engine) as session:
            if link:
                invitation = _by_link(session, link)
            elif wave and reference and user:
                viewer, number = find_viewer(session, user), find_wave(session, wave).id or 0
                invitation = stand_in(session, viewer, number, reference, datetime.now(UTC))
            elif wave and file and district and user:
                invitation = open_protocol(
                    session,
                    find_wave(session, wave).id or 0,
                    district=district,
                    number=file,
                    user=user,
                    part=part,
                )
            else:
                raise typer.BadParameter(
                    "say which conversation: --link, or --wave, --reference and --as, "
                    "or --wave, --file, --district and --as"
                )
        device = f"console of {user}" if user else secrets.token_urlsafe(16)
        converse(sys.stdin, sys.stdout, Console(engine, invitation, device))


def _by_link(session: Session, link: str) -> int:
    invitation = open_link(session, link.rstrip("/").rpartition("/")[2], datetime.now(UTC))
    if invitation is None:
        remedy = "Make new ones with: granska wave links"
        raise InputError(Problem("the link", "", "is unknown or has expired", remedy))
    return invitation
