"""The colours of visual.md, light and dark, for charts, tables and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS = ("daligt", "mindre_bra", "bra", "mycket_bra")
"""The four-step scale from the worst to the best; it has no neutral step."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. ``on_steps`` is the text colour with the best contrast on each step's colour."""

    name: str
    ink: str
    muted: str
    paper: str
    surface: str
    primary: str
    on_primary: str
    line: str
    outline: str
    warning: str
    steps: Mapping[str, str]
    on_steps: Mapping[str, str]


LIGHT = Palette(
    name="light",
    ink="#1a2530",
    muted="#55606b",
    paper="#f7f5f0",
    surface="#ffffff",
    primary="#0a5c63",
    on_primary="#ffffff",
    line="#78828c",
    outline="#3b4650",
    warning="#9a4a00",
    steps=dict(zip(STEPS, ("#8c2f00", "#e8a35c", "#a9cfd3", "#07565d"), strict=True)),
    on_steps=dict(zip(STEPS, ("#ffffff", "#1a2530", "#1a2530", "#ffffff"), strict=True)),
)
DARK = Palette(
    name="dark",
    ink="#e8ecef",
    muted="#a7b1ba",
    paper="#14191f",
    surface="#1d242c",
    primary="#5cc6cf",
    on_primary="#14191f",
    line="#66717c",
    outline="#c7d0d6",
    warning="#f0b27a",
    steps=dict(zip(STEPS, ("#f08a4b", "#8f5c33", "#33747b", "#6fd0d8"), strict=True)),
    on_steps=dict(zip(STEPS, ("#14191f", "#ffffff", "#ffffff", "#14191f"), strict=True)),
)
PALETTES: Mapping[str, Palette] = {palette.name: palette for palette in (LIGHT, DARK)}
