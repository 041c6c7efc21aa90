"""A manager and a respondent who read all that random waves release; 200 waves by ``granska bench``."""

from __future__ import annotations

import pytest

from benchmarks.attackers import OF_CLIENTS, WITHOUT, attack, attack_files

WEAK = {
    "the band": (8, 9),
    "the remainder rule": (2, 16),
    "the audit of splits": (22,),
    "the waiting of corrections": (4, 9),
}
"""Waves in which each rule is needed."""


def test_nobody_works_out_what_somebody_answered() -> None:
    waves = {*range(6), *(wave for waves in WEAK.values() for wave in waves)}
    assert attack(sorted(waves)) == []


@pytest.mark.parametrize("rule", WEAK)
def test_without_one_rule_the_same_attack_succeeds(rule: str) -> None:
    assert attack(WEAK[rule], rule) != []


def test_no_small_number_of_clients_is_known_better_than_from_nothing_to_five() -> None:
    assert attack_files(range(1, 5)) == []
    assert attack_files(range(1, 5), OF_CLIENTS) != []


def test_every_rule_is_switched_off_somewhere() -> None:
    assert {*WEAK, OF_CLIENTS} == set(WITHOUT)
