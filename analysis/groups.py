"""When a group of respondents is too small, or agrees too much, to be told in numbers (policy ``group``).

A group with fewer than k answers is not told. In one with fewer than n0, all, all but one or all but two may
not be known to have given the same answer, so that a lone dissenter cannot be sure of the others. What is
left under a total when the groups told are taken from it, the rest, is a group itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.primary import Rules
from analysis.tables import WRITTEN, Column, Measure, Table

SEPARATE = {Measure.SEVERAL, Measure.TEXT}
"""Measures whose rows are independent of each other: each is a yes and a no."""


def is_too_small(table: Table, column: Column, rules: Rules) -> bool:
    """Say whether fewer than k answered, or how many were asked tells too much about the filter question."""
    return min(column.answered, default=column.sent) < rules.k or tells_the_filter(table, column, rules)


def tells_the_filter(table: Table, column: Column, rules: Rules) -> bool:
    """Say whether the base of a question on a route shows that nearly all took the same way at the filter.

    Where nobody knows how many answered the filter, those on the route are taken to be all of them.
    """
    if not table.routed:
        return False
    asked = column.sent - column.off_route
    deciding = asked if column.deciding is None else column.deciding
    return deciding < rules.alike_below and (deciding - asked <= 2 or asked <= 2)


def band(table: Table, column: Column, row: int, rules: Rules) -> str:
    """Return ``most`` or ``few`` where a group below n0 answered nearly alike, else ''."""
    return _alike(table, column, row, 2) if column.answered[row] < rules.alike_below else ""


def rest_is_safe(table: Table, rest: Sequence[Column], rules: Rules) -> bool:
    """Say whether a total may cover the groups of ``rest``, none of which is told by itself.

    They hold nobody, or at least k who differ. The rest may be large while each group in it is small, so all,
    or all but one, alike is too much at any size. The base of a question on a route tells how many of the
    rest took one way at the filter, and of a smaller rest once that question's own groups are taken away:
    there no total covers a rest.
    """
    if not any(column.sent for column in rest):
        return True
    together = sum(rest[1:], start=rest[0])
    if table.routed or is_too_small(table, together, rules):
        return False
    unseen = sum(column.invited for column in rest if column.invited < rules.k)
    if 0 < unseen < rules.k:
        return False
    margins = (2 if answered < rules.alike_below else 1 for answered in together.answered)
    return not any(_alike(table, together, row, margin) for row, margin in enumerate(margins))


def _alike(table: Table, column: Column, row: int, margin: int) -> str:
    """Return ``most`` where all but at most ``margin`` chose the row, ``few`` where at most so many did.

    In a single choice only the chosen option is an answer. A derived row follows from the others, and that
    something was written says nothing.
    """
    if table.rows[row].parts or table.rows[row].value == WRITTEN:
        return ""
    if column.counts[row] >= column.answered[row] - margin:
        return "most"
    return "few" if column.counts[row] <= margin and table.measure in SEPARATE else ""
