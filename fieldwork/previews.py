"""What recipients will see of a wave that is still being planned: its letters and its information page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from fieldwork.draft_fields import Fields, day_of
from fieldwork.information import about, information, minutes_to_answer
from fieldwork.letters import Letter, LetterKind
from fieldwork.messages import ContactPerson
from fieldwork.standing import Standing
from questionnaires.definition import Form
from questionnaires.errors import DefinitionError
from questionnaires.loader import form as form_of_library

UNWRITTEN = "…"
"""Stands where the inspector has not written anything yet."""

SAMPLE_KEY = "prov"
"""Ends the link of a letter on trial: it opens nothing."""


def form_of_plan(fields: Fields) -> Form | None:
    """Return what the wave would ask; None where the questionnaires do not make a form."""
    try:
        return form_of_library(*fields.get("form", ())) if fields.get("form") else None
    except DefinitionError:
        return None


def kinds_of_plan(fields: Fields) -> tuple[LetterKind, ...]:
    """Return the kinds of letters that the wave would send; an anonymous one thanks nobody."""
    thanks = _promise(fields) != "anonymous"
    return tuple(kind for kind in LetterKind if thanks or kind is not LetterKind.THANKS)


def letter_of_plan(fields: Fields, kind: LetterKind, language: str, base_url: str, *, test: bool) -> Letter:
    """Return a letter as it would be, its links leading nowhere."""
    form = form_of_plan(fields)
    thanks = kind is LetterKind.THANKS
    return Letter(
        kind=kind,
        language=language,
        title=_text(fields, "review"),
        contact=_contact(fields),
        promise=_promise(fields),
        smallest_group=int(fields.get("smallest_group") or 5),
        closes=day_of(str(fields.get("closes") or "")) or date.max,
        minutes=minutes_to_answer(form) if form else 1,
        purpose=_text(fields, f"purpose_{language}"),
        informed_on=day_of(str(fields.get("informed_on") or "")),
        link="" if thanks else f"{base_url}/s/{SAMPLE_KEY}",
        unsubscribe="" if thanks else f"{base_url}/avsluta/{SAMPLE_KEY}",
        test=test,
    )


def information_of_plan(fields: Fields, language: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the page that is read before beginning, and the whole promise; empty without a form."""
    form = form_of_plan(fields)
    if form is None:
        return (), ()
    standing = _standing(fields, language, form)
    return information(standing, form), about(standing)


def as_row(letter: Letter) -> dict[str, Any]:
    """Return what a letter says as JSON, without its links."""
    return {
        "kind": letter.kind.value,
        "language": letter.language,
        "title": letter.title,
        "contact": [letter.contact.name, letter.contact.phone, letter.contact.mail],
        "promise": letter.promise,
        "smallest_group": letter.smallest_group,
        "closes": letter.closes.isoformat(),
        "minutes": letter.minutes,
        "purpose": letter.purpose,
        "informed_on": letter.informed_on.isoformat() if letter.informed_on else None,
    }


def from_row(row: Mapping[str, Any], base_url: str) -> Letter:
    """Return the letter on trial that was kept as JSON."""
    kind = LetterKind(row["kind"])
    thanks = kind is LetterKind.THANKS
    informed = row["informed_on"]
    kept = ("language", "title", "promise", "smallest_group", "minutes", "purpose")
    values: dict[str, Any] = {name: row[name] for name in kept}
    return Letter(
        **values,
        kind=kind,
        contact=ContactPerson(*row["contact"]),
        closes=date.fromisoformat(row["closes"]),
        informed_on=date.fromisoformat(informed) if informed else None,
        link="" if thanks else f"{base_url}/s/{SAMPLE_KEY}",
        unsubscribe="" if thanks else f"{base_url}/avsluta/{SAMPLE_KEY}",
        test=True,
    )


def _text(fields: Fields, name: str) -> str:
    return str(fields.get(name) or "").strip() or UNWRITTEN


def _contact(fields: Fields) -> ContactPerson:
    mail = str(fields.get("contact_mail") or "").strip()
    return ContactPerson(_text(fields, "contact_name"), _text(fields, "contact_phone"), mail)


def _promise(fields: Fields) -> Literal["confidential", "anonymous"]:
    return "anonymous" if fields.get("promise") == "anonymous" else "confidential"


def _standing(fields: Fields, language: str, form: Form) -> Standing:
    """Return where somebody stands who has just opened the link."""
    contact = _contact(fields)
    closes = day_of(str(fields.get("closes") or "")) or date.max
    told = {part: _text(fields, f"{part}_{language}") for part in ("purpose", "readers")}
    return Standing(
        invitation=0, wave_id=0, reporting_unit_id=0, role="", language=language,
        begun_at=None, finished_at=None, declined_at=None, chosen_at=None, no_more_at=None,
        form_id=0, subject="self", promise=_promise(fields), doors=tuple(fields.get("doors") or ()),
        smallest_group=int(fields.get("smallest_group") or 5), opens=date.min, closes=closes, closed_at=None,
        informed_on=day_of(str(fields.get("informed_on") or "")),
        contact_name=contact.name, contact_phone=contact.phone, contact_mail=contact.mail,
        information={language: told}, schedule={}, running=False, contacts=0, reachable=True,
        form_hash=form.hash, title=_text(fields, "review"), origin="collected", number=None,
        interview=None, revision=0, asking="", adding=False, code_hash="", code_tries=0, given={},
    )  # fmt: skip
