"""A wave on a disk of its own, and visitors who read its pages as a browser without script would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.app import web_app
from bot.archive import Archive
from fieldwork.invitations import import_invitees, mint_link
from fieldwork.reviews import create_wave
from fieldwork.settings import Settings
from models.database import migrate, open_database, writing
from models.tables import Invitation

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8080"


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
        token = f"link-{which}-{len(self.invited)}-{self.clock.now.timestamp():.0f}-{expires}".replace(
            " ", ""
        )
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


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, migrated, in a file of its own."""
    url = f"sqlite:///{tmp_path / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def invited(engine: Engine) -> tuple[int, tuple[int, ...]]:
    """The example wave and its invitations."""
    source = EXAMPLES / "utskick.toml"
    with writing(engine) as session:
        wave = create_wave(session, source.read_text(encoding="utf-8"), str(source))
        staff = EXAMPLES / "personal.csv"
        import_invitees(session, wave, staff.read_bytes(), staff.name, dry_run=False)
        found = session.exec(
            select(Invitation.id).where(Invitation.wave_id == wave).order_by(Invitation.id)
        ).all()
    return wave, tuple(each for each in found if each is not None)


@pytest.fixture
def site(engine: Engine, invited: tuple[int, tuple[int, ...]], tmp_path: Path) -> Iterator[Site]:
    clock = Clock()
    settings = Settings(_env_file=None, data_dir=tmp_path, base_url=BASE_URL)
    archive = Archive(engine)
    with asyncio.Runner() as runner:
        yield Site(engine, clock, web_app(settings, archive, clock), runner, *invited)
    archive.close()
