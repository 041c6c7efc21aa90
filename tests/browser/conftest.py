"""A real server and a real Chromium: what a respondent with a phone or a keyboard meets."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from sqlmodel import select

from bot.app import web_app, web_server
from bot.archive import Archive
from browser.steps import free_port
from fieldwork.invitations import import_invitees, mint_link
from fieldwork.reviews import create_wave
from fieldwork.settings import Settings
from models.database import migrate, open_database, writing
from models.tables import Invitation

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
TRIAL = ROOT / "tests" / "bot" / "utskick.toml"
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Town:
    """A running web chat with two waves: the example (KOMP + KVAL), and one with every type of question."""

    engine: Engine
    address: str
    example: int
    trial: int
    used: int = 0

    def link(self, wave: int) -> str:
        """Return the link of someone not used before; waves have the same people in the same order."""
        token = secrets.token_urlsafe(24)
        self.used += 1
        with writing(self.engine) as session:
            mine = select(Invitation.id).where(Invitation.wave_id == wave, Invitation.in_service)
            invitation = session.exec(mine.order_by(Invitation.id).offset(self.used - 1)).first()
            mint_link(session, invitation or 0, token, NOW, NOW + timedelta(days=60))
        return f"{self.address}/s/{token}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    port = free_port()
    settings = Settings(_env_file=None, data_dir=tmp_path, web_port=port)
    migrate(settings.database_url)
    archive = Archive(open_database(settings.database_url))
    example, trial = plan_waves(archive.engine)
    server = web_server(web_app(settings, archive, lambda: NOW), settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        thread.join(0.02)
    yield Town(archive.engine, settings.base_url, example, trial)
    server.should_exit = True
    thread.join(20)
    archive.close()


def plan_waves(engine: Engine) -> tuple[int, int]:
    """Store the two waves and invite the example staff to both."""
    body = (EXAMPLES / "utskick.toml").read_text(encoding="utf-8")
    trial = body.replace('["komp.kort", "kval.kort"]', '["alla_typer.toml"]').replace("Enkät hösten", "Prov")
    staff = EXAMPLES / "personal.csv"
    waves = []
    with writing(engine) as session:
        for source, plan in ((EXAMPLES / "utskick.toml", body), (TRIAL, trial)):
            wave = create_wave(session, plan, str(source))
            import_invitees(session, wave, staff.read_bytes(), staff.name, dry_run=False)
            waves.append(wave)
    return waves[0], waves[1]


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, town: Town) -> Iterator[Opener]:
    """Open a window of a browser of its own: its size, language and colours are arguments."""
    contexts: list[BrowserContext] = []

    def opened(link: str, **wishes: object) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "sv-SE", **wishes})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(link)
        return page

    yield opened
    for context in contexts:
        context.close()
