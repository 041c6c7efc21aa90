"""Tables as the inspectors print them: classes in fixed order, units as columns, a Total, every base named.

A ``Table`` holds true counts. It is never drawn, exported or shown: ``disclosure.disclose`` turns it into a
``SafeTable`` first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.tallies import DATES, NOBODY, Tallies, answered, in_years, missing, off_route, on_route, tallies
from analysis.wording import percent, words
from models.queries import CountRow
from questionnaires.definition import Question
from questionnaires.expressions import compile_expression
from questionnaires.question_types import QUESTION_TYPES, measure


class Mark(StrEnum):
    """What a reader must know about where the numbers come from; stands on every table, chart and file."""

    EXAMPLE = "example"
    PUBLISHED = "published"
    PRELIMINARY = "preliminary"


class Measure(StrEnum):
    """How the rows of a table relate."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SEVERAL = "several"  # rows are independent yes/no: each has its own complement
    NUMBER = "number"  # rows are the values themselves
    TEXT = "text"  # rows are codes of a code book, or only that something was written


@dataclass(frozen=True, slots=True)
class Base:
    """Who the shares are a share of: all ``sent``, those on a ``route``, or those who ``answered``.

    A route is the question's own, or that of ``item`` ("11 av dessa 13").
    """

    kind: str
    item: str = ""


WRITTEN = "text"
"""The row that counts whether an open question got any words at all."""

YES = "ja"
"""The option that a row named by its question counts."""

