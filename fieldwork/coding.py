"""Coding open answers: read in random order, without background, and given codes of the code book."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, select

from fieldwork.errors import NotAllowed, NotPrinted, NotReleased
from fieldwork.forms import form_of
from fieldwork.problems import InputError
from fieldwork.results import SPLITS
from fieldwork.rights import Role, Viewer
from fieldwork.spreadsheets import Sheet, as_file, find_columns, read
from models import coding_queries
from models.queries import CountRow
from models.tables import AuditEntry, Coding, ReportingUnit, TextResult, Wave
from questionnaires.definition import Question
from questionnaires.errors import Problem

COLUMNS: Mapping[str, Sequence[str]] = {
    "key": ("nyckel", "key"),
    "item": ("fråga", "item"),
    "code": ("kod", "code"),
    "text": ("svar", "text"),
}
SEVERAL = ";"
"""Stands between the codes of one answer in a cell."""

NOT_CODED = "not_coded"
"""The reason for which a given answer is missing among the coded ones."""


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One answer to be coded. ``key`` holds for this item only: it cannot join a person's answers."""

    key: str
    text: str


def answers_to_code(
    session: Session, viewer: Viewer, wave_id: int, item: str, seed: int
) -> tuple[OpenAnswer, ...]:
    """Return the open answers to an item in an order that depends on ``seed`` alone.

    While the wave is open, a unit's answers are left out unless all of them have been let out in a step. What
    staff wrote is read together from ``open_answers_from`` answers on.

    Raises:
        NotAllowed: the viewer is no inspector.
        NotReleased: the wave is anonymous and still open; too few of the staff wrote something.
        NotPrinted: the wave is published; the answers behind it are made up.
        InputError: the item is not a question with a code book.
    """
    wave = _open_to(session, viewer, wave_id)
    _question(session, wave, item)
    answers = [OpenAnswer(_key(row), row.text) for row in _texts(session, wave, [item])]
    if wave.policy == "group" and 0 < len(answers) < wave.open_answers_from:
        limit = wave.open_answers_from
        raise NotReleased(f"Fewer than {limit} wrote an answer to {item}: the words could point at a person")
    answers.sort(key=lambda answer: answer.key)
    random.Random(seed).shuffle(answers)  # noqa: S311 - a reading order, not a secret
    return tuple(answers)


def coding_file(  # noqa: PLR0913 - as answers_to_code, and what to call the file
    session: Session,
    viewer: Viewer,
    wave_id: int,
    item: str,
    seed: int,
    *,
    filename: str,
    language: str,
    now: datetime,
) -> tuple[bytes, int]:
    """Return the answers to code as a file (.csv, .xlsx) with an empty column for codes, and their number.

    Commits a log entry.

    Raises:
        NotAllowed, NotReleased, NotPrinted, InputError: as ``answers_to_code``.
    """
    answers = answers_to_code(session, viewer, wave_id, item, seed)
    heading = 0 if language == "sv" else 1
    header = [COLUMNS[name][heading] for name in ("key", "item", "text", "code")]
    content = as_file(filename, header, [(answer.key, item, answer.text, "") for answer in answers])
    target = f"wave {wave_id}, {item}"
    session.add(AuditEntry(at=now, actor=viewer.name, action="open answers", target=target))
    session.commit()
    return content, len(answers)


def import_codes(  # noqa: PLR0913 - a file is its name and its content; the clock is an argument
    session: Session, viewer: Viewer, wave_id: int, content: bytes, filename: str, *, now: datetime
) -> int:
    """Store the codes that the viewer gave, from a file with key, item and code; return how many answers.

    Codes of one answer are parted by semicolons or stand on several rows; a row without a code is not coded
    yet. The viewer's earlier codes of the same answers are replaced; those of other coders stay. Commits, or
    changes nothing.

    Raises:
        NotAllowed, NotReleased, NotPrinted: as ``answers_to_code``.
        InputError: an unknown key, item or code, by row.
    """
    wave = _open_to(session, viewer, wave_id)
    books = _code_books(session, wave)
    answers = {(_key(row), row.item): row for row in _texts(session, wave, list(books))}
    given: dict[tuple[str, str], set[str]] = {}
    problems = []
    for number, key, item, codes in _rows(read(content, filename)):
        given.setdefault((key, item), set()).update(codes)
        if (key, item) not in answers:
            remedy = "Leave key and item as they were in the file of answers"
            problems.append(Problem(filename, f"row {number}", "is no answer that can be coded", remedy))
        elif unknown := sorted(codes - books[item]):
            known = ", ".join(sorted(books[item]))
            rule = f"'{unknown[0][:60]}' is not in the code book of {item}"
            problems.append(Problem(filename, f"row {number}", rule, f"Use {known}"))
    if problems:
        raise InputError(*problems)
    coded = {place: codes for place, codes in given.items() if codes}
    for place, codes in coded.items():
        _replace(session, answers[place], codes, viewer.name, now)
    session.add(AuditEntry(at=now, actor=viewer.name, action="codes", target=f"wave {wave_id}"))
    session.commit()
    return len(coded)


