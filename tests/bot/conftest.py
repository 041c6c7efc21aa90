"""A wave on a disk of its own, and visitors who read its pages as a browser without script would."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.app import web_app
from bot.archive import Archive
from fieldwork.invitations import import_invitees, mint_link
from fieldwork.reviews import create_wave
from fieldwork.settings import Settings
from models.database import open_database, reading, writing
from models.tables import Answer, Invitation, Wave

if TYPE_CHECKING:
    from botapi.api import BotApi
    from botapi.door import Chats

HERE = Path(__file__).parent
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
TRIAL = {
    "ALLA-01": "ok",
    "ALLA-02": "ja",
    "ALLA-03": "40",
    "ALLA-04": "3,5",
    "ALLA-05": "2012-03-01",
    "ALLA-06": "201203",
    "ALLA-07": "bra",
    "ALLA-08": "fia",
}
BASE_URL = "http://127.0.0.1:8080"
EXAMPLE, EVERY_TYPE = "Enkät hösten 2026", "Prov"
"""The names of the waves."""


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Fields(HTMLParser):
    """What the forms of a page hold, and what the page says."""

    hidden: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name, value = found.get("name", ""), found.get("value", "")
        if found.get("type") == "hidden" and name != "action":
            self.hidden[name] = value
        elif name == "svar" and tag in {"button", "input"} and "lang" not in found:
            self.options.append(value)
        elif name == "action":
            self.actions.append(value)
        elif name == "change":
            self.changes.append(value)


class Visitor:
    """One browser. It keeps its cookies, follows redirects and sends the forms of the page it looks at."""

    def __init__(self, app: Callable[..., object], runner: asyncio.Runner, language: str = "sv") -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(
            transport=transport, base_url=BASE_URL, headers={"accept-language": language}
        )
        self.runner = runner
        self.seen: httpx.Response

    def get(self, address: str) -> httpx.Response:
        self.seen = self.runner.run(self.client.get(address, follow_redirects=True))
        return self.seen

    def post(
        self, address: str = "/samtal", *, headers: dict[str, str] | None = None, **fields: object
    ) -> httpx.Response:
        """Send the present page's form with ``fields`` in it, and look where it leads."""
        data = {**self.page.hidden, **fields}
        self.seen = self.runner.run(
            self.client.post(address, data=data, headers=headers, follow_redirects=True)
        )
        return self.seen

    def raw(self, body: bytes, address: str = "/samtal") -> httpx.Response:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self.seen = self.runner.run(self.client.post(address, content=body, headers=headers))
        return self.seen

    def do(self, action: str, **fields: object) -> httpx.Response:
        return self.post(action=action, **fields)

    def answer(self, *values: str, **fields: object) -> httpx.Response:
        return self.post(action="answer", svar=list(values), **fields)

    @property
    def page(self) -> Fields:
        fields = Fields()
        fields.feed(self.seen.text)
        return fields

    @property
    def item(self) -> str:
        """The item that the page asks."""
        return self.page.hidden.get("item", "")

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.seen.text, re.DOTALL)
        return found[1] if found else ""

    def begin(self, link: str) -> Visitor:
        self.get(link)
        self.do("begin")
        return self

    def answer_until(self, item: str) -> Visitor:
        """Give the first answer to every question before ``item`` ("" for the end)."""
        while self.item != item:
            assert self.item, f"{item} is not on the route"
            step(self)
        return self


def step(visitor: Visitor) -> None:
    """Answer the question asked with its first option, or skip it where there is none."""
    options = [value for value in visitor.page.options if value]
    if options:
        visitor.answer(options[0])
    else:
        visitor.do("skip")


