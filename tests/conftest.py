"""The databases: a test that asks for one runs on SQLite and on PostgreSQL, unless it says why not.

Of the doors, whose tests are many and slow, only those that show what the database is asked to do run on
both; ``pytest --every-database`` runs the others on both too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import TEMPLATE, Server, running

from models.database import migrate

ENGINES = ("sqlite", "postgresql")
DOORS_ON_BOTH = {"test_console_door", "test_telegram_contacts", "test_telegram_dialogue", "test_web_walk"}
"""The modules of tests/bot that always run on both."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let every test run on both databases."""
    parser.addoption(
        "--every-database", action="store_true", help="run the tests of the doors on both databases"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on both, or on the one that it is about: ``only_on(engine, reason)``."""
    if "database_kind" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("only_on")
        kinds = marker.args[:1] if marker else ENGINES if _on_both(metafunc) else ENGINES[:1]
        metafunc.parametrize("database_kind", kinds, indirect=True)


def _on_both(metafunc: pytest.Metafunc) -> bool:
    path = metafunc.definition.path
    of_a_door = path.parent.name == "bot" and path.stem not in DOORS_ON_BOTH
    return not of_a_door or bool(metafunc.config.getoption("--every-database"))


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


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, for this test alone."""
    if database_kind == "sqlite":
        path = tmp_path / "granska.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres").database(TEMPLATE) as url:
        yield url
