"""Evidence laid side by side: a row of a table, one unit, how it was gathered. Never merged into a score."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.disclosure import SafeTable
from analysis.safe_columns import Cell, SafeColumn
from analysis.tables import YES
from analysis.wording import words

SURVEY = "survey"
FILE_REVIEW = "file_review"


@dataclass(frozen=True, slots=True)
class Strand:
    """One kind of evidence on one point, with its own n: ``value`` names a row of ``table``.

    ``method`` is empty where a chart is about case files alone.
    """

    label: str
    method: str
    table: SafeTable
    column: SafeColumn
    value: str

    @property
    def cell(self) -> Cell:
        """The cell of the row called ``value``."""
        values = [row.value for row in self.table.rows]
        return self.column.cells[values.index(self.value)]


def side_by_side(strands: list[Strand], language: str) -> str:
    """Return what survey and files say, one clause each with its base; hidden ones are left out."""
    told = []
    for method in (SURVEY, FILE_REVIEW, ""):
        seen = [each for each in strands if each.method == method and each.cell.count is not None]
        if seen:
            each = seen[-1]
            key = f"sentence.strand_{'class' if each.value != YES else method or FILE_REVIEW}"
            values = {"label": each.label, "count": each.cell.count, "n": each.column.n}
            told.append(words(key, language, unit=each.column.label, **values))
    return " ".join(told) or words("sentence.hidden", language)
