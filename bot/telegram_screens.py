"""What stands in a message of a chat: a conversation in words and buttons. Pure; sends nothing.

Messages name nobody, neither the respondent nor the inspector, and no district: a telephone lies about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.telegram_buttons import Press, Verb
from bot.telegram_commands import COMMANDS, CONFIRMED, READINGS, REMINDERS
from fieldwork.conversations import Conversation
from fieldwork.messages import Action, Exchange, Stage
from fieldwork.wording import say
from questionnaires.prompts import Option, Prompt, Widget

LONGEST_TEXT = 4096
LONGEST_ANSWER = 1000
LONGEST_LABEL = 36
"""Longer labels are cut off on a narrow telephone: they stand numbered in the text, above their numbers."""

IN_A_ROW = 5
MOST_BUTTONS = 90
QUESTIONS_IN_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Button:
    """A button that carries data, or opens a link."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: its text and its buttons in rows."""

    text: str
    rows: Rows = ()


@dataclass(frozen=True)
class Painter:
    """Draws one conversation. ``free_text`` says whether open questions may be answered in the chat.

    ``link`` is a fresh personal link where one is needed. ``chosen`` are the places of the options ticked so
    far in a question with several; None stands for those of the present answer.
    """

    talk: Conversation
    free_text: bool
    link: str = ""
    chosen: Sequence[int] | None = None

    def conversation(self) -> Screen:
        """Draw where the conversation stands."""
        if self.talk.prompt:
            return Screen(_paragraphs(self._question(self.talk.prompt)), self.question_rows())
        draw = {
            Stage.INFORMATION: self._information,
            Stage.REVIEW: self._review,
            Stage.DECLINED: self._declined,
        }
        return draw.get(self.talk.stage, self._lead)()

    @property
    def asks_on_the_web(self) -> bool:
        """Whether the question asked may not be answered in the chat."""
        prompt = self.talk.prompt
        return prompt is not None and prompt.widget is Widget.TEXT and not self.free_text

    def question_rows(self) -> Rows:
        """Draw the buttons of the question asked; none where none is."""
        prompt = self.talk.prompt
        if prompt is None:
            return ()
        return tuple(row for row in (*self._answers(prompt), tuple(self._ways_on(prompt))) if row)

    def closed(self, item: str) -> Screen | None:
        """Draw a question that is not asked any more, with what was chosen; None where that is not known."""
        found = next((each for each in self.talk.history if each.item == item), None)
        return Screen(_answered(found)) if found else None

    def written(self, said: str) -> Screen:
        """Draw the reply to a part of a long text."""
        return Screen(said, ((self._button("button.done", Verb.WRITTEN),),))

    def notice(self, said: str) -> Screen:
        """Draw a sentence."""
        return Screen(said)

    def paused(self, said: str) -> Screen:
        """Draw a sentence with the way back."""
        return Screen(said, ((self._button("button.resume", Verb.RESUME),),))

    def answers(self) -> Screen:
        """Draw all answers, numbered, with a button for changing each."""
        talk, lines = self.talk, []
        numbers = self._numbers
        for place, each in enumerate(talk.history, 1):
            lines.append(f"{place}. {_answered(each)}")
        if not lines:
            lines.append(self._say("web.answers_none"))
        if talk.hidden:
            key = "web.hidden_one" if talk.hidden == 1 else "web.hidden"
            lines += [self._say(key, number=talk.hidden), self._say("telegram.code")]
        changing = [
            Button(str(place), self._press(Verb.CHANGE, numbers[each.item], revision=talk.revision).data)
            for place, each in enumerate(talk.history[:MOST_BUTTONS], 1)
        ]
        if changing:
            lines.append(self._say("telegram.change"))
        back = (self._button("button.resume", Verb.RESUME),)
        return Screen(_paragraphs(lines), (*_in_rows(changing, QUESTIONS_IN_A_ROW), back))

    def why(self) -> Screen:
        """Say why the question is asked."""
        prompt = self.talk.prompt
        return Screen((prompt.why if prompt else "") or self._say("web.why_missing"))

    def questions(self) -> Screen:
        """Draw every question of the form, numbered."""
        form, language = self.talk.place.form, self.talk.language
        asked = [each for each in form.questions if each.type != "note"]
        lines = [f"{place}. {each.label[language]}" for place, each in enumerate(asked, 1)]
        return Screen("\n".join([self._say("web.questions_lead"), "", *lines]))

    def about(self) -> Screen:
        """Draw the whole promise; the contact person by telephone only."""
        parts = [f"{heading}\n{words}" for heading, words in self.talk.about if self._is_nameless(words)]
        return Screen(_paragraphs([*parts, self._contact()]))

    def web(self) -> Screen:
        """Draw the way to the web chat."""
        return Screen(*self._to_the_web(self._say("telegram.web")))

    def help(self) -> Screen:
        """Draw the commands, and whom to turn to."""
        language = self.talk.language
        lines = [
            f"/{each.name(language)} – {self._say(f'telegram.menu_{each.menu}')}"
            for each in COMMANDS
            if each.menu
        ]
        return Screen(_paragraphs([self._say("telegram.help"), "\n".join(lines), self._contact()]))

    def remind(self) -> Screen:
        """Ask when to remind."""
        keys = {
            "hour": "button.remind_hour",
            "next_day": "button.remind_next_day",
            "no_more": "button.no_more",
        }
        rows = tuple(
            (Button(self._say(keys[name]), self._press(Verb.REMIND, option=place).data),)
            for place, name in enumerate(REMINDERS)
        )
        return Screen(self._say("telegram.remind"), rows)

    def confirm(self, action: Action | None) -> Screen:
        """Ask once more."""
        what = CONFIRMING[action]
        yes = self._press(Verb.CONFIRM, option=CONFIRMED.index(action), revision=self.talk.revision)
        rows = ((Button(self._say(f"{what}_confirm"), yes.data),), (self._button("web.regret", Verb.RESUME),))
        return Screen(_paragraphs([self._say(f"{what}_title"), self._say(f"{what}_lead")]), rows)

    # --- The stages ---

    def _information(self) -> Screen:
        talk = self.talk
        told = [words for words in talk.information if self._is_nameless(words)]
        rows = (
            (self._button("button.begin", Verb.BEGIN),),
            (self._tell("web.promise_title", "about"), self._tell("web.questions_title", "questions")),
            (self._button("button.language", Verb.LANGUAGE),),
        )
        return Screen(_paragraphs([*self._mark(), talk.lead, *told, self._contact()]), rows)

    def _review(self) -> Screen:
        talk = self.talk
        rows = (
            (self._button("button.send", Verb.SEND),),
            (self._tell("button.my_answers", "answers"), self._button("button.back", Verb.BACK)),
        )
        return Screen(_paragraphs([*talk.closing, talk.lead, self._say("web.after_send")]), rows)

    def _declined(self) -> Screen:
        return Screen(self.talk.lead, ((self._button("button.begin_again", Verb.BEGIN),),))

    def _lead(self) -> Screen:
        return Screen(self.talk.lead)

    # --- A question ---

    def _question(self, prompt: Prompt) -> Iterator[str]:
        progress = prompt.progress
        left = "progress.minutes_one" if progress.minutes == 1 else "progress.minutes"
        position = self._say("progress.position", position=progress.position, about=progress.about)
        yield from self._mark()
        yield f"{position}, {self._say(left, minutes=progress.minutes)}"
        yield from prompt.notes
        yield f"{prompt.label}\n{prompt.hint}" if prompt.hint else prompt.label
        if _is_numbered(prompt):
            yield "\n".join(f"{place}. {each.label}" for place, each in enumerate(prompt.options, 1))
        if how := self._how(prompt):
            yield how
        if prompt.value and not prompt.options:
            yield f"{self._say('web.your_answer_now')}: {_short(prompt.value)}"

    def _how(self, prompt: Prompt) -> str:
        """Say how this question is answered, where buttons do not say it."""
        if self.asks_on_the_web:
            return self._to_the_web(self._say("telegram.on_the_web"))[0]
        if prompt.widget is Widget.TEXT:
            return f"{self._say('telegram.text')} {self._say('answer.free_text')}"
        keys = {
            Widget.MANY: "telegram.several",
            Widget.NUMBER: "telegram.number",
            Widget.DATE: "web.month_format" if prompt.format == "month" else "web.date_format",
        }
        return self._say(keys[prompt.widget]) if prompt.widget in keys else ""

    def _answers(self, prompt: Prompt) -> Iterator[tuple[Button, ...]]:
        item = self._numbers[prompt.item]
        if prompt.widget is Widget.NOTE:
            yield (self._button("button.next", Verb.READ, item),)
        elif prompt.widget is Widget.ONE:
            verbs = [Verb.ANSWER] * len(prompt.options)
            yield from self._options(prompt, verbs, [each.chosen for each in prompt.options], "✓ ", "")
        elif prompt.widget is Widget.MANY:
            ticked = self._ticked(prompt.options)
            verbs = [Verb.UNSET if each else Verb.SET for each in ticked]
            yield from self._options(prompt, verbs, ticked, "☑ ", "☐ ")
            yield (self._button("button.done", Verb.CHOSEN, item),)
        elif self.asks_on_the_web:
            yield from self._to_the_web("")[1]
            yield (self._button("telegram.answered", Verb.RESUME),)

    def _options(
        self, prompt: Prompt, verbs: Sequence[Verb], marked: Sequence[bool], on: str, off: str
    ) -> Iterator[tuple[Button, ...]]:
        item, numbered = self._numbers[prompt.item], _is_numbered(prompt)
        buttons = [
            Button(
                f"{on if mark else off}{place + 1 if numbered else option.label}",
                self._press(verb, item, place, self.talk.revision).data,
            )
            for place, (option, verb, mark) in enumerate(zip(prompt.options, verbs, marked, strict=True))
        ]
        yield from _in_rows(buttons, IN_A_ROW if numbered else 1)

    def _ticked(self, options: Sequence[Option]) -> list[bool]:
        if self.chosen is None:
            return [each.chosen for each in options]
        return [place in self.chosen for place in range(len(options))]

    def _ways_on(self, prompt: Prompt) -> Iterator[Button]:
        item = self._numbers[prompt.item]
        if self.talk.can_go_back:
            yield self._button("button.back", Verb.BACK, item)
        if self.talk.reopened:
            yield self._button("button.keep", Verb.KEEP, item)
        elif prompt.can_skip:
            yield self._button("button.skip", Verb.SKIP, item)

    # --- Words and buttons ---

    @property
    def _numbers(self) -> Mapping[str, int]:
        return {each.name: place for place, each in enumerate(self.talk.place.form.questions)}

    def _press(self, verb: Verb, item: int = 0, option: int = 0, revision: int = 0) -> Press:
        return Press(verb, self.talk.invitation, item, option, revision)

    def _button(self, key: str, verb: Verb, item: int = 0) -> Button:
        return Button(self._say(key), self._press(verb, item, revision=self.talk.revision).data)

    def _tell(self, key: str, reading: str) -> Button:
        return Button(self._say(key), self._press(Verb.TELL, option=READINGS.index(reading)).data)

    def _to_the_web(self, words: str) -> tuple[str, Rows]:
        """Return the words and the button of a link; Telegram refuses buttons to what is not on the web."""
        if self.link.startswith("https://"):
            return words, ((Button(self._say("telegram.to_the_web"), url=self.link),),)
        return f"{words}\n{self.link}", ()

    def _mark(self) -> tuple[str, ...]:
        return (self._say("web.example"),) if self.talk.example else ()

    def _is_nameless(self, words: str) -> bool:
        return self.talk.contact.name not in words and self.talk.title not in words

    def _contact(self) -> str:
        return self._say("telegram.contact", phone=self.talk.contact.phone)

    def _say(self, key: str, **values: object) -> str:
        return say(self.talk.language, key, **values)


