"""What is typed in a chat: a command, or an answer to the question that was last shown there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.telegram_commands import CONFIRMED, Command, Does, read_command
from bot.telegram_turn import ANSWERING, Turn, other_language
from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Stage
from questionnaires.prompts import Prompt, Widget

DONE_WORDS = frozenset({"klar", "done"})


def typed(turn: Turn, words: str) -> str:
    """Do what somebody wrote: a command, or an answer to the question last shown."""
    if words.startswith("/"):
        return _commanded(turn, *read_command(words))
    talk, prompt = turn.talk, turn.talk.prompt
    if talk.stage is Stage.REVIEW:
        return turn.say("telegram.press_send")
    if talk.stage in {Stage.INFORMATION, Stage.DECLINED}:
        return turn.say("telegram.press_begin")
    if prompt is None:
        return turn.show()
    if prompt.widget is Widget.TEXT:
        return _wrote(turn, prompt, words)
    return turn.do(
        Action.ANSWER, words, item=turn.shown_item, revision=turn.shown_revision, closes=turn.shown_item
    )


def _wrote(turn: Turn, prompt: Prompt, words: str) -> str:
    if not turn.place.free_text:
        return turn.tell("web")
    same = turn.shown_item == prompt.item
    revision = turn.talk.revision if same else turn.shown_revision
    action, values = (Action.DONE, ()) if words.lower() in DONE_WORDS else (Action.ADD, (words,))
    return turn.do(action, *values, item=turn.shown_item, revision=revision, closes=turn.shown_item)


def _commanded(turn: Turn, command: Command | None, rest: str) -> str:
    if command is None:
        return turn.say("telegram.unknown")
    return DOES[command.does](turn, command, rest)


def _read(turn: Turn, command: Command, rest: str) -> str:
    """Show something; the answers also with the code that was chosen on another device."""
    if command.reading != "answers" or not rest:
        return turn.tell(command.reading)
    if interviews.unlock(turn.session, turn.talk.invitation, rest, turn.now):
        return turn.tell(command.reading, unlocked=True)
    return turn.say("web.wrong_code")


def _remind(turn: Turn, _command: Command, rest: str) -> str:
    return turn.do(Action.REMIND, rest) if rest else turn.tell("remind")


def _confirm(turn: Turn, command: Command, _rest: str) -> str:
    """Ask once more; at the end, where the sending was announced, send."""
    if command.action is Action.SEND_PARTIAL and turn.talk.stage is Stage.REVIEW:
        return turn.do(Action.SEND, revision=turn.shown_revision)
    return turn.tell("confirm", action=CONFIRMED.index(command.action))


def _act(turn: Turn, command: Command, rest: str) -> str:
    """Do what a command says that needs no second word."""
    action = command.action or Action.RESUME
    if action is Action.RESUME:
        return turn.do(action) if turn.talk.stage in ANSWERING else turn.show()
    if action is Action.LANGUAGE:
        return turn.do(action, rest or other_language(turn.talk))
    if action is Action.CHANGE:
        item = _item(turn.talk, rest)
        return turn.do(action, item=item, revision=turn.talk.revision) if item else turn.tell("answers")
    if action in {Action.PAUSE, Action.NO_MORE}:
        return turn.do(action, *rest.split())
    item = turn.shown_item if action is Action.SKIP else ""
    return turn.do(action, item=item, revision=turn.shown_revision, closes=turn.shown_item)


def _item(talk: Conversation, words: str) -> str:
    """Return the item that a number in the list of answers, or an id, means; '' for none."""
    history = talk.history
    if words.isdecimal() and 1 <= int(words) <= len(history):
        return history[int(words) - 1].item
    return words.upper()


DOES: Mapping[Does, Callable[[Turn, Command, str], str]] = {
    "act": _act,
    "read": _read,
    "remind": _remind,
    "confirm": _confirm,
}
"""What each kind of command leads to."""
