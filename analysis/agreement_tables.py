"""How far readers and coders agree, as a table of ready words: no single figure is enough (``agreement``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.agreement import Codes, agreement, alpha
from analysis.fieldwork_tables import NONE, WordTable, shared
from analysis.statistics_wording import statistics_words
from analysis.wording import number

Pair = tuple[str, tuple[str, str], Codes, Codes, Sequence[str]]
"""What it is about, who the two are, what each said, and the steps of a scale."""


def agreement_table(pairs: Iterable[Pair], language: str) -> WordTable:
    """Return per pair how many both judged, how many alike, kappa, alpha and the base rates of each."""
    rows = []
    for about, names, first, second, order in pairs:
        found = agreement(first, second)
        measured = alpha([first, second], order) if order else found.alpha
        rates = [
            f"{code} {shared(one, 1, language)} / {shared(other, 1, language)}"
            for code, (one, other) in found.base_rates.items()
        ]
        share = shared(found.agreed, found.both, language)
        cells = (number(found.both, language), number(found.agreed, language), share)
        rows.append(
            (
                about,
                " / ".join(names),
                *cells,
                _two(found.kappa, language),
                _two(measured, language),
                ", ".join(rates),
            )
        )
    keys = ("about", "who", "both", "agreed", "share", "kappa", "alpha", "base_rates")
    heads = tuple(statistics_words(f"agreement.{key}", language) for key in keys)
    note = statistics_words("agreement.note", language)
    return WordTable(statistics_words("agreement.title", language), heads, tuple(rows), notes=(note,))


def _two(value: float | None, language: str) -> str:
    return NONE if value is None else number(value, language, 2)
