"""What has become of each invitation, read as counts, and one invitation's facts by command alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from fieldwork.errors import NotAllowed
from fieldwork.invitation_facts import Extent, OneInvitation, facts_of_one, invitation_facts
from fieldwork.messages import Action
from fieldwork.problems import InputError
from fieldwork.reviews import close_wave
from fieldwork.rights import Role, Viewer
from models.contact_tables import Contact
from models.rate_queries import InvitationFacts
from models.tables import AuditEntry, Invitation

INSPECTOR = Viewer("inga", Role.INSPECTOR)
AT = datetime(2026, 10, 30, 12, tzinfo=UTC)


@pytest.fixture
def answered(store: Session, october: int, act: Callable[..., object]) -> int:
    """1 sends all with a skip, 2 sends early, 3 is in the middle, 4 declines, 5 left, 6 is not in service."""
    act(Action.BEGIN)
    act(Action.ANSWER, "ja")
    act(Action.ANSWER, "ib")
    act(Action.SKIP)
    act(Action.SKIP)
    act(Action.SEND)
    act(Action.BEGIN, invitation=2)
    act(Action.ANSWER, "nej", invitation=2)
    act(Action.SEND_PARTIAL, invitation=2)
    act(Action.BEGIN, invitation=3)
    act(Action.DECLINE, invitation=4)
    store.get_one(Invitation, 5).left_at = AT
    store.get_one(Invitation, 6).in_service = False
    store.add(
        Contact(
            invitation_id=7,
            ordinal=1,
            kind="invitation",
            channel="mail",
            due_at=AT,
            claimed_at=AT,
            outcome="failed",
        )
    )
    store.commit()
    return october


@pytest.fixture
def statements(store: Session) -> Iterator[list[str]]:
    sent: list[str] = []
    engine = store.get_bind()
    note = lambda *told: sent.append(told[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_facts_are_counted_by_unit_and_tied_to_no_extent(store: Session, answered: int) -> None:
    close_wave(store, answered, AT)
    bromma = invitation_facts(store, INSPECTOR, answered)[1]
    sent = InvitationFacts(closed=True, begun=True, sent=True)
    assert bromma.invitations == {
        sent: 2,
        InvitationFacts(closed=True, begun=True): 1,
        InvitationFacts(closed=True, declined=True): 1,
        InvitationFacts(closed=True, left=True): 1,
        InvitationFacts(closed=True, in_service=False): 1,
        InvitationFacts(closed=True, reached=False): 1,
        InvitationFacts(closed=True): 5,
    }
    assert bromma.extents == {Extent(2, 4): 1, Extent(1, 3): 1}


def test_the_number_of_statements_does_not_follow_the_number_of_people(
    store: Session, answered: int, statements: list[str]
) -> None:
    invitation_facts(store, INSPECTOR, answered)
    assert len(statements) <= 4


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_nobody_but_inspectors_gets_the_facts(store: Session, answered: int, role: Role) -> None:
    with pytest.raises(NotAllowed):
        invitation_facts(store, Viewer("chef", role), answered)


def test_one_invitation_is_told_to_a_named_inspector_and_noted(store: Session, answered: int) -> None:
    found = facts_of_one(store, INSPECTOR, answered, "P2", AT)
    assert found == OneInvitation(
        InvitationFacts(closed=False, begun=True, sent=True), Extent(1, 3), early=True
    )
    entry = store.exec(select(AuditEntry).where(AuditEntry.action == "disposition")).one()
    assert (entry.actor, entry.target, entry.at) == ("inga", "invitation 2", AT)
    assert not facts_of_one(store, INSPECTOR, answered, "p6", AT).facts.in_service


def test_once_the_wave_is_closed_nothing_of_how_much_was_answered_is_tied_to_an_invitation(
    store: Session, answered: int
) -> None:
    close_wave(store, answered, AT)
    found = facts_of_one(store, INSPECTOR, answered, "P2", AT)
    assert found == OneInvitation(InvitationFacts(closed=True, begun=True, sent=True))


@pytest.mark.parametrize(
    "viewer", [Viewer("chef", Role.MANAGER), Viewer("adm", Role.ADMINISTRATOR), Viewer("", Role.INSPECTOR)]
)
def test_one_invitation_is_told_to_nobody_else(store: Session, answered: int, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        facts_of_one(store, viewer, answered, "P2", AT)
    assert store.exec(select(AuditEntry).where(AuditEntry.action == "disposition")).all() == []


def test_a_stranger_is_not_invited(store: Session, answered: int) -> None:
    with pytest.raises(InputError, match="not invited"):
        facts_of_one(store, INSPECTOR, answered, "nobody", AT)
