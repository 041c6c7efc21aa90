"""What is told before beginning follows from the settings of the wave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from fieldwork.conversations import Conversation
from fieldwork.messages import Action, ContactPerson
from models.database import reading, writing
from models.tables import Information, Review, Wave
from models.upkeep import KEPT

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)

Act = Callable[..., Conversation]


def settle(archive: Engine, **columns: object) -> None:
    with writing(archive) as session:
        wave = session.get_one(Wave, 1)
        for name, value in columns.items():
            setattr(wave, name, value)
        session.commit()


def whole(talk: Conversation) -> str:
    return "\n".join(text for _, text in talk.about)


def test_the_information_says_why_the_promise_the_terms_and_whom_to_ask(look: Act) -> None:
    purpose, promise, readers, voluntary, minutes, records, contact = look().information
    assert purpose == "Vi granskar."
    assert promise.count(".") == 2
    assert "minst 5 svar" in promise
    assert readers == "Vi läser."
    assert "frivilligt" in voluntary
    assert "arbetstid" in voluntary
    assert "minut" in minutes
    assert "allmän handling" in records
    assert "Anna Ek" in contact
    assert "08-508 00 000" in contact


def test_it_is_told_how_long_copies_of_what_was_erased_are_kept(look: Act) -> None:
    assert f"De sparas i högst {KEPT.days} dagar." in dict(look().about)["Kopplingen till dig"]


def test_the_whole_of_it_has_every_part(look: Act) -> None:
    assert [heading for heading, _ in look().about] == [
        "Varför vi frågar",
        "Frivilligt",
        "Vem som läser vad",
        "Kopplingen till dig",
        "Allmän handling",
        "När du skickar in",
        "När du svarar med egna ord",
        "Det här går inte att anmäla här",
        "Kontaktperson",
    ]
    told = whole(look())
    for words in ("Vi läser.", "utkast", "räknas dina svar", "Skriv inga namn", "lex Sarah", "Klagomål"):
        assert words in told


def test_no_secrecy_is_promised(look: Act) -> None:
    assert look().information[5].endswith("Vi lovar därför ingen sekretess.")


def test_another_promise_gives_other_words(look: Act, archive: Engine) -> None:
    confidential = look()
    settle(archive, promise="anonymous")
    anonymous = look()
    assert "utan koppling till dig" in anonymous.information[1]
    assert "utan koppling till inbjudan" in whole(anonymous)
    assert "utan koppling" not in "\n".join(confidential.information) + whole(confidential)


def test_an_anonymous_wave_says_what_nobody_can_do_after_sending_and_how_far_it_goes(
    look: Act, archive: Engine
) -> None:
    settle(archive, promise="anonymous")
    told = dict(look().about)
    assert "ingen ändra eller radera dem eller lämna ut dem" in told["När du skickar in"]
    assert "Är du den enda i gruppen" in told["Kopplingen till dig"]


def test_a_wave_in_telegram_says_what_stays_in_the_chat(look: Act, archive: Engine) -> None:
    assert "Telegram" not in whole(look())
    settle(archive, doors=["web", "telegram"])
    assert "ligger också kvar i din egen chatt" in dict(look().about)["Kopplingen till dig"]


def test_the_smallest_group_is_the_one_of_the_wave(look: Act, archive: Engine) -> None:
    settle(archive, smallest_group=8)
    assert "minst 8 svar" in look().information[1]
    assert "färre än 8 svar" in whole(look())


def test_the_day_on_which_staff_were_informed_is_told_where_there_was_one(look: Act, archive: Engine) -> None:
    assert "informerades" not in whole(look())
    settle(archive, informed_on=date(2026, 9, 14))
    assert "Personalen informerades den 14 september 2026." in whole(look())


def test_the_contact_person_is_given_with_a_mail_address_where_there_is_one(
    look: Act, archive: Engine
) -> None:
    settle(archive, contact_mail="anna@example.org")
    assert look().contact == ContactPerson("Anna Ek", "08-508 00 000", "anna@example.org")
    assert "anna@example.org" in whole(look())


def test_a_language_the_inspector_did_not_write_shows_what_was_written(act: Act, archive: Engine) -> None:
    settle(archive, information={"sv": {"purpose": "Vi granskar.", "readers": "Vi läser."}})
    assert act(Action.LANGUAGE, "en").information[0] == "Vi granskar."


def test_the_hash_kept_is_that_of_the_exact_words(act: Act, archive: Engine) -> None:
    act(Action.BEGIN, invitation=1)
    act(Action.BEGIN, invitation=2)
    settle(archive, contact_phone="08-508 00 001")
    act(Action.BEGIN, invitation=3)
    with reading(archive) as session:
        first, second, third = session.exec(select(Information.text_hash).order_by(Information.id))
    assert first == second != third


@pytest.mark.parametrize(
    ("day", "lead"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC), "Det går att svara från och med den 1 oktober 2026."),
        (AT, "Läs det här innan du börjar."),
        (datetime(2026, 11, 1, tzinfo=UTC), "Det går inte längre att svara."),
    ],
)
def test_it_is_always_said_where_things_stand(look: Act, day: datetime, lead: str) -> None:
    assert look(at=day).lead.startswith(lead)


def test_who_declined_is_told_until_when_it_can_be_taken_back(act: Act) -> None:
    assert act(Action.DECLINE).lead.endswith("till och med den 30 oktober 2026.")


def test_example_data_are_marked(look: Act, archive: Engine) -> None:
    assert not look().example
    with writing(archive) as session:
        session.get_one(Review, 1).origin = "example"
        session.commit()
    assert look().example
