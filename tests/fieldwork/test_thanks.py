"""The thank-you after sending: once, by mail, within working hours, and to nobody whom it could give away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from office import TUESDAY, Office, local
from sqlmodel import Session, select

from fieldwork.contacts import Tally
from fieldwork.deliveries import DeliveryFailed
from fieldwork.letters import LetterKind, render
from fieldwork.plans import plan
from fieldwork.reviews import close_wave
from fieldwork.schedule import Due, Kind, PersonFacts, Schedule, Stop, next_contact
from fieldwork.sendouts import pause_wave
from fieldwork.unreached import unreached
from models.tables import AccessToken, Address, Wave

EVENING = local(2026, 10, 6, 21)
MORNING = local(2026, 10, 7, 8)
AUTUMN = Schedule(opens=TUESDAY.date(), ends=local(2026, 10, 30).date())


@pytest.fixture
def sent(office: Office) -> Office:
    """The office after its invitations; the first invitee has sent her answers in the evening."""
    office.send()
    office.change(1, begun_at=EVENING, finished_at=EVENING)
    office.mail.kept.clear()
    return office


def kinds(office: Office) -> list[tuple[str, LetterKind]]:
    return [(address, letter.kind) for address, letter in office.mail.kept]


def test_who_has_sent_is_thanked_once_the_next_working_morning(sent: Office) -> None:
    assert sent.send(MORNING - timedelta(minutes=1)).made == 0
    assert sent.send(MORNING) == Tally(sent=1)
    assert kinds(sent) == [("p1@example.se", LetterKind.THANKS)]
    assert [sent.send(MORNING + timedelta(hours=hours)).made for hours in (0, 1, 24)] == [0, 0, 0]
    assert sent.send(local(2026, 10, 13, 9)) == Tally(sent=14)
    assert "p1@example.se" not in sent.mail.addresses[1:]


def test_a_thank_you_opens_nothing_stops_nothing_and_counts_nowhere(sent: Office) -> None:
    def links(session: Session) -> int:
        return len(session.exec(select(AccessToken)).all())

    before = sent.read(links)
    sent.send(MORNING)
    letter = sent.mail.kept[0][1]
    assert (letter.link, letter.unsubscribe, sent.read(links)) == ("", "", before)
    assert [contact.ordinal for contact in sent.contacts(1)] == [0, 1]
    made = sent.read(lambda session: plan(session, 1, MORNING)).made
    assert [(each.day, each.invitations, each.reminders) for each in made] == [(TUESDAY.date(), 15, 0)]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_thank_you_is_in_the_respondents_language(sent: Office, language: str) -> None:
    sent.change(1, language=language)
    sent.send(MORNING)
    words = {"sv": "Dina svar är inskickade: Ekonomiskt", "en": "Your answers are sent: Ekonomiskt"}
    assert render(sent.mail.kept[0][1]).subject.startswith(words[language])


@pytest.mark.parametrize("column", ["no_more_at", "left_at", "declined_at", "deleted_at"])
def test_whom_anything_else_stops_is_not_thanked(sent: Office, column: str) -> None:
    sent.change(1, **{column: EVENING})
    assert sent.send(MORNING).made == 0


def test_an_anonymous_wave_thanks_nobody(office: Office) -> None:
    def make_anonymous(session: Session) -> None:
        session.get_one(Wave, 1).promise = "anonymous"
        session.commit()

    office.store(make_anonymous)
    office.send()
    office.change(1, begun_at=EVENING, finished_at=EVENING)
    assert office.send(MORNING).made == 0
    assert [contact.ordinal for contact in office.contacts(1)] == [1]


def test_a_wave_that_is_paused_or_closed_thanks_nobody(sent: Office) -> None:
    sent.store(lambda session: pause_wave(session, 1, EVENING, "Anna"))
    assert sent.send(MORNING).made == 0
    sent.store(lambda session: close_wave(session, 1, EVENING))
    assert sent.send(MORNING).made == 0


def test_nobody_is_thanked_in_telegram_which_has_said_so_already(sent: Office) -> None:
    def only_telegram(session: Session) -> None:
        session.delete(session.get_one(Address, 1))
        session.add(Address(person_id=1, channel="telegram", value="4711"))
        session.get_one(Wave, 1).doors = ["telegram", "web"]
        session.commit()

    sent.store(only_telegram)
    assert sent.send(MORNING, telegram=sent.telegram, mail=sent.mail).made == 0


def test_a_busy_server_postpones_a_thank_you_and_a_doubtful_one_is_never_repeated(sent: Office) -> None:
    doubtful = DeliveryFailed(permanent=False, reason="connection", unknown=True)
    sent.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=False, reason="busy"), doubtful]
    assert sent.send(MORNING) == Tally(postponed=1)
    assert sent.send(MORNING + timedelta(minutes=14)).made == 0
    assert sent.send(MORNING + timedelta(minutes=15)) == Tally(unknown=1)
    assert sent.send(MORNING + timedelta(hours=2)).made == 0


def test_a_refused_thank_you_leaves_the_address_where_it_would_tell_who_has_answered(sent: Office) -> None:
    sent.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=True, reason="refused")]
    assert sent.send(MORNING) == Tally(failed=1)
    assert sent.read(lambda session: unreached(session, 1)) == ()
    assert sent.send(MORNING + timedelta(days=1)).made == 0


def test_a_reminder_on_its_way_when_the_answers_come_keeps_no_thank_you_back(sent: Office) -> None:
    sent.change(2, begun_at=TUESDAY)
    sent.mail.faults["p2@example.se"] = [DeliveryFailed(permanent=False, reason="busy")]
    sent.send(local(2026, 10, 13, 9))
    sent.change(2, finished_at=local(2026, 10, 13, 9, 5))
    sent.mail.kept.clear()
    assert sent.send(local(2026, 10, 13, 9, 30)) == Tally(sent=1)
    assert kinds(sent) == [("p2@example.se", LetterKind.THANKS)]


def thanks(to_thank: datetime, now: datetime) -> Due | Stop:
    return next_contact(AUTUMN, PersonFacts(stops=(Stop.SENT,), to_thank=to_thank), now)


def test_a_thank_you_waits_for_working_hours_and_comes_also_after_the_last_day() -> None:
    friday_evening = local(2026, 10, 30, 18)  # the eve of All Saints is no working day
    due = thanks(friday_evening, friday_evening)
    assert isinstance(due, Due)
    assert (due.kind, due.ordinal, due.at) == (Kind.THANKS, 0, local(2026, 11, 2, 8))


def test_who_could_not_be_thanked_within_a_week_is_not_thanked() -> None:
    assert isinstance(thanks(MORNING, local(2026, 10, 14, 7, 59)), Stop)
    assert isinstance(thanks(MORNING, local(2026, 10, 13, 16, 59)), Due)
