"""The wave's page: where it stands, what comes, and everything an inspector does to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from fieldwork.invitations import import_invitees
from fieldwork.reviews import create_wave
from fieldwork.rights import Role
from fieldwork.users import add_user
from models.database import migrate, open_database, reading, writing
from models.tables import Address, Answer, AuditEntry, Invitation, Note, Person, Wave

from .conftest import Open
from .test_pages import html, specs

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PAGE = "page_wave"
LATER = ("closes = 2026-12-18", "closes = 2099-12-18")


def office(path: Path, role: Role = Role.INSPECTOR, waves: int = 1) -> str:
    """A database with one user and some waves that are open for a long time."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    source = EXAMPLES / "utskick.toml"
    with writing(engine) as session:
        add_user(session, "Anna", role)
        for number in range(waves):
            body = source.read_text(encoding="utf-8").replace(*LATER).replace("hösten", f"nummer {number}")
            wave = create_wave(session, body, str(source))
            staff = EXAMPLES / "personal.csv"
            import_invitees(session, wave, staff.read_bytes(), staff.name, dry_run=False)
    engine.dispose()
    return url


@pytest.fixture
def one(tmp_path: Path) -> str:
    return office(tmp_path / "granska.db")


def rows(url: str, table: type) -> list[object]:
    engine = open_database(url)
    with reading(engine) as session:
        found = list(session.exec(select(table)).all())
    engine.dispose()
    return found


def change(url: str, work: Callable[[Session], object]) -> None:
    engine = open_database(url)
    with writing(engine) as session:
        work(session)
        session.commit()
    engine.dispose()


def said(page: AppTest) -> str:
    return " ".join(each.value for each in [*page.success, *page.error, *page.info])


def press(page: AppTest, label: str) -> AppTest:
    pressed = next(button for button in page.button if button.label == label).click().run()
    assert not pressed.exception
    return pressed


def fill(page: AppTest, key: str, value: str) -> None:
    """Fill in the field whose key begins so."""
    every = [*page.text_input, *page.text_area, *page.selectbox]
    next(each for each in every if str(each.key).startswith(key)).set_value(value)


def test_a_wave_is_started_paused_and_goes_on(show: Open, one: str) -> None:
    page = show(one, PAGE)
    assert not page.exception
    assert any("inte startat" in words for words in html(page))
    assert specs(page)[-1]["description"].startswith("Inget är skickat.")
    page = press(page, "Starta utskicket")
    assert "Utskicket är igång." in said(page)
    page = press(page, "Pausa utskicket")
    assert any("Utskicket är pausat." in words for words in html(page))
    page = press(page, "Fortsätt utskicket")
    assert [entry.action for entry in rows(one, AuditEntry)] == ["start", "pause", "start"]
    assert {entry.actor for entry in rows(one, AuditEntry)} == {"Anna"}


def test_several_waves_are_chosen_from_and_shown_one_by_one(show: Open, tmp_path: Path) -> None:
    url = office(tmp_path / "granska.db", waves=3)
    page = show(url, PAGE)
    assert len(page.selectbox[0].options) == 3
    chosen = page.selectbox[0].options[2]
    page.selectbox[0].set_value(chosen).run()
    press(page, "Starta utskicket")
    started = [wave.name for wave in rows(url, Wave) if wave.started_at]
    assert started == [chosen.split(" (")[0]]


def test_a_person_is_added_and_an_address_corrected(show: Open, one: str) -> None:
    page = show(one, PAGE)
    for key, value in {"add-reference": "NY-01", "add-address": "ny@example.se"}.items():
        fill(page, key, value)
    page = press(page, "Lägg till")
    assert "Personen är tillagd." in said(page)
    assert "NY-01" in [person.reference for person in rows(one, Person)]
    fill(page, "address-reference", "NY-01")
    fill(page, "address-1", "rattad@example.se")
    page = press(page, "Spara adressen")
    assert "Adressen är rättad." in said(page)
    assert "rattad@example.se" in [address.value for address in rows(one, Address)]


