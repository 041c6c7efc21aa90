"""A question of a closed survey by the background of those who answered, where that may be seen."""

from __future__ import annotations

from analysis.disclosure import SafeTable
from analysis.question_tables import table_of
from analysis.split_disclosure import disclose_split
from analysis.splits import SplitTable, part_names, sizes_of, tabulate_split
from analysis.tables import ANSWERED
from dashboard.data import WaveInfo, counts, form, release, sees_releases_only
from dashboard.evidence import collected, items_shown, policy_of
from fieldwork.errors import NotReleased
from fieldwork.results import SPLITS

GROUPS = 2
"""A split into fewer groups is none."""


def beside(wave: WaveInfo, whole: SafeTable, language: str) -> tuple[str, SafeTable] | None:
    """Return by what the question of ``whole`` may be split, and the table of its parts; None by nothing.

    ``whole`` is its table by unit. Only one split of a question is ever shown, the first of ``SPLITS`` that
    gives nobody away, so that nothing follows from two; to managers that of the release.
    """
    if sees_releases_only(wave):
        return _released(wave, whole.item, language)
    if not wave.closed or wave.policy != "group":
        return None
    for split in SPLITS:
        made = _split(wave, whole.item, split, language)
        if made and (safe := disclose_split([made], whole, policy_of(wave, counts(wave, (whole.item,))))):
            return split, safe
    return None


def _released(wave: WaveInfo, item: str, language: str) -> tuple[str, SafeTable] | None:
    try:
        found = release(wave).edition(language).split(item)
    except NotReleased:
        return None
    return (found.by, found.table) if found else None


def _split(wave: WaveInfo, item: str, split: str, language: str) -> SplitTable | None:
    """Return the question by the parts of one split, None where there are not two that anybody is in."""
    asked, background = form(wave).by_name[item], form(wave).backgrounds.get(split)
    if item == (background.name if background else ""):
        return None
    found = counts(wave, items_shown(wave), split)
    names = part_names(background, found.parts, language)
    sizes = sizes_of(found.parts, item)
    if len({part for (_, part), n in sizes.items() if n}) < GROUPS:
        return None
    whole = table_of(asked, collected(wave, found), language)
    return tabulate_split(
        whole,
        asked,
        found.parts,
        collected(wave, found).units,
        split=split,
        parts=names,
        sizes=sizes,
        base=ANSWERED,
    )
