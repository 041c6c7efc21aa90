"""The results: written when an interview is sent, and read in one place only, with the viewer's right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from fieldwork.errors import NotAllowed, NotPrinted, NotReleased
from fieldwork.rights import Role, Viewer
from models import queries
from models.queries import CountRow
from questionnaires import engine
from questionnaires.definition import Form, Missing
from questionnaires.engine import Outcome

SPLITS = ("sex", "years", "role")
"""By what results are split. The role is that of the staff list, the others are told by an item."""

TOTAL = 0
"""The id of the unit that stands for all units together, where only their sum was printed."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One column of the tables: how many were invited, and how many answers its counts rest on.

    ``withheld``: answers have come in, but too few for the first step of an open wave, so ``answers`` is 0.
    """

    id: int
    label: str
    position: int
    invited: int
    answers: int
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of some items of a wave, as far as the viewer may see them, and the rules for them.

    The limits are those of ``models.tables.Wave``. ``parts`` are the same counts by one split, each with the
    part it is of; those who told none are left out.
    """

    units: tuple[Unit, ...]
    rows: tuple[CountRow, ...]
    preliminary: bool
    policy: str
    smallest_group: int
    origin: str
    parts: tuple[CountRow, ...] = ()
    alike_below: int = 10
    open_answers_from: int = 10


def store(  # noqa: PLR0913 - a result has a wave, a unit, a form, answers and a key, and all differ
    session: Session,
    *,
    wave: int,
    reporting_unit_id: int,
    form: Form,
    answers: Mapping[str, str | None],
    key: str,
    partial: bool,
    role: str = "",
) -> None:
    """Write the results of one sent interview and count them, also by each split. Does not commit.

    ``key`` is random and new; the same key a second time is an IntegrityError. ``role`` is empty where the
    respondent has none, or may not be found by it (an anonymous wave).
    """
    connection = session.connection()
    place = {"wave_id": wave, "reporting_unit_id": reporting_unit_id}
    outcomes = engine.outcomes(form, answers, partial=partial)
    # The unit first: on PostgreSQL its row lock makes those who send at once take turns.
    connection.execute(queries.ONE_MORE_SENT, {"unit": reporting_unit_id, "early": int(partial)})
    connection.execute(queries.NEW_RESULT, [{"key": key, **place, **row} for row in _results(outcomes)])
    texts = [{"key": key, "item": each.item, "text": each.text, **place} for each in outcomes if each.text]
    if texts:
        connection.execute(queries.NEW_TEXT_RESULT, texts)
    counted = list(_counted(outcomes))
    groups = {"": "", **parts_told(form, outcomes, role)}
    more = [
        {"unit": reporting_unit_id, "split": split, "part": part, **row}
        for split, part in groups.items()
        for row in counted
    ]
    connection.execute(queries.COUNT_ONE_MORE, more)
    if connection.execute(queries.SHOW_UNIT, {"unit": reporting_unit_id}).rowcount == 1:
        connection.execute(queries.SHOW_COUNTS, {"unit": reporting_unit_id})


def counts(session: Session, viewer: Viewer, wave_id: int, items: Sequence[str], split: str = "") -> Counts:
    """Return the counts of these items by reporting unit, and also by one of ``SPLITS``.

    The only read of results. An open wave gives its last step (``preliminary``), and no split; a published
    one only what its report prints.

    Raises:
        LookupError: no such wave.
        NotAllowed: an administrator, who sees no answers.
        NotReleased: a pilot; a manager before a release; anyone while an anonymous wave is open; a split of
            an open wave.
        NotPrinted: an item of a published wave that its report does not print; any split of it.
        ValueError: a split that there is not.
    """
    if split and split not in SPLITS:
        raise ValueError(f"There is no split by {split}: use one of {', '.join(SPLITS)}")
    connection = session.connection()
    wave = connection.execute(queries.WAVE_TERMS, {"wave": wave_id}).one_or_none()
    if wave is None:
        raise LookupError(f"There is no wave {wave_id}")
    if wave.pilot:
        raise NotReleased(f"Wave {wave_id} is a pilot: it has no results, only participation")
    published = wave.policy == "published"
    if not published:
        _check_right(viewer, wave, wave_id)
    preliminary = not published and wave.closed_at is None
    if split:
        _check_split(wave_id, published=published, preliminary=preliminary)
    units = _units(connection, wave_id, preliminary=preliminary)
    needed = {*items, *_bases(wave.printed, items)} if published else set(items)
    rows = _rows(connection, wave_id, sorted(needed), preliminary=preliminary)
    if published:
        units, rows = _as_printed(wave.printed, items, units, rows)
    parts = _rows(connection, wave_id, sorted(needed), split=split) if split else ()
    return Counts(
        units, rows, preliminary, wave.policy, wave.smallest_group, wave.origin, parts,
        wave.alike_below, wave.open_answers_from,
    )  # fmt: skip


def parts_told(form: Form, outcomes: Sequence[Outcome], role: str) -> dict[str, str]:
    """Return the part of each split that an interview belongs to, of those splits that it tells."""
    told = {each.item: each.options[0] for each in outcomes if each.options}
    asked = {split: question.name for split, question in form.backgrounds.items() if split in SPLITS}
    parts = {split: told[item] for split, item in asked.items() if item in told}
    return parts | ({"role": role} if role else {})


def _results(outcomes: Sequence[Outcome]) -> Iterator[dict[str, str]]:
    for each in outcomes:
        if each.missing:
            yield {"item": each.item, "option": "", "missing": each.missing}
        for option in each.options:
            yield {"item": each.item, "option": option, "missing": ""}


