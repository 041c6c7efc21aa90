"""What the web chat does with what it cannot take: it changes nothing, and says so in words."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.web_session import COOKIE
from fieldwork.reviews import close_wave
from models.database import reading, writing
from models.tables import Answer, Interview, SQLModel

if TYPE_CHECKING:
    from conftest import Site, Visitor

PAGES = (
    "/samtal",
    "/svar",
    "/fragor",
    "/om",
    "/paus",
    "/skicka",
    "/avboj",
    "/radera",
    "/pausat",
    "/healthz",
    "/",
)
UNKNOWN = "Länken går inte att öppna"


def content(site: Site) -> dict[str, str]:
    """Return every row of every table."""
    with reading(site.engine) as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: str(session.connection().execute(table.select()).all()) for table in tables}


def words(visitor: Visitor) -> str:
    """Return the notice of a page."""
    return visitor.seen.text.partition('<p class="notice')[2].partition("</p>")[0]


# --- Links and cookies --------------------------------------------------------------------------------------


def test_a_get_writes_nothing(trial: Site) -> None:
    link = trial.link()
    visitor = trial.at("ALLA-05")
    before = content(trial)
    fresh = trial.visitor()
    for page in (link, *PAGES):
        fresh.get(page)
        visitor.get(page)
    assert content(trial) == before


def test_opening_a_link_begins_nothing(trial: Site) -> None:
    visitor = trial.visitor()
    visitor.get(trial.link())
    with reading(trial.engine) as session:
        assert session.exec(select(Interview)).all() == []


def test_a_link_sets_a_cookie_that_no_script_can_read_and_that_is_not_the_link(trial: Site) -> None:
    visitor = trial.visitor()
    link = trial.link()
    answer = visitor.runner.run(visitor.client.get(link))
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    assert answer.headers["location"] == "/samtal"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert link.removeprefix("/s/") not in answer.headers["set-cookie"]


@pytest.mark.parametrize("link", ["/s/finns-inte", "/s/" + "x" * 5000, "/s/%00", "/s/../x", "/s/åäö"])
def test_an_unknown_link_is_explained(trial: Site, link: str) -> None:
    visitor = trial.visitor()
    assert visitor.get(link).status_code == 404
    assert "Granska" in visitor.seen.text


def test_an_expired_link_gets_the_same_page_as_one_that_never_was(trial: Site) -> None:
    visitor = trial.visitor()
    link = trial.link(expires=trial.clock.now + timedelta(days=1))
    trial.clock.now += timedelta(days=2)
    expired = visitor.get(link)
    never = visitor.get("/s/finns-inte")
    assert (expired.status_code, expired.text) == (never.status_code, never.text)
    assert UNKNOWN in expired.text


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "1.a.0", "1.a.0.", "1.a.0.ÅÄÖ", "..." * 200, "2{rest}", "{whole}x", "{whole}.x", "é{whole}"],
)
def test_a_tampered_cookie_opens_nothing(trial: Site, cookie: str) -> None:
    visitor = trial.begun()
    whole = visitor.client.cookies[COOKIE]
    visitor.client.cookies.clear()
    tampered = cookie.format(whole=whole, rest=whole[1:])
    header = f"{COOKIE}={tampered}".encode()
    visitor.seen = visitor.runner.run(visitor.client.get("/samtal", headers={b"cookie": header}))
    assert visitor.seen.status_code == 404
    assert UNKNOWN in visitor.seen.text


def test_a_cookie_of_an_invitation_that_is_gone_opens_nothing(trial: Site) -> None:
    visitor = trial.begun(1)
    with writing(trial.engine) as session:
        connection = session.connection()
        for name in ("interview", "accesstoken", "information"):
            connection.execute(SQLModel.metadata.tables[name].delete())
        connection.execute(SQLModel.metadata.tables["invitation"].delete())
        connection.commit()
    assert visitor.get("/samtal").status_code == 404
    assert UNKNOWN in visitor.seen.text


def test_one_browser_goes_from_one_invitation_to_another_without_mixing_them(trial: Site) -> None:
    visitor = trial.at("ALLA-05")
    device = visitor.client.cookies[COOKIE].split(".")[1]
    visitor.get(trial.link(1))
    assert "Innan du börjar" in visitor.seen.text
    assert visitor.client.cookies[COOKIE].split(".")[1] != device


# --- Forms --------------------------------------------------------------------------------------------------


def test_a_form_of_another_visit_is_refused(trial: Site) -> None:
    stranger, visitor = trial.begun(1), trial.at("ALLA-03")
    before = content(trial)
    visitor.answer("40", token=stranger.page.hidden["token"])
    assert visitor.seen.status_code == 403
    assert "gammal" in visitor.seen.text
    assert content(trial) == before


@pytest.mark.parametrize("token", ["", "x", "åäö"])
def test_a_form_without_its_proof_is_refused(trial: Site, token: str) -> None:
    visitor = trial.at("ALLA-03")
    assert visitor.answer("40", token=token).status_code == 403
    assert "ALLA-03" not in trial.answers()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://example.org"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_a_form_posted_from_elsewhere_is_refused(trial: Site, headers: dict[str, str]) -> None:
    visitor = trial.at("ALLA-03")
    visitor.post(headers=headers, action="answer", svar="40")
    assert visitor.seen.status_code == 403
    assert "ALLA-03" not in trial.answers()


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://127.0.0.1:8080"}]
)
def test_a_form_posted_from_our_own_page_is_taken(trial: Site, headers: dict[str, str]) -> None:
    visitor = trial.at("ALLA-03")
    visitor.post(headers=headers, action="answer", svar="40")
    assert trial.answers()["ALLA-03"] == "40"


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"a=%ff", b"=&" * 500, b"action=dance", b"revision=x&action=skip"]
)
def test_a_form_that_is_not_ours_is_refused(trial: Site, body: bytes) -> None:
    visitor = trial.at("ALLA-03")
    token = visitor.page.hidden["token"].encode()
    before = content(trial)
    assert visitor.raw(body + b"&token=" + token).status_code in {400, 403}
    assert content(trial) == before


def test_a_body_that_is_too_big_is_refused_in_words(trial: Site) -> None:
    visitor = trial.at("ALLA-09")
    assert visitor.answer("x" * 1_000_000).status_code == 413
    assert "Svaret är för långt" in visitor.seen.text
    assert "ALLA-09" not in trial.answers()


def test_a_long_text_is_refused_with_what_was_written(trial: Site) -> None:
    visitor = trial.at("ALLA-09")
    written = "Delaktighet är viktigt. " * 300
    assert visitor.answer(written).status_code == 422
    assert "Svaret är för långt" in words(visitor)
    assert written.strip() in visitor.seen.text


# --- Answers ------------------------------------------------------------------------------------------------


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


# --- Old pages ----------------------------------------------------------------------------------------------


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


# --- Faults and the unforeseen ------------------------------------------------------------------------------


def test_a_full_disk_says_that_the_answer_was_not_stored(
    trial: Site, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = trial.at("ALLA-09")
    with reading(trial.engine) as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(
        trial.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}")
    )
    trial.engine.dispose()
    with caplog.at_level(logging.ERROR):
        visitor.answer("Hemligt. " * 400)
    assert visitor.seen.status_code == 503
    assert "Svaret kunde inte sparas" in visitor.seen.text
    assert "full" in caplog.text
    assert "Hemligt" not in caplog.text
    assert "ALLA-09" not in trial.answers()


def test_an_unforeseen_fault_gives_a_number_that_stands_in_the_log(
    trial: Site, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = trial.at("ALLA-09")
    link = trial.link()
    with writing(trial.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE accesstoken RENAME TO gone")
        session.connection().exec_driver_sql("COMMIT")
    with caplog.at_level(logging.ERROR):
        visitor.get(link)
    number = visitor.seen.text.partition("kontaktpersonen: ")[2][:8]
    assert visitor.seen.status_code in {500, 503}
    assert number in caplog.text
    assert link.removeprefix("/s/") not in caplog.text
    assert "Traceback" not in visitor.seen.text


@pytest.mark.parametrize(
    "page", ["/finns-inte", "/samtal/x", "/static/hemligt.txt", "/static/..%2fapp.py", "/wp-admin"]
)
def test_a_page_that_does_not_exist_says_so_kindly(trial: Site, page: str) -> None:
    visitor = trial.visitor()
    assert visitor.get(page).status_code == 404
    assert "Sidan finns inte" in visitor.seen.text


def test_a_page_asked_for_in_the_wrong_way_says_so_kindly(trial: Site) -> None:
    visitor = trial.begun()
    visitor.post("/om")
    assert visitor.seen.status_code == 405
    assert "Sidan finns inte" in visitor.seen.text


def test_pages_without_a_respondent_speak_the_browsers_language(trial: Site) -> None:
    visitor = trial.visitor("en-GB,en;q=0.9")
    assert "The link cannot be opened" in visitor.get("/s/finns-inte").text


# --- Headers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "/s/finns-inte", "/finns-inte", "/static/web.css"])
def test_every_answer_carries_the_security_headers(trial: Site, page: str) -> None:
    headers = trial.begun().get(page).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "script" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]
    assert "immutable" in headers["cache-control"] or headers["cache-control"] == "no-store"


def test_the_pages_hold_no_script_and_no_inline_style(trial: Site) -> None:
    visitor = trial.at("ALLA-08")
    for page in PAGES:
        text = visitor.get(page).text
        assert "<script" not in text
        assert " style=" not in text
        assert "http://" not in text.replace("http://127.0.0.1", "")


def test_the_font_carries_its_licence() -> None:
    folder = Path(__file__).parents[2] / "bot" / "static"
    assert "SIL OPEN FONT LICENSE" in (folder / "source-sans-3-OFL.txt").read_text(encoding="utf-8").upper()
