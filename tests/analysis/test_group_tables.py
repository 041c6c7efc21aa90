"""What is left to read under policy ``group``; more waves by ``granska bench group_tables``."""

from __future__ import annotations

import sys

import pytest

from benchmarks.group_tables import GOAL, share


def test_most_tables_of_a_unit_with_eight_to_fourteen_answers_say_something(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = share(range(4))
    with capsys.disabled():
        sys.stdout.write(f" {found.percent:.0f} % of {found.tables} tables say something ")
    assert found.percent >= GOAL
    assert found.words < found.numbers
