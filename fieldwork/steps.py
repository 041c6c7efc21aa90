"""The rules of a conversation: what should happen for what a respondent did. Pure; nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldwork import locks
from fieldwork.messages import Action, Incoming, Stage
from fieldwork.schedule import choice_to_moment, chosen_contact
from fieldwork.standing import Given, Standing, start_of_day
from fieldwork.wording import day, moment
from questionnaires import engine
from questionnaires.definition import LANGUAGES, Form, Question
from questionnaires.errors import Refusal
from questionnaires.prompts import Widget
from questionnaires.question_types import QUESTION_TYPES


@dataclass(frozen=True, slots=True)
class Step:
    """What should happen. An empty step changes nothing.

    ``interview`` and ``invitation`` are the columns to change; ``answer`` is an item and its new value.
    ``moves`` is true where the conversation moves on, so that its revision rises. ``parts``: what is sent is
    parted from the invitation for good.
    """

    notice: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    moves: bool = False
    interview: Mapping[str, Any] = field(default_factory=dict)
    invitation: Mapping[str, Any] = field(default_factory=dict)
    answer: tuple[str, str | None] | None = None
    reads: bool = False
    erases: bool = False
    sends: bool = False
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation is: its stage, and the question asked in stage QUESTION."""

    form: Form
    standing: Standing
    stage: Stage
    question: Question | None


Rule = Callable[[Place, Incoming], Step]

ANSWERING = (Stage.QUESTION, Stage.REVIEW)

REVISED = frozenset(
    {
        Action.ANSWER,
        Action.ADD,
        Action.DONE,
        Action.KEEP,
        Action.SKIP,
        Action.BACK,
        Action.CHANGE,
        Action.SEND,
        Action.SEND_PARTIAL,
        Action.DELETE,
    }
)
"""What may only be done to the conversation as it was last shown."""


def decide(place: Place, incoming: Incoming) -> Step:
    """Return what should happen. Never raises for anything a respondent can do."""
    stages, rule = RULES[incoming.action]
    if place.stage not in stages:
        told = place.stage in (Stage.INFORMATION, *ANSWERING) and incoming.action is not Action.BEGIN
        return Step("notice.not_now") if told else Step()
    if incoming.action in REVISED and incoming.revision not in (None, place.standing.revision):
        return Step() if _said_before(place, incoming) else Step("notice.stale")
    return rule(place, incoming)


def after(standing: Standing, step: Step, device: str) -> Standing:
    """Return the standing once the step is done."""
    given = {} if step.erases else standing.given
    if step.answer:
        given = {**given, step.answer[0]: Given(step.answer[1], device)}
    known = standing.__dataclass_fields__
    columns = {**step.interview, **step.invitation}
    kept = {name: value for name, value in columns.items() if name in known}
    if step.parts:
        return replace(standing, **kept, interview=None, revision=0, given={}, code_hash="")
    return replace(standing, **kept, revision=standing.revision + step.moves, given=given)


def _said_before(place: Place, incoming: Incoming) -> bool:
    """Tell whether this is the same answer once more, from the same device: a double press, not a mistake."""
    given = place.standing.given.get(incoming.item)
    question = place.form.by_name.get(incoming.item)
    if incoming.action is not Action.ANSWER or not given or not question or given.device != incoming.device:
        return False
    return _accepted(place, question, incoming.values) == given.value


def _accepted(place: Place, question: Question, raw: tuple[str, ...]) -> str | Refusal:
    return engine.accept(place.form, place.standing.answers, question, raw, place.standing.language)


def _refuse(refusal: Refusal) -> Step:
    return Step(f"refusal.{refusal.code}", refusal.values)


def _asked(place: Place, incoming: Incoming) -> Question | Step:
    """Return the question that is answered, or the refusal of an answer to any other than the one asked."""
    if place.question is None:
        return Step("notice.not_now")
    if incoming.item in ("", place.question.name):
        return place.question
    route = {question.name for question in engine.route(place.form, place.standing.answers)}
    known_but_off = incoming.item in place.form.by_name and incoming.item not in route
    return Step("refusal.off_route" if known_but_off else "notice.other_question")


