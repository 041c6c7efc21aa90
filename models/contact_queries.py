"""Statements about contacts: who may be due, what was made, claims and leases.

A claim locks its invitation and passes over one that somebody else has locked: SQLAlchemy writes that as
FOR UPDATE SKIP LOCKED on PostgreSQL and as nothing on SQLite, where a writing transaction is alone anyway.
"""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update

from models import tables
from models.contact_tables import COUNTED, Contact

_table = tables.Wave.metadata.tables
_wave, _invitation, _subject = _table["wave"], _table["invitation"], _table["subject"]
_address, _person = _table["address"], _table["person"]
_contact = _table[str(Contact.__tablename__)]
_lease = _table["lease"]

_counted = _contact.c.outcome.in_(COUNTED)
_of_wave = _invitation.c.wave_id == bindparam("wave")
_of_one = _invitation.c.id == bindparam("invitation")

RUNNING_WAVES = (
    select(_wave.c.id)
    .where(_wave.c.started_at.is_not(None), _wave.c.paused_at.is_(None), _wave.c.closed_at.is_(None))
    .order_by(_wave.c.id)
)

TERMS = select(
    _wave.c.id,
    _wave.c.schedule,
    _wave.c.doors,
    _wave.c.promise,
    _wave.c.opens,
    _wave.c.closes,
    _wave.c.started_at,
    _wave.c.paused_at,
    _wave.c.closed_at,
).where(_wave.c.id == bindparam("wave"))

_invitees = (
    select(
        _invitation.c.id,
        _invitation.c.wave_id,
        # Whether, where nobody asks when: reading a moment takes ten times as long.
        _invitation.c.begun_at.is_not(None).label("begun"),
        _invitation.c.finished_at,
        _invitation.c.declined_at.is_not(None).label("declined"),
        _invitation.c.no_more_at.is_not(None).label("no_more"),
        _invitation.c.deleted_at.is_not(None).label("deleted"),
        or_(_invitation.c.left_at.is_not(None), ~_invitation.c.in_service).label("left"),
        _invitation.c.chosen_at,
        _subject.c.person_id,
    )
    .join(_subject, _subject.c.id == _invitation.c.subject_id)
    .where(_subject.c.person_id.is_not(None), _invitation.c.part == "respondent")
    .order_by(_invitation.c.id)
)

INVITEES = _invitees.where(_of_wave)

ONE_INVITEE = _invitees.where(_of_one).with_for_update(of=_invitation, skip_locked=True)

_moments = ("finished_at", "declined_at", "no_more_at", "deleted_at", "left_at")
_open = and_(_invitation.c.in_service, *(_invitation.c[name].is_(None) for name in _moments))
_recent = exists().where(
    _contact.c.invitation_id == _invitation.c.id, _counted, _contact.c.claimed_at > bindparam("recent")
)
_chosen = _invitation.c.chosen_at <= bindparam("now")

OPEN = INVITEES.where(_open)

# Those who may be due within the hours of the wave; the rules decide.
CANDIDATES = OPEN.where(or_(_chosen, ~_recent))

# Outside them only those who chose the moment themselves may be.
WISHING = OPEN.where(_chosen)

_thanks = _contact.c.ordinal == 0
_thanked = exists().where(
    _contact.c.invitation_id == _invitation.c.id, _thanks, _contact.c.outcome != "postponed"
)

# Those who may be thanked: they have sent not long ago, and nothing else has happened since.
TO_THANK = INVITEES.where(
    _invitation.c.in_service,
    _invitation.c.finished_at > bindparam("since"),
    *(_invitation.c[name].is_(None) for name in _moments if name != "finished_at"),
    ~_thanked,
)

_contacts = (
    select(
        _contact.c.id,
        _contact.c.invitation_id,
        _contact.c.ordinal,
        _contact.c.outcome,
        _contact.c.claimed_at,
        _contact.c.retry_at,
        _contact.c.attempts,
    )
    .join(_invitation, _invitation.c.id == _contact.c.invitation_id)
    .order_by(_contact.c.invitation_id, _contact.c.ordinal)
)

CONTACTS = _contacts.where(_of_wave)

CONTACTS_OF_OPEN = CONTACTS.where(_open)

THANKS = CONTACTS.where(_thanks)

CONTACTS_OF_ONE = _contacts.where(_of_one)

