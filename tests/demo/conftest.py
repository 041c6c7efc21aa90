"""One demo database for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldwork.demo.example import build_example
from fieldwork.demo.published import build_published
from fieldwork.rights import Role, Viewer
from models.database import migrate, open_database, reading, writing

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)


def build(path: Path) -> None:
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        build_published(session)
        build_example(session, NOW)
    engine.dispose()


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build(path)
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
