"""Answers given on paper or in a talk, entered by an inspector and marked so: ``Door.PAPER``.

The whole interview is checked before anything is stored, then goes the way of every answer. A draft that the
respondent has begun herself is never touched, and whether there is one, or an answer already, is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from fieldwork.conversations import Conversation
from fieldwork.forms import form_of
from fieldwork.interviews import receive, show
from fieldwork.invitations import find_invitation
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.problems import InputError
from fieldwork.rights import Viewer, require_named_inspector
from models.tables import Answer, AuditEntry, Interview, Wave
from questionnaires import engine
from questionnaires.definition import Form, Question
from questionnaires.errors import Problem, Refusal

Given = Mapping[str, Sequence[str]]
"""What stands on the paper, by item; an item that is left out or empty was not answered."""

DEVICE = "paper"


def asked_of(form: Form, given: Given, language: str) -> tuple[tuple[Question, Refusal | None], ...]:
    """Return the questions on the route of these answers, each with what is wrong with its answer."""
    answers: dict[str, str | None] = {}
    asked: list[tuple[Question, Refusal | None]] = []
    while question := engine.next_question(form, answers):
        raw = [value for value in given.get(question.name, ()) if value.strip()]
        value: str | Refusal | None
        if raw:
            value = engine.accept(form, answers, question, raw, language)
        else:
            value = None if engine.can_skip(question) else Refusal("required", {})
        wrong = value if isinstance(value, Refusal) else None
        asked.append((question, wrong))
        answers[question.name] = None if isinstance(value, Refusal) else value
    return tuple(asked)


def refusal_of(form: Form, given: Given, item: str, language: str) -> Refusal | None:
    """Return what is wrong with the answer to one question on the route."""
    return next(refusal for question, refusal in asked_of(form, given, language) if question.name == item)


def register(  # noqa: PLR0913 - clock and chance are arguments
    session: Session,
    viewer: Viewer,
    wave_id: int,
    reference: str,
    given: Given,
    *,
    now: datetime,
    fresh_id: Callable[[], str],
) -> None:
    """Enter and send a whole interview on behalf of an invitee; commits.

    Raises:
        InputError: an answer that cannot be taken, nothing answered, or the person takes no answer this way.
    """
    require_named_inspector(viewer)
    invitation = find_invitation(session, wave_id, reference)
    form = form_of(session, session.get_one(Wave, wave_id).form_id)
    talk = show(session, invitation, now=now)
    asked = asked_of(form, given, talk.language)
    wrong = [question.name for question, refusal in asked if refusal]
    if wrong:
        raise InputError(*(Problem("the paper", name, "cannot be taken", "Correct it") for name in wrong))
    if not any(given.get(question.name) for question, _ in asked):
        raise InputError(Problem("the paper", "", "holds no answer", "Enter what the person has answered"))
    _refuse_others(session, talk, invitation)
    session.rollback()
    _Entry(session, invitation, now, fresh_id).enter(talk, given, f"{viewer.name}")


def _refuse_others(session: Session, talk: Conversation, invitation: int) -> None:
    """Raise ``InputError`` where the wave takes no answers, or the person has done something herself."""
    if talk.stage in {Stage.NOT_OPEN, Stage.CLOSED}:
        raise InputError(
            Problem("the wave", "", "takes no answers now", "Answers can be entered while it is open")
        )
    own = session.exec(
        select(Answer.item)
        .join(Interview, col(Interview.id) == col(Answer.interview_id))
        .where(Interview.invitation_id == invitation, Answer.door != Door.PAPER)
    ).first()
    if talk.stage in {Stage.SENT, Stage.DECLINED} or own is not None:
        rule = "has begun, sent or declined in another way already"
        raise InputError(Problem("the person", "", rule, "Nothing was entered; ask the person how to go on"))


class _Entry:
    """One interview being entered."""

    def __init__(self, session: Session, invitation: int, now: datetime, fresh_id: Callable[[], str]) -> None:
        self._session, self._invitation, self._now, self._fresh_id = session, invitation, now, fresh_id

    def enter(self, talk: Conversation, given: Given, actor: str) -> None:
        """Begin, answer and send. An entry that was interrupted before is begun anew."""
        if talk.stage is not Stage.INFORMATION:
            self._do(talk, Action.DELETE)
        talk = self._do(talk, Action.BEGIN)
        while talk.stage is Stage.QUESTION and talk.prompt:
            values = tuple(value for value in given.get(talk.prompt.item, ()) if value.strip())
            talk = self._do(talk, Action.ANSWER if values else Action.SKIP, values)
        entry = AuditEntry(
            at=self._now, actor=actor, action="paper answer", target=f"invitation {self._invitation}"
        )
        self._do(talk, Action.SEND, also=lambda _: self._session.add(entry))

    def _do(
        self,
        talk: Conversation,
        action: Action,
        values: tuple[str, ...] = (),
        also: Callable[[Conversation], None] | None = None,
    ) -> Conversation:
        answers = action in {Action.ANSWER, Action.SKIP}
        message = Incoming(
            invitation=self._invitation,
            door=Door.PAPER,
            action=action,
            at=self._now,
            item=talk.prompt.item if answers and talk.prompt else "",
            values=values,
            revision=None if action in {Action.BEGIN, Action.DELETE} else talk.revision,
            device=DEVICE,
            fresh_id=self._fresh_id(),
        )
        return receive(self._session, message, also)
