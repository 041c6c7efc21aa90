"""From a wave's counts to tables that may be shown: of a printed review only what its report prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.disclosure import Policy, SafeTable, disclose
from analysis.question_tables import Collected, items_tabulated, named_base, table_of
from analysis.rounds import Round, tabulate_rounds
from analysis.tables import SENT, Base, Mark, Provenance, Table, UnitColumn, tabulate, tabulate_rows
from analysis.wording import words
from dashboard.data import WaveInfo, coded, counts, form, release, sees_releases_only
from fieldwork.results import TOTAL, Counts
from questionnaires.definition import Form, Question, Questionnaire

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Some tables under one heading of the questionnaire."""

    title: str
    tables: tuple[SafeTable, ...]


def items_shown(wave: WaveInfo) -> tuple[str, ...]:
    """Return the items of which the wave has tables, in the order of its form."""
    if wave.policy != "published":
        return items_tabulated(form(wave))
    printed = {str(entry["item"]) for entry in wave.printed}
    return tuple(question.name for question in form(wave).questions if question.name in printed)


def sections(wave: WaveInfo, language: str, *, totals: bool = True) -> tuple[Section, ...]:
    """Return every table of the wave under the headings of its questionnaires.

    Without ``totals`` the items that ``printed_tables`` shows are left out.

    Raises:
        NotAllowed, NotReleased: as ``fieldwork.results.counts``.
    """
    every = items_shown(wave)
    find = _finder(wave, language)
    together = {str(entry["item"]) for entry in wave.printed if entry["total"]}
    shown = every if totals else tuple(item for item in every if item not in together)
    result: list[Section] = []
    for part in form(wave).parts:
        names = [question.section for question in part.questions if question.name in shown]
        for name in dict.fromkeys(names):
            asked = [q for q in part.questions if q.section == name and q.name in shown]
            tables = [table for question in asked for table in find(question)]
            result.append(Section(_heading(part, name, language), tuple(tables)))
    return tuple(result)


def headings(wave: WaveInfo, language: str) -> tuple[str, ...]:
    """Return the headings of ``sections``, in their order."""
    shown = items_shown(wave)
    found = [
        _heading(part, question.section, language)
        for part in form(wave).parts
        for question in part.questions
        if question.name in shown
    ]
    return tuple(dict.fromkeys(found))


def items_asked(wave: WaveInfo, language: str, heading: str = "") -> tuple[str, ...]:
    """Return the items that the wave asks, shown or not, under one heading or under all."""
    return tuple(
        question.name
        for part in form(wave).parts
        for question in part.questions
        if heading in {"", _heading(part, question.section, language)}
    )


def _heading(part: Questionnaire, section: str, language: str) -> str:
    return part.sections[section][language] if section else part.title[language]


def tables_of(wave: WaveInfo, item: str, language: str) -> tuple[SafeTable, ...]:
    """Return the tables of one item: none where the form lacks it or the report prints none."""
    if item not in items_shown(wave):
        return ()
    return tuple(_finder(wave, language)(form(wave).by_name[item]))


def _finder(wave: WaveInfo, language: str) -> Callable[[Question], Iterable[SafeTable]]:
    """Return what finds the tables of a question: in the newest release where nothing else may be seen."""
    if sees_releases_only(wave):
        tables = release(wave).edition(language).tables
        return lambda question: [table for table in tables if table.item == question.name]
    found = counts(wave, items_shown(wave))
    return lambda question: _tables(wave, question, found, language)


def printed_tables(wave: WaveInfo, language: str) -> tuple[Section, ...]:
    """Return the tables a report prints with districts as columns and a total: questions are their rows.

    Rows that cannot share one table (another base, other districts) stand in a table of their own.
    """
    if not wave.printed:
        return ()
    found = counts(wave, items_shown(wave))
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in wave.printed:
        base = "sent" if entry["base"] == "sent" else _route(form(wave), str(entry["base"]))
        section = form(wave).by_name[str(entry["item"])].section
        key = (section, entry["source"], base, tuple(entry["units"]), entry["split"])
        if entry["total"]:
            groups.setdefault(key, []).append(entry)
    result: dict[str, list[SafeTable]] = {}
    for entries in groups.values():
        table = _battery(wave, entries, found, language)
        result.setdefault(table.title, []).append(table)
    return tuple(Section(title, tuple(tables)) for title, tables in result.items())


