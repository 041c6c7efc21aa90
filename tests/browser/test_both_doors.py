"""From the phone of a respondent to the screen of the inspector, over one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from browser.steps import answer_until, begin, dashboard_over

if TYPE_CHECKING:
    from conftest import Opener, Town

DESK = {"width": 1280, "height": 800}
PATIENCE = 30_000
LIVE = 5_000
"""Milliseconds within which the dashboard tells of a new answer."""


def test_a_whole_and_a_partial_answer_are_both_seen_within_five_seconds(
    town: Town, open_page: Opener
) -> None:
    with dashboard_over(str(town.engine.url)) as address:
        screen = open_page(address, viewport=DESK)
        sentence = screen.locator(".granska-answer").first
        expect(sentence).to_contain_text("0 av 24 har svarat", timeout=PATIENCE)

        whole = answer_until(begin(open_page(town.link(town.example))), "")
        whole.locator("button[value=send]").click()
        expect(whole.locator("h2").first).to_have_text("Dina svar är inskickade")
        expect(sentence).to_contain_text("1 av 24 har svarat", timeout=LIVE)

        partial = answer_until(begin(open_page(town.link(town.example))), "KVAL-03")
        expect(sentence).to_contain_text("1 av 24 har svarat", timeout=LIVE)
        partial.locator("a[href='/skicka']").click()
        partial.locator("button[value=send_partial]").click()
        expect(sentence).to_contain_text("2 av 24 har svarat", timeout=LIVE)
        row = screen.get_by_role("row", name="Totalt")
        expect(row.get_by_role("cell")).to_have_text(["26", "24", "24", "2", "2", "1", "0", "22"])
