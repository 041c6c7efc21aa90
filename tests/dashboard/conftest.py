"""A database with the published reviews and the example, and one with nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fieldwork.demo.example import build_example
from fieldwork.demo.published import build_published
from models.database import migrate, open_database, writing

Open = Callable[..., AppTest]


def build(path: Path) -> str:
    """Build the demo in ``path`` and return its address."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        build_published(session)
        build_example(session, datetime(2026, 11, 20, 12, tzinfo=UTC))
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("demo") / "granska.db")


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'granska.db'}"


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open one page of the dashboard over a database, with what its address says."""

    def open_page(url: str, page: str, **address: str) -> AppTest:
        monkeypatch.setenv("GRANSKA_DATABASE_URL", url)
        script = AppTest.from_string(f"from dashboard import {page}\n{page}.page()", default_timeout=120)
        for name, value in address.items():
            script.query_params[name] = value
        return script.run()

    yield open_page
    st.cache_data.clear()
    st.cache_resource.clear()