def _store(question: Question, value: str | None, *, adding: bool = False) -> Step:
    return Step(
        "notice.added" if adding else "",
        moves=True,
        answer=(question.name, value),
        interview={"asking": question.name if adding else "", "adding": adding, "paused_at": None},
    )


def _answer(place: Place, incoming: Incoming) -> Step:
    question = _asked(place, incoming)
    if isinstance(question, Step):
        return question
    value = _accepted(place, question, incoming.values)
    return _refuse(value) if isinstance(value, Refusal) else _store(question, value)


def _add(place: Place, incoming: Incoming) -> Step:
    question = _asked(place, incoming)
    if isinstance(question, Step):
        return question
    if QUESTION_TYPES[question.type].widget is not Widget.TEXT:
        return _answer(place, incoming)
    before = place.standing.answers.get(question.name) if place.standing.adding else None
    whole = "\n".join([*([before] if before else []), *incoming.values])
    value = _accepted(place, question, (whole,))
    return _refuse(value) if isinstance(value, Refusal) else _store(question, value, adding=True)


def _done(place: Place, _incoming: Incoming) -> Step:
    if not place.standing.adding:
        return Step("notice.nothing_written" if place.question else "notice.not_now")
    return Step(moves=True, interview={"asking": "", "adding": False})


def _keep(place: Place, _incoming: Incoming) -> Step:
    if not place.standing.asking:
        return Step("notice.not_now")
    return Step(moves=True, interview={"asking": "", "adding": False})


def _skip(place: Place, incoming: Incoming) -> Step:
    question = _asked(place, incoming)
    if isinstance(question, Step):
        return question
    return _store(question, None) if engine.can_skip(question) else _refuse(Refusal("required"))


def _back(place: Place, _incoming: Incoming) -> Step:
    question = engine.previous_question(place.form, place.standing.answers, place.standing.asking)
    return _reopen(question) if question else Step("notice.first_question")


def _change(place: Place, incoming: Incoming) -> Step:
    answers = place.standing.answers
    for question in engine.route(place.form, answers):
        if question.name == incoming.item and question.name in answers:
            return _reopen(question)
    return Step("refusal.off_route" if incoming.item in place.form.by_name else "notice.not_now")


def _reopen(question: Question) -> Step:
    return Step(moves=True, interview={"asking": question.name, "adding": False, "paused_at": None})


def _begin(place: Place, incoming: Incoming) -> Step:
    """Begin, or take back a decline; who declined unread reads the information first."""
    if place.stage is Stage.DECLINED:
        return Step(moves=True, invitation={"declined_at": None})
    return Step(moves=True, reads=True, invitation={"begun_at": incoming.at, "deleted_at": None})


def _pause(place: Place, incoming: Incoming) -> Step:
    """Pause; a code may be chosen only where every answer may be seen, else it would open those of others."""
    paused = {"paused_at": incoming.at}
    code = "".join(incoming.values).strip()
    if not code:
        return Step("notice.paused", interview=paused)
    if not locks.is_code(code):
        return Step("notice.code_form")
    standing = place.standing
    if standing.visible_to(incoming.device, unlocked=incoming.unlocked) != standing.given.keys():
        return Step("notice.code_elsewhere", interview=paused)
    locked = locks.lock(str(standing.interview), code)
    return Step("notice.paused_code", interview={**paused, "code_hash": locked, "code_tries": 0})


def _resume(_place: Place, _incoming: Incoming) -> Step:
    return Step("notice.resumed", interview={"paused_at": None})


def _send(place: Place, incoming: Incoming) -> Step:
    if place.question is not None:
        return Step("notice.questions_left")
    return _sending(place.standing, incoming, partial=False)


def _send_partial(place: Place, incoming: Incoming) -> Step:
    answers = place.standing.answers
    if all(value is None for value in engine.effective(place.form, answers).values()):
        return Step("notice.nothing_to_send")
    left = any(question.name not in answers for question in engine.route(place.form, answers))
    return _sending(place.standing, incoming, partial=left)


