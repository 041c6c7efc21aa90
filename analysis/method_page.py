"""The method page of a closed wave: how the numbers came about, as one HTML page that needs nothing else.

First in Swedish, then in English. It depends on what is stored and on the version of the program alone, so
the same wave gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from html import escape
from operator import add

from analysis.dispositions import Code
from analysis.dropout import Stops, dropout, large_enough
from analysis.fieldwork_tables import (
    Door,
    UnitOutcomes,
    WordTable,
    code_table,
    door_table,
    dropout_table,
    every_rate,
    rate_table,
)
from analysis.rates import codes_of, counted, may_comment
from analysis.release_page import STYLE
from analysis.release_words import preview
from analysis.released import Release
from analysis.releasing import decide
from analysis.sentences import missing, registered, reviewed
from analysis.statistics_wording import statistics_words
from analysis.wording import NO_BREAK, day, number
from models.method_material import MethodMaterial, UnitCourse
from questionnaires.blocks import heads
from questionnaires.definition import LANGUAGES
from questionnaires.engine import label_alone


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading with its sentences and its tables."""

    title: str
    said: tuple[str, ...] = ()
    tables: tuple[WordTable, ...] = ()


def method_page(material: MethodMaterial, version: str) -> bytes:
    """Return the page, UTF-8. ``version`` is that of the program; the release part is decided at closing."""
    release = decide(material.release, at=material.release.wave.closed_at, version=version).release
    first = LANGUAGES[0]
    body = "\n".join(_edition(material, release, language) for language in LANGUAGES)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    title = escape(_title(material, first))
    return (
        f'<!doctype html>\n<html lang="{first}">\n<head>{head}\n<title>{title}</title>\n'
        f'<style>{STYLE}</style>\n</head>\n<body>\n<p><a href="#en" lang="en">In English</a></p>\n'
        f"{body}\n</body>\n</html>\n"
    ).encode()


def chapters(material: MethodMaterial, release: Release, language: str) -> Iterator[Chapter]:
    """Yield the chapters of the page in one language, in their order."""
    yield _frame(material, language)
    yield _contacts(material, language)
    if material.units:
        yield _rates(material, language)
        yield _course(material, language)
    yield Chapter(_say("method.missing", language), tables=(_missing(release, language),))
    yield _rules(material, release, language)
    yield _versions(release, language)


def _rates(material: MethodMaterial, language: str) -> Chapter:
    """Return the rates of all, and of the units in which enough were invited."""
    *units, total = unit_outcomes(material.units, language)
    invited = {unit.label: unit.invited for unit in material.release.units}
    seen = large_enough(invited, material.release.wave.smallest_group)
    outcomes = [*(unit for unit in units if unit.label in seen), total]
    said = list(_comment(material, total, language))
    if len(seen) < len(units):
        said.append(_say("dropout.units_left_out", language))
    tables = (
        rate_table(outcomes, language),
        every_rate(total.codes, language),
        code_table(outcomes, language),
    )
    return Chapter(_say("method.rates", language), tuple(said), tables)


def unit_outcomes(units: Sequence[UnitCourse], language: str) -> tuple[UnitOutcomes, ...]:
    """Return what became of the invitations of each unit, and of all together last."""
    each = [UnitOutcomes(u.label, u.posts, u.filled, codes_of(u.invitations, u.extents)) for u in units]
    every = sum((Counter(unit.codes) for unit in each), Counter[Code]())
    posts = [unit.posts for unit in each if unit.posts is not None]
    filled = [unit.filled for unit in each if unit.filled is not None]
    told = len(posts) == len(filled) == len(each)
    total = statistics_words("total", language)
    return (*each, UnitOutcomes(total, sum(posts) if told else None, sum(filled) if told else None, every))


def _frame(material: MethodMaterial, language: str) -> Chapter:
    wave, units = material.release.wave, material.release.units
    invited, sent = sum(unit.invited for unit in units), sum(unit.answers for unit in units)
    about_files = wave.subject == "file"
    informed = material.informed_on
    said = [
        _say(
            f"method.frame_{'files' if about_files else 'people'}",
            language,
            n=number(invited, language),
            units=len(units),
        ),
        reviewed("", sent, invited, language) if about_files else registered(sent, invited, language),
        _say("method.open", language, opens=day(wave.opens, language), closes=day(wave.closes, language)),
        _say("method.closed", language, closed=day(wave.closed_at.date(), language)),
        *([_say("method.informed", language, informed=day(informed, language))] if informed else []),
        _say(f"method.{wave.promise}", language),
        *([_say("method.example", language)] if wave.origin == "example" else []),
    ]
    return Chapter(_say("method.frame", language), tuple(said))


