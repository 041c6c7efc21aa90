"""Statements in SQLAlchemy Core, built once: the answering and the counts, where every round trip counts."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, func, insert, literal, select, text, tuple_, update

from models import tables
from models.contact_tables import COUNTED


class CountRow(NamedTuple):
    """How many sent interviews of a reporting unit say one thing about one item; see ``tables.Count``.

    ``part`` is the group of a split that is counted alone: ``kvinna``; empty where everybody is counted.
    """

    reporting_unit_id: int
    item: str
    kind: str
    value: str
    n: int
    part: str = ""


_table = tables.Wave.metadata.tables
_review, _wave, _unit = _table["review"], _table["wave"], _table["reportingunit"]
_form, _part, _instrument = _table["form"], _table["formpart"], _table["instrument"]
_invitation, _interview, _answer = _table["invitation"], _table["interview"], _table["answer"]
_subject, _count = _table["subject"], _table["count"]
_address, _contact = _table["address"], _table["contact"]

FORM_PARTS = (
    select(_instrument.c.code, _instrument.c.hash, _instrument.c.body)
    .join(_part, _part.c.instrument_id == _instrument.c.id)
    .where(_part.c.form_id == bindparam("form"))
    .order_by(_part.c.position)
)

# --- The answering: one row says where a conversation stands, one list what is answered ---------------------

_counted = [literal(outcome) for outcome in COUNTED]  # plain values would be spelt out anew at each reading
_contacts = (
    select(func.count())
    .where(_contact.c.invitation_id == _invitation.c.id, _contact.c.outcome.in_(_counted))
    .correlate(_invitation)
    .scalar_subquery()
)

_reachable = (
    exists().where(_address.c.person_id == _subject.c.person_id, _address.c.active).correlate(_subject)
)

STANDING = (
    select(
        _invitation.c.id.label("invitation"),
        _invitation.c.wave_id,
        _invitation.c.reporting_unit_id,
        _invitation.c.role,
        _invitation.c.language,
        _invitation.c.begun_at,
        _invitation.c.finished_at,
        _invitation.c.declined_at,
        _invitation.c.chosen_at,
        _invitation.c.no_more_at,
        _wave.c.form_id,
        _wave.c.subject,
        _wave.c.promise,
        _wave.c.doors,
        _wave.c.smallest_group,
        _wave.c.opens,
        _wave.c.closes,
        _wave.c.closed_at,
        _wave.c.informed_on,
        _wave.c.contact_name,
        _wave.c.contact_phone,
        _wave.c.contact_mail,
        _wave.c.information,
        _wave.c.schedule,
        and_(_wave.c.started_at.is_not(None), _wave.c.paused_at.is_(None)).label("running"),
        _contacts.label("contacts"),
        _reachable.label("reachable"),
        _form.c.hash.label("form_hash"),
        _review.c.title,
        _review.c.origin,
        _subject.c.number,
        _interview.c.id.label("interview"),
        func.coalesce(_interview.c.revision, 0).label("revision"),
        func.coalesce(_interview.c.asking, "").label("asking"),
        func.coalesce(_interview.c.adding, False).label("adding"),
        func.coalesce(_interview.c.code_hash, "").label("code_hash"),
        func.coalesce(_interview.c.code_tries, 0).label("code_tries"),
    )
    .join(_wave, _wave.c.id == _invitation.c.wave_id)
    .join(_form, _form.c.id == _wave.c.form_id)
    .join(_review, _review.c.id == _wave.c.review_id)
    .join(_subject, _subject.c.id == _invitation.c.subject_id)
    .outerjoin(_interview, _interview.c.invitation_id == _invitation.c.id)
    # Who was not in service at the sendout is not invited: an answer would count in no "x av y".
    .where(_invitation.c.id == bindparam("invitation"), _invitation.c.in_service)
)

# To change it: on PostgreSQL the wave stays as it is read until the change is committed. Nobody answers
# in a wave that is being closed, and no answer that came in meanwhile is left in it.
STANDING_TO_CHANGE = STANDING.with_for_update(read=True, of=_wave)

PRESENT_ANSWERS = select(_answer.c.item, _answer.c.value, _answer.c.device).where(
    _answer.c.interview_id == bindparam("interview"), _answer.c.superseded_at.is_(None)
)

NEW_INTERVIEW = insert(_interview)

# Whoever changes the revision first wins; who comes second changes nothing.
NEXT_REVISION = update(_interview).where(
    _interview.c.id == bindparam("interview"), _interview.c.revision == bindparam("seen")
)

CHANGE_INTERVIEW = update(_interview).where(_interview.c.id == bindparam("interview"))

# Of two guesses at once only one counts its try; the other one is none.
COUNT_TRY = update(_interview).where(
    _interview.c.id == bindparam("interview"), _interview.c.code_tries == bindparam("seen")
)

CHANGE_INVITATION = update(_invitation).where(_invitation.c.id == bindparam("invitation"))

SUPERSEDE_ANSWER = (
    update(_answer)
    .where(
        _answer.c.interview_id == bindparam("interview"),
        _answer.c.item == bindparam("given"),
        _answer.c.superseded_at.is_(None),
    )
    .values(superseded_at=bindparam("moment"))
)

NEW_ANSWER = insert(_answer)

ERASE_ANSWERS = _answer.delete().where(_answer.c.interview_id == bindparam("interview"))

ERASE_INTERVIEW = _interview.delete().where(_interview.c.id == bindparam("interview"))

NEW_INFORMATION = insert(_table["information"])

# --- Results ------------------------------------------------------------------------------------------------

NEW_RESULT = insert(_table["result"])

NEW_TEXT_RESULT = insert(_table["textresult"])

# One wording of an upsert that SQLite and PostgreSQL both understand.
COUNT_ONE_MORE = text(
    "INSERT INTO count (reporting_unit_id, split, item, kind, value, part, n, shown) "
    "VALUES (:unit, :split, :item, :kind, :value, :part, 1, 0) "
    "ON CONFLICT (reporting_unit_id, split, item, kind, value, part) DO UPDATE SET n = count.n + 1"
)

ONE_MORE_SENT = (
    update(_unit)
    .where(_unit.c.id == bindparam("unit"))
    .values(answers=_unit.c.answers + 1, partial=_unit.c.partial + bindparam("early"))
)

_smallest_group = (
    select(_wave.c.smallest_group).where(_wave.c.id == _unit.c.wave_id).correlate(_unit).scalar_subquery()
)

_confidential = (
    select(_wave.c.promise == "confidential")
    .where(_wave.c.id == _unit.c.wave_id)
    .correlate(_unit)
    .scalar_subquery()
)

# A step: results are let out when at least the smallest group has come in since the last step. Never in an
# anonymous wave: what has come since would be what the last ones to send have answered.
SHOW_UNIT = (
    update(_unit)
    .where(_unit.c.id == bindparam("unit"), _unit.c.answers - _unit.c.shown >= _smallest_group, _confidential)
    .values(shown=_unit.c.answers)
)

# An item that fewer than that have answered since its last step waits for a later one: the difference between
# two steps would be about those few. Where nobody has answered it, why is told.
_new = _count.alias("new")
_too_few_new = (
    select(_new.c.item)
    .join(_unit, _unit.c.id == _new.c.reporting_unit_id)
    .join(_wave, _wave.c.id == _unit.c.wave_id)
    .where(
        _new.c.reporting_unit_id == bindparam("unit"),
        _new.c.split == "",
        _new.c.kind == "answered",
        _new.c.n > _new.c.shown,
        _new.c.n - _new.c.shown < _wave.c.smallest_group,
    )
)
SHOW_COUNTS = (
    update(_count)
    .where(
        _count.c.reporting_unit_id == bindparam("unit"),
        _count.c.split == "",
        _count.c.item.not_in(_too_few_new),
    )
    .values(shown=_count.c.n)
)

WAVE_TERMS = (
    select(
        _wave.c.policy,
        _wave.c.promise,
        _wave.c.smallest_group,
        _wave.c.alike_below,
        _wave.c.open_answers_from,
        _wave.c.closed_at,
        _wave.c.pilot,
        _wave.c.printed,
        _review.c.origin,
    )
    .join(_review, _review.c.id == _wave.c.review_id)
    .where(_wave.c.id == bindparam("wave"))
)

UNITS = (
    select(
        _unit.c.id,
        _unit.c.label,
        _unit.c.position,
        _unit.c.answers,
        _unit.c.shown,
        select(func.count(_invitation.c.subject_id.distinct()))  # a file read by two readers is one file
        .where(_invitation.c.reporting_unit_id == _unit.c.id, _invitation.c.in_service)
        .scalar_subquery()
        .label("invited"),
    )
    .where(_unit.c.wave_id == bindparam("wave"))
    .order_by(_unit.c.position, _unit.c.id)
)

_units_of_the_wave = select(_unit.c.id).where(_unit.c.wave_id == bindparam("wave"))

# In the order of the primary key, so that nothing has to be sorted.
COUNTS = (
    select(
        _count.c.reporting_unit_id,
        _count.c.item,
        _count.c.kind,
        _count.c.value,
        _count.c.part,
        _count.c.n,
        _count.c.shown,
    )
    .where(
        _count.c.reporting_unit_id.in_(_units_of_the_wave),
        _count.c.split == bindparam("split", value=""),
        _count.c.item.in_(bindparam("items", expanding=True)),
    )
    .order_by(_count.c.reporting_unit_id, _count.c.item, _count.c.kind, _count.c.value, _count.c.part)
)

# Who alone has a role in a unit could be found by it among the invited, and her answers in the counts.
_roles_of_few = (
    select(_count.c.reporting_unit_id, _count.c.part)
    .where(
        _count.c.reporting_unit_id.in_(_units_of_the_wave),
        _count.c.split == "role",
        _count.c.kind != "option",
    )
    .group_by(_count.c.reporting_unit_id, _count.c.part, _count.c.item)
    .having(func.sum(_count.c.n) < bindparam("smallest_group"))
)
ERASE_ROLES_OF_FEW = _count.delete().where(
    _count.c.split == "role", tuple_(_count.c.reporting_unit_id, _count.c.part).in_(_roles_of_few)
)
