"""Contacts per day are drawn as counts, with words for each bar."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.contact_charts import ContactBar, contacts
from analysis.palette import DARK, LIGHT

DAYS = [
    ContactBar(date(2026, 12, 1), 40, 0, coming=False),
    ContactBar(date(2026, 12, 8), 1, 38, coming=True),
]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_bar_says_its_day_its_number_and_whether_it_is_made(palette: object) -> None:
    drawn = contacts(DAYS, palette, "sv", example=False, text="40 skickade").to_dict()  # type: ignore[arg-type]
    values = drawn["datasets"][drawn["data"]["name"]]
    assert [row["text"] for row in values] == [
        "1 december 2026, skickade inbjudningar: 40",
        "8 december 2026, planerade inbjudningar: 1",
        "8 december 2026, planerade påminnelser: 38",
    ]
    assert drawn["description"] == "40 skickade"


def test_a_day_without_contacts_of_a_kind_has_no_bar_of_it() -> None:
    drawn = contacts(DAYS[:1], LIGHT, "en", example=True, text="").to_dict()
    assert len(drawn["datasets"][drawn["data"]["name"]]) == 1
    assert "Example" in drawn["title"]["text"]
