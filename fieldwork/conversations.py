"""The conversation as it is shown: a pure reading of where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from fieldwork.information import about, information
from fieldwork.messages import ContactPerson, Conversation, Exchange, Notice, Stage
from fieldwork.standing import Standing, stage
from fieldwork.steps import ANSWERING, Place
from fieldwork.wording import day, say
from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.prompts import Prompt
from questionnaires.question_types import show_answer


def locate(form: Form, standing: Standing, at: datetime) -> Place:
    """Return where the conversation is at that time."""
    question = engine.next_question(form, standing.answers, standing.asking)
    return Place(form, standing, stage(standing, question, at), question)


def converse(place: Place, device: str, *, unlocked: bool, notice: Notice | None = None) -> Conversation:
    """Return all that a door shows, with the answers that this device may see."""
    standing, language = place.standing, place.standing.language
    visible = standing.visible_to(device, unlocked=unlocked)
    history = _history(place) if place.stage in ANSWERING else ()
    prompt = _prompt(place, visible) if place.stage is Stage.QUESTION else None
    return Conversation(
        invitation=standing.invitation,
        stage=place.stage,
        language=language,
        title=_title(standing),
        revision=standing.revision,
        lead=_lead(place),
        information=information(standing, place.form),
        about=about(standing),
        contact=ContactPerson(standing.contact_name, standing.contact_phone, standing.contact_mail),
        prompt=prompt,
        closing=engine.closing_notes(place.form, standing.answers, language)
        if place.stage is Stage.REVIEW
        else (),
        history=tuple(exchange for exchange in history if exchange.item in visible),
        hidden=sum(exchange.item not in visible for exchange in history),
        reopened=_is_reopened(place),
        can_go_back=prompt.progress.position > 1 if prompt else bool(history),
        notices=(notice,) if notice else (),
        example=standing.origin == "example",
    )


def _is_reopened(place: Place) -> bool:
    """Tell whether an answered question is asked again; a long text being written is not that."""
    asked = place.question.name if place.stage is Stage.QUESTION and place.question else None
    return asked == place.standing.asking and not place.standing.adding


def _title(standing: Standing) -> str:
    if standing.subject != "file":
        return standing.title
    return say(standing.language, "title.file", title=standing.title, number=standing.number)


def _lead(place: Place) -> str:
    standing = place.standing
    opens, closes = (day(standing.language, date) for date in (standing.opens, standing.closes))
    return say(standing.language, f"stage.{place.stage}", opens=opens, closes=closes)


def _prompt(place: Place, visible: frozenset[str]) -> Prompt | None:
    """Return the question asked, without the present answer where the device may not see it."""
    question, standing = place.question, place.standing
    if question is None:
        return None
    shown = engine.prompt(place.form, standing.answers, question, standing.language)
    if question.name in visible or question.name not in standing.given:
        return shown
    options = tuple(replace(option, chosen=False) for option in shown.options)
    return replace(shown, value="", options=options)


def _history(place: Place) -> tuple[Exchange, ...]:
    standing, language = place.standing, place.standing.language
    answers: Mapping[str, str | None] = engine.effective(place.form, standing.answers)
    return tuple(
        Exchange(
            item=item,
            question=place.form.by_name[item].label[language],
            answer=say(language, "answer.skipped")
            if value is None
            else show_answer(place.form.by_name[item], value, language),
            skipped=value is None,
        )
        for item, value in answers.items()
    )
