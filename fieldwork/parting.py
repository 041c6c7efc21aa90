"""Parting what was sent from whoever sent it: what the promise says goes, in the transaction of the sending.

After it nothing that is left leads from an invitation to a result. The interview is gone, and with it its
revision, which counts answers, and whether it was whole; so are the draft, every message and update of the
chat that held a part of it, and the moments, down to their days. The results of the unit are written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from fieldwork.standing import Standing, start_of_day
from models import chat_queries, queries
from models.mixing import mix_around, mix_unit
from models.tables import Count, Information, Interview, Invitation, ReportingUnit

MOMENTS = ("begun_at", "finished_at", "declined_at", "chosen_at", "no_more_at", "deleted_at")
"""What an invitation tells of its respondent's doings."""


def part(session: Session, standing: Standing, key: str, at: datetime) -> None:
    """Part an interview just stored under ``key`` from its invitation; does not commit."""
    connection = session.connection()
    connection.execute(queries.ERASE_INTERVIEW, {"interview": standing.interview})
    mix_around(connection, standing.reporting_unit_id, key)
    session.execute(
        update(Information)
        .where(col(Information.invitation_id) == standing.invitation)
        .values(read_at=start_of_day(standing.begun_at or at))
    )


def part_all(session: Session, wave_id: int) -> None:
    """Part everything that was sent in a wave from its invitations, when it closes; does not commit.

    The last step in which results were let out goes too: what has come since would be told apart.
    """
    session.execute(delete(Interview).where(col(Interview.wave_id) == wave_id))
    units = session.exec(select(ReportingUnit.id).where(col(ReportingUnit.wave_id) == wave_id)).all()
    session.execute(
        update(ReportingUnit).where(col(ReportingUnit.wave_id) == wave_id).values(shown=ReportingUnit.answers)
    )
    whole = (col(Count.reporting_unit_id).in_(units), col(Count.split) == "")
    session.execute(update(Count).where(*whole).values(shown=Count.n))
    for unit in units:
        mix_unit(session.connection(), unit or 0)
    messages = session.connection().execute(chat_queries.MESSAGES_OF_WAVE, {"wave": wave_id}).all()
    invitations = set(session.exec(select(Invitation.id).where(col(Invitation.wave_id) == wave_id)))
    _delete(session, [row.id for row in messages if row.params.get("invitation") in invitations])
    _to_days(session, wave_id)


def forget_messages(session: Session, invitation: int) -> None:
    """Delete what waits or has gone to a chat about a conversation: it may hold answers. Does not commit."""
    rows = session.connection().execute(chat_queries.MESSAGES_ABOUT, {"invitation": invitation}).all()
    _delete(session, [row.id for row in rows if row.params.get("invitation") == invitation])


def forget_ticks(session: Session, invitation: int) -> None:
    """Take what was ticked and not yet answered out of the messages about a conversation. Does not commit."""
    connection = session.connection()
    for row in connection.execute(chat_queries.MESSAGES_ABOUT, {"invitation": invitation}).all():
        if row.params.get("invitation") == invitation and "chosen" in row.params:
            left = {name: value for name, value in row.params.items() if name != "chosen"}
            connection.execute(chat_queries.SET_PARAMS, {"message": row.id, "to": left})


def forget_arrivals(session: Session, invitation: int, at: datetime) -> None:
    """Blur what came in from the chat of an invitee and is done; does not commit."""
    connection = session.connection()
    for address in connection.execute(chat_queries.CHATS_OF_INVITATION, {"invitation": invitation}).scalars():
        blurred = {"beginning": f"{address} ", "day": start_of_day(at)}
        connection.execute(chat_queries.BLUR_UPDATES, blurred)


def _delete(session: Session, messages: Sequence[int]) -> None:
    if messages:
        session.connection().execute(chat_queries.FORGET_MESSAGE, [{"message": each} for each in messages])


def _to_days(session: Session, wave_id: int) -> None:
    """Leave of every moment of a wave's invitations its day."""
    for invitation in session.exec(select(Invitation).where(col(Invitation.wave_id) == wave_id)):
        for name in MOMENTS:
            setattr(invitation, name, start_of_day(getattr(invitation, name)))
    invitations = select(Invitation.id).where(col(Invitation.wave_id) == wave_id)
    for read in session.exec(select(Information).where(col(Information.invitation_id).in_(invitations))):
        read.read_at = start_of_day(read.read_at)
    session.flush()
