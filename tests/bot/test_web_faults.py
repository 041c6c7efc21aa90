"""Faults and the unforeseen: always a page in words, with the headers that keep it safe."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from models.database import reading, writing

if TYPE_CHECKING:
    from conftest import Site

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


@pytest.mark.only_on("sqlite", "only SQLite can be told how large it may grow")
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
    assert [len(record.getMessage().splitlines()) for record in caplog.records] == [1]
    assert "Hemligt" not in caplog.text
    assert "ALLA-09" not in trial.answers()
    assert "Hemligt. Hemligt." in visitor.seen.text, "what was typed stands there, to be sent again"
    assert visitor.item == "ALLA-09"


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
