"""What a respondent is told before beginning, made from the settings of the wave and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from fieldwork.identities import KEPT as IDENTITIES_KEPT
from fieldwork.standing import Standing
from fieldwork.wording import day, say
from models.upkeep import KEPT
from questionnaires import engine
from questionnaires.definition import Form

_minutes: dict[str, int] = {}
"""Expected minutes to answer a form from its start, by the form's hash."""


def information(standing: Standing, form: Form) -> tuple[str, ...]:
    """Return what is read before beginning: why, the promise, who reads, the terms, how long, whom to ask."""
    language = standing.language
    if standing.subject == "file":
        return (
            own_words(standing, "purpose"),
            say(language, "information.file", number=standing.number),
            say(language, "information.file_pause"),
        )
    minutes = minutes_to_answer(form)
    return (
        own_words(standing, "purpose"),
        say(language, f"information.promise_{standing.promise}", smallest_group=standing.smallest_group),
        *([readers] if (readers := own_words(standing, "readers")) else []),
        say(language, "information.voluntary"),
        say(language, "information.minutes_one" if minutes == 1 else "information.minutes", minutes=minutes),
        say(language, "information.records"),
        say(language, "information.contact", name=standing.contact_name, phone=standing.contact_phone),
    )


def about(standing: Standing) -> tuple[tuple[str, str], ...]:
    """Return the whole of it as headings and texts, for a page of its own."""
    return tuple(
        (say(standing.language, f"about.{part}_heading"), " ".join(texts)) for part, texts in _about(standing)
    )


def text_hash(standing: Standing, form: Form) -> str:
    """Return the SHA-256 of exactly the words that were there to be read, in that language."""
    words = [*information(standing, form), *(line for part in about(standing) for line in part)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def minutes_to_answer(form: Form) -> int:
    """Return the expected minutes from the start, at least 1."""
    if form.hash not in _minutes:
        first = engine.next_question(form, {})
        shown = engine.prompt(form, {}, first, "sv") if first else None
        _minutes[form.hash] = shown.progress.minutes if shown else 1
    return _minutes[form.hash]


def _about(standing: Standing) -> Iterator[tuple[str, list[str]]]:
    language = standing.language
    smallest = standing.smallest_group

    def told(key: str, **values: object) -> str:
        return say(language, f"about.{key}", **values)

    informed = standing.informed_on
    yield (
        "purpose",
        [
            own_words(standing, "purpose"),
            *([told("informed", informed_on=day(language, informed))] if informed else []),
        ],
    )
    yield "voluntary", [told("voluntary")]
    yield (
        "readers",
        [
            own_words(standing, "readers"),
            told("draft"),
            told("groups", smallest_group=smallest),
            told("who"),
        ],
    )
    chat = [told("telegram")] if "telegram" in standing.doors else []
    yield (
        "link",
        [
            told(f"link_{standing.promise}"),
            *chat,
            told("identities", days=IDENTITIES_KEPT.days),
            told("copies", days=KEPT.days),
        ],
    )
    yield "records", [told("records")]
    yield "sending", [told(f"sending_{standing.promise}")]
    yield "words", [told("words")]
    yield "channels", [told("channels")]
    yield (
        "contact",
        [
            told(
                "contact_mail" if standing.contact_mail else "contact",
                name=standing.contact_name,
                phone=standing.contact_phone,
                mail=standing.contact_mail,
            )
        ],
    )


def own_words(standing: Standing, name: str) -> str:
    """Return what the inspector wrote, in the respondent's language or else in any."""
    written = standing.information
    chosen = written.get(standing.language) or next(iter(written.values()), {})
    return chosen.get(name, "")