def rounds_of(
    before: WaveInfo, after: WaveInfo, item: str, language: str
) -> tuple[SafeTable, SafeTable] | None:
    """Return one question with fixed classes in two rounds, each made safe as its own wave's.

    None where it has no such classes in both. Raises ValueError where the classes cannot be laid together,
    and what ``fieldwork.results.counts`` refuses.
    """
    rounds, policies = [], []
    for wave in (before, after):
        question = form(wave).by_name.get(item)
        if question is None or not question.choices:
            return None
        found = counts(wave, items_shown(wave))
        source = _provenance(wave, found, f"{wave.review} ({wave.year}), {wave.name}")
        rounds.append(Round(str(wave.id), question, found.rows, tuple(_columns(found)), source))
        policies.append(policy_of(wave, found))
    earlier, later = tabulate_rounds(rounds, language=language)
    return disclose(earlier, policies[0]), disclose(later, policies[1])


def _tables(wave: WaveInfo, question: Question, found: Counts, language: str) -> Iterable[SafeTable]:
    policy = policy_of(wave, found)
    if wave.policy == "published":
        for entry in wave.printed:
            if entry["item"] == question.name:
                yield disclose(_printed(wave, question, entry, found, language), policy)
        return
    codes = coded(wave, question.name) if question.codes else ()
    yield disclose(table_of(question, collected(wave, found), language, codes), policy)


def policy_of(wave: WaveInfo, found: Counts) -> Policy:
    """Return how the tables of a wave are made safe."""
    return Policy(wave.policy, found.smallest_group, found.alike_below, found.open_answers_from)


def collected(wave: WaveInfo, found: Counts) -> Collected:
    """Return what a wave has collected, for its tables."""
    source = f"{wave.review} ({wave.year}), {wave.name}"
    about = _provenance(wave, found, source)
    return Collected(form(wave), wave.subject, tuple(_columns(found)), found.rows, about)


def _printed(wave: WaveInfo, question: Question, entry: Entry, found: Counts, language: str) -> Table:
    """Return one printed table of one question: its classes, its districts, its base, its source."""
    base = SENT if entry["base"] == "sent" else Base("route", str(entry["base"]))
    table = tabulate(
        question,
        found.rows,
        _columns(found, entry),
        base=base,
        language=language,
        base_label=_printed_base(wave, entry, language),
        only=[str(option) for option in entry["options"]],
        total=bool(entry["total"]),
        provenance=_provenance(wave, found, str(entry["source"])),
    )
    return table if entry["split"] else replace(table, columns=())


def _battery(wave: WaveInfo, entries: Sequence[Entry], found: Counts, language: str) -> SafeTable:
    """Return entries with the same source, base and districts as the rows of one table."""
    by_name = form(wave).by_name
    asked = [(by_name[str(entry["item"])], str(option)) for entry in entries for option in entry["options"]]
    first = entries[0]
    base = SENT if first["base"] == "sent" else Base("route", str(first["base"]))
    table = tabulate_rows(
        _section_title(form(wave), asked[0][0], language),
        asked,
        found.rows,
        _columns(found, first),
        base=base,
        language=language,
        base_label=_printed_base(wave, first, language),
        total=bool(first["total"]),
        provenance=_provenance(wave, found, str(first["source"])),
    )
    return disclose(table if first["split"] else replace(table, columns=()), Policy("published"))


def _columns(found: Counts, entry: Entry | None = None) -> list[UnitColumn]:
    """Return the reporting units as columns; of a printed table only its own, or their sum."""
    together = [unit for unit in found.units if unit.id == TOTAL]
    kept: Callable[[str], bool] = (
        (lambda _: True) if entry is None else (lambda label: label in entry["units"])
    )
    apart = [unit for unit in found.units if unit.id != TOTAL and kept(unit.label)]
    units = together if entry is not None and not entry["split"] and together else apart
    return [UnitColumn(unit.id, unit.label, unit.invited, unit.answers, unit.withheld) for unit in units]


def _provenance(wave: WaveInfo, found: Counts, source: str) -> Provenance:
    marks = [Mark.EXAMPLE] if wave.origin == "example" else []
    return Provenance(source, (*marks, *([Mark.PRELIMINARY] if found.preliminary else [])))


def _printed_base(wave: WaveInfo, entry: Entry, language: str) -> str:
    if entry["base"] == "sent":
        return words("base.sent_files" if wave.subject == "file" else "base.sent", language)
    question = form(wave).by_name[str(entry["base"])]
    return named_base(form(wave), question, language) or words("base.route", language)


def _section_title(asked: Form, question: Question, language: str) -> str:
    for part in asked.parts:
        if question in part.questions and question.section in part.sections:
            return part.sections[question.section][language]
    return question.label[language]


def _route(asked: Form, item: str) -> str:
    """Return what decides who is on the route of ``item``: items with the same condition share a base."""
    return asked.by_name[item].relevant
