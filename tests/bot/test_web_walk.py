from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from models.database import reading
from models.tables import Interview, Invitation, Result

if TYPE_CHECKING:
    from conftest import Site


def test_a_respondent_answers_everything_and_sends(site: Site) -> None:
    visitor = site.begun().answer_until("")
    assert "Det var sista frågan" in visitor.seen.text
    visitor.do("send")
    assert "Dina svar är inskickade" in visitor.seen.text
    with reading(site.engine) as session:
        assert session.exec(select(Invitation.finished_at).where(Invitation.id == site.invited[0])).one()
        assert len(session.exec(select(Result)).all()) > 20


def test_every_type_of_question_is_asked_and_stored(trial: Site) -> None:
    trial.at("ALLA-09").answer("Att klienten\r\när med.")
    assert trial.answers() == {
        "ALLA-01": "ok",
        "ALLA-02": "ja",
        "ALLA-03": "40",
        "ALLA-04": "3.5",
        "ALLA-05": "2012-03-01",
        "ALLA-06": "2012-03",
        "ALLA-07": "bra",
        "ALLA-08": "fia",
        "ALLA-09": "Att klienten\när med.",
    }


def test_several_boxes_can_be_ticked_and_other_is_followed_up(trial: Site) -> None:
    visitor = trial.at("ALLA-08")
    assert visitor.page.options == ["fia", "ib", "annat", "inget"]
    visitor.answer("ib", "annat")
    assert trial.answers()["ALLA-08"] == "ib annat"
    assert visitor.item == "ALLA-08_other"


def test_options_stand_in_the_order_of_the_instrument(trial: Site) -> None:
    assert trial.at("ALLA-07").page.options == ["mycket_bra", "bra", "mindre_bra", "daligt"]


def test_progress_is_said_in_words_and_in_the_title(trial: Site) -> None:
    visitor = trial.at("ALLA-07")
    assert "Fråga 7 av ungefär 10" in visitor.title
    assert "minuter kvar" in visitor.seen.text


def test_a_note_stands_before_its_question(trial: Site) -> None:
    assert "Nästa fråga gäller antal." in trial.at("ALLA-03").seen.text


def test_why_is_told_where_the_instrument_says_it_and_otherwise_in_general(trial: Site) -> None:
    assert "Några frågor gäller bara barnfamiljer." in trial.at("ALLA-02").seen.text
    assert "tillsammans med andras svar" in trial.at("ALLA-03").seen.text


def test_a_required_question_offers_no_skip(trial: Site) -> None:
    assert "skip" not in trial.at("ALLA-02").page.actions
    assert "skip" in trial.at("ALLA-03").page.actions


