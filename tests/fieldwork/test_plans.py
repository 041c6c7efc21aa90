"""The plan of a wave: contacts per day, made and coming."""

from __future__ import annotations

from datetime import date, datetime

from office import TUESDAY, Office, local

from fieldwork.deliveries import DeliveryFailed
from fieldwork.plans import ContactDay, Plan, plan
from fieldwork.reviews import close_wave
from models.contact_tables import Contact
from models.database import reading
from models.tables import Address


def planned(office: Office, at: datetime) -> Plan:
    with reading(office.engine) as session:
        return plan(session, 1, at)


def october(*days: int) -> list[date]:
    return [date(2026, 10, day) for day in days]


def test_the_whole_wave_is_foretold_before_it_begins(office: Office) -> None:
    foretold = planned(office, local(2026, 9, 29, 12))
    assert foretold.made == ()
    assert foretold.coming == (
        ContactDay(date(2026, 10, 1), 15, 0),
        ContactDay(date(2026, 10, 8), 0, 15),
        ContactDay(date(2026, 10, 15), 0, 15),
        ContactDay(date(2026, 10, 22), 0, 15),
    )


def test_what_is_foretold_is_what_happens(office: Office) -> None:
    foretold = planned(office, TUESDAY).coming
    for day in range(1, 31):
        for hour in (9, 10, 13, 14):
            if local(2026, 10, day, hour) >= TUESDAY:
                office.send(local(2026, 10, day, hour))
    after = planned(office, local(2026, 10, 30, 20))
    assert (after.made, after.coming) == (foretold, ())


def test_under_way_the_made_ones_are_counted_and_the_stopped_ones_are_not(office: Office) -> None:
    office.mail.faults["p5@example.se"] = [DeliveryFailed(permanent=False, reason="busy")]
    office.send()
    office.change(1, finished_at=TUESDAY)
    office.change(2, chosen_at=local(2026, 10, 9, 9))
    now = planned(office, local(2026, 10, 6, 14, 59))
    assert now.made == (ContactDay(date(2026, 10, 6), 14, 0),)
    assert now.coming == (
        ContactDay(date(2026, 10, 6), 1, 0),
        ContactDay(date(2026, 10, 9), 0, 1),
        ContactDay(date(2026, 10, 13), 0, 13),
        ContactDay(date(2026, 10, 20), 0, 14),
        ContactDay(date(2026, 10, 27), 0, 14),
    )


def test_those_without_an_address_are_counted_apart(office: Office) -> None:
    office.store(lambda session: (session.delete(session.get_one(Address, 1)), session.commit()))
    foretold = planned(office, TUESDAY)
    assert foretold.unreachable == 1
    assert foretold.coming[0] == ContactDay(date(2026, 10, 6), 14, 0)


def test_a_closed_wave_has_no_contacts_to_come(office: Office) -> None:
    office.send()
    office.store(lambda session: close_wave(session, 1, TUESDAY))
    assert planned(office, TUESDAY) == Plan((ContactDay(date(2026, 10, 6), 15, 0),), (), 0)


def test_planning_writes_nothing(office: Office) -> None:
    planned(office, TUESDAY)
    with reading(office.engine) as session:
        assert session.get(Contact, 1) is None
