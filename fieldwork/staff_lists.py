"""The staff list of a wave: what its columns are called and what each row must hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldwork.mail_addresses import mail_address
from fieldwork.organisations import same_name
from fieldwork.problems import InputError
from fieldwork.spreadsheets import FORMULA, Row, Sheet, as_xlsx, find_columns
from questionnaires.definition import LANGUAGES
from questionnaires.errors import Problem

COLUMNS: Mapping[str, Sequence[str]] = {
    "reference": ("referens", "reference"),
    "address": ("adress", "address", "e-post", "e-mail", "mail"),
    "district": ("distrikt", "district", "stadsdelsförvaltning"),
    "in_service": ("i tjänst", "in service"),
    "unit": ("enhet", "unit"),
    "role": ("roll", "role"),
    "language": ("språk", "language"),
}
REQUIRED = ("reference", "address", "district", "in_service")

_YES_OR_NO = {"ja": True, "yes": True, "nej": False, "no": False}
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""The Unicode categories of what cannot be seen, or changes the order in which the rest is seen."""

_IDENTITY_NUMBER = re.compile(r"(\d{2})?\d{6}[-+ ]?\d{4}")


@dataclass(frozen=True, slots=True)
class Invitee:
    """One usable row. ``address`` may be empty: the link is then handed over on paper."""

    row: int
    reference: str
    address: str
    organisation_id: int
    reporting_unit_id: int
    unit: str
    role: str
    in_service: bool
    language: str


def template(language: str) -> bytes:
    """Return an empty staff list as a workbook, its columns named in a language."""
    return as_xlsx([names[0 if language == "sv" else 1] for names in COLUMNS.values()], [])


def districts_of(sheet: Sheet) -> tuple[str, ...]:
    """Return the districts as the list spells them, each once; none where the list has no such column."""
    try:
        column = find_columns(sheet, COLUMNS, REQUIRED)["district"]
    except InputError:
        return ()
    return tuple(dict.fromkeys(row.cells[column] for row in sheet.rows if row.cells[column]))


def read_staff_list(
    sheet: Sheet, places: Mapping[str, tuple[int, int]], language: str
) -> tuple[Invitee, ...]:
    """Return the invitees of a staff list.

    ``places`` gives the organisation and the reporting unit of every known name of a district (keys as
    ``organisations.same_name``); ``language`` is that of a row that names none.

    Raises:
        InputError: with every fault by row and column. No address and no reference is repeated in it.
    """
    try:
        columns = find_columns(sheet, COLUMNS, REQUIRED)
    except InputError as error:
        raise InputError(*sheet.problems, *error.problems) from None
    rows = [(row, _cells(row, columns)) for row in sheet.rows]
    faults = [(row.number, *fault) for row, cells in rows for fault in _faults(cells, places)]
    faults += _repeated(rows, "reference", "is the same reference as in row")
    faults += _repeated(rows, "address", "is the same address as in row")
    if faults or sheet.problems:
        raise InputError(
            *sheet.problems,
            *(
                Problem(sheet.source, f"row {number}, {COLUMNS[key][0]}", rule, remedy)
                for number, key, rule, remedy in sorted(faults)
            ),
        )
    return tuple(_invitee(row.number, cells, places, language) for row, cells in rows)


def _cells(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    return {key: row.cells[columns[key]] if key in columns else "" for key in COLUMNS}


def _faults(cells: Mapping[str, str], places: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong in one row: column, rule, remedy. A cell with a formula is judged no further."""
    formulas = {key for key, cell in cells.items() if cell == FORMULA}
    readable = {key: "" if key in formulas else cell for key, cell in cells.items()}
    yield from (
        fault for fault in (*_unfit(readable), *_judged(readable, places)) if fault[0] not in formulas
    )


def _unfit(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what may stand in no cell."""
    for key, cell in cells.items():
        if any(unicodedata.category(character) in _UNSEEN for character in cell):
            yield key, "holds a character that cannot be seen", "Write the cell anew, by hand"
        if cell.startswith(("=", "+", "-", "@")):
            yield key, "begins like a formula", "Write it as plain text without that sign"
        if len(cell) > 200:
            yield key, "is longer than 200 characters", "Shorten it"


def _judged(cells: Mapping[str, str], places: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    if not cells["reference"]:
        yield "reference", "is empty", "Give everyone a reference of your own, for example HL-01"
    if _IDENTITY_NUMBER.fullmatch(cells["reference"]):
        yield (
            "reference",
            "looks like a personal identity number",
            "Use a reference without meaning elsewhere",
        )
    if cells["address"] and mail_address(cells["address"]) is None:
        yield "address", "is not a mail address", "Correct it, or leave it empty for a link on paper"
    if same_name(cells["district"]) not in places:
        yield (
            "district",
            f"'{cells['district'][:60]}' is no district of this wave",
            "Use a name or an alias from the wave file",
        )
    if cells["in_service"].casefold() not in _YES_OR_NO:
        yield "in_service", "is neither ja nor nej", "Write ja for those in service at the sendout, else nej"
    if cells["language"] and cells["language"].casefold() not in LANGUAGES:
        yield "language", "is not a language of Granska", f"Write {' or '.join(LANGUAGES)}, or leave it empty"


def _repeated(
    rows: Sequence[tuple[Row, Mapping[str, str]]], key: str, rule: str
) -> Iterator[tuple[int, str, str, str]]:
    first: dict[str, int] = {}
    for row, cells in rows:
        value = cells[key].casefold()
        if value not in {"", FORMULA} and first.setdefault(value, row.number) != row.number:
            yield row.number, key, f"{rule} {first[value]}", "Correct one of the two rows"


def _invitee(
    row: int, cells: Mapping[str, str], places: Mapping[str, tuple[int, int]], language: str
) -> Invitee:
    organisation, unit = places[same_name(cells["district"])]
    return Invitee(
        row=row,
        reference=cells["reference"],
        address=mail_address(cells["address"]) or "",
        organisation_id=organisation,
        reporting_unit_id=unit,
        unit=cells["unit"],
        role=cells["role"],
        in_service=_YES_OR_NO[cells["in_service"].casefold()],
        language=cells["language"].casefold() or language,
    )