MADE = (
    select(_contact.c.claimed_at, _contact.c.kind)
    .join(_invitation, _invitation.c.id == _contact.c.invitation_id)
    .where(_of_wave, _counted, ~_thanks)
)

_addresses = select(_address.c.person_id, _address.c.channel, _address.c.id, _address.c.value).where(
    _address.c.active
)

ADDRESSES = (
    select(_address.c.person_id, _address.c.channel)
    .where(_address.c.active)
    .join(_subject, _subject.c.person_id == _address.c.person_id)
    .where(_subject.c.wave_id == bindparam("wave"))
)

ADDRESSES_OF_ONE = _addresses.where(_address.c.person_id == bindparam("person"))

# --- Claiming, and what came of it --------------------------------------------------------------------------

NEW_CONTACT = insert(_contact)

# Takes up a contact that reached nobody; whoever comes second changes no row.
TAKE_UP = (
    update(_contact)
    .where(_contact.c.id == bindparam("contact"), _contact.c.outcome.in_(("postponed", "failed")))
    .values(
        kind=bindparam("to_kind"),
        channel=bindparam("by"),
        claimed_at=bindparam("at"),
        finished_at=None,
        retry_at=None,
        outcome="",
        reason="",
        attempts=_contact.c.attempts + 1,
    )
)

# What the sender knows replaces what was assumed of it after a crash.
FINISH = (
    update(_contact)
    .where(_contact.c.id == bindparam("contact"), _contact.c.outcome.in_(("", "unknown")))
    .values(
        outcome=bindparam("became"),
        reason=bindparam("because"),
        finished_at=bindparam("at"),
        retry_at=bindparam("again"),
    )
)

ABANDON = (
    update(_contact)
    .where(_contact.c.outcome == "", _contact.c.claimed_at <= bindparam("before"))
    .values(outcome="unknown", reason="interrupted", finished_at=bindparam("at"))
)

# A wish is fulfilled by the claim, and comes back where nothing arrived.
FULFIL_WISH = update(_invitation).where(_of_one).values(chosen_at=None)

RENEW_WISH = (
    update(_invitation).where(_of_one, _invitation.c.chosen_at.is_(None)).values(chosen_at=bindparam("wish"))
)

DEACTIVATE = update(_address).where(_address.c.id == bindparam("address")).values(active=False)

# --- Leases -------------------------------------------------------------------------------------------------

EXTEND_LEASE = (
    update(_lease)
    .where(
        _lease.c.name == bindparam("called"),
        or_(_lease.c.holder == bindparam("by"), _lease.c.until <= bindparam("now")),
    )
    .values(holder=bindparam("by"), until=bindparam("to"))
)

NEW_LEASE = insert(_lease)

GIVE_UP_LEASE = _lease.delete().where(
    _lease.c.name == bindparam("called"), _lease.c.holder == bindparam("by")
)

# --- Who cannot be reached ----------------------------------------------------------------------------------

_hers = exists().where(_address.c.person_id == _person.c.id)

# By address only: a contact that went wrong would tell that she had not answered then.
UNREACHED = (
    select(_person.c.reference, _hers.label("refused"))
    .select_from(_invitation)
    .join(_subject, _subject.c.id == _invitation.c.subject_id)
    .join(_person, _person.c.id == _subject.c.person_id)
    .where(
        _of_wave,
        _invitation.c.in_service,
        _invitation.c.left_at.is_(None),
        ~_hers.where(_address.c.active),
    )
    .order_by(_person.c.reference)
)

BOUNCED_ADDRESSES = select(_address.c.id, _address.c.person_id).where(
    _address.c.channel == "mail",
    _address.c.active,
    func.lower(_address.c.value).in_(bindparam("values", expanding=True)),
)

_later = _contact.alias()

# The last mail to somebody did not arrive after all: it is made again once there is another address.
UNDELIVERED = (
    update(_contact)
    .where(
        _contact.c.channel == "mail",
        ~_thanks,
        _contact.c.outcome.in_(("sent", "unknown")),
        _contact.c.invitation_id.in_(
            select(_invitation.c.id)
            .join(_subject, _subject.c.id == _invitation.c.subject_id)
            .where(_subject.c.person_id == bindparam("person"))
        ),
        ~exists().where(
            _later.c.invitation_id == _contact.c.invitation_id, _later.c.ordinal > _contact.c.ordinal
        ),
    )
    .values(outcome="failed", reason="bounced", retry_at=None)
)
