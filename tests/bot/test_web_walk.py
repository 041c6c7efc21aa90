from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Site


def test_a_respondent_answers_everything_and_sends(site: Site) -> None:
    visitor = site.begun()
    visitor.answer_until("")
    assert "Det var sista frågan" in visitor.seen.text
    visitor.do("send")
    assert "Dina svar är inskickade" in visitor.seen.text