def counts(  # noqa: PLR0913 - whose codes of which answers, and by which split
    session: Session, viewer: Viewer, wave_id: int, item: str, *, coder: str = "", split: str = ""
) -> tuple[CountRow, ...]:
    """Return how many answers to an open item got each code, per reporting unit, or per part of a ``split``.

    Rows of kind ``option`` have a code as value; ``answered`` counts the coded answers, ``missing`` with
    value ``not_coded`` the others. Without ``coder`` the codes of ``agreed`` are used if there are any, else
    those of the coder who coded most.

    Raises:
        NotAllowed, NotPrinted, InputError: as ``answers_to_code``.
        NotReleased: likewise; a split of an open wave; a split by role, to which no open answer leads.
        ValueError: a split that there is not.
    """
    wave = _open_to(session, viewer, wave_id)
    _question(session, wave, item)
    connection = session.connection()
    of = {"wave": wave_id, "item": item, "closed": wave.closed_at is not None}
    coders = connection.execute(coding_queries.CODED, of).all()
    of |= {"coder": coder or _main_coder(coders)}
    statements = coding_queries.GIVEN, coding_queries.CODED, coding_queries.CODES
    if split:
        background = _background(session, wave, split)
        if background is None:
            return ()
        of |= {"background": background}
        statements = (
            coding_queries.GIVEN_BY_PART,
            coding_queries.CODED_BY_PART,
            coding_queries.CODES_BY_PART,
        )
    given, coded, codes = (connection.execute(statement, of).all() for statement in statements)
    return tuple(sorted(_rows_of(item, given, [row[1:] for row in coded if row[0] == of["coder"]], codes)))


def _open_to(session: Session, viewer: Viewer, wave_id: int) -> Wave:
    """Return the wave if the viewer may read its open answers now."""
    if viewer.role is not Role.INSPECTOR:
        raise NotAllowed("Open answers are read by inspectors only")
    wave = session.get_one(Wave, wave_id)
    if wave.policy == "published":
        raise NotPrinted("A published report prints no open answers: see its figures and quotations")
    if wave.pilot:
        raise NotReleased("The answers of a pilot are kept out of the results")
    if wave.promise == "anonymous" and wave.closed_at is None:
        raise NotReleased("The answers of an anonymous wave can be read when it has closed")
    return wave


def _background(session: Session, wave: Wave, split: str) -> str | None:
    """Return the item that tells the parts of a split, None where the form has none; refuse an open wave."""
    if split not in SPLITS:
        raise ValueError(f"There is no split by {split}: use one of {', '.join(SPLITS)}")
    if split == "role":
        raise NotReleased("Codes are not split by role: nothing leads from an open answer to the role")
    if wave.closed_at is None:
        raise NotReleased(f"Wave {wave.id} is open: its results are split when it has closed")
    question = form_of(session, wave.form_id).backgrounds.get(split)
    return question.name if question else None


def _code_books(session: Session, wave: Wave) -> dict[str, set[str]]:
    """Return the names of the codes by item, for the items that have a code book."""
    questions = form_of(session, wave.form_id).questions
    return {each.name: {code.name for code in each.codes} for each in questions if each.codes}


def _question(session: Session, wave: Wave, item: str) -> Question:
    question = form_of(session, wave.form_id).by_name.get(item)
    if question is None or not question.codes:
        coded = ", ".join(_code_books(session, wave)) or "none in this wave"
        rule = "is not an open question with a code book"
        raise InputError(Problem(wave.name, item, rule, f"Choose one that has: {coded}"))
    return question


def _texts(session: Session, wave: Wave, items: Sequence[str]) -> list[TextResult]:
    rows = session.exec(
        select(TextResult, ReportingUnit)
        .join(ReportingUnit, col(ReportingUnit.id) == col(TextResult.reporting_unit_id))
        .where(TextResult.wave_id == wave.id, col(TextResult.item).in_(items))
    ).all()
    return [text for text, unit in rows if wave.closed_at is not None or unit.answers == unit.shown]


def _key(row: TextResult) -> str:
    """Return a key that says nothing about the person's other answers."""
    return hashlib.sha256(f"{row.key}\n{row.item}".encode()).hexdigest()[:20]


def _rows(sheet: Sheet) -> Iterator[tuple[int, str, str, set[str]]]:
    columns = find_columns(sheet, COLUMNS, ("key", "item", "code"))
    for row in sheet.rows:
        key, item, codes = (row.cells[columns[name]] for name in ("key", "item", "code"))
        yield row.number, key, item, {code.strip() for code in codes.split(SEVERAL)} - {""}


def _replace(session: Session, answer: TextResult, codes: set[str], coder: str, now: datetime) -> None:
    earlier = select(Coding).where(
        Coding.key == answer.key, Coding.item == answer.item, Coding.coder == coder
    )
    for row in session.exec(earlier):
        session.delete(row)
    session.flush()
    place = answer.model_dump(include={"key", "item", "wave_id", "reporting_unit_id"})
    session.add_all(Coding(**place, code=code, coder=coder, at=now) for code in sorted(codes))


def _main_coder(coded: Iterable[Row[Any]]) -> str:
    numbers: Counter[str] = Counter()
    for row in coded:
        numbers[row[0]] += row[-1]
    return min(numbers, key=lambda coder: (coder != "agreed", -numbers[coder], coder), default="")


def _rows_of(
    item: str, given: Iterable[Sequence[Any]], coded: Iterable[Sequence[Any]], codes: Iterable[Sequence[Any]]
) -> Iterator[CountRow]:
    """Yield the counts of codes as rows like those of any other item."""
    done = {(unit, part): n for unit, part, n in coded}
    for unit, part, n in given:
        answered = done.get((unit, part), 0)
        yield CountRow(unit, item, "answered", "", answered, part)
        if n > answered:
            yield CountRow(unit, item, "missing", NOT_CODED, n - answered, part)
    for unit, part, code, n in codes:
        yield CountRow(unit, item, "option", code, n, part)
