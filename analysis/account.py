"""*Så räknade vi*: what stands behind the tables of a section, computed only from what they show.

For each question how far its answers speak for everyone invited, how many left it unanswered, and whether
units answer alike. The comparisons of one section are adjusted together (``comparison.adjusted``), so that
what is said does not depend on which of its questions somebody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from analysis.comparison import Equality, Groups, adjusted, cliffs_delta, equality, groups
from analysis.differences import Share, difference_sentence, equality_sentence
from analysis.disclosure import SafeTable
from analysis.fieldwork_tables import WordTable
from analysis.intervals import Span, Uncertainty, uncertainty, uncertainty_sentence
from analysis.rates import ItemResponse
from analysis.safe_columns import SafeColumn, State
from analysis.sentences import focus
from analysis.statistics_wording import statistics_words
from analysis.tables import Mark, Measure
from analysis.wording import listed, number, percent, percent_sign
from questionnaires.definition import Missing

SEED = 1
"""Where tables are drawn: the same table gives the same p-value again."""

COMPARED = {Measure.NOMINAL, Measure.ORDINAL}
COUNTED = {*COMPARED, Measure.SEVERAL}


@dataclass(frozen=True, slots=True)
class Account:
    """What stands behind one question: sentences, and the exact sets of its classes where there are any."""

    title: str
    said: tuple[str, ...]
    sets: WordTable | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    """The units with the highest and the lowest share of one class, and their p-value, adjusted."""

    label: str
    units: tuple[str, str]
    shares: tuple[Share, Share]
    p_value: float


def accounts(
    tables: Sequence[SafeTable], routed: frozenset[str], unit: str, language: str
) -> tuple[Account, ...]:
    """Return the account of each table of a section, seen from one unit or ('') from all.

    ``routed`` names the items that only some are asked: how many these are among the silent is not known.
    """
    equalities = _equalities(tables)
    pairs = _pairs(tables)
    found = []
    for place, table in enumerate(tables):
        column = focus(table, unit)
        if column is None or column.state is not State.SHOWN or table.measure not in COUNTED:
            continue
        unknown = _unknown(table, routed)
        said = [
            *_unanswered(column, language),
            _say(f"account.{unknown}", language) if unknown else _how_far(table, column, language),
            *_alike(table, equalities.get(place), language),
            *([_pair_sentence(pairs[place], language)] if place in pairs else []),
        ]
        sets = None if unknown else _sets(table, column, language)
        found.append(Account(table.title, tuple(said), sets))
    return tuple(found)


def item_response_of(column: SafeColumn) -> ItemResponse:
    """Return the item response of a shown column whose base is those who answered; see ``rates``."""
    reasons = dict(column.missing)
    lost = (reasons.get(reason, 0) for reason in (Missing.SKIPPED, Missing.DECLINED, Missing.NOT_REACHED))
    return ItemResponse(column.n or 0, *lost)


def share_of(column: SafeColumn, row: int) -> Share | None:
    """Return the share of one class in a column that is shown with numbers, among its invited."""
    count = column.cells[row].count
    if column.state is not State.SHOWN or count is None or not column.n:
        return None
    return Share(count, column.n, max(column.invited, column.n))


def _unknown(table: SafeTable, routed: frozenset[str]) -> str:
    """Return why nothing can be said of the silent: they may still answer, or are not all concerned."""
    if Mark.PRELIMINARY in table.provenance.marks:
        return "open"
    return "routed" if table.item in routed else ""


def _unanswered(column: SafeColumn, language: str) -> Iterator[str]:
    found = item_response_of(column)
    lost = found.base - found.answered
    if lost:
        share = percent_sign(percent(lost, found.base), language)
        shown = {"lost": number(lost, language), "base": number(found.base, language), "share": share}
        yield _say("account.unanswered", language, **shown)


def _of(column: SafeColumn, row: int) -> Uncertainty | None:
    share = share_of(column, row)
    return uncertainty(share.count, share.answered, share.invited) if share else None


def _how_far(table: SafeTable, column: SafeColumn, language: str) -> str:
    """Return what may be said of the largest class; the table has the others."""
    row = _largest(column)
    found = _of(column, row)
    sentence = uncertainty_sentence(found, language)
    return sentence if found is None else f"{table.rows[row].label}: {sentence}"


def _sets(table: SafeTable, column: SafeColumn, language: str) -> WordTable | None:
    """Return the exact set and the bounds of every class in whole per cent of everyone invited."""
    rows = []
    for row, each in enumerate(table.rows):
        found = _of(column, row)
        cell = column.cells[row]
        if found is None or cell.count is None or each.parts:
            continue
        seen = f"{number(cell.count, language)} ({percent_sign(cell.percent or 0, language)})"
        rows.append(
            (
                each.label,
                seen,
                *(_span(span, found.base, language) for span in (found.likely, found.possible)),
            )
        )
    if not rows:
        return None
    heads = ("", *(_say(f"account.{name}", language) for name in ("seen", "likely", "possible")))
    return WordTable(_say("account.sets", language), heads, tuple(rows))


def _span(span: Span, base: int, language: str) -> str:
    low, high = percent(span.lowest, base), percent(span.highest, base)
    if low == high:
        return percent_sign(low, language)
    return statistics_words("uncertainty.span", language, low=low, high=percent_sign(high, language))


def _equalities(tables: Sequence[SafeTable]) -> Mapping[int, tuple[Equality, float, Groups]]:
    """Return, by place, whether the units of each table answer alike, with the adjusted p-value."""
    found: dict[int, tuple[Equality, Groups]] = {}
    for place, table in enumerate(tables):
        units = groups(table) if table.measure in COMPARED else {}
        if len(units) > 1:
            found[place] = (equality(units, ordered=table.measure is Measure.ORDINAL, seed=SEED), units)
    p_values = adjusted([each.p_value for each, _ in found.values()])
    return {
        place: (each, p, units) for (place, (each, units)), p in zip(found.items(), p_values, strict=True)
    }


def _alike(table: SafeTable, found: tuple[Equality, float, Groups] | None, language: str) -> Iterator[str]:
    if found is None:
        return
    each, p_value, units = found
    shown = {
        "p": number(p_value, language, 2) if p_value >= 0.01 else _say("account.below", language),
        "v": number(each.cramers_v, language, 2),
        "how": _say("account.exact" if each.exact else "account.drawn", language),
    }
    yield f"{equality_sentence(each, p_value, language)} {_say('account.test', language, **shown)}"
    if table.measure is Measure.ORDINAL and len(units) == 2:
        delta = float(cliffs_delta(*units.values()))
        yield _say("account.cliff", language, delta=number(delta, language, 2), first=next(iter(units)))


def _pairs(tables: Sequence[SafeTable]) -> Mapping[int, _Pair]:
    """Return, by place, the two units furthest apart in the largest class of all.

    Their p-value is adjusted for every pair of units of every table, since these two were picked.
    """
    tests: list[tuple[int, str, tuple[str, str], tuple[Share, Share], float]] = []
    for place, table in enumerate(tables):
        column = focus(table)
        if table.measure not in COUNTED or column is None or column.state is not State.SHOWN:
            continue
        row = _largest(column)
        shares = {each.label: share for each in table.columns if (share := share_of(each, row))}
        for one, other in combinations(shares, 2):
            both = (shares[one], shares[other])
            parts = {one: both[0].parts, other: both[1].parts}
            p_value = equality(parts, ordered=False, seed=SEED).p_value
            tests.append((place, table.rows[row].label, (one, other), both, p_value))
    p_values = adjusted([test[-1] for test in tests])
    furthest: dict[int, _Pair] = {}
    for (place, label, units, both, _), p_value in zip(tests, p_values, strict=True):
        pair = _Pair(label, units, both, p_value)
        if place not in furthest or _apart(pair) > _apart(furthest[place]):
            furthest[place] = pair
    return furthest


def _apart(pair: _Pair) -> float:
    one, other = pair.shares
    return abs(one.count / one.answered - other.count / other.answered)


def _pair_sentence(pair: _Pair, language: str) -> str:
    shown = [
        _say("account.of", language, unit=unit, count=share.count, n=share.answered)
        for unit, share in zip(pair.units, pair.shares, strict=True)
    ]
    said = difference_sentence(*pair.shares, pair.p_value, language)
    return _say("account.pair", language, row=pair.label, units=listed(shown, language), said=said)


def _largest(column: SafeColumn) -> int:
    return max(range(len(column.cells)), key=lambda row: column.cells[row].count or 0)


def _say(key: str, language: str, **values: object) -> str:
    return statistics_words(key, language, **values)
