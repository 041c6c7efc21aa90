"""*Ur rapporten*: what a printed report says in words or approximately, as printed and with its source."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from dashboard import data, html_tables
from dashboard.catalogue import language, say
from dashboard.data import Figure
from dashboard.layout import table

EVERYWHERE = ("alla granskade", "båda")
"""How printed figures name all districts of a review."""


def show(review_id: int, district: str, items: Collection[str]) -> None:
    """Show the statements about these items, in one district or ('') in all; nothing where there is none."""
    wanted = {_whole(item) for item in items}
    said = [
        figure
        for figure in data.figures(review_id)
        if wanted & {_whole(item) for item in figure.item.split()} and _covers(figure, district)
    ]
    if not said:
        return
    title = say("printed_statements.title")
    st.header(title, anchor=False)
    heads = [
        say("printed_statements.statement"),
        say("filter.distrikt"),
        *(say(f"printed_statements.{name}") for name in ("value", "method", "source")),
    ]
    table(html_tables.statements(title, heads, [_told(figure) for figure in said]))


def _whole(item: str) -> str:
    """Return the item of which a compound one was split: ``AKT12-17`` for ``AKT12-17.1``."""
    return item.partition(".")[0]


def _covers(figure: Figure, district: str) -> bool:
    return not district or figure.district in EVERYWHERE or district in figure.district.split("; ")


def _told(figure: Figure) -> tuple[str, ...]:
    """Return one printed statement as a row: what, where, as printed with its base, how, and from where."""
    value = say("printed_statements.not_told") if figure.missing else f"{figure.value} {figure.unit}".strip()
    base = say("printed_statements.of", n=figure.base) if figure.base and not figure.missing else ""
    name = figure.variable if language() == "sv" else figure.variable_en or figure.variable
    where = say("printed_statements.everywhere") if figure.district in EVERYWHERE else figure.district
    return name, where, value + base, say(f"method.{figure.method}"), figure.source
