"""Which letter a contact is, and what stands in it, read when it is about to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from fieldwork.claims import Claim
from fieldwork.conversations import locate
from fieldwork.forms import form_by_hash
from fieldwork.information import minutes_to_answer, own_words
from fieldwork.letters import Letter, LetterKind
from fieldwork.messages import ContactPerson
from fieldwork.schedule import Due, Kind
from fieldwork.standing import Standing, stand
from questionnaires import engine
from questionnaires.definition import Form


def kind_of(due: Due, *, begun: bool) -> LetterKind:
    """Return which text a contact has: the last reminder says so, else it is as far as one has come.

    Who began by a link handed over in person is not invited again.
    """
    if due.kind is Kind.THANKS:
        return LetterKind.THANKS
    if due.kind is Kind.INVITATION and not begun:
        return LetterKind.INVITATION
    if due.last:
        return LetterKind.REMINDER_LAST
    return LetterKind.REMINDER_BEGUN if begun else LetterKind.REMINDER_NOT_BEGUN


def letter_of(session: Session, made: Claim, token: str, base_url: str, now: datetime) -> Letter:
    """Return the letter of a claimed contact; reads only.

    The personal link that ``token`` opens stands in it; a thank-you has none, since nothing is left to open.
    """
    standing = stand(session, made.invitation)
    form = form_by_hash(session, standing.form_id, standing.form_hash)
    promise: Literal["confidential", "anonymous"] = (
        "anonymous" if standing.promise == "anonymous" else "confidential"
    )
    kind = kind_of(made.due, begun=made.begun)
    asks = kind is not LetterKind.THANKS
    return Letter(
        kind=kind,
        language=standing.language,
        title=standing.title,
        contact=ContactPerson(standing.contact_name, standing.contact_phone, standing.contact_mail),
        promise=promise,
        smallest_group=standing.smallest_group,
        closes=standing.closes,
        minutes=_minutes(form, standing, now) if made.begun and asks else minutes_to_answer(form),
        purpose=own_words(standing, "purpose"),
        informed_on=standing.informed_on,
        link=f"{base_url}/s/{token}" if asks else "",
        unsubscribe=f"{base_url}/avsluta/{token}" if asks else "",
        example=standing.origin == "example",
    )


def _minutes(form: Form, standing: Standing, now: datetime) -> int:
    """Return the minutes that are left of an interview; 1 where only the sending is."""
    question = locate(form, standing, now).question
    if question is None:
        return 1
    return engine.prompt(form, standing.answers, question, standing.language).progress.minutes
