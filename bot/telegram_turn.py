"""One update in its conversation, and the ways to end it: do, show, tell, say, forget; one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from fieldwork import inbox, interviews
from fieldwork.conversations import Conversation
from fieldwork.inbox import Place, Waiting
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.outbox import QUESTION, Asked, Message
from fieldwork.wording import say
from questionnaires.definition import LANGUAGES

OVERTAKEN = frozenset({"notice.stale", "notice.other_question", "notice.not_now", "refusal.off_route"})
PAUSED = frozenset({"notice.paused", "notice.paused_code", "notice.code_elsewhere"})
KEPT_IN_CHAT = PAUSED | {
    "notice.reminded",
    "notice.no_more",
    "notice.no_reminder",
    "notice.remind_when",
    "notice.added",
}
"""Notices that somebody may want to read again; those about a button just pressed only pop up."""

TEMPLATES: Mapping[str, str] = {"notice.added": "written", **dict.fromkeys(PAUSED, "paused")}
"""The notices that come with a button."""

OWN_WORDS: Mapping[str, str] = {
    "notice.stale": "telegram.stale",
    "notice.other_question": "telegram.stale",
    "notice.paused": "telegram.paused",
}
"""What a chat says in its own words."""

ANSWERING = (Stage.QUESTION, Stage.REVIEW)
LONGEST_POPUP = 200


@dataclass
class Turn:
    """One update in its conversation, and the three ways to end it: do, show, say. Each commits."""

    session: Session
    update: Waiting
    now: datetime
    fresh_id: str
    place: Place
    asked: tuple[Asked, ...]
    talk: Conversation
    farewell: str = ""
    chat: str = field(default="", repr=False)

    @property
    def shown(self) -> Asked | None:
        """The question that was last shown in the chat."""
        return next((each for each in self.asked if each.shown), None)

    @property
    def pressed(self) -> int:
        """The number of the message whose button was pressed, or 0."""
        return int(self.update.body.get("message", 0))

    @property
    def shown_revision(self) -> int | None:
        """The revision of the question last shown; -1 where another conversation was shown, or none."""
        shown = self.shown
        if shown is None or shown.params.get("invitation") != self.talk.invitation:
            return -1
        return int(shown.params["revision"])

    @property
    def shown_item(self) -> str:
        """The item of the question last shown."""
        return str(self.shown.params.get("item", "")) if self.shown else ""

    def do(
        self, action: Action, *values: str, item: str = "", revision: int | None = None, closes: str = ""
    ) -> str:
        """Do something; return what to say of it. ``closes`` is the item of the pressed question."""
        before, popup = self.talk, ""
        incoming = Incoming(
            invitation=before.invitation,
            door=Door.TELEGRAM,
            action=action,
            at=self.now,
            item=item,
            values=values,
            revision=revision,
            device=before.device,
            fresh_id=self.fresh_id,
        )

        def also(talk: Conversation) -> None:
            nonlocal popup
            popup, messages = self._outcome(before, talk, action, closes)
            inbox.done(self.session, self.update, self.now, language=talk.language, messages=messages)

        interviews.receive(self.session, incoming, also)
        return popup

    def show(self, said: str = "", closes: str = "") -> str:
        """Show where the conversation stands, changing nothing."""
        self._finish([self._question(self.talk, said, closes)])
        return ""

    def tell(self, template: str, **params: object) -> str:
        """Send another message about the conversation, changing nothing."""
        self._finish([Message(template, {"invitation": self.talk.invitation, **params})])
        return ""

    def say(self, key: str, **values: object) -> str:
        """Send a sentence of the catalogue, changing nothing."""
        return self.tell("notice", said=say(self.talk.language, key, **values))

    def stale(self, closes: str = "") -> str:
        """Say that a button was an old one, and show the current question."""
        popup = say(self.talk.language, "telegram.stale")
        messages = [] if self._is_on_its_way(self.talk) else [self._question(self.talk, "", closes)]
        self._finish(messages)
        return popup

    def forget(self) -> str:
        """Forget the chat."""
        self.farewell = say(self.talk.language, "telegram.forgotten")
        self.chat = inbox.forget_chat(self.session, self.update, self.now)
        return ""

    def _finish(self, messages: Sequence[Message]) -> None:
        language = self.talk.language
        inbox.finish(self.session, self.update, self.now, language=language, messages=messages)

    def _outcome(
        self, before: Conversation, talk: Conversation, action: Action, closes: str
    ) -> tuple[str, list[Message]]:
        """Return what pops up and what is sent after something was done or refused."""
        notice = next(iter(talk.notices), None)
        key = notice.key if notice else ""
        said = say(talk.language, OWN_WORDS[key]) if key in OWN_WORDS else notice.text if notice else ""
        moved = (talk.revision, talk.stage, talk.language) != (before.revision, before.stage, before.language)
        if key != "notice.added" and (moved or action in {Action.RESUME, Action.LANGUAGE}):
            left = before.prompt.item if before.prompt and moved else ""
            return "", [self._question(talk, said, closes, left)]
        if key in OVERTAKEN and not self._is_on_its_way(talk):
            return said, [self._question(talk, "" if self.pressed else said, closes)]
        pops_up = self.pressed and key not in KEPT_IN_CHAT and len(said) <= LONGEST_POPUP
        if not notice or pops_up:
            return said, []
        return "", [Message(TEMPLATES.get(key, "notice"), {"invitation": talk.invitation, "said": said})]

    def _is_on_its_way(self, talk: Conversation) -> bool:
        """Tell whether the current question will appear anyway."""
        latest = self.asked[0] if self.asked else None
        if latest is None or latest.number is not None:
            return False
        return (latest.params["invitation"], latest.params["revision"]) == (talk.invitation, talk.revision)

    def _question(self, talk: Conversation, said: str, closes: str, left: str = "") -> Message:
        """Return the message that shows where the conversation stands and closes what was open before.

        ``closes`` is the item of the pressed question, ``left`` that of the question just left.
        """
        shown = self.shown
        return Message(
            QUESTION,
            {
                "invitation": talk.invitation,
                "revision": talk.revision,
                "item": talk.prompt.item if talk.prompt else "",
                "said": said,
                "pressed": [self.pressed, closes],
                # Its number may not be known yet; it is when this message is sent.
                "follows": [shown.id, left if left == self.shown_item else ""] if shown else [0, ""],
            },
        )


def other_language(talk: Conversation) -> str:
    """Return the language that a conversation is not in."""
    return next(code for code in LANGUAGES if code != talk.language)