def test_back_shows_the_earlier_answer_and_keep_leaves_it(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    visitor.do("back")
    assert visitor.item == "ALLA-02"
    assert "Ditt svar nu" in visitor.seen.text
    visitor.do("keep")
    assert visitor.item == "ALLA-03"
    assert trial.answers()["ALLA-02"] == "ja"


def test_an_answer_changed_from_its_bubble_prunes_what_followed(trial: Site) -> None:
    visitor = trial.at("ALLA-04")
    assert visitor.page.changes == ["ALLA-01", "ALLA-02", "ALLA-03"]
    visitor.post(change="ALLA-02")
    assert visitor.item == "ALLA-02"
    visitor.answer("nej")
    assert visitor.item == "ALLA-04"
    assert "Hur många ärenden har du?" not in visitor.seen.text


def test_a_skipped_question_is_told_apart_from_an_answer(trial: Site) -> None:
    visitor = trial.at("ALLA-04")
    visitor.do("skip")
    assert "own skipped" in visitor.seen.text
    assert trial.answers()["ALLA-04"] is None


def test_my_answers_can_be_read_and_changed(trial: Site) -> None:
    visitor = trial.at("ALLA-05")
    visitor.get("/svar")
    assert visitor.page.changes == ["ALLA-01", "ALLA-02", "ALLA-03", "ALLA-04"]
    visitor.post(change="ALLA-03")
    assert visitor.item == "ALLA-03"


def test_a_copy_of_my_answers_can_be_saved_until_they_are_sent(trial: Site) -> None:
    visitor = trial.at("ALLA-03")
    copy = visitor.get("/svar.txt")
    assert copy.headers["content-disposition"] == 'attachment; filename="mina-svar.txt"'
    assert "\nJa\n" in copy.text
    visitor.get("/samtal")
    visitor.do("send_partial")
    assert "content-disposition" not in visitor.get("/svar.txt").headers


def test_all_questions_can_be_read_before_beginning(trial: Site) -> None:
    visitor = trial.visitor()
    visitor.get(trial.link())
    visitor.get("/fragor")
    for words in ("Först", "Sedan", "Vad innebär delaktighet för dig?", 'start="7"'):
        assert words in visitor.seen.text


def test_the_whole_promise_can_be_read(trial: Site) -> None:
    visitor = trial.visitor()
    visitor.get(trial.link())
    visitor.get("/om")
    assert "lex Sarah" in visitor.seen.text
    assert "Allmän handling" in visitor.seen.text


def test_the_language_can_be_switched_in_the_middle(trial: Site) -> None:
    visitor = trial.at("ALLA-07")
    visitor.do("language", svar="en")
    assert '<html lang="en">' in visitor.seen.text
    assert "How does cooperation work?" in visitor.seen.text
    assert visitor.item == "ALLA-07"


def test_what_is_answered_can_be_sent_before_the_end(trial: Site) -> None:
    visitor = trial.at("ALLA-05")
    visitor.get("/skicka")
    assert visitor.page.actions[-1] == "send_partial"
    visitor.do("send_partial")
    assert "Dina svar är inskickade" in visitor.seen.text
    with reading(trial.engine) as session:
        assert session.exec(select(Interview.partial)).one()


def test_declining_is_asked_once_more_and_can_be_taken_back(trial: Site) -> None:
    visitor = trial.visitor()
    visitor.get(trial.link())
    visitor.get("/avboj")
    visitor.do("decline")
    assert "Du har valt att inte delta" in visitor.seen.text
    visitor.do("begin")
    assert "Innan du börjar" in visitor.seen.text


def test_a_draft_can_be_deleted_and_begun_anew(trial: Site) -> None:
    visitor = trial.at("ALLA-05")
    visitor.get("/radera")
    visitor.do("delete")
    assert "Ditt utkast är raderat." in visitor.seen.text
    assert "Innan du börjar" in visitor.seen.text
    assert trial.answers() == {}
    told = visitor.seen.url.raw_path.decode()
    assert "Ditt utkast är raderat." in visitor.get(told).text
    visitor.do("begin")
    assert visitor.item == "ALLA-01"
    assert "Ditt utkast är raderat." not in visitor.get(told).text, "a new draft is there by now"


def test_a_confirmation_that_means_nothing_now_leads_to_the_conversation(trial: Site) -> None:
    visitor = trial.visitor()
    visitor.get(trial.link())
    assert "Innan du börjar" in visitor.get("/skicka").text


def test_someone_who_pauses_comes_back_to_the_same_question(trial: Site) -> None:
    visitor = trial.at("ALLA-06")
    visitor.get("/paus")
    visitor.do("pause", svar="")
    assert "Du har pausat" in visitor.seen.text
    visitor.get(trial.link())
    assert visitor.item == "ALLA-06"
    assert visitor.page.changes[0] == "ALLA-01"


def test_another_device_asks_on_but_shows_no_earlier_answer(trial: Site) -> None:
    trial.at("ALLA-06")
    other = trial.visitor()
    other.get(trial.link())
    assert other.item == "ALLA-06"
    assert other.page.changes == []
    assert "5 svar är givna på en annan mobil eller dator" in other.seen.text


def test_the_code_chosen_at_pause_shows_the_answers_on_another_device(trial: Site) -> None:
    visitor = trial.at("ALLA-06")
    visitor.get("/paus")
    visitor.do("pause", svar="4711")
    assert "Med koden" in visitor.seen.text
    other = trial.visitor()
    other.get(trial.link())
    other.get("/svar")
    assert other.post("/svar", kod="1174").status_code == 422
    assert "Koden stämmer inte" in other.seen.text
    other.post("/svar", kod="4711")
    assert other.page.changes[0] == "ALLA-01"
    other.get("/samtal")
    assert other.page.changes[0] == "ALLA-01"


def test_a_code_that_is_not_four_digits_is_refused_and_kept_for_correction(trial: Site) -> None:
    visitor = trial.at("ALLA-06")
    visitor.get("/paus")
    visitor.do("pause", svar="47x")
    assert visitor.seen.status_code == 422
    assert 'value="47x"' in visitor.seen.text
    assert 'role="alert"' in visitor.seen.text


def test_a_shared_computer_can_forget_the_conversation(trial: Site) -> None:
    visitor = trial.at("ALLA-06")
    visitor.do("pause", svar="", forget="1")
    assert "Du har pausat" in visitor.seen.text
    assert visitor.get("/samtal").status_code == 404


def test_example_data_say_so_on_every_page(site: Site) -> None:
    visitor = site.begun()
    for page in ("/samtal", "/svar", "/fragor", "/om", "/paus", "/skicka", "/avboj", "/radera"):
        assert "Exempeldata" in visitor.get(page).text


def test_the_contact_person_can_be_reached_from_every_page(site: Site) -> None:
    visitor = site.begun()
    for page in ("/samtal", "/svar", "/fragor", "/om", "/paus", "/skicka", "/avboj", "/radera"):
        assert 'href="tel:0850800000"' in visitor.get(page).text
