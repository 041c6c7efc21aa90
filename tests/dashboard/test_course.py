"""How the fieldwork of a survey went, under participation, for inspectors."""

from __future__ import annotations

import re

import pytest

from .conftest import Open
from .test_pages import SURVEY_2012, html

FIRST = (
    "Enkät till socialsekreterare, första omgången (2026) – "
    "Exempelgranskning: samverkan och barnperspektiv, första omgången"
)


def test_a_closed_round_tells_its_rates_beside_posts_filled_and_possible_answers(
    show: Open, demo: str
) -> None:
    opened = show(demo, "page_fieldwork", utskick=FIRST)
    assert not opened.exception
    words = html(opened)
    assert any(each.startswith("Totalt 65 av 83 möjliga svar registrerades") for each in words)
    rates = next(each for each in words if "RR1 RR2" in each)
    posts, filled, possible, complete, partial, rr1, rr2 = re.findall(
        r"(\d+)(?: %)?", rates.split("Totalt ")[1]
    )[:7]
    assert (posts, filled, possible) == ("91", "83", "83")
    assert int(rr1) == (200 * int(complete) + 83) // 166
    assert int(rr2) == (200 * (int(complete) + int(partial)) + 83) // 166


def test_every_invitation_has_one_code_and_the_codes_sum_to_the_invited(show: Open, demo: str) -> None:
    codes = next(each for each in html(show(demo, "page_fieldwork", utskick=FIRST)) if "1.1 komplett" in each)
    totals = [int(row.split()[-1]) for row in re.split(r" (?=[12]\.\d)", codes)[1:]]
    assert sum(totals) == 83


def test_an_open_survey_tells_who_waits_apart_from_who_stopped_and_no_rate(show: Open, demo: str) -> None:
    words = html(show(demo, "page_fieldwork"))
    assert any("Väntar här" in each for each in words)
    assert not any("RR1" in each for each in words)


def test_a_small_district_is_not_told_where_it_stopped(show: Open, demo: str) -> None:
    opened = show(demo, "page_fieldwork", utskick=FIRST, distrikt="Lindvik")
    assert any("Fick frågan" in each for each in html(opened))
    small = show(demo, "page_fieldwork", distrikt="Lindvik")
    assert [each for each in html(small) if "Fick frågan" in each] or any(
        "bara tillsammans" in each.value for each in small.markdown
    )


@pytest.mark.parametrize("address", [{"utskick": SURVEY_2012}, {"sprak": "English", "utskick": FIRST}])
def test_nothing_is_made_up_for_a_printed_report_and_all_is_said_in_english(
    show: Open, demo: str, address: dict[str, str]
) -> None:
    words = html(show(demo, "page_fieldwork", **address))
    assert any("Were asked" in each for each in words) is ("sprak" in address)
    assert any("RR1" in each for each in words) is ("sprak" in address)


def test_two_rounds_are_compared_where_the_members_are_the_same_and_refused_with_the_reason(
    show: Open, demo: str
) -> None:
    opened = show(demo, "page_results", jamfor=FIRST, avsnitt="Samverkan")
    assert not opened.exception
    said = [each.value for each in opened.markdown]
    assert any(each.startswith("Jämförs inte") and "Stensäter" in each for each in said)
    changed = [each for each in said if " före och " in each]
    assert any(each.startswith("Almängen, ") for each in changed)
    assert not any(each.startswith("Stensäter") for each in changed)


def test_what_stands_behind_a_section_is_computed_when_it_is_opened(show: Open, demo: str) -> None:
    opened = show(demo, "page_results", utskick=FIRST, avsnitt="Samverkan")
    assert not any("Effektstorlek" in each.value for each in opened.markdown)
    opened.session_state["account-Samverkan"] = True
    opened.run()
    assert not opened.exception
    assert any("Effektstorlek" in each.value for each in opened.markdown)
