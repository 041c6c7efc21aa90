"""The console: the same conversation over two text streams, for tests and for getting to know Granska.

Nothing is kept here between two lines but what was last shown: everything else is read anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import TextIO

from sqlalchemy import Engine

from fieldwork import interviews
from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.wording import say
from models.database import reading, writing
from questionnaires.definition import LANGUAGES
from questionnaires.prompts import Prompt, Widget

ACTIONS: Mapping[str, Action] = {
    "/tillbaka": Action.BACK,
    "/back": Action.BACK,
    "/andra": Action.CHANGE,
    "/change": Action.CHANGE,
    "/behall": Action.KEEP,
    "/keep": Action.KEEP,
    "/hoppa": Action.SKIP,
    "/skip": Action.SKIP,
    "/paus": Action.PAUSE,
    "/pause": Action.PAUSE,
    "/skicka": Action.SEND,
    "/send": Action.SEND,
    "/avboj": Action.DECLINE,
    "/decline": Action.DECLINE,
    "/radera": Action.DELETE,
    "/delete": Action.DELETE,
    "/paminn": Action.REMIND,
    "/remind": Action.REMIND,
    "/inga_fler": Action.NO_MORE,
    "/no_more": Action.NO_MORE,
    "/sprak": Action.LANGUAGE,
    "/language": Action.LANGUAGE,
}
"""The commands that do something, in Swedish and English; å, ä and ö may be typed as well."""

READINGS: Mapping[str, str] = {
    "/mina_svar": "answers",
    "/my_answers": "answers",
    "/varfor": "why",
    "/why": "why",
    "/fragor": "questions",
    "/questions": "questions",
    "/om": "about",
    "/about": "about",
    "/hjalp": "help",
    "/help": "help",
}
"""The commands that only show something."""

WHEN: Mapping[str, str] = {"timme": "hour", "imorgon": "next_day", "tomorrow": "next_day"}
"""How a moment to be reminded at may be typed, beside ``hour``, ``next_day`` and a date."""

CODES = ("/kod", "/code")
YES = frozenset({"ja", "yes", "j", "y"})
DONE = frozenset({"klar", "done"})
CONFIRMED = frozenset({Action.SEND_PARTIAL, Action.DECLINE, Action.DELETE})
LEAVING = frozenset({Action.PAUSE, Action.ADD, Action.REMIND, Action.NO_MORE})
"""After these the question is not printed once more."""

OVER = frozenset({Stage.SENT, Stage.CLOSED, Stage.NOT_OPEN})
PLAIN = str.maketrans("åäöé", "aaoe")


@dataclass
class Console:
    """One conversation at a console. ``hear`` takes a line and returns what to print."""

    engine: Engine
    invitation: int
    device: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    fresh_id: Callable[[], str] = lambda: token_urlsafe(16)
    unlocked: bool = False
    talk: Conversation = field(init=False)

    def __post_init__(self) -> None:
        self.talk = self._read()

    def greet(self) -> str:
        """Return how the conversation stands."""
        example = [self._say("web.example")] if self.talk.example else []
        return "\n".join([self.talk.title, *example, "", *_shown(self.talk)])

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to say at this console."""
        return self.talk.stage in OVER

    def hear(self, line: str) -> str:
        """Do what a line says; return what to print."""
        words = line.strip()
        if not words.startswith("/"):
            return self._answer(words)
        command, _, rest = words.partition(" ")
        command = command.lower().translate(PLAIN)
        if command in CODES:
            return self._unlock(rest.strip())
        if command in READINGS:
            return self._tell(READINGS[command])
        if command in ACTIONS:
            return self._act(command, rest.strip())
        return self._say("console.unknown")

    def _answer(self, words: str) -> str:
        stage, prompt = self.talk.stage, self.talk.prompt
        if stage in {Stage.INFORMATION, Stage.DECLINED}:
            return self._do(Action.BEGIN) if words.lower() in YES else self._say("console.begin")
        if prompt is None:
            return self._say("console.send") if stage is Stage.REVIEW else self.talk.lead
        if prompt.widget is not Widget.TEXT:
            return self._do(Action.ANSWER, words or "ok" if prompt.widget is Widget.NOTE else words)
        if words.lower() in DONE:
            return self._do(Action.DONE)
        return self._do(Action.ADD, words)

    def _act(self, command: str, rest: str) -> str:
        action = ACTIONS[command]
        if action is Action.SEND and self.talk.stage is Stage.QUESTION:
            action = Action.SEND_PARTIAL
        if action in CONFIRMED and rest.lower() not in YES:
            return self._say("console.sure", command=command)
        if action is Action.CHANGE:
            item = self._item(rest)
            return self._do(action, item=item) if item else self._say("console.which")
        if action is Action.LANGUAGE and not rest:
            rest = next(code for code in LANGUAGES if code != self.talk.language)
        if action is Action.REMIND:
            return self._do(action, WHEN.get(rest.lower().translate(PLAIN), rest))
        return self._do(action, *(() if action in CONFIRMED else rest.split()))

    def _item(self, rest: str) -> str:
        """Return the item that a number in the list of answers, or an id, means."""
        history = self.talk.history
        if rest.isdecimal() and 1 <= int(rest) <= len(history):
            return history[int(rest) - 1].item
        return rest.upper()

    def _do(self, action: Action, *values: str, item: str = "") -> str:
        incoming = Incoming(
            invitation=self.invitation,
            door=Door.CONSOLE,
            action=action,
            at=self.clock(),
            item=item,
            values=tuple(value for value in values if value),
            revision=self.talk.revision,
            device=self.device,
            unlocked=self.unlocked,
            fresh_id=self.fresh_id(),
        )
        with writing(self.engine) as session:
            self.talk = interviews.receive(session, incoming)
        notices = [notice.text for notice in self.talk.notices]
        if action in LEAVING and notices:
            return "\n".join(notices)
        return "\n".join([*notices, *_shown(self.talk)])

    def _unlock(self, code: str) -> str:
        with writing(self.engine) as session:
            self.unlocked = interviews.unlock(session, self.invitation, code, self.clock()) or self.unlocked
        self.talk = self._read()
        return self._tell("answers") if self.unlocked else self._say("web.wrong_code")

    def _read(self) -> Conversation:
        with reading(self.engine) as session:
            return interviews.show(
                session, self.invitation, now=self.clock(), device=self.device, unlocked=self.unlocked
            )

    def _tell(self, what: str) -> str:
        told: Mapping[str, Callable[[], Iterator[str]]] = {
            "answers": self._answers,
            "why": self._why,
            "questions": self._questions,
            "about": self._about,
            "help": self._help,
        }
        return "\n".join(told[what]())

    def _answers(self) -> Iterator[str]:
        for number, each in enumerate(self.talk.history, 1):
            answer = self._say("answer.skipped") if each.skipped else each.answer
            yield f"{number:>3}. {each.question} — {answer}"
        if not self.talk.history:
            yield self._say("web.answers_none")
        if self.talk.hidden:
            yield self._say("web.hidden", number=self.talk.hidden)

    def _why(self) -> Iterator[str]:
        yield (self.talk.prompt.why if self.talk.prompt else "") or self._say("web.why_missing")

    def _questions(self) -> Iterator[str]:
        with reading(self.engine) as session:
            rows = interviews.all_questions(session, self.invitation)
        for number, (_, label) in enumerate(rows, 1):
            yield f"{number:>3}. {label}"

    def _about(self) -> Iterator[str]:
        for heading, words in self.talk.about:
            yield heading
            yield f"  {words}"

    def _help(self) -> Iterator[str]:
        first = 0 if self.talk.language == "sv" else 1
        commands = [*ACTIONS][first::2] + [*READINGS][first::2] + [CODES[first]]
        yield self._say("console.help", commands=", ".join(commands))

    def _say(self, key: str, **values: object) -> str:
        return say(self.talk.language, key, **values)


