"""From answers to tables, all the way: what the benchmark measures is also right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from sqlmodel import Session, select

from fieldwork import results
from fieldwork.recounting import recount
from fieldwork.rights import Viewer
from models.database import writing
from models.tables import Count

ANNA = Viewer("Anna", "inspector")
RESPONDENTS = 60
Chosen = dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "tabulate.py"
    specification = spec_from_file_location("benchmarks.tabulate", path)
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def told(bench: ModuleType) -> list[tuple[int, Chosen]]:
    """The unit of each respondent, and what she chose."""
    chance = Random(2012)  # noqa: S311 - the same respondents on every run
    patterns = [bench.pattern(bench.asked(), chance) for _ in range(RESPONDENTS)]
    return [(1 + number % bench.UNITS, chosen) for number, chosen in enumerate(patterns)]


@pytest.fixture
def wave(bench: ModuleType, told: list[tuple[int, Chosen]], tmp_path: Path) -> Iterator[Session]:
    """The wave of the benchmark, closed; everybody sent through the use case."""
    engine = bench.build(tmp_path / "granska.db", bench.asked(), 0)
    with writing(engine) as session:
        for number, (unit, chosen) in enumerate(told):
            answers = {item: " ".join(options) or None for item, options in chosen.items()}
            results.store(
                session,
                wave=1,
                reporting_unit_id=unit,
                form=bench.asked(),
                answers=answers,
                key=f"{number:09}",
                partial=False,
            )
        session.commit()
        yield session
    engine.dispose()


def test_every_table_holds_what_was_answered(
    bench: ModuleType, told: list[tuple[int, Chosen]], wave: Session
) -> None:
    items = [question.name for question in bench.asked().questions]
    found = results.counts(wave, ANNA, 1, items, "sex")
    for split in bench.every_split(bench.asked(), found, bench.columns(found)):
        item, rows = split.whole.item, [row.value for row in split.whole.rows]
        columns = [(part, *each) for part in split.parts for each in enumerate(part.columns, start=1)]
        for part, unit, column in columns:
            mine = [chosen[item] for at, chosen in told if at == unit and chosen["Q-00"][0] == part.value]
            assert column.counts == tuple(sum(row in options for options in mine) for row in rows)
            assert (column.sent, column.base) == (len(mine), sum(bool(options) for options in mine))
        whole = [chosen[item] for _, chosen in told]
        assert split.whole.total is not None
        assert split.whole.total.counts == tuple(sum(row in options for options in whole) for row in rows)


def test_the_benchmark_counts_as_the_use_case_does(
    bench: ModuleType, told: list[tuple[int, Chosen]], wave: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "PATTERNS", RESPONDENTS)
    kept = {
        (row.reporting_unit_id, row.split, row.item, row.kind, row.value, row.part): row.n
        for row in wave.exec(select(Count))
    }
    assert kept == bench.counts_of([chosen for _, chosen in told], RESPONDENTS)
    assert recount(wave, 1) == ()
