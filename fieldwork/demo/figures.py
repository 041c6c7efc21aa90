"""Printed figures that are no rows of answers: words, approximations, shares without counts, registers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fieldwork.demo.facts import Fact, Printed, facts
from models.tables import PublishedFigure

_THIN = "\N{NARROW NO-BREAK SPACE}"
_YEAR = re.compile(r"\d{4}")
_SEVERAL = {"båda", "alla granskade"}
_KINDS_OF_WORDS = {"text", "roller"}


@dataclass(frozen=True, slots=True)
class _Number:
    """One number or statement of a fact: where in the fact, about whom, what, and how it is printed."""

    part: str
    district: str
    variable: str
    variable_en: str
    value: str
    unit: str


def figures(kept: Collection[str], reviews: Mapping[str, int]) -> Iterator[PublishedFigure]:
    """Yield the figures of the facts whose ids are in ``kept``.

    ``reviews`` gives the stored review that a fact belongs to, by the fact's id. A table gives one figure for
    each of its cells.
    """
    for fact in facts().values():
        if fact.id in kept:
            for number in _numbers(fact):
                yield _figure(fact, number, reviews.get(fact.id))


def as_printed(value: Printed | None) -> str:
    """Return a value as a Swedish report prints it: decimal comma, narrow space in thousands."""
    if isinstance(value, int | float):
        return f"{value:,}".replace(",", _THIN).replace(".", ",")
    if isinstance(value, list):
        return "; ".join(as_printed(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {', '.join(map(str, part))}" for key, part in value.items())
    return value or ""


def _numbers(fact: Fact) -> Iterator[_Number]:
    if fact.table is None:
        value = _interval(fact) or as_printed(fact.value) or fact.percent or as_printed(fact.count)
        yield _Number("", fact.district, fact.variable, fact.variable_en, value, fact.unit)
        return
    by_district = fact.district in _SEVERAL
    for line, row in enumerate(fact.table.rows, start=1):
        for place, (column, number) in enumerate(zip(fact.table.columns, row.values, strict=True), start=1):
            heading = () if by_district else (column,)
            yield _Number(
                f".{line}.{place}",
                column if by_district else fact.district,
                ": ".join((fact.variable, row.sv, *heading)),
                ": ".join((fact.variable_en, row.en, *heading)),
                as_printed(number),
                row.unit or fact.unit,
            )


def _interval(fact: Fact) -> str:
    """Return "40–75" for a fact whose value is an interval, else ''."""
    if isinstance(fact.value, list) and "intervall" in fact.unit:
        return "–".join(as_printed(end) for end in fact.value)
    return ""


def _figure(fact: Fact, number: _Number, review_id: int | None) -> PublishedFigure:
    return PublishedFigure(
        id=fact.id + number.part,
        review_id=review_id,
        source=fact.citation,
        year=_year(fact),
        district=number.district,
        method=fact.method,
        variable=number.variable + _period(fact),
        variable_en=number.variable_en + _period(fact),
        item=" ".join(fact.items),
        base=fact.n,
        count=fact.count,
        value=number.value,
        unit="" if number.unit in _KINDS_OF_WORDS else number.unit,
        approximate=fact.approximate,
        missing=fact.missing,
        quotation=fact.quote,
        note=fact.note,
    )


def _year(fact: Fact) -> int:
    """Return the first year the fact names, else that of its source."""
    found = _YEAR.search(fact.period)
    return int(found[0]) if found else fact.source.year


def _period(fact: Fact) -> str:
    """Return the period in brackets where it is more or less than one year."""
    return "" if fact.period == str(_year(fact)) else f" ({fact.period})"
