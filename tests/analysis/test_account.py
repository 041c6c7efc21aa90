"""What stands behind a section's tables, and what may be said of two rounds: only from what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from analysis import account
from analysis.account import Account, accounts
from analysis.comparison import equality
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.round_differences import matched, round_sentences
from analysis.tables import Mark, Provenance, tabulate

from .conftest import question, rows

GROUP = Policy("group")


def safe(item: str = "KVAL-03", preliminary: bool = False, **units: Mapping[str, int]) -> SafeTable:
    counts, columns = rows(item, units)
    table = tabulate(question(item), counts, columns)
    if preliminary:
        table = replace(table, provenance=Provenance("", (Mark.PRELIMINARY,)))
    return disclose(table, GROUP)


def told(*tables: SafeTable, routed: frozenset[str] = frozenset(), unit: str = "") -> tuple[Account, ...]:
    return accounts(tables, routed, unit, "sv")


ALBY = {"ja": 14, "nej": 6, "invited": 24}
FARSTA = {"ja": 5, "nej": 15, "invited": 20}


def test_the_sets_of_the_research_stand_behind_the_table() -> None:
    (found,) = told(safe(Alby=ALBY, Farsta=FARSTA), unit="Alby")
    assert "63–75" in found.said[0]
    assert found.sets is not None
    assert [row[0] for row in found.sets.rows] == ["Ja", "Nej"]
    assert found.sets.rows[0][1:] == ("14 (70\xa0%)", "63–75\xa0%", "58–75\xa0%")


def test_where_everybody_answered_there_is_no_set() -> None:
    (found,) = told(safe(Alby=ALBY, Farsta=FARSTA), unit="Farsta")
    assert found.said[0].startswith("Alla har svarat")
    assert found.sets is None


def test_nothing_is_said_of_the_silent_where_the_question_is_routed_or_the_survey_open() -> None:
    (routed,) = told(safe(Alby=ALBY, Farsta=FARSTA), routed=frozenset({"KVAL-03"}))
    (open_,) = told(safe(preliminary=True, Alby=ALBY, Farsta=FARSTA))
    assert routed.sets is open_.sets is None
    assert "bara till en del" in routed.said[0]
    assert "stängd" in open_.said[0]


def test_who_left_a_question_out_is_told_with_its_base() -> None:
    (found,) = told(safe(Alby={"ja": 9, "nej": 6, "missing:skipped": 3, "missing:declined": 2}))
    assert found.said[0] == "5 av 20 som fick frågan svarade inte på den (25\xa0%)."


def test_p_values_are_adjusted_for_every_table_of_the_section() -> None:
    alone = told(safe(Alby=ALBY, Farsta=FARSTA))
    together = told(
        safe(Alby=ALBY, Farsta=FARSTA), *(safe(f"KVAL-1{n}", Alby=ALBY, Farsta=FARSTA) for n in range(9))
    )
    p_value = equality({"Alby": (14, 6), "Farsta": (5, 15)}, ordered=False, seed=1).p_value
    assert 0.009 < p_value < 0.02
    assert "större än vad slumpen brukar ge" in alone[0].said[1]
    assert "inte större än vad slumpen kan ge" in together[0].said[1]


def test_the_plain_sentence_is_said_of_the_units_furthest_apart() -> None:
    table = safe(Alby={"ja": 7, "nej": 6}, Farsta={"ja": 6, "nej": 6}, Kista={"ja": 5, "nej": 6})
    (found,) = told(table)
    assert found.said[-1].endswith("Skillnaden ryms i vad en persons svar kan göra.")
    assert "7 av 13 i Alby och 5 av 11 i Kista" in found.said[-1]


def test_a_hidden_unit_is_nowhere_in_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def watched(units: Mapping[str, object], **how: object) -> object:
        compared.extend(units)
        return equality(units, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(account, "equality", watched)
    table = safe(Alby=ALBY, Farsta=FARSTA, Kista={"ja": 1, "nej": 2, "invited": 9})
    found = told(table, unit="Kista")
    assert found == ()
    assert "Kista" not in str(told(table))
    assert set(compared) == {"Alby", "Farsta"}


def test_rounds_are_compared_where_a_unit_stands_for_the_same_organisations() -> None:
    before = {"A": frozenset({1}), "B-C": frozenset({2, 3}), "D": frozenset({4})}
    after = {"A ny": frozenset({1}), "B": frozenset({2}), "D": frozenset({4})}
    found = matched(before, after)
    assert found.same == {"A ny": "A", "D": "D"}
    assert found.differ == ("B",)


def test_a_change_is_told_with_both_counts_and_only_where_both_rounds_show_numbers() -> None:
    before = safe(Alby={"ja": 12, "nej": 3}, Kista={"ja": 1, "nej": 2})
    after = safe(Alby={"ja": 3, "nej": 13}, Kista={"ja": 7, "nej": 6})
    (said,) = round_sentences(before, after, {"Alby": "Alby", "Kista": "Kista"}, "sv")
    assert said.startswith("Alby, ”Ja”: 12 av 15 före och 3 av 16 efter. Skillnaden är större än")
    one = safe(Alby={"ja": 8, "nej": 7})
    (small,) = round_sentences(one, safe(Alby={"ja": 9, "nej": 7}), {"Alby": "Alby"}, "sv")
    assert small.endswith("Skillnaden ryms i vad en persons svar kan göra.")
