"""Telegram beside the other doors: off without a token, and one conversation with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.archive import Archive
from bot.console_door import Console
from bot.telegram_running import telegram_in_words, telegram_open
from botapi.door import BASE_URL, SECRET, Chats, tap, write
from fieldwork.inbox import Update, store
from fieldwork.settings import Settings
from models.database import writing
from models.tables import Address


def settings(tmp_path: Path, **given: str) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, base_url=BASE_URL, **given)


def test_without_a_token_telegram_is_off_and_says_so_in_one_line(chats: Chats, tmp_path: Path) -> None:
    without = settings(tmp_path)
    assert telegram_in_words(without).startswith("Telegram is off: set GRANSKA_TELEGRAM_TOKEN")
    with telegram_open(without, Archive(chats.engine), SECRET) as telegram:
        assert (telegram.channels, telegram.bot_name()) == ({}, "")
    assert chats.api.calls() == []


def test_with_a_token_it_is_open_at_the_address_of_the_settings(chats: Chats, tmp_path: Path) -> None:
    given = settings(tmp_path, telegram_token=chats.api.token, telegram_api=chats.api.url)
    kim = chats.api.user()
    kim.start()
    with telegram_open(given, Archive(chats.engine), SECRET) as telegram:
        kim.expect("Öppna den personliga länken")
        assert list(telegram.channels) == ["telegram"]
        assert telegram.bot_name()
    assert "\n" not in telegram_in_words(given)
    assert chats.api.token not in telegram_in_words(given)


def test_its_libraries_are_loaded_only_where_it_is_on() -> None:
    code = "import sys, bot.cli; print([name for name in ('telegram', 'pandas') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_menu_shows_the_commands_in_both_languages(chats: Chats) -> None:
    with chats.open():
        chats.person()
        while len(chats.api.calls("setMyCommands")) < 3:
            chats.api.expect_call("setMyCommands", after=len(chats.api.calls()) - 1)
    menus = [call["parameters"] for call in chats.api.calls("setMyCommands")]
    names = {menu.get("language_code", ""): [each["command"] for each in menu["commands"]] for menu in menus}
    assert set(names) == {"", "sv", "en"}
    assert {"paus", "tillbaka", "mina_svar", "paminn", "hjalp", "sprak"} <= set(names["sv"])
    assert {"pause", "back", "my_answers", "remind", "help", "language"} <= set(names["en"])


def test_one_conversation_goes_on_from_door_to_door(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.on_the_web("ALLA-03", "17")
        console = Console(chats.engine, chats.invited[0], "console", clock=chats.clock)
        console.hear("2,5")
        write(kim, "/fortsatt", "När började du här?")
        write(kim, "2012-03-01", "När gick du kursen?")
        write(kim, "/mina_svar", "2 svar är givna på en annan")
        tap(kim, "Fortsätt", "När gick du kursen?")
    doors = chats.doors()
    assert [doors[f"ALLA-0{number}"] for number in range(2, 6)] == ["telegram", "web", "console", "telegram"]


def test_answers_given_in_another_chat_are_shown_with_the_code_only(chats: Chats) -> None:
    with chats.open():
        kim, robin = chats.at("ALLA-03"), chats.api.user()
        write(kim, "/paus 4711", "Med koden")
        write(kim, "/stopp", "glömmer den här chatten")
        tap(kim, "Ja, glöm chatten", "Chatten är glömd")
        robin.start(chats.token())
        robin.expect("Hur många ärenden")
        write(robin, "/mina_svar", "givna på en annan")
        write(robin, "/mina_svar 1234", "Koden stämmer inte")
        assert "✓ Ja" in write(robin, "/mina_svar 4711", "Arbetar du med barnfamiljer?").text


def test_an_update_of_a_chat_forgotten_meanwhile_is_not_done_for_whoever_comes_next(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.settled()
    (address,) = chats.addresses()
    with writing(chats.engine) as session:
        said = Update(800_000_000, {"kind": "text", "text": "40"}, chat=str(kim.id))
        store(session, [said], chats.clock(), SECRET)
        session.delete(session.get_one(Address, address.id))
        session.flush()
        person = address.person_id
        session.add(Address(id=address.id, person_id=person, channel="telegram", value="6999999999"))
        session.commit()
    with chats.open():
        chats.settled()
    assert "ALLA-03" not in chats.answers()


def test_a_reminder_may_be_chosen_or_declined(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        write(kim, "/påminn", "När vill du bli påmind?")
        chats.settled()
        kim.press("Inga fler påminnelser")
        kim.expect("Du får inga fler påminnelser")
        write(kim, "40", "Hur många timmar")
