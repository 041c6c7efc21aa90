"""What the rows say of each invitation of a wave: facts counted per unit, and one invitation's by command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from fieldwork.invitations import find_invitation
from fieldwork.rights import Viewer, require_inspector, require_named_inspector
from models import passage_queries, rate_queries
from models.rate_queries import InvitationFacts
from models.tables import AuditEntry


class Extent(NamedTuple):
    """How many questions on the own route were answered, of how many."""

    answered: int
    applicable: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One reporting unit: how many invitations share the same facts, how many sent interviews an ``Extent``.

    The two are not joined: nothing here tells how much an invited person has answered.
    """

    invitations: Mapping[InvitationFacts, int]
    extents: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class OneInvitation:
    """The facts of one invitation; ``extent`` and ``early`` only as long as its results are tied to it."""

    facts: InvitationFacts
    extent: Extent | None = None
    early: bool = False


def invitation_facts(session: Session, viewer: Viewer, wave_id: int) -> Mapping[int, UnitFacts]:
    """Return the facts of every invitation of a survey, counted by reporting unit, in three statements.

    For inspectors: managers see how many of the invited have sent, and nothing of the others.
    """
    require_inspector(viewer)
    connection = session.connection()
    units = [unit for unit, _ in connection.execute(passage_queries.ANSWERS, {"wave": wave_id})]
    invitations: dict[int, Counter[InvitationFacts]] = {unit: Counter() for unit in units}
    extents: dict[int, Counter[tuple[int, int]]] = {unit: Counter() for unit in units}
    for unit, *facts in connection.execute(rate_queries.FACTS, {"wave": wave_id}):
        invitations[unit][InvitationFacts(*map(bool, facts))] += 1
    for unit, answered, applicable, n in connection.execute(rate_queries.EXTENTS, {"wave": wave_id}):
        extents[unit][Extent(answered, applicable)] += n
    return {unit: UnitFacts(invitations[unit], extents[unit]) for unit in units}


def facts_of_one(
    session: Session, viewer: Viewer, wave_id: int, reference: str, now: datetime
) -> OneInvitation:
    """Return the facts of one invitee, for a named inspector; the audit log notes it. Commits.

    Raises:
        NotAllowed: the viewer is no inspector whom the audit log can name.
        InputError: nobody by this reference is invited.
    """
    require_named_inspector(viewer)
    invitation = find_invitation(session, wave_id, reference, away=True)
    connection = session.connection()
    facts = connection.execute(rate_queries.FACTS_OF_ONE, {"invitation": invitation}).one()
    tied = connection.execute(rate_queries.EXTENT_OF_ONE, {"invitation": invitation}).one_or_none()
    session.add(
        AuditEntry(at=now, actor=viewer.name, action="disposition", target=f"invitation {invitation}")
    )
    session.commit()
    found = InvitationFacts(*map(bool, facts))
    if tied is None:
        return OneInvitation(found)
    return OneInvitation(found, Extent(tied.answered, tied.applicable), tied.partial)
