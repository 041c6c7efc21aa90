"""Statements about a chat: who is in it, what came in from it, and what is to go out to it."""

from __future__ import annotations

from sqlalchemy import String, and_, bindparam, cast, exists, func, insert, or_, select, update

from models import tables
from models.contact_tables import IncomingUpdate, OutgoingMessage

_table = tables.Wave.metadata.tables
_wave, _invitation, _subject = _table["wave"], _table["invitation"], _table["subject"]
_address = _table["address"]
_incoming = _table[str(IncomingUpdate.__tablename__)]
_outgoing = _table[str(OutgoingMessage.__tablename__)]
_later, _earlier = _outgoing.alias("later"), _outgoing.alias("earlier")

TELEGRAM = "telegram"

# --- Who is in a chat ---------------------------------------------------------------------------------------

_chats = _address.c.channel == TELEGRAM

ADDRESSES_OF_CHATS = select(_address.c.id, _address.c.value, _address.c.person_id, _address.c.active).where(
    _chats, _address.c.value.in_(bindparam("chats", expanding=True))
)

CHATS_OF_PERSON = select(_address.c.id).where(_chats, _address.c.person_id == bindparam("person"))

NEW_ADDRESS = insert(_address)

SET_ACTIVE = (
    update(_address).where(_address.c.id == bindparam("address")).values(active=bindparam("now_active"))
)

FORGET_ADDRESS = (
    _address.delete().where(_address.c.id == bindparam("address"), _chats).returning(_address.c.value)
)

_places = select(
    _invitation.c.id,
    _subject.c.person_id,
    _invitation.c.finished_at,
    _invitation.c.language,
    _wave.c.doors,
    _wave.c.telegram_free_text,
    _wave.c.closed_at,
    _wave.c.opens,
    _wave.c.closes,
).select_from(
    _invitation.join(_subject, _subject.c.id == _invitation.c.subject_id).join(
        _wave, _wave.c.id == _invitation.c.wave_id
    )
)

PLACE_OF_INVITATION = _places.where(_invitation.c.id == bindparam("invitation"))

PLACES_OF_CHAT = (
    _places.add_columns(_address.c.value)
    .join(_address, _address.c.person_id == _subject.c.person_id)
    .where(_address.c.id == bindparam("address"), _invitation.c.part == "respondent")
    .order_by(_wave.c.opens.desc(), _invitation.c.id.desc())
)

# --- What came in -------------------------------------------------------------------------------------------

KNOWN_UPDATES = select(_incoming.c.update_id).where(
    _incoming.c.update_id.in_(bindparam("updates", expanding=True))
)

NEW_UPDATES = insert(_incoming)

WAITING_UPDATES = (
    select(_incoming.c.update_id, _incoming.c.chat, _incoming.c.body)
    .where(_incoming.c.done_at.is_(None))
    .order_by(_incoming.c.update_id)
)

# Whoever comes second changes no row. What was said is gone when it is done.
DONE = (
    update(_incoming)
    .where(_incoming.c.update_id == bindparam("number"), _incoming.c.done_at.is_(None))
    .values(done_at=bindparam("at"), body={})
)

RECENT_UPDATES = select(func.count()).where(
    _incoming.c.chat == bindparam("called"), _incoming.c.received_at > bindparam("since")
)

FORGET_UPDATES = _incoming.delete().where(_incoming.c.done_at < bindparam("before"))

# A batch is fetched once the one before it is acknowledged, so none of that comes again. What strangers tried
# is counted for a while.
_strange = or_(*(_incoming.c.chat.startswith(word) for word in ("guess ", "stranger ")))
FORGET_ACKNOWLEDGED = _incoming.delete().where(
    _incoming.c.update_id < bindparam("first"), _incoming.c.done_at.is_not(None), ~_strange
)

_chats_of_invitation = (
    select(_address.c.id)
    .join(_subject, _subject.c.person_id == _address.c.person_id)
    .join(_invitation, _invitation.c.subject_id == _subject.c.id)
    .where(_invitation.c.id == bindparam("invitation"))
)

CHATS_OF_INVITATION = _chats_of_invitation.where(_chats)

