"""Every colour that carries text or shape can be told from what lies behind it (WCAG 2.2 AA)."""

from __future__ import annotations

import pytest

from analysis.palette import PALETTES, STEPS, Palette


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_text_reads_well_on_paper_and_on_cards(palette: Palette) -> None:
    for text in (palette.ink, palette.muted, palette.primary, palette.warning):
        for behind in (palette.paper, palette.surface):
            assert contrast(text, behind) >= 4.5
    assert contrast(palette.on_primary, palette.primary) >= 4.5
    assert contrast(palette.on_primary, palette.muted) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_values_read_well_on_their_step(palette: Palette) -> None:
    for step in STEPS:
        assert contrast(palette.on_steps[step], palette.steps[step]) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_lines_and_outlines_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.line, palette.paper) >= 3
    assert contrast(palette.outline, palette.paper) >= 3
