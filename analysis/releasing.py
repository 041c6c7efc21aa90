"""Deciding a release: from counts to the closed list of tables, each made safe, as JSON and as a page.

The list follows from what the wave asked: for each question its table by reporting unit, with the total. No
reader can ask for another table, another filter or another group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.disclosure import Policy, SafeTable
from analysis.question_tables import Collected, items_tabulated, table_of
from analysis.release import correct
from analysis.release_page import render
from analysis.released import FORMAT, Asked, Edition, Release, canonical, read_back, sha256
from analysis.tables import Mark, Provenance, UnitColumn
from analysis.turnout import kept, turnout
from analysis.wording import listed, words
from models.material import Material

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
    corrections = list(_tables(material, language, before))
    waiting = (
        words("release.waits", language, question=found.title, groups=listed(list(labels), language))
        for found, labels in corrections
        if labels
    )
    return Edition(
        language,
        kept(came, [each.turnout for each in before], material.wave.smallest_group),
        tuple(found for found, _ in corrections),
        tuple(waiting),
    )


def _tables(
    material: Material, language: str, before: Sequence[Edition]
) -> Iterator[tuple[SafeTable, Sequence[str]]]:
    """Yield the tables of the closed list, made safe beside its earlier releases, and what waits in it."""
    wave = material.wave
    marks = (Mark.EXAMPLE,) if wave.origin == "example" else ()
    collected = Collected(
        material.form,
        wave.subject,
        tuple(UnitColumn(*unit) for unit in material.units),
        material.rows,
        Provenance(f"{wave.review} ({wave.year}), {wave.name}", marks),
    )
    codes = dict(material.coded)
    for item in _listed(material, before):
        table = table_of(material.form.by_name[item], collected, language, codes.get(item, ()))
        released = [each.table(item) for each in before]
        found = correct(released, table, _policy(material))
        yield found.table, found.waiting


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
