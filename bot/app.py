"""The composition root: settings in, a running door out."""

from __future__ import annotations

import contextlib
import gc
import secrets
from collections.abc import Callable
from datetime import datetime

import uvicorn
from starlette.applications import Starlette

from bot.archive import Archive
from bot.contacts_loop import Rounds, contacts_made
from bot.identities_loop import identities_erased
from bot.old_copies import old_copies_deleted
from bot.telegram_running import telegram_open
from bot.web_door import WebDoor, utc_now
from bot.web_pages import Pages
from fieldwork.settings import Settings
from models.database import migrate, open_database
from models.private_files import private_folder


def open_archive(settings: Settings) -> Archive:
    """Return the database of the settings, with its tables brought up to date."""
    migrate(settings.database_url, settings.backup_dir)
    return Archive(open_database(settings.database_url))


def signing_key(settings: Settings) -> bytes:
    """Return the key that signs cookies and forms; one is made and kept where none is set."""
    if settings.secret_key:
        return settings.secret_key.encode()
    kept = settings.kept_secret_key
    if not kept.exists():
        private_folder(kept.parent)
        made = kept.with_name(f"{kept.name}-{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32), encoding="ascii")
        # Two processes may start at once: the first to link has made the key, the other takes it over.
        with contextlib.suppress(FileExistsError):
            kept.hardlink_to(made)
        made.unlink()
    return kept.read_bytes()


def web_app(
    settings: Settings,
    archive: Archive,
    clock: Callable[[], datetime] = utc_now,
    bot_name: Callable[[], str] = str,
) -> Starlette:
    """Return the web chat over ``archive``; ``bot_name`` tells what the bot in Telegram is called, if any."""
    door = WebDoor(
        archive=archive,
        pages=Pages(https=settings.base_url.startswith("https:")),
        secret=signing_key(settings),
        base_url=settings.base_url,
        language=settings.language,
        clock=clock,
        bot_name=bot_name,
    )
    return door.app()


def web_server(app: Starlette, settings: Settings, host: str = "127.0.0.1") -> uvicorn.Server:
    """Return the server of the web chat, not yet running. It keeps no log of addresses: they hold links."""
    config = uvicorn.Config(
        app,
        host=host,
        port=settings.web_port,
        access_log=False,
        server_header=False,
        lifespan="off",
        log_level="warning",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def serve_web(settings: Settings, host: str = "127.0.0.1", rounds: Rounds | None = None) -> None:
    """Serve the web chat, and Telegram and contacts where they are set, until the process is asked to end.

    ``rounds`` says when contacts are made, where that is not as always.
    """
    archive = open_archive(settings)
    try:
        with (
            old_copies_deleted(settings.backup_dir),
            identities_erased(archive),
            telegram_open(settings, archive, signing_key(settings)) as telegram,
            contacts_made(settings, archive, telegram.channels, rounds),
        ):
            app = web_app(settings, archive, bot_name=telegram.bot_name)
            server = web_server(app, settings, host)
            gc.freeze()  # what start-up made is there for good and need not be looked through again
            server.run()
    finally:
        archive.close()
