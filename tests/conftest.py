"""The databases: a test that asks for one runs on SQLite and on PostgreSQL, unless it says why not.

``pytest --without-telegram`` leaves the tests of Telegram out and its library too: nothing else may need it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from postgres import TEMPLATE, Server, running
from sqlmodel import Session

from models.database import migrate, open_database, writing

settings.register_profile("any speed", deadline=None)
settings.load_profile("any speed")

Furnish = Callable[[Session], None]
"""Stores what many tests start from, and commits."""

if TYPE_CHECKING:
    from botapi.api import BotApi

ENGINES = ("sqlite", "postgresql")
TELEGRAM = (
    "tests/botapi",
    "tests/bot/test_telegram_*.py",
    "tests/bot/test_web_telegram.py",
    "tests/bot/test_fuzz.py",
    "tests/browser/test_inspector_runs_a_wave.py",
)
"""What cannot do without Telegram."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let everything be tested as it is where nobody uses Telegram."""
    parser.addoption("--without-telegram", action="store_true", help="run as if Telegram were not there")


def pytest_configure(config: pytest.Config) -> None:
    """Hide the library, so that whoever imports it fails."""
    if config.getoption("--without-telegram"):
        sys.modules["telegram"] = None  # type: ignore[assignment]  # what Python knows as: not to be had


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is about Telegram."""
    off = config.getoption("--without-telegram")
    return True if off and any(collection_path.match(each) for each in TELEGRAM) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on both, or on the one that it is about: ``only_on(engine, reason)``."""
    if "database_kind" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("only_on")
        metafunc.parametrize("database_kind", marker.args[:1] if marker else ENGINES, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server with a migrated database to copy."""
    with running() as server:
        with server.connect() as connection:
            server.make(connection, TEMPLATE)
        migrate(server.url(TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "granska.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, for this test alone."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'granska.db'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture(scope="session")
def furnishings() -> Mapping[str, Furnish]:
    """What the tests of a folder start from, by the name of the fixture that stands for it, in order."""
    return {}


Templates = Callable[[str, tuple[Furnish, ...]], str]


@pytest.fixture(scope="session")
def furnished(request: pytest.FixtureRequest, migrated_file: Path) -> Templates:
    """Furnish a database once for each engine, and return the file or the name that is to be copied."""
    made: dict[tuple[str, tuple[Furnish, ...]], str] = {}

    def template(kind: str, steps: tuple[Furnish, ...]) -> str:
        if (kind, steps) not in made:
            name = f"{TEMPLATE}_{len(made)}"
            place, address = _copied(request, kind, name, migrated_file)
            engine = open_database(address)
            with writing(engine) as session:
                for furnish in steps:
                    furnish(session)
            engine.dispose()
            made[kind, steps] = place
        return made[kind, steps]

    return template


def _copied(request: pytest.FixtureRequest, kind: str, name: str, migrated_file: Path) -> tuple[str, str]:
    """Copy the migrated database, and return where the copy is and its address."""
    if kind == "sqlite":
        path = shutil.copy(migrated_file, migrated_file.with_name(f"{name}.db"))
        return str(path), f"sqlite:///{path}"
    server: Server = request.getfixturevalue("postgres")
    with server.connect() as connection:
        server.make(connection, name, TEMPLATE)
    return name, server.url(name)


@pytest.fixture
def database(
    database_kind: str,
    request: pytest.FixtureRequest,
    furnishings: Mapping[str, Furnish],
    tmp_path: Path,
) -> Iterator[str]:
    """The address of a migrated database for this test alone, with the furnishings that it asks for."""
    steps = tuple(furnishings[name] for name in furnishings if name in request.fixturenames)
    template = request.getfixturevalue("furnished")(database_kind, steps) if steps else ""
    if database_kind == "sqlite":
        path = tmp_path / "granska.db"
        shutil.copy(template or request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres").database(template or TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def bot_api() -> Iterator[BotApi]:
    """The stand-in for the Bot API, one server for all tests of a process."""
    from botapi.server import running as serving

    with serving() as api:
        yield api


@pytest.fixture
def api(bot_api: BotApi) -> Iterator[BotApi]:
    """The stand-in as if just started; a complaint that nobody forgave fails the test."""
    bot_api.begin()
    yield bot_api
    bot_api.check()
