"""Mails in Chromium: nothing that a screen reader or a small screen cannot manage, light or dark."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from fieldwork.letters import Letter, LetterKind, render
from fieldwork.messages import ContactPerson

NARROW = {"width": 320, "height": 640}


def letter(kind: LetterKind, language: str) -> Letter:
    asked = kind is not LetterKind.THANKS
    return Letter(
        kind=kind,
        language=language,
        title="Granskning av ekonomiskt bistånd i Lindhagen och Norrvik",
        contact=ContactPerson("Inga Inspektör", "08-508 00 000", "inga.inspektor@example.se"),
        promise="confidential",
        smallest_group=5,
        closes=date(2026, 12, 18),
        minutes=10,
        purpose="Vi vill veta hur du upplever ditt arbete med ekonomiskt bistånd.",
        informed_on=date(2026, 11, 3),
        link="https://granska.example.se/s/3q8Zt0cJvT0Jm5bTnq1Dk2mQm5u0yqI9dV7hS1aXw4E" if asked else "",
        unsubscribe="https://granska.example.se/avsluta/9sYkq0dTnq1Dk2mQm5u0" if asked else "",
        test=True,
        example=True,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", LetterKind)
def test_a_mail_is_accessible_and_fits_a_small_phone(
    browser: Browser, kind: LetterKind, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport=NARROW, color_scheme=scheme)
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.set_content(render(letter(kind, "sv")).html)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heights = page.locator(".button a").evaluate_all("links => links.map(link => link.offsetHeight)")
    assert all(height >= 44 for height in heights)
    assert asked_for == []
    page.close()
