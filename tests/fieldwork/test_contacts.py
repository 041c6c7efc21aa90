"""Contacts over real rows: who is contacted, when, at most how often, and what stops it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from office import TUESDAY, Office, local
from sqlmodel import Session

from fieldwork.claims import recover
from fieldwork.contacts import Tally
from fieldwork.deliveries import DeliveryFailed
from fieldwork.invitations import open_link
from fieldwork.letters import Letter, LetterKind, render
from fieldwork.messages import Action
from fieldwork.reviews import change_wave, close_wave
from fieldwork.sendouts import pause_wave, start_wave
from fieldwork.settings import SettingsError
from models.database import reading
from models.tables import Address, Wave


def test_everyone_is_invited_once_at_the_first_allowed_hour(office: Office) -> None:
    assert office.send(local(2026, 10, 6, 8, 59)).made == 0
    assert office.send(TUESDAY) == Tally(sent=15)
    assert office.send(TUESDAY + timedelta(minutes=5)).made == 0
    assert sorted(office.mail.addresses) == sorted(f"p{number}@example.se" for number in range(1, 16))


def test_an_invitation_opens_the_conversation_and_is_worded_from_the_wave(office: Office) -> None:
    office.send()
    address, letter = office.mail.kept[0]
    assert (letter.kind, letter.title, letter.language) == (LetterKind.INVITATION, "Ekonomiskt bistånd", "sv")
    assert (letter.purpose, letter.closes) == ("Vi granskar.", date(2026, 10, 30))
    assert letter.unsubscribe.startswith("https://g.example/avsluta/")
    with reading(office.engine) as session:
        assert open_link(session, letter.link.rpartition("/")[2], TUESDAY) == 1
    assert address == "p1@example.se"
    assert "p1@" not in render(letter).plain


def test_reminders_say_how_far_one_has_come_and_the_last_one_says_so(office: Office) -> None:
    office.send()
    office.change(2, begun_at=TUESDAY)
    for day in (13, 20, 27):
        office.send(local(2026, 10, day, 9, 30))
    kinds = {
        number: [letter.kind for address, letter in office.mail.kept if address == f"p{number}@example.se"]
        for number in (1, 2)
    }
    first, last = LetterKind.INVITATION, LetterKind.REMINDER_LAST
    not_begun, begun = LetterKind.REMINDER_NOT_BEGUN, LetterKind.REMINDER_BEGUN
    assert kinds == {1: [first, not_begun, not_begun, last], 2: [first, begun, begun, last]}


@pytest.mark.parametrize(
    "columns",
    [
        {"finished_at": TUESDAY},
        {"declined_at": TUESDAY},
        {"no_more_at": TUESDAY},
        {"deleted_at": TUESDAY},
        {"left_at": TUESDAY},
        {"in_service": False},
    ],
    ids=lambda columns: next(iter(columns)),
)
@pytest.mark.parametrize("wish", [None, local(2026, 10, 7, 9)])
def test_nobody_is_contacted_who_has_reason_not_to_be(
    office: Office, columns: dict[str, object], wish: datetime | None
) -> None:
    office.change(1, **columns)
    office.send()
    office.change(2, **columns, chosen_at=wish)
    for day in (7, 13, 20, 27):
        office.send(local(2026, 10, day, 9))
    asked = Counter(address for address, letter in office.mail.kept if letter.kind is not LetterKind.THANKS)
    assert [asked[f"p{number}@example.se"] for number in (1, 2, 3)] == [0, 1, 4]


def test_nobody_is_contacted_before_the_start_in_a_pause_or_after_the_close(office: Office) -> None:
    office.store(lambda session: pause_wave(session, 1, TUESDAY, "Anna"))
    assert office.send().made == 0
    office.store(lambda session: start_wave(session, 1, TUESDAY, "Anna"))
    assert office.send(limit=5).made == 5
    office.store(lambda session: close_wave(session, 1, TUESDAY))
    assert office.send().made == 0


def test_a_later_last_day_lets_the_reminders_go_on(office: Office) -> None:
    office.store(lambda session: change_wave(session, 1, closes=date(2026, 10, 12)))
    office.send()
    assert office.send(local(2026, 10, 13, 9)).made == 0
    office.store(lambda session: change_wave(session, 1, closes=date(2026, 11, 12)))
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=15)


def test_the_answer_that_comes_between_the_list_and_the_claim_stops_the_reminder(office: Office) -> None:
    office.send()
    noticed = office.mail.send

    def decline_then(address: str, letter: Letter) -> None:
        office.change(2, declined_at=office.now)
        noticed(address, letter)

    office.mail.send = decline_then  # type: ignore[method-assign]
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=14)
    assert office.mail.addresses.count("p2@example.se") == 1


def test_a_postponed_contact_is_tried_again_later_and_longer_each_time(office: Office) -> None:
    busy = DeliveryFailed(permanent=False, reason="busy")
    office.mail.faults["p1@example.se"] = [busy, busy]
    assert office.send() == Tally(sent=14, postponed=1)
    assert office.send(TUESDAY + timedelta(minutes=14)).made == 0
    assert office.send(TUESDAY + timedelta(minutes=15)) == Tally(postponed=1)
    assert office.send(TUESDAY + timedelta(minutes=44)).made == 0
    assert office.send(TUESDAY + timedelta(minutes=45)) == Tally(sent=1)
    (contact,) = office.contacts(1)
    assert (contact.ordinal, contact.attempts, contact.outcome, contact.reason) == (1, 3, "sent", "")


def test_a_postponement_keeps_its_reason_and_the_wait_that_the_server_asked_for(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    later = DeliveryFailed(permanent=False, reason="busy", retry_after=timedelta(hours=1, minutes=50))
    office.mail.faults["p1@example.se"] = [later]
    with caplog.at_level(logging.WARNING):
        office.send()
    (contact,) = office.contacts(1)
    assert (contact.outcome, contact.reason) == ("postponed", "busy")
    assert contact.retry_at == TUESDAY + timedelta(hours=1, minutes=50)
    assert "postponed (busy)" in caplog.text
    assert "p1@" not in caplog.text


def test_a_postponed_contact_keeps_to_the_hours_too(office: Office) -> None:
    later = DeliveryFailed(permanent=False, reason="busy", retry_after=timedelta(hours=1))
    office.mail.faults["p1@example.se"] = [later]
    office.send(local(2026, 10, 6, 10, 30))
    assert office.send(local(2026, 10, 6, 11, 30)).made == 0
    assert office.send(local(2026, 10, 6, 13)) == Tally(sent=1)


def test_who_has_sent_meanwhile_is_not_tried_again(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=False, reason="busy")]
    office.send()
    office.change(1, finished_at=TUESDAY)
    office.send(local(2026, 10, 6, 10))
    assert [(contact.ordinal, contact.outcome) for contact in office.contacts(1)] == [
        (0, "sent"),
        (1, "postponed"),
    ]


def test_a_refused_address_is_used_no_more_and_a_corrected_one_gets_the_same_contact(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=True, reason="refused")]
    assert office.send() == Tally(sent=14, failed=1)
    assert office.send(TUESDAY + timedelta(hours=1)).made == 0

    def correct(session: Session) -> None:
        session.delete(session.get_one(Address, 1))
        session.add(Address(person_id=1, channel="mail", value="rätt@example.se"))
        session.commit()

    office.store(correct)
    assert office.send(local(2026, 10, 7, 9)) == Tally(sent=1)
    (contact,) = office.contacts(1)
    assert (contact.ordinal, contact.attempts) == (1, 2)
    assert office.mail.kept[-1][1].kind is LetterKind.INVITATION


def open_telegram(session: Session) -> None:
    session.get_one(Wave, 1).doors = ["telegram", "web"]
    session.add(Address(person_id=1, channel="telegram", value="4711"))
    session.commit()


def test_the_first_door_of_the_wave_is_tried_first_and_then_the_next(office: Office) -> None:
    office.store(open_telegram)
    office.telegram.faults["4711"] = [DeliveryFailed(permanent=True, reason="blocked")]
    both = {"telegram": office.telegram, "mail": office.mail}
    assert office.send(**both) == Tally(sent=14, postponed=1)
    assert office.send(**both) == Tally(sent=1)
    (contact,) = office.contacts(1)
    assert (contact.ordinal, contact.channel, contact.outcome) == (1, "mail", "sent")
    assert office.telegram.kept == []


def test_a_busy_first_door_is_waited_for_rather_than_passed_by(office: Office) -> None:
    office.store(open_telegram)
    office.telegram.faults["4711"] = [DeliveryFailed(permanent=False, reason="busy")]
    both = {"telegram": office.telegram, "mail": office.mail}
    office.send(**both)
    assert office.send(TUESDAY + timedelta(minutes=15), **both) == Tally(sent=1)
    assert office.telegram.addresses == ["4711"]


def test_a_letter_that_may_have_arrived_counts_and_is_not_sent_again(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=False, reason="x", unknown=True)]
    office.mail.faults["p2@example.se"] = [RuntimeError("broken in the middle")]
    assert office.send() == Tally(sent=13, unknown=2)
    assert office.send(TUESDAY + timedelta(minutes=30)).made == 0
    assert office.send(local(2026, 10, 13, 9)).sent == 15
    assert [contact.outcome for contact in office.contacts(2)] == ["unknown", "sent"]


def test_one_bad_row_stops_no_other_and_tells_no_address(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.send()
    office.change(1, language="xx", begun_at=TUESDAY)
    office.mail.faults["p2@example.se"] = [RuntimeError("p2@example.se is broken")]
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=13, unknown=1, postponed=1)
    assert office.contacts(1)[1].reason == "letter"
    assert "example.se" not in caplog.text


def test_a_server_that_is_down_is_left_alone_after_a_few_tries(office: Office) -> None:
    office.mail.everywhere = DeliveryFailed(permanent=False, reason="connection")
    assert office.send() == Tally(postponed=5)
    office.mail.everywhere = None
    assert office.send() == Tally(sent=10)
    assert office.send(TUESDAY + timedelta(minutes=15)) == Tally(sent=5)


def test_settings_that_cannot_be_used_postpone_and_are_told(office: Office) -> None:
    office.mail.everywhere = SettingsError(("GRANSKA_MAIL_FROM is not set",))
    with pytest.raises(SettingsError):
        office.send()
    assert office.contacts(1)[0].reason == "settings"
    office.mail.everywhere = None
    assert office.send(TUESDAY + timedelta(minutes=15)) == Tally(sent=15)


def test_without_an_address_nobody_is_due(office: Office) -> None:
    office.store(lambda session: (session.delete(session.get_one(Address, 1)), session.commit()))
    assert 1 not in office.due(TUESDAY)
    assert office.send() == Tally(sent=14)


def test_a_sender_that_dies_leaves_an_unknown_contact_that_counts(office: Office) -> None:
    class Killed(BaseException):
        pass

    office.mail.everywhere = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        office.send()
    office.mail.everywhere = None
    assert office.send() == Tally(sent=14)
    assert office.store(lambda session: recover(session, TUESDAY + timedelta(minutes=4))) == 0
    assert office.store(lambda session: recover(session, TUESDAY + timedelta(minutes=5))) == 1
    assert office.send(local(2026, 10, 6, 13)).made == 0
    for day in (13, 20, 27):
        assert office.send(local(2026, 10, day, 9)) == Tally(sent=15)
    assert [contact.outcome for contact in office.contacts(1)] == ["unknown", "sent", "sent", "sent"]


def test_the_moment_a_respondent_chose_replaces_the_next_reminder(office: Office) -> None:
    office.send()
    office.change(1, chosen_at=local(2026, 10, 9, 16))
    assert office.due(local(2026, 10, 9, 15, 59)) == []
    assert office.send(local(2026, 10, 9, 16)) == Tally(sent=1)  # a Friday, after the hours of the wave
    assert office.send(local(2026, 10, 9, 16, 30)).made == 0
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=14)
    assert office.send(local(2026, 10, 20, 9)) == Tally(sent=15)


def test_a_wish_stands_until_something_has_arrived(office: Office) -> None:
    office.send()
    wish = local(2026, 10, 9, 14)
    office.change(1, chosen_at=wish)
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=False, reason="busy")]
    assert office.send(wish) == Tally(postponed=1)
    assert office.send(wish + timedelta(minutes=15)) == Tally(sent=1)
    assert office.send(wish + timedelta(minutes=45)).made == 0


def test_a_deleted_draft_stops_reminders_until_one_begins_anew(
    office: Office, act: Callable[..., object]
) -> None:
    office.send()
    act(Action.BEGIN)
    act(Action.DELETE)
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=14)
    act(Action.BEGIN)
    assert office.send(local(2026, 10, 20, 9)) == Tally(sent=15)