def test_what_stands_in_the_way_is_said_in_swedish(show: Open, one: str) -> None:
    page = show(one, PAGE)
    page = press(page, "Spara adressen")
    assert "Är inte inbjuden till utskicket. Se personallistan." in said(page)
    fill(page, "address-reference", "LH-01")
    fill(page, "address-0", "fel")
    assert "Är ingen e-postadress." in said(press(page, "Spara adressen"))


def test_somebody_is_marked_as_away_and_back(show: Open, one: str) -> None:
    page = show(one, PAGE)
    fill(page, "left-reference", "LH-01")
    fill(page, "left-reason", "föräldraledig")
    page = press(page, "Markera som borta")
    assert [each.left_reason for each in rows(one, Invitation) if each.left_at] == ["föräldraledig"]
    fill(page, "left-reference", "LH-01")
    press(page, "Är tillbaka")
    assert not any(each.left_at for each in rows(one, Invitation))


def test_a_paper_answer_follows_its_own_route_and_is_marked(show: Open, one: str) -> None:
    page = show(one, PAGE)
    page.selectbox(key="paper-reference-0").set_value("LH-02").run()
    before = len(page.selectbox)
    page.selectbox(key="paper-LH-02-KVAL-08-0-sv").set_value("ja").run()
    page.selectbox(key="paper-LH-02-KOMP-01-0-sv").set_value("kvinna").run()
    assert len(page.selectbox) >= before
    page = press(page, "Skicka in svaret")
    assert "märkt som papper" in said(page)
    assert {answer.door for answer in rows(one, Answer)} == {"paper"}
    assert [entry.action for entry in rows(one, AuditEntry)] == ["paper answer"]
    page.selectbox(key="paper-reference-1").set_value("LH-02").run()
    page.selectbox(key="paper-LH-02-KOMP-01-1-sv").set_value("man").run()
    assert "har redan börjat, skickat in eller avböjt" in said(press(page, "Skicka in svaret")).lower()


def test_the_end_is_moved_and_the_wave_closed(show: Open, one: str) -> None:
    page = show(one, PAGE)
    fill(page, "end", "i morgon")
    assert "2026-10-01" in said(press(page, "Spara dagen"))
    fill(page, "end", "2099-01-31")
    page = press(page, "Spara dagen")
    assert str(rows(one, Wave)[0].closes) == "2099-01-31"
    assert "Kryssa i rutan först." in said(press(page, "Stäng utskicket"))
    page.checkbox[0].check()
    page = press(page, "Stäng utskicket")
    assert rows(one, Wave)[0].closed_at is not None
    assert "Stäng utskicket" not in [button.label for button in page.button]


def test_the_diary_keeps_lines(show: Open, one: str) -> None:
    page = show(one, PAGE)
    fill(page, "note", "Ringde Lindhagen.")
    page = press(page, "Spara anteckningen")
    assert any("Ringde Lindhagen." in words for words in html(page))
    assert [note.text for note in rows(one, Note)] == ["Ringde Lindhagen."]


def test_who_cannot_be_reached_is_listed_and_who_has_answered_is_not(show: Open, one: str) -> None:
    def lose(session: Session) -> None:
        person = session.exec(select(Person.id).where(Person.reference == "LH-03")).one()
        session.delete(session.exec(select(Address).where(col(Address.person_id) == person)).one())

    change(one, lose)
    before = html(show(one, PAGE))
    assert any("LH-03 Adress saknas" in words for words in before)
    assert not any("LH-01" in words for words in before)


def test_a_pilot_is_shown_as_one_and_has_no_results(show: Open, one: str) -> None:
    change(one, lambda session: setattr(session.get_one(Wave, 1), "pilot", True))
    assert any("Pilot: svaren räknas inte" in words for words in html(show(one, PAGE)))
    assert any("inga resultat än" in words for words in html(show(one, "page_results")))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_nobody_but_an_inspector_sees_the_page(show: Open, tmp_path: Path, role: Role) -> None:
    page = show(office(tmp_path / "granska.db", role), PAGE)
    assert not page.button
    assert any("bara en inspektör" in words for words in html(page))


def test_without_a_user_everything_is_seen_and_nothing_changed(show: Open, demo: str) -> None:
    page = show(demo, PAGE)
    assert not page.exception
    assert "granska user add" in said(page)
    assert "Stäng utskicket" not in [button.label for button in page.button]
