"""Do units answer alike? Tests by dealing the same answers out anew, and how large a difference is.

Nothing is assumed about how answers are distributed: the answers given are kept, and it is asked in which
share of all ways to deal them to the units the units would differ at least as much. Small tables are counted
through; larger ones are drawn with a seed, so that the same table gives the same figure again.

Sources: G. H. Freeman and J. H. Halton, "Note on an exact treatment of contingency, goodness of fit and other
problems of significance", Biometrika 38 (1951); W. H. Kruskal and W. A. Wallis, JASA 47 (1952); H. Cramér,
*Mathematical Methods of Statistics* (1946), chapter 21; N. Cliff, "Dominance statistics", Psychological
Bulletin 114 (1993); S. Holm, Scandinavian Journal of Statistics 6 (1979); B. Phipson and G. K. Smyth,
"Permutation p-values should never be zero" (2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import random_table
from scipy.stats.contingency import association
from statsmodels.stats.multitest import multipletests

from analysis.disclosure import SafeTable
from analysis.safe_columns import State
from analysis.tables import Measure

Groups = Mapping[str, Sequence[int]]
"""Counts by option, in the order of the options, for each unit."""

COUNTED_THROUGH = 20_000
"""Up to so many tables are counted through; beyond, ``DRAWN`` are drawn."""

DRAWN = 9_999
_ROUNDING = 1e-9
"""Statistics this near to each other, relatively, are equal."""


@dataclass(frozen=True, slots=True)
class Equality:
    """Whether units answer alike.

    ``p_value`` is the share of the ways to deal the answers that differ at least as much; ``exact`` where all
    ways were counted through. ``cramers_v`` runs from 0 (alike) to 1 (the unit tells the answer); in small
    units it lies above 0 by chance alone.
    """

    p_value: float
    exact: bool
    cramers_v: float


def groups(table: SafeTable) -> Groups:
    """Return the counts of the units that are shown with numbers; sums of other rows are left out.

    ValueError where a person may be in several rows: such rows are compared one at a time, yes against no.
    """
    if table.measure not in {Measure.NOMINAL, Measure.ORDINAL}:
        raise ValueError(f"rows of a table of measure {table.measure} do not divide the persons")
    whole = [not row.parts for row in table.rows]
    shown: dict[str, list[int]] = {}
    for column in table.columns:
        cells = [cell.count for cell, own in zip(column.cells, whole, strict=False) if own]
        counts = [count for count in cells if count is not None]
        if column.state is State.SHOWN and len(counts) == sum(whole):
            shown[column.label] = counts
    return shown


def equality(units: Groups, *, ordered: bool, seed: int) -> Equality:
    """Test whether units answer alike. ``ordered``: the options are steps of a scale.

    Nominal options: Freeman and Halton's test, ways as probable as the observed or less. Ordered ones:
    Kruskal and Wallis' statistic on mid-ranks, which between two units is the Mann-Whitney test with ties, as
    far from the middle in either direction. Units and options without answers are left out; where one unit
    or one option is left, nothing can differ: p is 1. ValueError where counts are negative or of different
    lengths.
    """
    table = _observed(units)
    if min(table.shape) < 2:
        return Equality(1.0, exact=True, cramers_v=0.0)
    statistic = _spread_of_ranks if ordered else _improbability
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    limit = statistic(table[np.newaxis])[0] * (1 - _ROUNDING)
    effect = float(association(table, method="cramer"))
    ways = list(islice(_ways(tuple(rows.tolist()), tuple(columns.tolist())), COUNTED_THROUGH + 1))
    if len(ways) <= COUNTED_THROUGH:
        tables = np.array(ways, dtype=np.int64)
        chances = np.exp(_log_chance(tables, rows, columns))
        p_value = float(chances[statistic(tables) >= limit].sum())
        return Equality(min(p_value, 1.0), exact=True, cramers_v=effect)
    drawn = random_table(rows, columns).rvs(DRAWN, random_state=np.random.default_rng(seed))
    at_least = int((statistic(drawn.astype(np.int64)) >= limit).sum())
    return Equality((1 + at_least) / (1 + DRAWN), exact=False, cramers_v=effect)


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p-values of several comparisons, each made larger by Holm's method; order is kept.

    The chance that any of them falls below a limit though nothing differs is then below the limit too.
    """
    if not p_values:
        return ()
    return tuple(float(p) for p in multipletests(p_values, method="holm")[1])


def cliffs_delta(first: Sequence[int], second: Sequence[int]) -> Fraction:
    """Return P(first later) - P(first earlier) on the steps of a scale, -1 to 1; equal to 2U / (nm) - 1.

    ``first`` and ``second`` count answers by step. Above 0, the first unit lies on later steps. ValueError
    where a unit has no answer or they have different steps.
    """
    pairs = sum(first) * sum(second)
    if not pairs or len(first) != len(second):
        raise ValueError("both units need an answer, on the same steps")
    later = sum(n * sum(second[:step]) for step, n in enumerate(first))
    earlier = sum(n * sum(second[step + 1 :]) for step, n in enumerate(first))
    return Fraction(later - earlier, pairs)


def _observed(units: Groups) -> NDArray[np.int64]:
    """Return the table without empty units and options."""
    widths = {len(counts) for counts in units.values()} or {0}
    if len(widths) > 1:
        raise ValueError("the units have different numbers of options")
    table = np.array(list(units.values()), dtype=np.int64).reshape(len(units), *widths)
    if (table < 0).any():
        raise ValueError("a count is negative")
    return np.asarray(table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0])


def _improbability(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rises as the probability of a table with these margins falls; 1 is added to keep it above 0."""
    return np.asarray(1 + gammaln(tables + 1).sum(axis=(1, 2)), dtype=np.float64)


def _spread_of_ranks(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the part of Kruskal and Wallis' H that differs between tables with the same margins.

    Mid-ranks are counted from the middle, so that the sum is 0 where all units are alike.
    """
    columns = tables[0].sum(axis=0)
    middle = np.cumsum(columns) - columns / 2 - columns.sum() / 2
    sums = tables @ middle
    return np.asarray((sums**2 / tables.sum(axis=2)).sum(axis=1), dtype=np.float64)


def _log_chance(
    tables: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the logarithm of the chance of each table when its margins are fixed."""
    margins = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(rows.sum() + 1)
    return np.asarray(margins - gammaln(tables + 1).sum(axis=(1, 2)), dtype=np.float64)


_Sums = tuple[int, ...]


def _ways(rows: _Sums, columns: _Sums) -> Iterator[tuple[_Sums, ...]]:
    """Yield every table with these sums of rows and columns."""
    if len(rows) == 1:
        yield (columns,)
        return
    for first in _splits(rows[0], columns):
        left = tuple(column - taken for column, taken in zip(columns, first, strict=True))
        for rest in _ways(rows[1:], left):
            yield (first, *rest)


def _splits(total: int, limits: _Sums) -> Iterator[_Sums]:
    """Yield every way to split ``total`` into parts within their limits."""
    if len(limits) == 1:
        if total <= limits[0]:
            yield (total,)
        return
    for part in range(max(0, total - sum(limits[1:])), min(total, limits[0]) + 1):
        for rest in _splits(total - part, limits[1:]):
            yield (part, *rest)