def _sending(standing: Standing, incoming: Incoming, *, partial: bool) -> Step:
    """Send. In an anonymous wave nothing is left of the interview, and of the times only the days."""
    if standing.promise == "anonymous":
        days = {name: start_of_day(getattr(standing, name)) for name in ("begun_at", "no_more_at")}
        left = {**days, "finished_at": start_of_day(incoming.at), "chosen_at": None}
        return Step(moves=True, sends=True, parts=True, invitation=left, interview={"partial": partial})
    return Step(
        moves=True,
        sends=True,
        invitation={"finished_at": incoming.at},
        interview={
            "sent_at": incoming.at,
            "partial": partial,
            "asking": "",
            "adding": False,
            "paused_at": None,
        },
    )


def _decline(_place: Place, incoming: Incoming) -> Step:
    return Step(moves=True, invitation={"declined_at": incoming.at}, interview={"paused_at": None})


def _remind(place: Place, incoming: Incoming) -> Step:
    """Note when to remind; whoever asks for it wants reminders again, and pauses until then."""
    standing = place.standing
    last = {"closes": day(standing.language, standing.closes)}
    if not standing.can_be_reminded:
        return Step("notice.no_reminder", last)
    chosen = choice_to_moment("".join(incoming.values[-1:]).strip(), incoming.at, standing.terms)
    at = chosen_contact(standing.terms, chosen) if chosen else None
    if at is None:
        return Step("notice.remind_when", last)
    return Step(
        "notice.reminded",
        {"moment": moment(standing.language, at, standing.terms.zone)},
        interview={"paused_at": incoming.at},
        invitation={"chosen_at": at, "no_more_at": None},
    )


def _no_more(place: Place, incoming: Incoming) -> Step:
    last = day(place.standing.language, place.standing.closes)
    stopped = {"no_more_at": incoming.at, "chosen_at": None}
    return Step("notice.no_more", {"closes": last}, invitation=stopped)


def _delete(place: Place, incoming: Incoming) -> Step:
    if place.standing.interview is None:
        return Step()
    forgotten = {"asking": "", "adding": False, "last_shown": "", "paused_at": None, "code_hash": ""}
    return Step(
        "notice.deleted",
        moves=True,
        erases=True,
        interview={**forgotten, "code_tries": 0},
        invitation={"begun_at": None, "deleted_at": incoming.at, "chosen_at": None},
    )


def _language(_place: Place, incoming: Incoming) -> Step:
    chosen = "".join(incoming.values)
    if chosen not in LANGUAGES:
        return Step("notice.unknown_language")
    return Step(invitation={"language": chosen}, interview={"language": chosen})


RULES: Mapping[Action, tuple[tuple[Stage, ...], Rule]] = {
    Action.BEGIN: ((Stage.INFORMATION, Stage.DECLINED), _begin),
    Action.ANSWER: (ANSWERING, _answer),
    Action.ADD: (ANSWERING, _add),
    Action.DONE: (ANSWERING, _done),
    Action.KEEP: (ANSWERING, _keep),
    Action.SKIP: (ANSWERING, _skip),
    Action.BACK: (ANSWERING, _back),
    Action.CHANGE: (ANSWERING, _change),
    Action.PAUSE: (ANSWERING, _pause),
    Action.RESUME: (ANSWERING, _resume),
    Action.SEND: (ANSWERING, _send),
    Action.SEND_PARTIAL: (ANSWERING, _send_partial),
    Action.DECLINE: ((Stage.INFORMATION, *ANSWERING), _decline),
    Action.DELETE: ((*ANSWERING, Stage.DECLINED), _delete),
    Action.REMIND: ((Stage.INFORMATION, *ANSWERING), _remind),
    Action.NO_MORE: ((Stage.INFORMATION, *ANSWERING), _no_more),
    Action.LANGUAGE: (tuple(Stage), _language),
}
"""The stages in which each action means something, and what it then does."""