@dataclass
class Site:
    """The web chat over a wave, with the invited and their links."""

    engine: Engine
    clock: Clock
    app: Callable[..., object]
    runner: asyncio.Runner
    wave: int
    invited: tuple[int, ...]

    def link(self, which: int = 0, expires: datetime | None = None) -> str:
        """Return a new personal link of one of the invited."""
        token = secrets.token_urlsafe(24)
        with writing(self.engine) as session:
            mint_link(
                session, self.invited[which], token, self.clock.now, expires or NOW + timedelta(days=90)
            )
        return f"/s/{token}"

    def visitor(self, language: str = "sv") -> Visitor:
        return Visitor(self.app, self.runner, language)

    def begun(self, which: int = 0) -> Visitor:
        """Return a visitor at the first question."""
        return self.visitor().begin(self.link(which))

    def at(self, item: str) -> Visitor:
        """Return a visitor who has been through the trial form as far as ``item``."""
        visitor = self.begun()
        while visitor.item != item:
            visitor.answer(TRIAL[visitor.item])
        return visitor

    def answers(self) -> dict[str, str | None]:
        """Return the present answers of all drafts together."""
        with reading(self.engine) as session:
            rows = session.exec(select(Answer).where(col(Answer.superseded_at).is_(None))).all()
            return {row.item: row.value for row in rows}


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An empty database, migrated."""
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def furnishings() -> Mapping[str, Callable[[Session], None]]:
    """The example wave, the wave with every type of question once, and the same one by Telegram too."""
    plan = (EXAMPLES / "utskick.toml").read_text(encoding="utf-8")
    every_type = (
        plan.replace('["komp.kort", "kval.kort"]', '["alla_typer.toml"]')
        .replace('origin = "example"', "")
        .replace(EXAMPLE, EVERY_TYPE)
    )
    by_telegram = (
        'doors = ["telegram", "web"]\ntelegram_reason = "Beslut 2026-09-01"\ntelegram_free_text = true'
    )
    return {
        "site": partial(invite, EXAMPLES / "utskick.toml", plan),
        "trial": partial(
            invite, HERE / "utskick.toml", every_type.replace("i Lindhagen och Norrvik", "på prov")
        ),
        "chats": partial(invite, HERE / "utskick.toml", every_type.replace('doors = ["web"]', by_telegram)),
    }


def invite(source: Path, body: str, session: Session) -> None:
    """Store the wave of a file and invite the example staff."""
    staff = EXAMPLES / "personal.csv"
    wave = create_wave(session, body, str(source))
    import_invitees(session, wave, staff.read_bytes(), staff.name, dry_run=False)


def invited(engine: Engine, name: str) -> tuple[int, tuple[int, ...]]:
    """Return the wave of a name, and its invitations."""
    with reading(engine) as session:
        wave = session.exec(select(Wave.id).where(Wave.name == name)).one()
        of_wave = select(Invitation.id).where(Invitation.wave_id == wave)
        mine = session.exec(of_wave.order_by(col(Invitation.id))).all()
    return wave or 0, tuple(each for each in mine if each is not None)


@pytest.fixture
def host(engine: Engine, tmp_path: Path) -> Iterator[Callable[[int, tuple[int, ...]], Site]]:
    """Something that opens a web chat over a wave."""
    clock = Clock()
    settings = Settings(_env_file=None, data_dir=tmp_path, base_url=BASE_URL)
    archive = Archive(engine)
    with asyncio.Runner() as runner:
        app = web_app(settings, archive, clock)
        yield lambda wave, invited: Site(engine, clock, app, runner, wave, invited)
    archive.close()


@pytest.fixture
def site(engine: Engine, host: Callable[[int, tuple[int, ...]], Site]) -> Site:
    """The web chat of the example wave: KOMP + KVAL."""
    return host(*invited(engine, EXAMPLE))


@pytest.fixture
def trial(engine: Engine, host: Callable[[int, tuple[int, ...]], Site]) -> Site:
    """The web chat of a wave that has every type of question once."""
    return host(*invited(engine, EVERY_TYPE))


@pytest.fixture
def chats(api: BotApi, engine: Engine) -> Chats:
    """The wave with every type of question once, by Telegram and web, open questions too."""
    from botapi.door import Chats

    return Chats(api, engine, *invited(engine, EVERY_TYPE))


@pytest.fixture
def visitor(chats: Chats, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    """Somebody who has opened a link to the wave with Telegram; the bot has that name, '' for no bot."""
    archive = Archive(chats.engine)
    settings = Settings(_env_file=None, data_dir=tmp_path, base_url=BASE_URL)
    with asyncio.Runner() as runner:

        def come(bot_name: str = "granska_bot") -> Visitor:
            visitor = Visitor(web_app(settings, archive, chats.clock, lambda: bot_name), runner)
            visitor.get(f"/s/{chats.token()}")
            return visitor

        yield come
    archive.close()
