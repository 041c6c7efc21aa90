"""The tables that a printed report holds: the only ones that may be shown of a published wave."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel import Session

from models.tables import Wave
from questionnaires.definition import Question

SENT = "sent"
"""The base of everything that was sent in; any other base is an item, whose route it is."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One item as a report prints it, as kept in ``Wave.printed``.

    ``units`` are the reporting units covered, by label. ``split``: each has a column of its own, else only
    all of them together are printed. ``total``: they are also printed together. ``base`` is ``SENT`` or the
    item whose route the shares are a share of. ``options`` are those with a printed count. ``source`` is
    report title, year and section.
    """

    item: str
    units: tuple[str, ...]
    base: str
    options: tuple[str, ...]
    source: str
    split: bool
    total: bool

    def narrowed(self, question: Question) -> Question:
        """Return the question with the printed options only: one without a printed count is not zero."""
        kept = tuple(choice for choice in question.choices if choice.name in self.options)
        return replace(question, choices=kept)

    def stored(self) -> dict[str, Any]:
        """Return the entry of ``Wave.printed``."""
        return asdict(self)


def printed_tables(session: Session, wave_id: int) -> tuple[PrintedTable, ...]:
    """Return the tables that may be shown of a published wave, by item."""
    entries: list[dict[str, Any]] = [*session.get_one(Wave, wave_id).printed]
    return tuple(
        PrintedTable(**{**entry, "units": tuple(entry["units"]), "options": tuple(entry["options"])})
        for entry in entries
    )