CONFIRMING: Mapping[Action | None, str] = {
    Action.SEND_PARTIAL: "web.partial",
    Action.DECLINE: "web.decline",
    Action.DELETE: "web.delete",
    None: "telegram.forget",
}
"""Where in the catalogue it stands how something is asked once more."""


def parts(text: str) -> list[str]:
    """Return a text in parts that each fit into a message, broken between paragraphs or lines."""
    found: list[str] = []
    while _units(text) > LONGEST_TEXT:
        piece = text.encode("utf-16-le")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
        end = max(piece.rfind("\n\n"), 0) or max(piece.rfind("\n"), 0) or len(piece)
        found.append(piece[:end])
        text = text[end:].lstrip("\n")
    return [*found, text]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _answered(each: Exchange) -> str:
    return f"{each.question}\n{'–' if each.skipped else '✓'} {_short(each.answer)}".replace("✓ ✓", "✓")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ANSWER else f"{text[:LONGEST_ANSWER]} …"


def _is_numbered(prompt: Prompt) -> bool:
    return any(len(each.label) > LONGEST_LABEL for each in prompt.options)


def _paragraphs(words: Sequence[str] | Iterator[str]) -> str:
    return "\n\n".join(part for part in words if part)


def _in_rows(buttons: Sequence[Button], length: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[first : first + length]) for first in range(0, len(buttons), length))
