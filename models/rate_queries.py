"""Statements about what has become of invitations: facts as counts, so that no row is about one person."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal, select

from models import tables
from models.contact_tables import COUNTED, Contact
from questionnaires.definition import Missing

_table = tables.Wave.metadata.tables
_wave, _invitation, _interview = _table["wave"], _table["invitation"], _table["interview"]
_contact, _result = _table[str(Contact.__tablename__)], _table["result"]


class InvitationFacts(NamedTuple):
    """What is known about one invitation. No time, no name, no answer.

    ``closed`` is the wave's. ``reached`` is false where contacts were made and every one failed.
    """

    closed: bool
    in_service: bool = True
    left: bool = False
    reached: bool = True
    begun: bool = False
    declined: bool = False
    deleted: bool = False
    sent: bool = False


_arrived = func.max(case((_contact.c.outcome.in_([literal(each) for each in COUNTED]), 1), else_=0))
_contacts = (
    select(_contact.c.invitation_id, _arrived.label("arrived")).group_by(_contact.c.invitation_id).subquery()
)

_facts = (
    _wave.c.closed_at.is_not(None).label("closed"),
    _invitation.c.in_service,
    _invitation.c.left_at.is_not(None).label("left"),
    (func.coalesce(_contacts.c.arrived, 1) == 1).label("reached"),
    _invitation.c.begun_at.is_not(None).label("begun"),
    _invitation.c.declined_at.is_not(None).label("declined"),
    _invitation.c.deleted_at.is_not(None).label("deleted"),
    _invitation.c.finished_at.is_not(None).label("sent"),
)
_of_invitations = (
    _invitation.join(_wave, _wave.c.id == _invitation.c.wave_id).outerjoin(
        _contacts, _contacts.c.invitation_id == _invitation.c.id
    )
)  # fmt: skip
_respondents = and_(_invitation.c.wave_id == bindparam("wave"), _invitation.c.part == "respondent")

FACTS = select(_invitation.c.reporting_unit_id, *_facts).select_from(_of_invitations).where(_respondents)
"""The facts of every invitation of a wave, with its reporting unit."""

FACTS_OF_ONE = select(*_facts).select_from(_of_invitations).where(
    _invitation.c.id == bindparam("invitation")
)  # fmt: skip

_is_answer = _result.c.missing.in_(["", Missing.NOT_APPLICABLE])
_extent = (
    func.count(case((_is_answer, _result.c.item)).distinct()).label("answered"),
    func.count(case((_result.c.missing != Missing.OFF_ROUTE, _result.c.item)).distinct()).label("applicable"),
)
_interviews = (
    select(_result.c.reporting_unit_id, _result.c.key, *_extent)
    .where(_result.c.wave_id == bindparam("wave"))
    .group_by(_result.c.reporting_unit_id, _result.c.key)
    .subquery()
)

EXTENTS = select(
    _interviews.c.reporting_unit_id, _interviews.c.answered, _interviews.c.applicable, func.count().label("n")
).group_by(_interviews.c.reporting_unit_id, _interviews.c.answered, _interviews.c.applicable)
"""How many sent interviews of each unit answered how many of the questions on their routes."""

EXTENT_OF_ONE = (
    select(_interview.c.partial, *_extent)
    .join(_result, _result.c.key == _interview.c.result_key)
    .where(_interview.c.invitation_id == bindparam("invitation"))
    .group_by(_interview.c.partial)
)
"""How much one interview answered, as long as its results are tied to it."""