def converse(lines: Iterable[str], out: TextIO, console: Console) -> None:
    """Play a conversation: print where it stands, then what each line leads to, until it or they end."""
    print(console.greet(), file=out, flush=True)
    for line in lines:
        print(f"\n{console.hear(line)}", file=out, flush=True)
        if console.is_over:
            return


def _shown(talk: Conversation) -> Iterator[str]:
    """Yield a conversation as lines: where it stands, and what is asked."""
    if talk.prompt:
        yield from _asked(talk.prompt, talk.language)
        return
    yield talk.lead
    if talk.stage is Stage.INFORMATION:
        yield from talk.information
        yield say(talk.language, "console.begin")
    if talk.stage is Stage.REVIEW:
        yield from talk.closing
        yield say(talk.language, "console.send")


def _asked(prompt: Prompt, language: str) -> Iterator[str]:
    progress = prompt.progress
    left = "progress.minutes_one" if progress.minutes == 1 else "progress.minutes"
    position = say(language, "progress.position", position=progress.position, about=progress.about)
    yield f"[{position}, {say(language, left, minutes=progress.minutes)}]"
    yield from prompt.notes
    yield prompt.label
    if prompt.hint:
        yield prompt.hint
    elif prompt.widget is Widget.TEXT:
        yield say(language, "answer.free_text")
    for number, option in enumerate(prompt.options, 1):
        yield f"{number:>3}. {option.label}{' *' if option.chosen else ''}"
    if prompt.widget is Widget.MANY:
        yield say(language, "console.several")
    if prompt.widget is Widget.TEXT:
        yield say(language, "console.long")
    if prompt.value and not prompt.options:
        yield f"({say(language, 'web.your_answer_now')}: {prompt.value})"
