"""Every page says its answer first, then draws it, then tabulates it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from .conftest import Open

PAGES = ("page_fieldwork", "page_wave", "page_results", "page_cooperation", "page_children", "page_files")
SURVEY_2012 = (
    "Enkät om kompetens och kvalitet (2012) – "
    "Granskning av ekonomiskt bistånd i Hägersten-Liljeholmen och Älvsjö"
)
FILES_2012 = "Aktgranskning (2012) – Granskning av ekonomiskt bistånd i Hägersten-Liljeholmen och Älvsjö"
REVIEW_2012 = "Granskning av ekonomiskt bistånd i Hägersten-Liljeholmen och Älvsjö (2012)"
FOSTER_2020 = (
    "Granskning av ärenden (2020) – Kvalitetsgranskning Familjevård – hälsa, umgänge och delaktighet"
)

ALL = "Alla avsnitt"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def html(page: AppTest) -> list[str]:
    """The words of every piece of markup on the page."""
    pieces = []
    for element in page.get("html"):
        parser = _Words()
        parser.feed(element.proto.body)
        pieces.append(" ".join(word for word in parser.words if word))
    return pieces


def specs(page: AppTest) -> list[dict[str, Any]]:
    found = [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]
    assert len(page.get("arrow_vega_lite_chart")) == 0
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_data_says_so_kindly(show: Open, empty: str, page: str) -> None:
    opened = show(empty, page)
    assert not opened.exception
    assert specs(opened) == []
    assert any("än" in words for words in html(opened))


@pytest.mark.parametrize("language", ["Svenska", "English"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_the_example_in_both_languages(
    show: Open, demo: str, page: str, language: str
) -> None:
    opened = show(demo, page, sprak=language)
    assert not opened.exception
    mark = "Exempeldata" if language == "Svenska" else "Example data"
    assert any(mark in words for words in html(opened))
    assert opened.title[0].value
    for spec in specs(opened):
        assert mark in spec["title"]["text"]
        assert spec["description"]


def _participation(words: list[str]) -> str:
    return next(each for each in words if "Varav delvis" in each)


def test_fieldwork_tells_who_has_answered_and_who_has_not(show: Open, demo: str) -> None:
    words = html(show(demo, "page_fieldwork"))
    answer = next(each for each in words if "har inte svarat" in each)
    sent, invited = re.match(r"(\d+) av (\d+) har svarat; .+ har inte svarat\.", answer).groups()  # type: ignore[union-attr]
    totals = _participation(words).split("Totalt")[-1].split()
    assert [totals[2], totals[4]] == [invited, sent]
    assert int(totals[-1]) == int(invited) - int(sent)
    narrowed = html(show(demo, "page_fieldwork", distrikt="Björkdalen"))
    assert any("har svarat i Björkdalen" in each for each in narrowed)
    assert "Almängen" not in _participation(narrowed)


def test_a_printed_survey_is_told_as_the_inspectors_told_it(show: Open, demo: str) -> None:
    opened = show(demo, "page_fieldwork", utskick=SURVEY_2012, distrikt="Hägersten-Liljeholmen")
    assert "Totalt 10 av 13 möjliga svar registrerades, ett bortfall på tre svar." in html(opened)
    assert specs(opened) == []
    assert any("Publicerad uppgift" in words for words in html(opened))


def test_no_total_is_told_that_the_report_does_not_print(show: Open, demo: str) -> None:
    words = html(show(demo, "page_fieldwork", utskick=SURVEY_2012))
    assert "Hägersten-Liljeholmen - - 13 10 3 Älvsjö 4 2 2 2 0" in words[-1]
    assert not any("Totalt 12" in each or "15" in each for each in words)
    assert any("Totalt 42 42 0" in each for each in html(show(demo, "page_fieldwork", utskick=FOSTER_2020)))


def test_the_years_table_stands_as_printed(show: Open, demo: str) -> None:
    words = " ".join(html(show(demo, "page_results", utskick=SURVEY_2012, avsnitt="Yrkeserfarenhet")))
    assert "0-1 år 4 40 0 0 1-2 år 1 10 0 0 2-4 år 2 20 0 0 4-8 år 0 0 1 50 8 år eller mer 3 30 1 50" in words
    assert "Källa: Granskning av ekonomiskt bistånd" in words


def test_only_printed_classes_of_a_printed_question_are_shown(show: Open, demo: str) -> None:
    words = " ".join(html(show(demo, "page_results", utskick=SURVEY_2012)))
    assert "Kvinna 8 80 2 100" in words
    assert "Man 2" not in words


FIRST_ROUND = (
    "Enkät till socialsekreterare, första omgången (2026) – "
    "Exempelgranskning: samverkan och barnperspektiv, första omgången"
)
SPLIT = "Uppdelat på kön, för alla enheter som totalen omfattar:"


def test_a_closed_survey_is_split_by_sex_and_an_open_one_is_not(show: Open, demo: str) -> None:
    closed = show(demo, "page_results", utskick=FIRST_ROUND, avsnitt="Samverkan")
    assert SPLIT in [each.value for each in closed.markdown]
    assert any("Kvinna" in words and "Man" in words for words in html(closed))
    assert SPLIT not in [each.value for each in show(demo, "page_results", avsnitt="Samverkan").markdown]


def test_results_show_one_section_at_a_time_or_all(show: Open, demo: str) -> None:
    first = show(demo, "page_results")
    assert [each.value for each in first.header] == ["Bakgrund"]
    other = show(demo, "page_results", avsnitt="Barnperspektiv")
    assert [each.value for each in other.header] == ["Barnperspektiv"]
    every = show(demo, "page_results", avsnitt=ALL)
    assert {"Bakgrund", "Samverkan", "Barnperspektiv"} <= {each.value for each in every.header}
    assert len(specs(first)) < len(specs(other)) < len(specs(every))
    english = show(demo, "page_results", sprak="English", avsnitt="All sections")
    assert len(english.header) == len(every.header)


def test_cooperation_stands_as_printed_inside_beside_outside(show: Open, demo: str) -> None:
    opened = show(demo, "page_cooperation", utskick=SURVEY_2012)
    words = html(opened)
    assert (
        "I Hägersten-Liljeholmen svarar 7 av 10 att den interna samverkan fungerar bra eller mycket bra. "
        "Om den externa säger 6 av 10 det." in words
    )
    assert any("Fungerar bra 7 70 1 50" in each for each in words)
    assert any("Fungerar mindre bra 2 20 1 50" in each for each in words)


def test_cooperation_can_be_stacked_to_a_hundred(show: Open, demo: str) -> None:
    parted = show(demo, "page_cooperation")
    stacked = parted.toggle[0].set_value(True).run()
    assert not stacked.exception
    assert '"domain": [-100.0' not in json.dumps(specs(stacked)[0])


def test_survey_and_files_stand_beside_each_other_with_their_own_n(show: Open, demo: str) -> None:
    opened = show(demo, "page_children", granskning=REVIEW_2012)
    words = html(opened)
    assert words[1].startswith("I enkäten svarar 6 av 10 ja på frågan ”Brukar du samtala med barnen?”.")
    assert "0 av 7" in words[1]
    assert any("Antal barn i aktmaterialet" in each for each in words)


def test_a_printed_file_review_has_districts_as_columns_and_a_total(show: Open, demo: str) -> None:
    words = " ".join(html(show(demo, "page_files", aktgranskning=FOSTER_2020, avsnitt=ALL)))
    assert "Hälsokort utskickat 6 5 8 19" in words
    assert "Tandvård uppföljt i senaste övervägandet 5 2 0 7" in words


def test_counts_in_running_text_keep_their_nested_bases(show: Open, demo: str) -> None:
    words = " ".join(html(show(demo, "page_files", aktgranskning=FILES_2012, avsnitt=ALL)))
    assert "26 av 30" in words
    assert "11 av 13" in words


def test_districts_of_the_example_show_no_small_number_of_clients(show: Open, demo: str) -> None:
    opened = show(demo, "page_files", avsnitt=ALL)
    tables = [words for words in html(opened) if "Almängen" in words and "akter" in words]
    numbers = [(int(n), int(of)) for words in tables for n, of in re.findall(r"(\d+) av (\d+)", words)]
    assert numbers
    assert [(n, of) for n, of in numbers if 0 < n < 5 or 0 < of - n < 5] == []
    assert any(".. visas inte" in words for words in tables)


def test_what_a_report_says_in_words_stands_with_its_tables(show: Open, demo: str) -> None:
    files = html(show(demo, "page_files", aktgranskning=FILES_2012, avsnitt=ALL))
    assert any("ungefär hälften av ärendena" in each for each in files)
    survey = {"utskick": SURVEY_2012, "avsnitt": ALL}
    assert any("lite drygt 50 %" in each for each in html(show(demo, "page_results", **survey)))
    other = html(show(demo, "page_results", **survey, distrikt="Älvsjö"))
    assert not any("lite drygt 50 %" in each for each in other)


def test_a_year_is_no_amount_and_a_report_is_named_once_as_source(show: Open, demo: str) -> None:
    words = html(show(demo, "page_files", aktgranskning=FILES_2012, avsnitt=ALL))
    assert any("2011 9 av 17" in each for each in words)
    sources = [each for each in words if "Källa: " in each]
    assert sources
    assert all(each.count("Hägersten-Liljeholmen och Älvsjö (2012)") == 1 for each in sources)


def test_the_workbook_is_offered_where_there_are_tables(show: Open, demo: str) -> None:
    opened = show(demo, "page_cooperation")
    assert len(opened.get("download_button")) == 1


def test_a_chosen_district_stands_in_the_address_and_in_the_chart(show: Open, demo: str) -> None:
    opened = show(demo, "page_cooperation", distrikt="Ekhamra")
    assert "Ekhamra" in json.dumps(specs(opened)[0], ensure_ascii=False)
    assert "Björkdalen" not in json.dumps(specs(opened)[0], ensure_ascii=False)
