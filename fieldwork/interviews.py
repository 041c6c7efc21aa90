"""The answering, the same for every door: one incoming message, one decision, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from fieldwork import locks, parting, passages, results
from fieldwork.conversations import Conversation, locate
from fieldwork.errors import CouldNotStore
from fieldwork.file_results import store_protocol
from fieldwork.forms import form_by_hash
from fieldwork.information import text_hash
from fieldwork.messages import Incoming, Stage
from fieldwork.standing import Standing, stand
from fieldwork.steps import Place, Step, after, decide
from fieldwork.wording import notice
from models import queries
from models.database import wipe_erased
from questionnaires import engine


def receive(
    session: Session, incoming: Incoming, also: Callable[[Conversation], None] | None = None
) -> Conversation:
    """Take in what a respondent did, commit, and return the conversation as it then stands.

    The session must be a writing one without a transaction under way that has written. What cannot be taken
    (a bad answer, an old page, a stage that does not fit) changes nothing and comes back as a notice with the
    same prompt. ``also`` writes what belongs to the same transaction, knowing how the conversation stands.

    Raises:
        UnknownInvitation: no such invitation.
        CouldNotStore: nothing was changed; the same message may be sent again.
    """
    try:
        return _receive(session, incoming, also)
    except OperationalError as error:
        session.rollback()
        raise CouldNotStore(f"Nothing was stored: {error.orig}") from error


def show(
    session: Session, invitation_id: int, *, now: datetime, device: str = "", unlocked: bool = False
) -> Conversation:
    """Return the conversation as it stands; reads only. Raises ``UnknownInvitation``."""
    standing = stand(session, invitation_id)
    return Conversation(_place(session, standing, now), device, unlocked)


def all_questions(session: Session, invitation_id: int) -> tuple[tuple[str, str], ...]:
    """Return every question of the form as (section, label), in the respondent's language; reads only."""
    standing = stand(session, invitation_id)
    form = form_by_hash(session, standing.form_id, standing.form_hash)
    return tuple(
        (
            form.sections.get(question.name, {}).get(standing.language, ""),
            engine.label_alone(question, standing.language),
        )
        for question in form.questions
        if engine.is_asked(question)
    )


def unlock(session: Session, invitation_id: int, code: str, now: datetime) -> bool:
    """Tell whether ``code`` is the one chosen at pause, and count the try; commits.

    True lets a new device see earlier answers. After ``locks.TRIES`` wrong codes it is False for good, until
    a new code is chosen on the device where the answers were given. Raises as ``receive``.
    """
    try:
        place = _find(session, invitation_id, now)
        standing = place.standing
        if standing.interview is None or not standing.code_hash or standing.code_tries >= locks.TRIES:
            return False
        right = locks.opens(standing.interview, code, standing.code_hash)
        tries = 0 if right else standing.code_tries + 1
        seen = {"interview": standing.interview, "seen": standing.code_tries}
        counted = session.connection().execute(queries.COUNT_TRY, {**seen, "code_tries": tries})
        session.commit()
    except OperationalError as error:
        session.rollback()
        raise CouldNotStore(f"Nothing was stored: {error.orig}") from error
    return right and counted.rowcount == 1


def _receive(
    session: Session, incoming: Incoming, also: Callable[[Conversation], None] | None
) -> Conversation:
    before = _find(session, incoming.invitation, incoming.at)
    step = decide(before, incoming)
    then = locate(before.form, after(before.standing, step, incoming.device), incoming.at)
    try:
        done = _do(session, before, step, then, incoming)
    except IntegrityError:
        done = False  # the same message came in twice at once, and the other one was first
    if not done:
        session.rollback()
        step = Step("notice.stale")
        then = _find(session, incoming.invitation, incoming.at)
    said = (notice(then.standing.language, step.notice, **step.values),) if step.notice else ()
    talk = Conversation(then, incoming.device, incoming.unlocked, said)
    if also:
        also(talk)
    if step.parts:
        parting.forget_arrivals(session, before.standing.invitation, incoming.at)
    session.commit()
    if step.erases or step.parts:
        wipe_erased(session)
    return talk


def _find(session: Session, invitation_id: int, at: datetime) -> Place:
    """Read where a conversation stands, to change it."""
    return _place(session, stand(session, invitation_id, to_change=True), at)


def _place(session: Session, standing: Standing, at: datetime) -> Place:
    return locate(form_by_hash(session, standing.form_id, standing.form_hash), standing, at)


