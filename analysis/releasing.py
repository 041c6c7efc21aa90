"""Deciding a release: from counts to the closed list of tables, each made safe, as JSON and as a page.

The list follows from what the wave asked: for each question its table by reporting unit, with the total, and
by the first background that gives nobody away. No reader can ask for another table, filter or group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.disclosure import Policy, SafeTable
from analysis.question_tables import Collected, items_tabulated, table_of
from analysis.release import Correction, correct
from analysis.release_page import render
from analysis.released import FORMAT, Asked, Edition, Release, Split, canonical, read_back, sha256
from analysis.split_disclosure import disclose_split
from analysis.splits import SplitTable, part_names, sizes_of, tabulate_split
from analysis.tables import ANSWERED, Mark, Provenance, UnitColumn
from analysis.turnout import kept, turnout
from analysis.wording import listed, words
from models.material import Material
from models.queries import CountRow

LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be let out: the release, its canonical JSON, and whether readers would see anything new."""

    release: Release
    canonical: str
    page: bytes
    changed: bool


def decide(material: Material, *, at: datetime, version: str) -> Decision:
    """Return the release of the wave that ``material`` is from, made ``at`` by this ``version``.

    The same material, time and version give the same bytes.
    """
    earlier = [read_back(text, sha256(text)) for text in material.earlier]
    editions = tuple(_edition(material, language, earlier) for language in LANGUAGES)
    made = Release(
        format=FORMAT,
        number=material.number,
        at=at,
        version=version,
        wave=material.wave,
        form=material.form.hash,
        asked=tuple(Asked(each.code, each.edition, each.version, each.hash) for each in material.form.parts),
        earlier=tuple(sha256(text) for text in material.earlier),
        listed=tuple(table.item for table in editions[0].tables),
        editions=editions,
    )
    changed = not earlier or _told(earlier[-1]) != _told(made)
    return Decision(made, canonical(made), render(made), changed)


def _policy(material: Material) -> Policy:
    wave = material.wave
    return Policy(wave.policy, wave.smallest_group, wave.alike_below, max(wave.smallest_group, 10))


def _edition(material: Material, language: str, earlier: Sequence[Release]) -> Edition:
    before = [each.edition(language) for each in earlier]
    came = turnout(material.units, material.wave.smallest_group, language)
    collected = _collected(material)
    corrections = list(_tables(material, collected, language, before))
    tables = tuple(found.table for found in corrections)
    return Edition(
        language,
        kept(came, [each.turnout for each in before], material.wave.smallest_group),
        tables,
        before[0].splits if before else tuple(_splits(material, collected, tables)),
        tuple(_waiting(corrections)),
    )


def _collected(material: Material) -> Collected:
    wave = material.wave
    marks = (Mark.EXAMPLE,) if wave.origin == "example" else ()
    units = tuple(UnitColumn(*unit) for unit in material.units)
    source = Provenance(f"{wave.review} ({wave.year}), {wave.name}", marks)
    return Collected(material.form, wave.subject, units, material.rows, source)


def _tables(
    material: Material, collected: Collected, language: str, before: Sequence[Edition]
) -> Iterator[Correction]:
    """Yield the tables of the closed list, made safe beside its earlier releases, and what waits in it."""
    codes = dict(material.coded)
    for item in _listed(material, before):
        table = table_of(material.form.by_name[item], collected, language, codes.get(item, ()))
        released = [each.table(item) for each in before]
        split_shown = bool(before) and before[0].split(item) is not None
        yield correct(released, table, _policy(material), split_shown=split_shown)


def _waiting(corrections: Sequence[Correction]) -> Iterator[str]:
    for found in corrections:
        if found.waiting:
            language = found.table.language
            groups = listed(list(found.waiting), language)
            yield words("release.waits", language, question=found.table.title, groups=groups)


def _splits(material: Material, collected: Collected, tables: Sequence[SafeTable]) -> Iterator[Split]:
    """Yield of each question the first split that gives nobody away; a later release carries them over."""
    if material.wave.policy != "group":
        return
    for whole in tables:
        for split, parts in material.parts:
            background = material.form.backgrounds.get(split)
            if not parts or (background and background.name == whole.item):
                continue
            safe = disclose_split([_split(collected, whole, split, parts)], whole, _policy(material))
            if safe and len(safe.columns) > 1:
                yield Split(split, safe)
                break


def _split(collected: Collected, whole: SafeTable, split: str, parts: Sequence[CountRow]) -> SplitTable:
    question = collected.form.by_name[whole.item]
    return tabulate_split(
        table_of(question, collected, whole.language),
        question,
        parts,
        collected.units,
        split=split,
        parts=part_names(collected.form.backgrounds.get(split), parts, whole.language),
        sizes=sizes_of(parts, whole.item),
        base=ANSWERED,
    )


def _listed(material: Material, before: Sequence[Edition]) -> tuple[str, ...]:
    """Return the items of the closed list, which the first release of a wave fixes for all later ones."""
    return tuple(table.item for table in before[0].tables) if before else items_tabulated(material.form)


def _told(release: Release) -> list[object]:
    """Return what a release tells in numbers, in its first language: neither notes nor what waits."""
    edition = release.editions[0]
    columns = [(each.rows, column) for each in edition.tables for column in each.all_columns]
    return [
        edition.turnout,
        *((rows, each.label, each.n, each.cells, each.missing) for rows, each in columns),
    ]
