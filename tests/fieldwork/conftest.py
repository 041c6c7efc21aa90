from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from fieldwork.reviews import create_wave
from models.database import migrate, open_database, writing

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, migrated, in a file of its own."""
    url = f"sqlite:///{tmp_path / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(archive: Engine) -> Iterator[Session]:
    """A session that writes to the archive."""
    with writing(archive) as session:
        yield session


@pytest.fixture
def plan() -> str:
    """The example wave: a survey of three districts in two reporting units."""
    return (EXAMPLES / "utskick.toml").read_text(encoding="utf-8")


@pytest.fixture
def staff() -> bytes:
    """The example staff list: 24 in service, one away."""
    return (EXAMPLES / "personal.csv").read_bytes()


@pytest.fixture
def survey(store: Session, plan: str) -> int:
    """The example wave, stored; nobody is invited yet."""
    return create_wave(store, plan, str(EXAMPLES / "utskick.toml"))


@pytest.fixture
def file_review(store: Session) -> int:
    """The example wave about files: 12 in Lindhagen, 8 in Norrvik."""
    source = EXAMPLES / "aktgranskning.toml"
    return create_wave(store, source.read_text(encoding="utf-8"), str(source))
