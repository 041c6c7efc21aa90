"""Answers that the web chat cannot take: it changes nothing, and says so in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlmodel import SQLModel, select

from fieldwork.reviews import close_wave
from models.database import reading, writing
from models.tables import Answer

if TYPE_CHECKING:
    from conftest import Site, Visitor


def content(site: Site) -> dict[str, str]:
    """Return every row of every table."""
    with reading(site.engine) as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: str(session.connection().execute(table.select()).all()) for table in tables}


def words(visitor: Visitor) -> str:
    """Return the notice of a page."""
    return visitor.seen.text.partition('<p class="notice')[2].partition("</p>")[0]


def test_a_bad_number_is_refused_and_stays_in_the_box(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    assert visitor.answer("fyrtio").status_code == 422
    assert 'value="fyrtio"' in visitor.seen.text
    assert 'role="alert"' in visitor.seen.text
    assert 'aria-invalid="true"' in visitor.seen.text
    assert visitor.title.startswith("Fel: ")
    assert visitor.item == "ALLA-03"


def test_a_constraint_is_told_in_the_words_of_the_instrument(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    visitor.answer("201")
    assert "Skriv högst 200." in words(visitor)


def test_boxes_that_exclude_each_other_are_refused_and_stay_ticked(trial: Site) -> None:
    visitor = trial.at("ALLA-08")
    assert visitor.answer("fia", "inget").status_code == 422
    assert visitor.seen.text.count(" checked>") == 2


def test_no_box_at_all_is_refused(trial: Site) -> None:
    visitor = trial.at("ALLA-08")
    assert visitor.answer().status_code == 422


def test_an_option_that_does_not_exist_is_refused(trial: Site) -> None:
    visitor = trial.at("ALLA-07")
    assert visitor.answer("utmärkt").status_code == 422
    assert "ALLA-07" not in trial.answers()


def test_a_required_question_cannot_be_skipped_by_hand(trial: Site) -> None:
    visitor = trial.at("ALLA-02")
    assert visitor.do("skip").status_code == 422
    assert "ALLA-02" not in trial.answers()


def test_what_was_written_is_shown_as_text_never_as_markup(trial: Site) -> None:
    visitor = trial.at("ALLA-09")
    visitor.answer("<script>alert(1)</script>")
    visitor.get("/svar")
    assert "<script" not in visitor.seen.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in visitor.seen.text


@pytest.mark.parametrize("written", ["🙂 bra 👍🏽", "שלום עולם", "مرحبا بالعالم", "z̷̢a̷l̷g̷o"])
def test_any_writing_comes_back_as_it_was_written(trial: Site, written: str) -> None:
    visitor = trial.at("ALLA-09")
    visitor.answer(written)
    assert trial.answers()["ALLA-09"] == written
    visitor.get("/svar")
    assert f'dir="auto">{written}</p>' in visitor.seen.text


def test_a_double_press_stores_one_answer_and_goes_on(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    page = visitor.seen
    visitor.answer("40")
    visitor.seen = page
    visitor.answer("40")
    assert visitor.seen.status_code == 200
    assert visitor.item == "ALLA-04"
    with reading(trial.engine) as session:
        assert len(session.exec(select(Answer).where(Answer.item == "ALLA-03")).all()) == 1


def test_the_browsers_back_button_with_another_answer_changes_nothing(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    page = visitor.seen
    visitor.answer("40")
    visitor.seen = page
    visitor.answer("50")
    assert visitor.seen.status_code == 409
    assert "tidigare sida" in words(visitor)
    assert visitor.item == "ALLA-04"
    assert trial.answers()["ALLA-03"] == "40"


def test_two_open_tabs_do_no_harm(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    tab = visitor.seen
    visitor.post(change="ALLA-02")
    visitor.answer("nej")
    visitor.seen = tab
    visitor.answer("40")
    assert visitor.seen.status_code == 409
    assert visitor.item == "ALLA-04"
    assert "ALLA-03" not in trial.answers()


def test_an_answer_to_a_question_no_longer_on_the_route_is_not_taken(trial: Site) -> None:
    visitor = trial.at("ALLA-02")
    visitor.answer("nej")
    visitor.answer("40", item="ALLA-03")
    assert visitor.seen.status_code == 409
    assert "gäller inte längre" in words(visitor)
    assert "ALLA-03" not in trial.answers()


def test_text_written_on_an_old_page_of_the_same_question_is_not_lost(trial: Site) -> None:
    visitor = trial.at("ALLA-09")
    visitor.answer("Det jag skrev.", revision="1")
    assert visitor.seen.status_code == 409
    assert "Det jag skrev." in visitor.seen.text


def test_after_sending_nothing_can_be_read_or_changed(trial: Site) -> None:
    visitor = trial.at("ALLA-05")
    page = visitor.seen
    visitor.do("send_partial")
    before = content(trial)
    visitor.seen = page
    visitor.answer("2012-03-02")
    assert "Dina svar är inskickade" in visitor.seen.text
    visitor.get("/svar")
    assert visitor.page.changes == []
    assert content(trial) == before


def test_a_closed_wave_takes_no_answer(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    with writing(trial.engine) as session:
        close_wave(session, trial.wave, trial.clock.now)
    visitor.answer("40")
    assert "Enkäten är stängd" in visitor.seen.text
    assert trial.answers() == {}


def test_a_wave_that_is_over_takes_no_answer(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    trial.clock.now = datetime(2026, 12, 19, 12, tzinfo=trial.clock.now.tzinfo)
    visitor.answer("40")
    assert "Enkäten är stängd" in visitor.seen.text


def test_a_wave_that_has_not_opened_says_when_it_will(trial: Site) -> None:
    trial.clock.now = datetime(2026, 9, 25, 12, tzinfo=trial.clock.now.tzinfo)
    visitor = trial.visitor()
    visitor.get(trial.link())
    assert "1 oktober 2026" in visitor.seen.text


def test_a_form_and_an_answer_of_another_wave_are_refused(trial: Site, site: Site) -> None:
    mine, other = trial.at("ALLA-03"), site.begun()
    other.answer("40", token=mine.page.hidden["token"], revision=mine.page.hidden["revision"])
    assert other.seen.status_code == 403
    other.get("/samtal")
    asked = other.item
    other.answer("40", item="ALLA-03")
    assert other.seen.status_code == 409
    assert other.item == asked
    assert "ALLA-03" not in trial.answers()


def test_a_long_text_is_refused_with_what_was_written(trial: Site) -> None:
    visitor = trial.at("ALLA-09")
    written = "Delaktighet är viktigt. " * 300
    assert visitor.answer(written).status_code == 422
    assert "Svaret är för långt" in words(visitor)
    assert written.strip() in visitor.seen.text
