"""One invitee at a time: added, reached elsewhere, gone, sent a new link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from office import TUESDAY, Office, local
from sqlmodel import Session, col, select

from fieldwork.contacts import Tally
from fieldwork.deliveries import DeliveryFailed
from fieldwork.invitees import (
    add_person,
    correct_address,
    mark_back,
    mark_left,
    send_new_link,
    stop_mails,
)
from fieldwork.problems import InputError
from fieldwork.reviews import close_wave
from models.tables import Address, AuditEntry, Invitation, Person, Wave

FRIDAY = local(2026, 10, 9, 10)


def test_a_person_who_is_added_is_invited_at_the_next_allowed_hour(store: Session, survey: int) -> None:
    new = {"reference": " NY-01 ", "address": "ny@example.se", "district": "norrvik", "role": "utredare"}
    invitation = store.get_one(Invitation, add_person(store, survey, new))
    assert (invitation.in_service, invitation.role, invitation.language) == (True, "utredare", "sv")
    assert store.exec(select(Person.reference)).all() == ["NY-01"]
    assert store.exec(select(Address.value)).all() == ["ny@example.se"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reference": ""}, "is empty"),
        ({"address": "ny"}, "is not a mail address"),
        ({"district": "Månen"}, "is no district of this wave"),
        ({"role": "=1+1"}, "begins like a formula"),
    ],
)
def test_a_person_is_held_to_the_rules_of_the_staff_list(
    store: Session, survey: int, changes: dict[str, str], rule: str
) -> None:
    new = {"reference": "NY-01", "address": "ny@example.se", "district": "Norrvik"}
    with pytest.raises(InputError, match=rule):
        add_person(store, survey, {**new, **changes})
    assert store.exec(select(Person)).all() == []


def test_nobody_is_added_twice_or_to_a_closed_wave(store: Session, survey: int) -> None:
    new = {"reference": "NY-01", "address": "ny@example.se", "district": "Norrvik"}
    add_person(store, survey, new)
    with pytest.raises(InputError, match="is invited already"):
        add_person(store, survey, {**new, "address": "annan@example.se"})
    assert store.exec(select(Address.value)).all() == ["ny@example.se"]
    close_wave(store, survey, TUESDAY)
    with pytest.raises(InputError, match="takes no invitees"):
        add_person(store, survey, {**new, "reference": "NY-02"})


def test_a_corrected_address_is_used_even_where_it_is_the_refused_one_again(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=True, reason="refused")]
    office.send(limit=1)
    office.store(lambda session: correct_address(session, 1, "P1@Example.SE"))
    assert office.send(limit=1) == Tally(sent=1)
    assert office.mail.addresses == ["P1@example.se"]


def test_an_address_that_is_none_is_refused_without_repeating_it(office: Office) -> None:
    with pytest.raises(InputError) as caught:
        office.store(lambda session: correct_address(session, 1, "anna.ek"))
    assert "anna" not in str(caught.value)


def test_nobody_is_given_the_address_of_somebody_else(office: Office) -> None:
    with pytest.raises(InputError, match="somebody else"):
        office.store(lambda session: correct_address(session, 1, "P2@example.se"))


def test_who_has_left_is_not_contacted_and_comes_back_when_marked_so(office: Office) -> None:
    office.store(lambda session: mark_left(session, 1, TUESDAY, " föräldraledig "))
    assert 1 not in office.due(TUESDAY)
    with pytest.raises(InputError, match="is empty"):
        office.store(lambda session: mark_left(session, 2, TUESDAY, " "))
    office.store(lambda session: mark_back(session, 1))
    assert 1 in office.due(TUESDAY)


def test_a_new_link_is_sent_at_once_and_replaces_a_reminder(office: Office) -> None:
    office.send()
    office.change(1, no_more_at=TUESDAY)
    office.store(lambda session: send_new_link(session, 1, FRIDAY, "Anna"))
    assert office.send(FRIDAY) == Tally(sent=1)
    assert office.send(FRIDAY + timedelta(minutes=1)).made == 0
    assert office.send(local(2026, 10, 13, 9)) == Tally(sent=14)
    with office.engine.connect() as connection:
        entries = connection.execute(select(AuditEntry.action).where(col(AuditEntry.actor) == "Anna")).all()
    assert entries == [("start",), ("new link",)]


@pytest.mark.parametrize("moment", ["finished_at", "declined_at", "deleted_at"])
def test_asking_for_a_link_does_not_tell_whether_somebody_has_answered(office: Office, moment: str) -> None:
    def only_telegram(session: Session) -> None:
        session.get_one(Address, 1).channel = "telegram"
        session.get_one(Wave, 1).doors = ["telegram", "web"]
        session.commit()

    office.store(only_telegram)
    office.change(1, **{moment: TUESDAY})
    office.store(lambda session: send_new_link(session, 1, FRIDAY, "Anna"))
    office.send(FRIDAY, telegram=office.telegram, mail=office.mail)
    assert office.telegram.kept == []


def test_who_has_left_is_sent_no_link_and_that_is_told(office: Office) -> None:
    office.change(1, left_at=TUESDAY)
    with pytest.raises(InputError, match=r"not contacted any more \(left\)"):
        office.store(lambda session: send_new_link(session, 1, FRIDAY, "Anna"))


def test_after_the_most_contacts_nothing_more_is_sent(office: Office) -> None:
    for day in (6, 13, 20, 27):
        office.send(local(2026, 10, day, 9))
    office.store(lambda session: send_new_link(session, 1, local(2026, 10, 28, 9), "Anna"))
    assert 1 not in office.due(local(2026, 10, 29, 9))


def test_the_link_at_the_end_of_a_mail_stops_them_at_any_stage(office: Office) -> None:
    office.send()
    office.change(1, chosen_at=FRIDAY)
    office.store(lambda session: stop_mails(session, 1, TUESDAY))
    assert 1 not in office.due(FRIDAY)
    assert 1 not in office.due(local(2026, 10, 13, 9))