def _counted(outcomes: Sequence[Outcome]) -> Iterator[dict[str, str]]:
    for each in outcomes:
        if each.missing:
            yield {"item": each.item, "kind": "missing", "value": each.missing}
        else:
            yield {"item": each.item, "kind": "answered", "value": ""}
        for option in each.options:
            yield {"item": each.item, "kind": "option", "value": option}


def _check_right(viewer: Viewer, wave: Row[*tuple[Any, ...]], wave_id: int) -> None:
    if viewer.role is Role.ADMINISTRATOR:
        raise NotAllowed("An administrator sees no results: ask an inspector for the report")
    if viewer.role is Role.MANAGER:
        raise NotReleased(f"The results of wave {wave_id} are not released: managers see them afterwards")
    if wave.promise == "anonymous" and wave.closed_at is None:
        raise NotReleased(f"Wave {wave_id} is anonymous: nobody sees results before it is closed")


def _check_split(wave_id: int, *, published: bool, preliminary: bool) -> None:
    if published:
        raise NotPrinted(f"Wave {wave_id} is a printed report: it is shown as printed, not split anew")
    if preliminary:
        raise NotReleased(f"Wave {wave_id} is open: its results are split when it has closed")


def _units(connection: Connection, wave_id: int, *, preliminary: bool) -> tuple[Unit, ...]:
    found = connection.execute(queries.UNITS, {"wave": wave_id})
    if not preliminary:
        return tuple(Unit(row.id, row.label, row.position, row.invited, row.answers) for row in found)
    return tuple(
        Unit(row.id, row.label, row.position, row.invited, row.shown, withheld=row.shown == 0 < row.answers)
        for row in found
    )


def _rows(
    connection: Connection,
    wave_id: int,
    items: Sequence[str],
    *,
    preliminary: bool = False,
    split: str = "",
) -> tuple[CountRow, ...]:
    chosen = {"wave": wave_id, "items": list(items), "split": split}
    return tuple(
        CountRow(unit, item, kind, value, seen, part)
        for unit, item, kind, value, part, n, shown in connection.execute(queries.COUNTS, chosen).all()
        if (seen := shown if preliminary else n)
    )


Printed = Mapping[str, Any]


def _bases(printed: Sequence[Printed], items: Sequence[str]) -> set[str]:
    """Return the items whose routes the printed tables of ``items`` are shares of."""
    return {str(entry["base"]) for entry in printed if entry["item"] in items and "base" in entry}


def _as_printed(
    printed: Sequence[Printed], items: Sequence[str], units: tuple[Unit, ...], rows: tuple[CountRow, ...]
) -> tuple[tuple[Unit, ...], tuple[CountRow, ...]]:
    """Return what the report prints: the units named for each item, or the sum where only that is printed.

    Of each item only the printed options are given, and of a base how many are in it, as ``answered``: why a
    synthetic respondent left a question out tells nothing.
    """
    asked = [entry for entry in printed if entry["item"] in items]
    for item in items:
        if item not in {entry["item"] for entry in asked}:
            raise NotPrinted(f"The report prints no table of {item}: choose one that it prints")
    apart = [entry for entry in asked if _split(entry)]
    together = [entry for entry in asked if not _split(entry)]
    labels = {unit.id: unit.label for unit in units}
    rows = _on_route(rows)
    seen = tuple(row for row in rows if any(_holds(entry, row, labels) for entry in apart))
    summed = _summed(row for row in rows if any(_holds(entry, row, {}) for entry in together))
    wanted = {label for entry in apart for label in entry["units"]}
    kept = [unit for unit in units if unit.label in wanted]
    if together:
        kept.append(_whole(units))
    return tuple(kept), seen + summed


def _on_route(rows: Iterable[CountRow]) -> tuple[CountRow, ...]:
    """Count everybody on the route of an item as one who answered it."""
    kept = [row for row in rows if (row.kind, row.value) != ("missing", Missing.OFF_ROUTE)]
    options = [row for row in kept if row.kind == "option"]
    asked = Counter[tuple[int, str]]()
    for row in kept:
        if row.kind != "option":
            asked[row.reporting_unit_id, row.item] += row.n
    return (*options, *(CountRow(unit, item, "answered", "", n) for (unit, item), n in asked.items()))


def _split(entry: Printed) -> bool:
    """Say whether a printed table has a column for each unit."""
    return bool(entry.get("units")) and bool(entry.get("split", True))


def _holds(entry: Printed, row: CountRow, labels: Mapping[int, str]) -> bool:
    """Say whether a printed table tells this count, of a unit that ``labels`` names or of all together."""
    if labels and labels[row.reporting_unit_id] not in entry["units"]:
        return False
    if row.kind == "option":
        return row.item == entry["item"] and row.value in entry.get("options", [row.value])
    return row.item in {entry["item"], entry.get("base")}


def _whole(units: Sequence[Unit]) -> Unit:
    """Return all units as one."""
    invited, answers = sum(unit.invited for unit in units), sum(unit.answers for unit in units)
    return Unit(TOTAL, "total", len(units), invited, answers)


def _summed(rows: Iterator[CountRow]) -> tuple[CountRow, ...]:
    sums: dict[tuple[str, str, str], int] = {}
    for row in rows:
        sums[row[1:4]] = sums.get(row[1:4], 0) + row.n
    return tuple(CountRow(TOTAL, *of, n) for of, n in sums.items())