SENT = Base("sent")
ROUTE = Base("route")
ANSWERED = Base("answered")


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A reporting unit as a column: ``answers`` is how many interviews were sent in, of ``invited``.

    ``withheld``: more have been sent, but too few yet to be let out.
    """

    id: int
    label: str
    invited: int
    answers: int
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One class. A derived row sums the classes in ``parts`` ("mindre än två år")."""

    value: str
    label: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """True counts of one unit or of the total.

    ``counts`` and ``answered`` run along the rows: ``answered`` is how many gave a valid answer to what the
    row counts. ``off_route`` is how many were not asked, ``deciding`` how many answered what decides that
    (the item that fewest answered), None where it is not known.
    """

    label: str
    invited: int
    sent: int
    base: int
    counts: tuple[int, ...]
    answered: tuple[int, ...]
    off_route: int
    missing: tuple[tuple[str, int], ...] = ()
    withheld: bool = False
    deciding: int | None = None

    def __add__(self, other: Column) -> Column:
        """Return both groups as one, under the first one's label."""
        reasons = dict(self.missing)
        for reason, n in other.missing:
            reasons[reason] = reasons.get(reason, 0) + n
        return Column(
            self.label,
            self.invited + other.invited,
            self.sent + other.sent,
            self.base + other.base,
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            tuple(a + b for a, b in zip(self.answered, other.answered, strict=True)),
            self.off_route + other.off_route,
            tuple(reasons.items()),
            self.withheld or other.withheld,
            None if self.deciding is None or other.deciding is None else self.deciding + other.deciding,
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where numbers come from: the source in words and the marks."""

    source: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One question, or one printed battery of rows, by reporting unit, before disclosure control.

    ``open_ended``: the rows are the values that somebody gave, not the options of the instrument.
    """

    item: str
    title: str
    measure: Measure
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    total: Column | None
    base_label: str
    routed: bool
    language: str
    provenance: Provenance = Provenance()
    open_ended: bool = False

    def column(self, label: str) -> Column:
        """Return the column of the unit called ``label``; KeyError where there is none."""
        return {column.label: column for column in self.columns}[label]


def tabulate(  # noqa: PLR0913 - all but the first three are named
    question: Question,
    counts: Sequence[CountRow],
    units: Sequence[UnitColumn],
    *,
    base: Base = ANSWERED,
    language: str = "sv",
    base_label: str = "",
    derived: Sequence[Row] = (),
    only: Sequence[str] = (),
    total: bool = True,
    provenance: Provenance = Provenance(),
) -> Table:
    """Return the table of one question, every class kept, in the instrument's order.

    ``derived`` adds rows that sum classes. A report may print ``only`` some classes, and no ``total``.
    Dates and months are counted by year, unless the report prints them.
    An open question has its codes as rows where ``counts`` are those of its coding. Raises ValueError where
    the counts hold a class that the instrument lacks.
    """
    deciding = compile_expression(question.relevant).names if question.relevant else frozenset()
    needed = {question.name, base.item, *deciding}
    mine = [row for row in counts if row.item in needed]
    mine = mine if only else in_years(question, mine)
    classes = (row for row in _rows(question, mine, language) if not only or row.value in only)
    rows = (*classes, *derived)
    of = tallies(mine)
    known = deciding <= {row.item for row in mine}
    columns = tuple(
        column_of(question, rows, of, unit, base, _fewest(of, unit, deciding) if known else None)
        for unit in units
    )
    return Table(
        question.name,
        question.label[language],
        _measure(question),
        rows,
        columns,
        sum_of(columns, words("total", language)) if total else None,
        base_label or words(f"base.{base.kind}", language),
        bool(question.relevant),
        language,
        provenance,
        open_ended=not question.choices and _measure(question) is not Measure.TEXT,
    )


def tabulate_rows(  # noqa: PLR0913 - all but the first four are named
    title: str,
    rows: Sequence[tuple[Question, str]],
    counts: Sequence[CountRow],
    units: Sequence[UnitColumn],
    *,
    base: Base = SENT,
    language: str = "sv",
    base_label: str = "",
    total: bool = True,
    provenance: Provenance = Provenance(),
) -> Table:
    """Return one printed table whose rows are questions, each counting one option ("Hälsokort utskickat").

    Every row has the same base, so that districts can be compared along a row.
    """
    questions = [question for question, _ in rows]
    first = Base(base.kind, base.item or questions[0].name) if base.kind == "route" else base
    of = tallies(counts)
    columns = tuple(_battery_column(rows, of, unit, first) for unit in units)
    return Table(
        ",".join(question.name for question in questions),
        title,
        Measure.SEVERAL,
        tuple(_battery_row(question, option, language) for question, option in rows),
        columns,
        sum_of(columns, words("total", language)) if total else None,
        base_label or words(f"base.{base.kind}", language),
        any(question.relevant for question in questions),
        language,
        provenance,
    )


def total_of_numbers(table: Table, column: Column) -> float:
    """Return the sum of all numbers answered in one column ("sammanlagt 12 barn")."""
    return sum(float(row.value) * n for row, n in zip(table.rows, column.counts, strict=True))


def share(count: int, base: int) -> int | None:
    """Return the integer percentage rounded half up, or None where the base is empty."""
    return percent(count, base) if base else None


def _measure(question: Question) -> Measure:
    """Return how the question's rows relate; a coded open question has one independent row per code."""
    return Measure(measure(question))


def _rows(question: Question, counts: Iterable[CountRow], language: str) -> tuple[Row, ...]:
    """Return the classes in their fixed order, zero classes included."""
    seen = {row.value for row in counts if row.item == question.name and row.kind == "option"}
    if question.choices:
        kept = [choice for choice in question.choices if not choice.missing]
        rows = tuple(Row(choice.name, choice.label[language]) for choice in kept)
    elif _measure(question) is Measure.TEXT:
        coded = bool(seen - {WRITTEN})
        rows = tuple(Row(code.name, code.label[language]) for code in question.codes if coded)
        rows = rows or (Row(WRITTEN, words("written", language)),)
    else:
        given = tuple(Row(value, _named(question, value, language)) for value in sorted(seen, key=_by_size))
        return given or (Row("", words("values", language)),)
    strangers = seen - {row.value for row in rows}
    if strangers:
        raise ValueError(f"{question.name}: counted classes {sorted(strangers)} are not in the instrument")
    return rows


def _named(question: Question, value: str, language: str) -> str:
    """Return a number, date or month in words; a year stands for itself."""
    year = question.type in DATES and len(value) == 4
    return value if year else QUESTION_TYPES[question.type].show(question, value, language)


def _by_size(value: str) -> tuple[float, str]:
    """Sort numbers by size and dates by time."""
    try:
        return float(value), value
    except ValueError:
        return 0.0, value


def _battery_row(question: Question, option: str, language: str) -> Row:
    """Return a question as a row: a yes is the question itself, another option is named after it."""
    if option == YES:
        return Row(question.name, question.label[language])
    choice = question.choice(option)
    name = choice.label[language] if choice else option
    return Row(f"{question.name}={option}", f"{question.label[language]}: {name}")


def column_of(  # noqa: PLR0913, PLR0917 - what is counted, where, and of whom
    question: Question,
    rows: Sequence[Row],
    tallied: Tallies,
    unit: UnitColumn,
    base: Base,
    fewest: int | None,
) -> Column:
    """Return what one unit answered to a question, along ``rows``; ``fewest`` is its ``deciding``."""
    of = tallied.get((unit.id, question.name), NOBODY)
    return Column(
        unit.label,
        unit.invited,
        unit.answers,
        _base(base, unit, question.name, tallied),
        tuple(sum(of.get(("option", part), 0) for part in row.parts or (row.value,)) for row in rows),
        (answered(of),) * len(rows),
        off_route(of),
        missing(of),
        unit.withheld,
        fewest,
    )


def _fewest(tallied: Tallies, unit: UnitColumn, items: Iterable[str]) -> int | None:
    """Return how many answered the item of which fewest did; None where there is none."""
    return min((answered(tallied.get((unit.id, item), NOBODY)) for item in items), default=None)


def _battery_column(
    rows: Sequence[tuple[Question, str]], tallied: Tallies, unit: UnitColumn, base: Base
) -> Column:
    each = [tallied.get((unit.id, question.name), NOBODY) for question, _ in rows]
    options = [option for _, option in rows]
    return Column(
        unit.label,
        unit.invited,
        unit.answers,
        _base(base, unit, rows[0][0].name, tallied),
        tuple(of.get(("option", option), 0) for of, option in zip(each, options, strict=True)),
        tuple(answered(of) for of in each),
        max(off_route(of) for of in each),
        withheld=unit.withheld,
    )


def _base(base: Base, unit: UnitColumn, item: str, tallied: Tallies) -> int:
    """Return what the shares of one column are a share of."""
    if base.kind == "sent":
        return unit.answers
    of = tallied.get((unit.id, base.item or item), NOBODY)
    return answered(of) if base.kind == "answered" else on_route(of)


def sum_of(columns: Sequence[Column], label: str) -> Column | None:
    """Return all columns as one, or None where there is none."""
    return replace(sum(columns[1:], start=columns[0]), label=label) if columns else None
