"""The way from the web chat to Telegram: a bot cannot write first, so people come by a link of their own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from fieldwork.invitations import mint_link
from fieldwork.messages import Door
from fieldwork.reviews import links_end
from models.tables import Invitation, Wave


def answers_in_telegram(session: Session, invitation_id: int) -> bool:
    """Say whether the wave of an invitation lets people answer in Telegram; reads only."""
    return Door.TELEGRAM in _wave(session, invitation_id).doors


def telegram_link(session: Session, invitation_id: int, bot_name: str, token: str, now: datetime) -> str:
    """Return a personal link that opens the chat with the bot and says who comes; commits.

    ``token`` is new; only its hash is kept. The link may be used until the other links of the wave end.
    """
    mint_link(session, invitation_id, token, now, links_end(_wave(session, invitation_id).closes))
    return f"https://t.me/{bot_name}?start={token}"


def _wave(session: Session, invitation_id: int) -> Wave:
    mine = select(Wave).join(Invitation, col(Invitation.wave_id) == col(Wave.id))
    return session.exec(mine.where(Invitation.id == invitation_id)).one()