def _contacts(material: MethodMaterial, language: str) -> Chapter:
    names = ", ".join(_say(f"doors.{door}", language) for door in material.doors)
    said = [_say("method.doors", language, doors=names)]
    if not material.contacts:
        return Chapter(_say("method.contacts", language), (*said, _say("method.no_contacts", language)))
    said.append(_say("method.most", language, most=material.most_contacts))
    rows = tuple(
        (day(each.day, language), number(each.invitations, language), number(each.reminders, language))
        for each in material.contacts
    )
    columns = tuple(_say(f"method.{name}", language) for name in ("day", "invitations", "reminders"))
    title = _say("method.contacts", language)
    return Chapter(title, tuple(said), (WordTable(title, columns, rows),))


def _comment(material: MethodMaterial, total: UnitOutcomes, language: str) -> Iterator[str]:
    units = material.release.units
    sent, invited = sum(unit.answers for unit in units), counted(total.codes).eligible
    enough = may_comment(sent, invited, material.comment_threshold)
    yield _say(f"method.{'enough' if enough else 'caution'}", language, threshold=material.comment_threshold)


def _course(material: MethodMaterial, language: str) -> Chapter:
    """Return where those who began stopped, over all units, and how the ways in differ."""
    form = material.release.form
    order = list(dict.fromkeys(heads(form).values()))
    labels = {item: label_alone(form.by_name[item], language) for item in order}
    stops = reduce(add, (Stops(u.finished, u.early, u.broken_off) for u in material.units), Stops())
    declined = sum(
        n
        for unit in material.units
        for facts, n in unit.invitations.items()
        if facts.in_service and facts.declined and not facts.begun and not facts.deleted
    )
    smallest = material.release.wave.smallest_group
    doors = [Door(_say(f"doors.{each.door}", language), *each[1:]) for each in material.sent_by_door]
    title = _say("method.course", language)
    if stops.begun < smallest:
        return Chapter(title, (_say("dropout.too_few", language, k=smallest),))
    tables = [dropout_table(dropout(order, stops, declined), labels, language)]
    return Chapter(title, (), (*tables, *([door_table(doors, smallest, language)] if doors else [])))


def _missing(release: Release, language: str) -> WordTable:
    """Return why answers are missing per question, where its total is shown."""
    rows = []
    for table in release.edition(language).tables:
        total = table.total
        told = total is not None and total.n is not None
        answered = number(total.n or 0, language) if total and told else ".."
        rows.append(
            (
                f"{table.item} {table.title}",
                answered,
                (missing(total, language) or "-") if total and told else "..",
            )
        )
    columns = tuple(_say(f"method.{name}", language) for name in ("question", "answered", "why"))
    return WordTable(_say("method.missing", language), columns, tuple(rows))


def _rules(material: MethodMaterial, release: Release, language: str) -> Chapter:
    wave = material.release.wave
    values = {"k": wave.smallest_group, "n0": wave.alike_below}
    said = [_say(f"method.policy_{wave.policy}", language, **values), _say("method.symbols", language)]
    lines = [line.strip() for line in preview(release, language) if line.strip()]
    return Chapter(_say("method.rules", language), (*said, *lines[1:-1]))


def _versions(release: Release, language: str) -> Chapter:
    rows = tuple((f"{each.code} {each.edition} {each.version}", each.hash) for each in release.asked)
    rows += ((_say("method.form", language), release.form),)
    rows += tuple((_say("method.release", language, n=n), each) for n, each in enumerate(release.earlier, 1))
    columns = (_say("method.what", language), "SHA-256")
    title = _say("method.versions", language)
    said = (_say("method.program", language, version=release.version), _say("method.formulas", language))
    return Chapter(title, said, (WordTable(title, columns, rows),))


def _edition(material: MethodMaterial, release: Release, language: str) -> str:
    parts = [f"<h1>{escape(_title(material, language))}</h1>"]
    for chapter in chapters(material, release, language):
        parts.append(f"<h2>{escape(chapter.title)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in chapter.said]
        parts += [_table(table) for table in chapter.tables]
    return f'<main lang="{language}" id="{language}">\n' + "\n".join(parts) + "\n</main>"


def _table(table: WordTable) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.heads)
    body = "\n".join(
        "<tr>" + f'<th scope="row">{escape(row[0])}</th>' + "".join(_cell(cell) for cell in row[1:]) + "</tr>"
        for row in table.rows
    )
    notes = "".join(f'<p class="muted">{escape(note)}</p>' for note in table.notes)
    caption = f"<caption>{escape(table.title)}</caption>"
    inner = f"{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>"
    return f'<div class="frame"><table>{inner}</table></div>{notes}'


def _cell(text: str) -> str:
    """Return a cell, to the right where it is a number, a share or a sign for one."""
    is_number = text.strip(f"0123456789 %.-–{NO_BREAK}") == ""
    return f'<td class="n">{escape(text)}</td>' if is_number else f"<td>{escape(text)}</td>"


def _title(material: MethodMaterial, language: str) -> str:
    wave = material.release.wave
    return _say("method.title", language, wave=wave.name, review=wave.review, year=wave.year)


def _say(key: str, language: str, **values: object) -> str:
    return statistics_words(key, language, **values)
