"""Planning a wave on its page: everything is kept, faults stand by their fields, one press starts it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fieldwork import drafts
from fieldwork.rights import Role, Viewer
from fieldwork.users import add_user
from models.database import migrate, open_database, writing
from models.planning_tables import SampleLetter, WaveDraft
from models.tables import Invitation, Wave

from .conftest import Open
from .test_page_wave import EXAMPLES, press, rows, said
from .test_pages import html, specs

PAGE = "page_new_wave"
STAFF = (EXAMPLES / "personal.csv").read_bytes().replace("Norrviks stadsdelsförvaltning".encode(), b"Norrvik")


@pytest.fixture
def one(tmp_path: Path) -> str:
    """A database with one inspector and nothing else."""
    return with_user(tmp_path, Role.INSPECTOR)


def with_user(folder: Path, role: Role) -> str:
    url = f"sqlite:///{folder / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        add_user(session, "Anna", role)
    engine.dispose()
    return url


def words(page: AppTest) -> str:
    return " ".join(each.value for each in page.markdown)


def enter(page: AppTest, **values: str) -> AppTest:
    for name, value in values.items():
        field = next(
            each
            for each in [*page.text_input, *page.text_area]
            if re.fullmatch(rf"plan-1-{name}(-\d+)?", each.key)
        )
        page = field.set_value(value).run()
        assert not page.exception
    return page


def upload(page: AppTest, name: str, content: bytes) -> AppTest:
    return page.file_uploader[0].set_value((name, content, "text/csv")).run()


def begun(show: Open, url: str) -> AppTest:
    return press(show(url, PAGE), "Planera ett nytt utskick")


def filled(show: Open, url: str) -> AppTest:
    page = upload(begun(show, url), "personal.csv", STAFF)
    return enter(
        page,
        review="Ekonomiskt bistånd i Lindhagen",
        name="Enkät hösten 2026",
        contact_phone="08-508 00 000",
        informed_on="2026-09-22",
        closes="2099-12-18",
    )


def test_leaving_and_coming_back_loses_nothing(show: Open, one: str) -> None:
    enter(begun(show, one), review="Halvfärdig", opens="i morgon")
    again = show(one, PAGE)
    values = {field.key: field.value for field in again.text_input}
    assert values["plan-1-review"] == "Halvfärdig"
    assert "Första" not in said(again)
    assert "Är inget datum. Skriv det som 2026-10-01." in said(again)


def test_what_is_not_filled_in_is_listed_with_its_place_and_told_when_somebody_wants_to_start(
    show: Open, one: str
) -> None:
    page = begun(show, one)
    assert not page.error
    assert any("Kvar att fylla i eller rätta: 6." in each for each in html(page))
    place = "[3. Löfte, vägar in och kontaktperson](#steg-promise), Telefon: saknas. Fyll i uppgiften."
    assert place in words(page)
    page = press(page, "Starta utskicket")
    assert said(page).count("Fyll i uppgiften") >= 3
    assert "Personalen har inte informerats om syftet än." in said(page)
    assert "Utskicket är inte startat." in said(press(page, "Starta utskicket"))
    assert rows(one, Wave) == []


def test_a_plan_that_another_window_has_started_is_told(show: Open, one: str) -> None:
    page = begun(show, one)
    engine = open_database(one)
    with writing(engine) as session:
        drafts.discard(session, Viewer("Anna", Role.INSPECTOR), 1)
    engine.dispose()
    assert "i ett annat fönster" in said(enter(page, review="För sent"))
    assert "i ett annat fönster" not in said(press(page, "Planera ett nytt utskick"))


def test_the_staff_list_is_told_by_row_in_swedish(show: Open, one: str) -> None:
    bad = "referens;adress;distrikt;i tjänst\nA;fel;Norrvik;ja\nA;b@example.se;Norrvik;kanske\n".encode()
    page = upload(begun(show, one), "fel.csv", bad)
    assert "Rad 2, adress: är ingen e-postadress." in said(page)
    assert "Rad 3, referens: är samma referens som på rad 2." in said(page)
    assert "Rad 3, i tjänst: är varken ja eller nej." in said(page)
    page = upload(page, "personal.csv", STAFF)
    assert "24 personer bjuds in" not in words(page)  # the districts are still those of the first list
    page = enter(page, districts="Lindhagen\nNorrvik\nSöderkulla")
    assert "24 personer bjuds in" in words(page)
    assert "Färre än 5 inbjudna: Norrvik. Är namnet rätt stavat" not in words(page)
    assert any("Totalt - - 24" in each for each in html(page))


def test_the_letters_and_the_promise_are_shown_as_they_will_be(show: Open, one: str) -> None:
    page = enter(begun(show, one), review="Provgranskningen")
    assert "Inbjudan att svara: Provgranskningen" in words(page)
    assert any(
        "Frågorna hör till en kvalitetsgranskning: Provgranskningen." in each.value for each in page.text
    )
    page = page.selectbox(key="plan-1-shown-sv").set_value("information").run()
    assert any("Vem som läser vad" in each for each in html(page))


def test_the_whole_plan_is_drawn_before_anything_is_sent(show: Open, one: str) -> None:
    page = filled(show, one)
    assert any("fredag 18 december 2099" in each for each in html(page))
    assert (
        specs(page)[-1]["description"]
        == "Om ingen svarar blir det 92 kontakter på 4 dagar. Den som svarar får inga fler."
    )


def test_a_letter_on_trial_is_asked_for_as_a_row(
    show: Open, one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Ingen e-postserver är inställd" in words(begun(show, one))
    monkeypatch.setenv("GRANSKA_SMTP_URL", "smtp://localhost")
    page = show(one, PAGE)
    page.text_input(key="plan-1-trial-address").set_value("anna@example.se")
    page = press(page, "Skicka ett prov")
    assert "Provet skickas inom en halv minut." in said(page)
    assert "Inbjudan: väntar på att skickas" in words(page)
    assert [letter.address for letter in rows(one, SampleLetter)] == ["anna@example.se"]


def test_the_start_makes_the_wave_and_ends_the_plan(show: Open, one: str) -> None:
    page = press(filled(show, one), "Starta utskicket")
    assert "Utskicket är startat." in said(page)
    (wave,) = rows(one, Wave)
    assert wave.started_at is not None
    assert len(rows(one, Invitation)) == 25
    assert rows(one, WaveDraft) == []


def test_several_plans_are_chosen_from_and_one_is_thrown_away(show: Open, one: str) -> None:
    page = press(begun(show, one), "Planera ett till utskick")
    assert len(page.selectbox(key="plan").options) == 2
    assert "Kryssa i rutan först." in said(press(page, "Kasta planen"))
    page.checkbox[-1].check()
    press(page, "Kasta planen")
    assert len(rows(one, WaveDraft)) == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_nobody_but_an_inspector_plans(show: Open, tmp_path: Path, role: Role) -> None:
    page = show(with_user(tmp_path, role), PAGE)
    assert not page.button
    assert any("bara en inspektör" in each for each in html(page))


def test_the_page_says_everything_in_english_too(show: Open, one: str) -> None:
    engine = open_database(one)
    with writing(engine) as session:
        drafts.begin(session, Viewer("Anna", Role.INSPECTOR), datetime.now(UTC))
    engine.dispose()
    page = show(one, PAGE, sprak="English")
    assert not page.exception
    assert page.header[0].value == "1. Review and questionnaire"
