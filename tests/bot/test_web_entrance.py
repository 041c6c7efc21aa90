"""Who gets in: personal links, cookies and forms, true ones and others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import SQLModel, select

from bot.web_session import COOKIE
from models.database import reading, writing
from models.tables import Interview

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
UNKNOWN = "Länken går inte att öppna"


def content(site: Site) -> dict[str, str]:
    """Return every row of every table."""
    with reading(site.engine) as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: str(session.connection().execute(table.select()).all()) for table in tables}


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


def test_who_comes_without_a_cookie_is_told_of_cookies_and_who_has_a_wrong_link_is_not(trial: Site) -> None:
    stranger = trial.visitor()
    assert "tillåta kakor" in stranger.get("/samtal").text
    assert "kakor" not in stranger.get("/s/fel").text


def test_an_open_question_warns_once_in_its_own_words_or_the_general_ones(site: Site, trial: Site) -> None:
    general = "Skriv inga namn och inget annat som visar vem någon är."
    assert trial.at("ALLA-09").seen.text.count(general) == 1
    visitor = site.begun()
    while visitor.item != "KVAL-01":
        visitor.do("skip")
    own = visitor.seen.text
    assert general not in own
    assert own.count("Skriv inga uppgifter som kan röja") == 1
