"""Slips of paper with a QR code, for people who have no mail: one PDF, the slips of each unit together.

A slip names the review and the inspector, and neither the unit nor a person: the unit stands in the margin
that is cut off.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from textwrap import wrap

import segno
import typst

from fieldwork.messages import ContactPerson
from fieldwork.wording import say, unbroken_day

_HERE = Path(__file__).parent
_LINE = 52
"""Characters of an address on one line of a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSheet:
    """What the slips say, and for each slip the label of its unit and its link, in order of units."""

    language: str
    title: str
    contact: ContactPerson
    closes: date
    minutes: int
    slips: tuple[tuple[str, str], ...]
    example: bool = False


def print_slips(sheet: SlipSheet, at: datetime) -> bytes:
    """Return the slips as a PDF on A4, eight to a page; ``at`` is the moment that the file says it was made.

    The same sheet and moment give the same bytes. Raises ValueError without slips.
    """
    if not sheet.slips:
        raise ValueError("there are no slips to print")
    compiler = typst.Compiler(
        _HERE / "templates" / "slips.typ",
        font_paths=_fonts(),
        sys_inputs={"sheet": json.dumps(_content(sheet))},
    )
    pdf = compiler.compile(format="pdf", timestamp=at.replace(microsecond=0), pdf_standards="ua-1")
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned pages where one document was asked for")
    return pdf


def _content(sheet: SlipSheet) -> Mapping[str, object]:
    """Return all words and codes, as the template reads them."""

    def told(text: str, **values: object) -> str:
        return say(sheet.language, f"slips.{text}", **values)

    closes = unbroken_day(sheet.language, sheet.closes)
    units = groupby(sorted(sheet.slips, key=lambda slip: slip[0]), key=lambda slip: slip[0])
    return {
        "language": sheet.language,
        "title": told("title", title=sheet.title),
        "heading": told("heading"),
        "what": told("what", title=sheet.title),
        "how": told("how"),
        "time": told("time_one" if sheet.minutes <= 1 else "time", minutes=sheet.minutes, closes=closes),
        "ask": told("ask", name=sheet.contact.name, phone=sheet.contact.phone),
        "example": told("example") if sheet.example else "",
        "units": [_unit(sheet.language, label, [link for _, link in slips]) for label, slips in units],
    }


def _unit(language: str, label: str, links: Iterable[str]) -> Mapping[str, object]:
    slips = [_slip(language, link) for link in links]
    count = "slips.count_one" if len(slips) == 1 else "slips.count"
    return {
        "label": say(language, "slips.unit", unit=label),
        "count": say(language, count, number=len(slips)),
        "slips": slips,
    }


def _slip(language: str, link: str) -> Mapping[str, object]:
    lines = _address_lines(link)
    return {
        "code": _qr_code(link),
        "alt": say(language, "slips.code", address="".join(lines)),
        "address": lines,
    }


def _qr_code(link: str) -> str:
    """Return the code as SVG. The rest of the quiet zone is the slip's own margin."""
    svg = io.BytesIO()
    segno.make(link, error="m", micro=False).save(svg, kind="svg", border=1, xmldecl=False)
    return svg.getvalue().decode("ascii")


def _address_lines(link: str) -> list[str]:
    """Return the address as people type it, on short lines: the place first, then the key."""
    address = link.removeprefix("https://")
    if len(address) <= _LINE:
        return [address]
    place, slash, key = address.rpartition("/")
    return wrap(place + slash, _LINE, break_on_hyphens=False) + wrap(key, _LINE, break_on_hyphens=False)


@cache
def _fonts() -> typst.Fonts:
    """Return the typeface of Granska, and typst's own for letters that it lacks; none of the machine's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_HERE / "fonts"])
