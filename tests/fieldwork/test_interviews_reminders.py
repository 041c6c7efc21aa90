"""What a respondent can say about reminders, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from office import TUESDAY, Office, local
from sqlmodel import select

from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Stage
from fieldwork.sendouts import pause_wave
from models.database import reading
from models.tables import Address, Interview, Invitation

Act = Callable[..., Conversation]
MONDAY = local(2026, 10, 12, 14)


def told(talk: Conversation) -> str:
    return talk.notices[0].text


def chosen(office: Office, invitation: int = 1) -> datetime | None:
    with reading(office.engine) as session:
        return session.get_one(Invitation, invitation).chosen_at


@pytest.mark.parametrize(
    ("choice", "at", "words", "moment"),
    [
        ("hour", MONDAY, "måndag den 12 oktober klockan 15.00", local(2026, 10, 12, 15)),
        ("hour", local(2026, 10, 12, 16, 30), "tisdag den 13 oktober klockan 8.00", local(2026, 10, 13, 8)),
        ("next_day", local(2026, 10, 16, 12), "måndag den 19 oktober klockan 9.00", local(2026, 10, 19, 9)),
        ("2026-10-28", MONDAY, "onsdag den 28 oktober klockan 9.00", local(2026, 10, 28, 9)),
        ("2026-10-17", MONDAY, "måndag den 19 oktober klockan 8.00", local(2026, 10, 19, 8)),
    ],
)
def test_the_moment_promised_is_the_moment_kept(  # noqa: PLR0913, PLR0917
    office: Office, act: Act, choice: str, at: datetime, words: str, moment: datetime
) -> None:
    office.send()
    act(Action.BEGIN)
    talk = act(Action.REMIND, choice, at=at)
    assert told(talk) == talk.reminder == f"Vi påminner dig {words}. Allt du har svarat är sparat."
    assert chosen(office) == moment
    assert office.due(moment).count(1) == 1


def test_asking_for_a_reminder_pauses(office: Office, act: Act) -> None:
    act(Action.BEGIN)
    act(Action.REMIND, "hour", at=TUESDAY)
    with reading(office.engine) as session:
        assert session.exec(select(Interview.paused_at)).one() == TUESDAY


@pytest.mark.parametrize("choice", ["", "i morgon", "2026-10-12", "2026-10-31", "2026-13-01", "hour hour"])
def test_a_day_that_cannot_be_is_refused_with_what_can(office: Office, act: Act, choice: str) -> None:
    talk = act(Action.REMIND, choice, at=MONDAY)
    assert talk.notices[0].key == "notice.remind_when"
    assert "senast den 30 oktober 2026" in told(talk)
    assert chosen(office) is None


def test_nothing_is_promised_that_falls_after_the_end(office: Office, act: Act) -> None:
    talk = act(Action.REMIND, "hour", at=local(2026, 10, 30, 16, 30))
    assert talk.notices[0].key == "notice.remind_when"


def test_nothing_is_promised_without_an_address(office: Office, act: Act) -> None:
    office.store(lambda session: (session.delete(session.get_one(Address, 1)), session.commit()))
    talk = act(Action.REMIND, "hour", at=MONDAY)
    assert (talk.notices[0].key, talk.can_be_reminded) == ("notice.no_reminder", False)
    assert chosen(office) is None


def test_nothing_is_promised_beyond_the_most_contacts(office: Office, act: Act) -> None:
    for day in (6, 13, 20, 27):
        assert act(Action.LANGUAGE, "sv").can_be_reminded
        office.send(local(2026, 10, day, 9))
    assert not act(Action.REMIND, "hour", at=local(2026, 10, 28, 9)).can_be_reminded


def test_nothing_is_promised_while_the_wave_is_paused(office: Office, act: Act) -> None:
    office.store(lambda session: pause_wave(session, 1, TUESDAY, "Anna"))
    assert act(Action.REMIND, "hour", at=MONDAY).notices[0].key == "notice.no_reminder"


def test_who_came_by_a_handed_over_link_is_reminded_instead_of_invited(office: Office, act: Act) -> None:
    act(Action.BEGIN)
    act(Action.REMIND, "2026-10-09", at=local(2026, 10, 5, 12))
    assert 1 not in office.due(TUESDAY)
    office.send(local(2026, 10, 9, 9))
    assert [letter.kind for address, letter in office.mail.kept if address == "p1@example.se"] == [
        "reminder_begun"
    ]


def test_no_more_reminders_is_no_refusal_and_answering_goes_on(office: Office, act: Act) -> None:
    office.send()
    act(Action.BEGIN)
    act(Action.REMIND, "hour", at=MONDAY)
    talk = act(Action.NO_MORE, at=MONDAY)
    assert told(talk) == talk.reminder
    assert talk.reminder.startswith("Du får inga fler påminnelser.")
    assert (talk.stage, chosen(office)) == (Stage.QUESTION, None)
    assert act(Action.ANSWER, "ja").stage is Stage.QUESTION
    assert 1 not in office.due(local(2026, 10, 13, 9))


def test_asking_for_a_reminder_takes_no_more_reminders_back(office: Office, act: Act) -> None:
    office.send()
    act(Action.NO_MORE)
    act(Action.REMIND, "next_day", at=MONDAY)
    assert office.due(local(2026, 10, 13, 9)).count(1) == 1


def test_a_wish_goes_with_the_deleted_draft(office: Office, act: Act) -> None:
    office.send()
    act(Action.BEGIN)
    act(Action.REMIND, "next_day", at=MONDAY)
    talk = act(Action.DELETE)
    assert (chosen(office), talk.reminder) == (None, "")
    assert 1 not in office.due(local(2026, 10, 13, 9))


@pytest.mark.parametrize("action", [Action.REMIND, Action.NO_MORE])
def test_after_declining_there_is_nothing_to_be_reminded_of(office: Office, act: Act, action: Action) -> None:
    act(Action.DECLINE)
    assert act(action, "hour", at=MONDAY).notices == ()
    assert chosen(office) is None
