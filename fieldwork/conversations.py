"""The conversation as it is shown: a pure reading of where it stands, made as a door asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from fieldwork.information import about, information
from fieldwork.messages import ContactPerson, Exchange, Notice, Stage
from fieldwork.standing import Standing, stage
from fieldwork.steps import ANSWERING, Place
from fieldwork.wording import day, moment, say
from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.prompts import Prompt
from questionnaires.question_types import show_answer


def locate(form: Form, standing: Standing, at: datetime) -> Place:
    """Return where the conversation is at that time."""
    question = engine.next_question(form, standing.answers, standing.asking)
    return Place(form, standing, stage(standing, question, at), question)


@dataclass(frozen=True)
class Conversation:
    """All a door needs to show, in the respondent's language, with the answers that ``device`` may see."""

    place: Place
    device: str
    unlocked: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def invitation(self) -> int:
        """The id of the invitation."""
        return self.place.standing.invitation

    @property
    def stage(self) -> Stage:
        """Where things stand."""
        return self.place.stage

    @property
    def language(self) -> str:
        """The respondent's language."""
        return self.place.standing.language

    @property
    def revision(self) -> int:
        """The number that rises whenever the conversation moves on; what a door sends back names it."""
        return self.place.standing.revision

    @property
    def example(self) -> bool:
        """Whether it belongs to a review made up to try Granska out."""
        return self.place.standing.origin == "example"

    @property
    def title(self) -> str:
        """What it is about: the review, and the file's number where it is about a file."""
        standing = self.place.standing
        if standing.subject != "file":
            return standing.title
        return say(standing.language, "title.file", title=standing.title, number=standing.number)

    @property
    def contact(self) -> ContactPerson:
        """The named inspector."""
        standing = self.place.standing
        return ContactPerson(standing.contact_name, standing.contact_phone, standing.contact_mail)

    @property
    def lead(self) -> str:
        """Where things stand and what happens next, in one or two sentences."""
        standing = self.place.standing
        opens, closes = (day(standing.language, date) for date in (standing.opens, standing.closes))
        return say(standing.language, f"stage.{self.stage}", opens=opens, closes=closes)

    @property
    def information(self) -> tuple[str, ...]:
        """What is read before beginning, with the promise in two sentences."""
        return information(self.place.standing, self.place.form)

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """The whole of it, as headings and texts."""
        return about(self.place.standing)

    @cached_property
    def prompt(self) -> Prompt | None:
        """The question asked, in stage QUESTION only; without a present answer that may not be seen."""
        question, standing = self.place.question, self.place.standing
        if question is None or self.stage is not Stage.QUESTION:
            return None
        shown = engine.prompt(self.place.form, standing.answers, question, standing.language)
        if question.name in self._visible or question.name not in standing.given:
            return shown
        options = tuple(replace(option, chosen=False) for option in shown.options)
        return replace(shown, value="", options=options)

    @property
    def reopened(self) -> bool:
        """Whether an answered question is asked again; a long text being written is not that."""
        standing = self.place.standing
        return self.prompt is not None and self.prompt.item == standing.asking and not standing.adding

    @property
    def can_go_back(self) -> bool:
        """Whether there is a question before the one asked."""
        return self.prompt.progress.position > 1 if self.prompt else bool(self._answered)

    @property
    def closing(self) -> tuple[str, ...]:
        """The notes after the last question, in stage REVIEW."""
        if self.stage is not Stage.REVIEW:
            return ()
        return engine.closing_notes(self.place.form, self.place.standing.answers, self.language)

    @cached_property
    def history(self) -> tuple[Exchange, ...]:
        """The answers on the route, in order, as far as they may be seen."""
        return tuple(
            self._exchange(item, value) for item, value in self._answered.items() if item in self._visible
        )

    @property
    def hidden(self) -> int:
        """How many answers on the route may not be seen."""
        return len(self._answered.keys() - self._visible)

    @property
    def gets_reminders(self) -> bool:
        """Whether reminders come that may be stopped."""
        return self.stage in (Stage.INFORMATION, *ANSWERING) and self.place.standing.gets_reminders

    @property
    def can_be_reminded(self) -> bool:
        """Whether a reminder may be asked for."""
        return self.gets_reminders and self.place.standing.can_be_reminded

    @property
    def reminder(self) -> str:
        """What was agreed about reminders, in words; empty where nothing was."""
        standing, language = self.place.standing, self.language
        if standing.no_more_at is not None:
            return say(language, "notice.no_more", closes=day(language, standing.closes))
        if standing.chosen_at is not None:
            at = moment(language, standing.chosen_at, standing.terms.zone)
            return say(language, "notice.reminded", moment=at)
        return ""

    @cached_property
    def _visible(self) -> frozenset[str]:
        return self.place.standing.visible_to(self.device, unlocked=self.unlocked)

    @cached_property
    def _answered(self) -> dict[str, str | None]:
        if self.stage not in ANSWERING:
            return {}
        return engine.effective(self.place.form, self.place.standing.answers)

    def _exchange(self, item: str, value: str | None) -> Exchange:
        question = self.place.form.by_name[item]
        skipped = value is None
        answer = (
            say(self.language, "answer.skipped")
            if value is None
            else show_answer(question, value, self.language)
        )
        return Exchange(item, engine.label_alone(question, self.language), answer, skipped)


def answers_as_text(talk: Conversation) -> str:
    """Return the answers that may be seen as a text to keep: each question with its answer."""
    skipped = say(talk.language, "answer.skipped")
    lines = (f"{each.question}\n{skipped if each.skipped else each.answer}" for each in talk.history)
    return "\n\n".join((talk.title, *lines)) + "\n"