# What was done need not be told apart by chat and moment any more.
BLUR_UPDATES = (
    update(_incoming)
    .where(_incoming.c.chat.startswith(bindparam("beginning")), _incoming.c.done_at.is_not(None))
    .values(chat="", received_at=bindparam("day"), done_at=bindparam("day"), body={})
)

# --- What goes out ------------------------------------------------------------------------------------------

NEW_MESSAGE = insert(_outgoing)

_waits = and_(_outgoing.c.state == "pending", _outgoing.c.next_attempt_at <= bindparam("now"))

_same_chat = _earlier.c.address_id == _outgoing.c.address_id
_first = ~exists().where(
    _same_chat, _earlier.c.id < _outgoing.c.id, _earlier.c.state.in_(("pending", "sending"))
)
_followed = exists().where(
    _later.c.address_id == _outgoing.c.address_id,
    _later.c.id > _outgoing.c.id,
    _later.c.state == "pending",
    _later.c.template == _outgoing.c.template,
)

# The oldest message of each chat in which nothing is on its way.
TO_SEND = (
    select(
        _outgoing.c.id,
        _outgoing.c.address_id,
        _outgoing.c.template,
        _outgoing.c.params,
        _outgoing.c.language,
        _outgoing.c.attempts,
        _address.c.value.label("chat"),
        _followed.label("followed"),
    )
    .join(_address, _address.c.id == _outgoing.c.address_id)
    .where(_waits, _first, _address.c.active)
    .order_by(_outgoing.c.next_attempt_at, _outgoing.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=_outgoing, skip_locked=True)
)

CLAIM = (
    update(_outgoing)
    .where(_outgoing.c.id == bindparam("message"))
    .values(state="sending", attempts=_outgoing.c.attempts + 1)
)

# The number of the update that a message answers goes: two of them tell how much was answered in between.
MARK = (
    update(_outgoing)
    .where(_outgoing.c.id == bindparam("message"))
    .values(
        state=bindparam("became"),
        message_id=bindparam("number"),
        next_attempt_at=bindparam("at"),
        dedupe_key="message " + cast(_outgoing.c.id, String),
    )
)

# A chat keeps the question it was asked last; what was sent before it has served.
FORGET_MESSAGES = _outgoing.delete().where(
    _outgoing.c.address_id == bindparam("address"),
    _outgoing.c.id < bindparam("message"),
    _outgoing.c.state.in_(("sent", "failed")),
)

MESSAGES_ABOUT = select(_outgoing.c.id, _outgoing.c.params).where(
    _outgoing.c.address_id.in_(_chats_of_invitation)
)

MESSAGES_OF_WAVE = select(_outgoing.c.id, _outgoing.c.params).where(
    _outgoing.c.address_id.in_(
        select(_address.c.id)
        .join(_subject, _subject.c.person_id == _address.c.person_id)
        .where(_subject.c.wave_id == bindparam("wave"))
    )
)

FORGET_MESSAGE = _outgoing.delete().where(_outgoing.c.id == bindparam("message"))

GIVE_UP_CHAT = (
    update(_outgoing)
    .where(_outgoing.c.address_id == bindparam("address"), _outgoing.c.state.in_(("pending", "sending")))
    .values(state="failed")
)

RECOVER = (
    update(_outgoing)
    .where(_outgoing.c.state == "sending", _outgoing.c.id.not_in(bindparam("sending", expanding=True)))
    .values(state="pending")
)

NEXT_ATTEMPT = select(func.min(_outgoing.c.next_attempt_at)).where(_outgoing.c.state == "pending")

LATEST = (
    select(_outgoing.c.id, _outgoing.c.params, _outgoing.c.message_id, _outgoing.c.attempts)
    .where(_outgoing.c.address_id == bindparam("address"), _outgoing.c.template == bindparam("called"))
    .order_by(_outgoing.c.id.desc())
    .limit(5)
)

SET_PARAMS = update(_outgoing).where(_outgoing.c.id == bindparam("message")).values(params=bindparam("to"))

HOLDER = select(_table["lease"].c.holder).where(_table["lease"].c.name == bindparam("called"))