def _do(session: Session, place: Place, step: Step, then: Place, incoming: Incoming) -> bool:
    """Do what was decided, without committing; False where someone else was first."""
    connection = session.connection()
    if not _move(connection, place, step, then, incoming):
        return False
    standing = place.standing
    if step.invitation:
        change = {"invitation": standing.invitation, **step.invitation}
        connection.execute(queries.CHANGE_INVITATION, change)
    if step.reads:
        read = {"invitation_id": standing.invitation, "text_hash": text_hash(standing, place.form)}
        connection.execute(queries.NEW_INFORMATION, {**read, "read_at": incoming.at})
    if step.answer:
        _write_answer(connection, place, step.answer, incoming)
    if step.sends:
        _store_results(session, place, step, incoming)
    if step.erases or step.parts:
        connection.execute(queries.ERASE_ANSWERS, {"interview": standing.interview})
        parting.forget_ticks(session, standing.invitation)
    if step.parts:
        parting.forget_messages(session, standing.invitation)
        parting.part(session, standing, _fresh(incoming), incoming.at)
    return True


def _move(connection: Connection, place: Place, step: Step, then: Place, incoming: Incoming) -> bool:
    """Change the interview: begun where there is none, and raised in revision where the step moves on."""
    standing = place.standing
    if standing.interview is None:
        if step.reads:
            connection.execute(queries.NEW_INTERVIEW, _new_interview(place, incoming))
        return True
    if not step.moves:
        if step.interview:
            _change(connection, place, step.interview)
        return True
    columns = {**step.interview, "revision": then.standing.revision}
    # A question looked at again is behind the one where the questionnaire waits: going back moves nobody.
    if then.stage is Stage.QUESTION and then.question and not then.standing.asking:
        columns["last_shown"] = then.question.name
    if step.sends and not step.parts:
        columns["result_key"] = _fresh(incoming)
    seen = {"interview": standing.interview, "seen": standing.revision}
    return connection.execute(queries.NEXT_REVISION, {**seen, **columns}).rowcount == 1


def _change(connection: Connection, place: Place, columns: Mapping[str, Any]) -> None:
    connection.execute(queries.CHANGE_INTERVIEW, {"interview": place.standing.interview, **columns})


def _new_interview(place: Place, incoming: Incoming) -> dict[str, Any]:
    standing = place.standing
    return {
        "id": _fresh(incoming),
        "invitation_id": standing.invitation,
        "wave_id": standing.wave_id,
        "form_id": standing.form_id,
        "reporting_unit_id": standing.reporting_unit_id,
        "role": standing.role,
        "language": standing.language,
        "revision": standing.revision + 1,
        "last_shown": place.question.name if place.question else "",
    }


def _write_answer(
    connection: Connection, place: Place, answer: tuple[str, str | None], incoming: Incoming
) -> None:
    """Write the new answer in the place of the old one; the same answer once more is not written."""
    item, value = answer
    interview = place.standing.interview
    old = place.standing.given.get(item)
    if old and (old.value, old.device) == (value, incoming.device):
        return
    if old:
        superseded = {"interview": interview, "given": item, "moment": incoming.at}
        connection.execute(queries.SUPERSEDE_ANSWER, superseded)
    new = {"interview_id": interview, "revision": place.standing.revision + 1, "item": item, "value": value}
    given = {"at": incoming.at, "door": incoming.door.value, "device": incoming.device}
    connection.execute(queries.NEW_ANSWER, {**new, **given})


def _store_results(session: Session, place: Place, step: Step, incoming: Incoming) -> None:
    standing = place.standing
    if standing.subject == "file":
        store: Callable[..., None] = partial(store_protocol, invitation_id=standing.invitation)
    else:
        unit = standing.reporting_unit_id
        # Who alone has a role could be found among the invited, so an anonymous answer is counted without.
        role = "" if standing.promise == "anonymous" else standing.role
        store = partial(results.store, wave=standing.wave_id, reporting_unit_id=unit, role=role)
    store(
        session,
        form=place.form,
        answers=standing.answers,
        key=_fresh(incoming),
        partial=bool(step.interview["partial"]),
    )
    if step.parts and step.interview["partial"]:
        unanswered = engine.next_question(place.form, standing.answers)
        passages.count_early(session, standing.reporting_unit_id, place.form, unanswered)
    if standing.subject != "file" and not step.parts:
        passages.count_door(
            session,
            reporting_unit_id=standing.reporting_unit_id,
            door=incoming.door.value,
            form=place.form,
            answers=standing.answers,
            partial=bool(step.interview["partial"]),
        )


def _fresh(incoming: Incoming) -> str:
    if not incoming.fresh_id:
        raise ValueError(
            f"{incoming.action} needs a fresh_id: the door fills it with secrets.token_urlsafe()"
        )
    return incoming.fresh_id
