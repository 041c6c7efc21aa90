"""What each button does. It carries the revision it was drawn for; an older one changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.telegram_buttons import Press, Verb
from bot.telegram_commands import CONFIRMED, READINGS, REMINDERS
from bot.telegram_turn import ANSWERING, Turn, other_language
from fieldwork import outbox
from fieldwork.messages import Action
from questionnaires.definition import Question
from questionnaires.prompts import Prompt, Widget

QUESTIONED = frozenset(
    {Verb.ANSWER, Verb.READ, Verb.SET, Verb.UNSET, Verb.CHOSEN, Verb.KEEP, Verb.SKIP, Verb.BACK}
)
"""The buttons that stand below a question."""


def pressed(turn: Turn, press: Press | None) -> str:
    """Do what a button says; return what pops up. None is a button of nobody, or of an earlier version."""
    if press is None or press.invitation not in {0, turn.talk.invitation}:
        return turn.stale()
    questions = turn.talk.place.form.questions
    question = questions[press.item] if press.item < len(questions) else None
    if question is None:
        return turn.stale()
    return PRESSES[press.verb](turn, press, question)


def _answer(turn: Turn, press: Press, question: Question) -> str:
    if press.option >= len(question.choices):
        return turn.stale()
    name, value = question.name, question.choices[press.option].name
    return turn.do(Action.ANSWER, value, item=name, revision=press.revision, closes=name)


def _tick(turn: Turn, press: Press, question: Question) -> str:
    """Tick or untick one option. The ticks stand with the question in the outbox until Done."""
    prompt, asked = turn.talk.prompt, turn.shown
    old = (press.revision, question.name) != (turn.talk.revision, prompt.item if prompt else "")
    if old or prompt is None or asked is None or turn.shown_revision != press.revision:
        return turn.stale(question.name)
    if prompt.widget is not Widget.MANY or press.option >= len(prompt.options):
        return turn.stale()
    chosen = _ticked(prompt, asked.params.get("chosen"), press.option, on=press.verb is Verb.SET)
    outbox.change(turn.session, asked.id, {**asked.params, "chosen": chosen})
    return turn.tell("keyboard", message=turn.pressed)


def _ticked(prompt: Prompt, chosen: Sequence[int] | None, option: int, *, on: bool) -> list[int]:
    """Return the places of the options that are then ticked; an exclusive one stands alone."""
    ticked = set(chosen if chosen is not None else _present(prompt)) - {option}
    if on:
        alone = prompt.options[option].exclusive
        ticked = {each for each in ticked if not alone and not prompt.options[each].exclusive} | {option}
    return sorted(ticked)


def _present(prompt: Prompt) -> list[int]:
    return [place for place, each in enumerate(prompt.options) if each.chosen]


def _chosen(turn: Turn, press: Press, question: Question) -> str:
    prompt, asked = turn.talk.prompt, turn.shown
    name = question.name
    if prompt is None or asked is None or prompt.item != name or turn.shown_revision != press.revision:
        return turn.stale(name)
    chosen = asked.params.get("chosen")
    ticked = [prompt.options[place].value for place in (_present(prompt) if chosen is None else chosen)]
    return turn.do(Action.ANSWER, *ticked, item=name, revision=press.revision, closes=name)


def _written(turn: Turn, press: Press, question: Question) -> str:
    """Finish a long text. More of it may have been written since the button was drawn: that is no mistake."""
    writing = turn.talk.prompt is not None and turn.talk.prompt.item == question.name
    return turn.do(Action.DONE, revision=turn.talk.revision if writing else press.revision)


def _act(action: Action, *values: str) -> Callable[[Turn, Press, Question], str]:
    """Return what a button does that stands for one action."""

    def act(turn: Turn, press: Press, question: Question) -> str:
        below = press.verb in QUESTIONED
        item = question.name if below or action is Action.CHANGE else ""
        given = "" if action is Action.BACK else item
        return turn.do(action, *values, item=given, revision=press.revision, closes=item if below else "")

    return act


def _resume(turn: Turn, _press: Press, _question: Question) -> str:
    return turn.do(Action.RESUME) if turn.talk.stage in ANSWERING else turn.show()


def _confirm(turn: Turn, press: Press, _question: Question) -> str:
    if press.option >= len(CONFIRMED) or press.revision != turn.talk.revision:
        return turn.stale()
    action = CONFIRMED[press.option]
    return turn.do(action, revision=press.revision) if action else turn.forget()


def _remind(turn: Turn, press: Press, _question: Question) -> str:
    if press.option >= len(REMINDERS):
        return turn.stale()
    chosen = REMINDERS[press.option]
    return turn.do(Action.NO_MORE) if chosen == "no_more" else turn.do(Action.REMIND, chosen)


def _tell(turn: Turn, press: Press, _question: Question) -> str:
    return turn.tell(READINGS[press.option]) if press.option < len(READINGS) else turn.stale()


def _language(turn: Turn, _press: Press, _question: Question) -> str:
    return turn.do(Action.LANGUAGE, other_language(turn.talk))


PRESSES: Mapping[Verb, Callable[[Turn, Press, Question], str]] = {
    Verb.BEGIN: _act(Action.BEGIN),
    Verb.ANSWER: _answer,
    Verb.READ: _act(Action.ANSWER, "ok"),
    Verb.SET: _tick,
    Verb.UNSET: _tick,
    Verb.CHOSEN: _chosen,
    Verb.WRITTEN: _written,
    Verb.KEEP: _act(Action.KEEP),
    Verb.SKIP: _act(Action.SKIP),
    Verb.BACK: _act(Action.BACK),
    Verb.CHANGE: _act(Action.CHANGE),
    Verb.RESUME: _resume,
    Verb.SEND: _act(Action.SEND),
    Verb.CONFIRM: _confirm,
    Verb.REMIND: _remind,
    Verb.TELL: _tell,
    Verb.LANGUAGE: _language,
}
"""What each button does."""
