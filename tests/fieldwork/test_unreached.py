"""Addresses that are missing, refused or bounced."""

from __future__ import annotations

import pytest
from office import TUESDAY, Office, local
from sqlmodel import Session

from fieldwork.bounces import NotABounce
from fieldwork.contacts import Tally
from fieldwork.deliveries import DeliveryFailed
from fieldwork.invitees import correct_address, mark_left
from fieldwork.unreached import Unreached, record_bounces, unreached
from models.tables import Address

BOUNCE = """\
From: MAILER-DAEMON@example.se
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.se

Final-Recipient: rfc822; P1@Example.se
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; p2@example.se
Action: delayed
Status: 4.4.1

Final-Recipient: rfc822; okand@example.se
Action: failed
Status: 5.1.1
--b--
"""


def seen(office: Office) -> tuple[Unreached, ...]:
    return office.read(lambda session: unreached(session, 1))


def test_missing_and_refused_addresses_are_listed_and_those_who_left_are_not(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=True, reason="refused")]
    office.send()

    def lose(session: Session) -> None:
        for number in (2, 3):
            session.delete(session.get_one(Address, number))
        session.commit()

    office.store(lose)
    office.store(lambda session: mark_left(session, 3, TUESDAY, "slutat"))
    assert seen(office) == (Unreached("P1", refused=True), Unreached("P2", refused=False))


def test_whether_someone_has_answered_makes_no_difference_to_the_list(office: Office) -> None:
    office.mail.faults["p1@example.se"] = [DeliveryFailed(permanent=True, reason="refused")]
    office.mail.faults["p2@example.se"] = [DeliveryFailed(permanent=False, reason="busy")]
    office.send()
    before = seen(office)
    office.change(1, finished_at=TUESDAY)
    assert seen(office) == before == (Unreached("P1", refused=True),)


def test_a_bounced_address_is_used_no_more_and_its_mail_is_made_again(office: Office) -> None:
    office.send()
    assert office.store(lambda session: record_bounces(session, BOUNCE.encode())) == 1
    assert seen(office) == (Unreached("P1", refused=True),)
    office.store(lambda session: correct_address(session, 1, "ny@example.se"))
    assert office.send(local(2026, 10, 7, 9)) == Tally(sent=1)
    (contact,) = office.contacts(1)
    assert (contact.ordinal, contact.attempts, contact.outcome) == (1, 2, "sent")
    assert office.contacts(2)[0].outcome == "sent"


def test_only_the_last_mail_is_made_again(office: Office) -> None:
    office.send()
    office.send(local(2026, 10, 13, 9))
    office.store(lambda session: record_bounces(session, BOUNCE.encode()))
    assert [contact.outcome for contact in office.contacts(1)] == ["sent", "failed"]


def test_the_same_notification_twice_changes_nothing_more(office: Office) -> None:
    office.send()
    office.store(lambda session: record_bounces(session, BOUNCE.encode()))
    assert office.store(lambda session: record_bounces(session, BOUNCE.encode())) == 0


def test_a_file_that_is_no_notification_is_refused(office: Office) -> None:
    with pytest.raises(NotABounce):
        office.store(lambda session: record_bounces(session, b"hej"))
