"""What must hold in the end: every answer once, everybody finished, nobody contacted twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from benchmarks.faulty.processes import FastTime, MailServer
from benchmarks.faulty.respondents import InTelegram, Respondent
from benchmarks.faulty.wave import mail_address
from bot.telegram_buttons import Press, Verb
from models.contact_tables import Contact
from models.database import reading
from models.tables import Answer, Interview

if TYPE_CHECKING:
    from botapi.api import BotApi

ARRIVED = {"sent": {1}, "unknown": {0, 1}, "": {0, 1}, "postponed": {0}, "failed": {0}}
"""How many messages may have arrived of a contact with that outcome."""

Arrivals = Mapping[int, Sequence[datetime]]


@dataclass(frozen=True)
class Verdict:
    """What was stored and what arrived, and everything that is not as it should be."""

    answers: int
    contacts: Mapping[str, int]
    mails: int
    messages: int
    faults: tuple[str, ...]


def judge(
    engine: Engine, respondents: Sequence[Respondent], mail: MailServer, api: BotApi, clock: FastTime
) -> Verdict:
    """Return what the rows say beside what people gave and what the mail server and Telegram took."""
    mails, messages = by_mail(mail, clock, respondents), in_telegram(api, clock, respondents)
    with reading(engine) as session:
        contacts = session.exec(select(Contact).order_by(col(Contact.claimed_at))).all()
        faults = [*_of_answers(session, respondents), *_of_contacts(contacts, {**mails, **messages})]
    return Verdict(
        answers=sum(len(each.given) for each in respondents),
        contacts=Counter(each.outcome or "on its way" for each in contacts),
        mails=sum(map(len, mails.values())),
        messages=sum(map(len, messages.values())),
        faults=tuple(faults),
    )


def by_mail(mail: MailServer, clock: FastTime, respondents: Sequence[Respondent]) -> Arrivals:
    """Return when mails came to each invitee, by the record of the mail server."""
    whose = {mail_address(each.invitation): each.invitation for each in respondents}
    found = defaultdict(list)
    for address, moment in mail.mails():
        found[whose[address]].append(clock.at(moment))
    return found


def in_telegram(api: BotApi, clock: FastTime, respondents: Sequence[Respondent]) -> Arrivals:
    """Return when contacts came to each invitee, by the record of the stand-in for the Bot API."""
    whose = {each.user.id: each.invitation for each in respondents if isinstance(each, InTelegram)}
    found = defaultdict(list)
    for call in api.calls("sendMessage"):
        if (
            Press(Verb.RESUME, 0).data in str(call["parameters"].get("reply_markup"))
            and call["status"] == 200
        ):
            found[whose[call["parameters"]["chat_id"]]].append(clock.at(call["at"]))
    return found


def _of_answers(session: Session, respondents: Sequence[Respondent]) -> list[str]:
    rows = session.exec(
        select(Interview.invitation_id, Answer.item, Answer.value).join(
            Answer, Answer.interview_id == Interview.id
        )
    ).all()
    stored = sorted((invitation or 0, item, value or "") for invitation, item, value in rows)
    given = sorted((each.invitation, *answer) for each in respondents for answer in each.given.items())
    silent = sum(not each.is_done for each in respondents)
    sent = _count(session, "SELECT count(DISTINCT key) FROM result")
    undone = _count(session, "SELECT count(*) FROM incomingupdate WHERE done_at IS NULL")
    stuck = _count(session, "SELECT count(*) FROM outgoingmessage WHERE state = 'failed'")
    checks = (
        (silent == 0, f"{silent} have not finished"),
        (sent == len(respondents), f"{sent} of {len(respondents)} are sent"),
        (undone == 0, f"{undone} updates are not done"),
        (stuck == 0, f"{stuck} messages were given up"),
        (stored == given, f"{len(stored)} answers are stored, {len(given)} were given"),
    )
    return [fault for is_right, fault in checks if not is_right]


def _of_contacts(contacts: Sequence[Contact], arrivals: Arrivals) -> list[str]:
    """Return who was contacted twice for one ordinal, or not although the row says so.

    A contact may have arrived from its claim on, and before the claim of the next one.
    """
    mine = defaultdict(list)
    for contact in contacts:
        mine[contact.invitation_id].append(contact)
    faults = []
    for invitation in mine | dict(arrivals):
        claims = mine[invitation]
        came = sorted(arrivals.get(invitation, ()))
        early = [each for each in came if not claims or each < claims[0].claimed_at]
        faults += [f"{invitation}: reached at {each} without a claim" for each in early]
        for contact, following in pairwise([*claims, None]):
            end = following.claimed_at if following else None
            number = sum(contact.claimed_at <= each and (end is None or each < end) for each in came)
            if number not in ARRIVED[contact.outcome]:
                faults.append(
                    f"{invitation}: contact {contact.ordinal} {contact.outcome} came {number} times"
                )
    return faults


def _count(session: Session, question: str) -> int:
    return int(session.connection().execute(text(question)).scalar_one())
