"""One demo database for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldwork.demo.example import build_example
from fieldwork.demo.published import build_published
from fieldwork.rights import Role, Viewer
from models.database import migrate, open_database, reading, writing


def _build(path: Path, now: datetime) -> None:
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        build_published(session)
        build_example(session, now)
    engine.dispose()


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 10, 14, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def build() -> Callable[[Path, datetime], None]:
    return _build


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    _build(path, now)
    return path


@pytest.fixture
def session(demo_path: Path) -> Iterator[Session]:
    engine = open_database(f"sqlite:///{demo_path}")
    with reading(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def inspector() -> Viewer:
    return Viewer("inspektör", Role.INSPECTOR)
