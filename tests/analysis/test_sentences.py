"""First sentences say the answer with its base, and never more than the table shows."""

from __future__ import annotations

from collections.abc import Callable

from analysis import sentences
from analysis.disclosure import Policy, disclose
from analysis.tables import tabulate, tabulate_rows

from .conftest import Made, question, rows

GROUP = Policy("group")
PUBLISHED = Policy("published")


def test_the_most_frequent_answer_comes_first_with_its_base(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 2, 1), B=(2, 4, 4, 2))), GROUP)
    assert sentences.about(safe) == "Totalt svarar 11 av 22 ”Bra”."
    assert sentences.about(safe, "A") == "I A svarar 7 av 10 ”Bra”."


def test_a_hidden_group_is_told_kindly(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 2, 1, 1))), GROUP)
    assert sentences.about(safe, "A") == "Svaren visas inte, eftersom för få har svarat."
    assert sentences.about(safe, "Nowhere") == "Inga svar har kommit in än."
    assert sentences.about(disclose(tabulate(*scale(A=(0, 7, 0, 0))), GROUP), "A") == (
        "I A svarar alla eller de flesta ”Bra”."
    )


def test_cooperation_is_told_inside_and_outside(scale: Callable[..., Made]) -> None:
    internal = disclose(tabulate(*scale(HL=(0, 7, 2, 1)), total=False), PUBLISHED)
    external = disclose(tabulate(*scale("KVAL-06", HL=(0, 6, 2, 2)), total=False), PUBLISHED)
    assert sentences.cooperation(internal, external, "HL") == (
        "I HL svarar 7 av 10 att den interna samverkan fungerar bra eller mycket bra. "
        "Om den externa säger 6 av 10 det."
    )


def test_cooperation_with_one_hidden_side_says_only_what_is_shown(scale: Callable[..., Made]) -> None:
    internal = disclose(tabulate(*scale(A=(2, 4, 4, 2))), GROUP)
    external = disclose(tabulate(*scale("KVAL-06", A=(0, 2, 1, 1))), GROUP)
    assert sentences.cooperation(internal, external, "A") == sentences.about(internal, "A")


def test_a_table_of_files_speaks_of_files() -> None:
    counts, units = rows("FAM20-11", {"HL": {"ja": 6, "nej": 9}, "Farsta": {"ja": 5, "nej": 10}})
    safe = disclose(tabulate_rows("Hälsa", [(question("FAM20-11"), "ja")], counts, units), PUBLISHED)
    assert sentences.files(safe) == "Totalt gäller ”Fråga FAM20-11” i 11 av 30 akter."


def test_a_mean_is_told_with_its_comma() -> None:
    counts, units = rows("LED-13", {"A": {"40": 3, "55": 2, "35": 2}})
    safe = disclose(tabulate(question("LED-13", "integer", ()), counts, units, language="sv"), GROUP)
    assert sentences.about(safe, "A") == "I A är medelvärdet 42,9."


def test_missing_answers_keep_their_reason(yes_no: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*yes_no(A={"ja": 5, "nej": 6, "missing:skipped": 2})), GROUP)
    assert sentences.missing(safe.columns[0], "sv") == "två hoppat över"
