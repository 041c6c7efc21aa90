"""Claims and leases: of several who try at once, one wins."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from office import TUESDAY, Office, local
from sqlmodel import col, select

from fieldwork.claims import Claim, Ending, Outcome, claim, finish, recover
from fieldwork.leases import hold, let_go
from models.contact_tables import Contact
from models.database import open_database, reading, writing
from models.tables import AccessToken

MAIL = ["mail"]


def test_of_two_processes_that_claim_at_once_only_one_wins(office: Office, database: str) -> None:
    won: list[int] = []
    barrier = threading.Barrier(4)

    def process() -> None:
        engine = open_database(database)  # connections of its own, as another process has
        barrier.wait()
        for invitation in range(1, 16):
            with writing(engine) as session:
                if claim(session, invitation, TUESDAY, MAIL, f"{threading.get_ident()}-{invitation}"):
                    won.append(invitation)
        engine.dispose()

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(won) == dict.fromkeys(range(1, 16), 1)
    with reading(office.engine) as session:
        assert len(session.exec(select(Contact)).all()) == 15
        assert len(session.exec(select(AccessToken)).all()) == 15


def claimed(office: Office, at: object = TUESDAY) -> Claim | None:
    return office.store(lambda session: claim(session, 1, at, MAIL, str(at)))  # type: ignore[arg-type]


def test_a_contact_on_its_way_is_nobody_elses(office: Office) -> None:
    assert claimed(office) is not None
    assert claimed(office, TUESDAY + timedelta(days=7)) is None


def test_a_claim_holds_what_is_to_be_done_but_shows_no_address(office: Office) -> None:
    made = claimed(office)
    assert made is not None
    assert (made.due.ordinal, made.channel, made.address, made.attempts) == (1, "mail", "p1@example.se", 1)
    assert "example.se" not in repr(made)


def test_nothing_is_claimed_outside_the_hours_or_too_early(office: Office) -> None:
    assert claimed(office, local(2026, 10, 6, 8, 59)) is None
    assert claimed(office, local(2026, 10, 6, 11)) is None
    assert claimed(office, local(2026, 10, 6, 13)) is not None


def test_a_claim_that_fails_leaves_no_link(office: Office) -> None:
    office.change(1, declined_at=TUESDAY)
    assert claimed(office) is None
    with reading(office.engine) as session:
        assert session.exec(select(AccessToken)).all() == []


def test_the_sender_knows_better_than_the_recovery(office: Office) -> None:
    made = claimed(office)
    assert made is not None
    late = TUESDAY + timedelta(minutes=6)
    assert office.store(lambda session: recover(session, late)) == 1
    office.store(lambda session: finish(session, made, Ending(Outcome.SENT), late))
    assert [(contact.outcome, contact.reason) for contact in office.contacts(1)] == [("sent", "")]


def test_an_outcome_is_not_written_over_by_a_late_one(office: Office) -> None:
    made = claimed(office)
    assert made is not None
    office.store(lambda session: finish(session, made, Ending(Outcome.SENT), TUESDAY))
    office.store(lambda session: finish(session, made, Ending(Outcome.FAILED, "refused"), TUESDAY))
    assert [contact.outcome for contact in office.contacts(1)] == ["sent"]


def test_a_postponed_contact_is_claimed_by_one_only(office: Office) -> None:
    made = claimed(office)
    assert made is not None
    ending = Ending(Outcome.POSTPONED, "busy", timedelta(minutes=15))
    office.store(lambda session: finish(session, made, ending, TUESDAY))
    again = TUESDAY + timedelta(minutes=15)
    assert [claimed(office, again) is None, claimed(office, again) is None] == [False, True]
    with reading(office.engine) as session:
        contact = session.exec(select(Contact).where(col(Contact.invitation_id) == 1)).one()
    assert (contact.attempts, contact.due_at, contact.claimed_at) == (2, TUESDAY, again)


def held(office: Office, holder: str, minutes: int) -> bool:
    at = TUESDAY + timedelta(minutes=minutes)
    return office.store(lambda session: hold(session, "sending", holder, at))


def test_a_lease_is_one_holders_until_it_runs_out(office: Office) -> None:
    assert held(office, "a", 0)
    assert not held(office, "b", 1)
    assert held(office, "a", 1)
    assert not held(office, "b", 2)
    assert held(office, "b", 3)
    assert not held(office, "a", 3)


def test_a_lease_that_is_given_up_is_free_at_once(office: Office) -> None:
    assert held(office, "a", 0)
    office.store(lambda session: let_go(session, "sending", "b"))
    assert not held(office, "b", 1)
    office.store(lambda session: let_go(session, "sending", "a"))
    assert held(office, "b", 1)
