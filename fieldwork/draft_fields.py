"""What stands on the page of a wave being planned, and the wave file that it makes: one path for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import tomlkit

from questionnaires.definition import LANGUAGES

Fields = Mapping[str, Any]

SOURCE = "plan"
"""How problems of a plan name where they are."""

KEYS: Mapping[str, str] = {
    "review": "review.title",
    "theme": "review.theme",
    "year": "review.year",
    "name": "wave.name",
    "form": "wave.form",
    "pilot": "wave.pilot",
    "promise": "wave.promise",
    "smallest_group": "wave.smallest_group",
    "doors": "wave.doors",
    "telegram_reason": "wave.telegram_reason",
    "telegram_free_text": "wave.telegram_free_text",
    "contact_name": "contact.name",
    "contact_phone": "contact.phone",
    "contact_mail": "contact.mail",
    "opens": "wave.opens",
    "closes": "wave.closes",
    "reminders": "schedule.reminders",
    "weekdays": "schedule.weekdays",
    "hours": "schedule.hours",
    "blocked": "schedule.blocked",
    "informed_on": "wave.informed_on",
    "districts": "organisation",
    **{
        f"{part}_{language}": f"information.{language}.{part}"
        for language in LANGUAGES
        for part in ("purpose", "readers")
    },
}
"""Each field with its key in the wave file: a problem of the key is shown beside the field."""

LISTED = ("reminders", "hours", "blocked")
"""Fields whose text is a list, with commas between."""

PURPOSE = {
    "sv": "Vi granskar kvaliteten i arbetet och vill veta hur du ser på ditt arbete.",
    "en": "We review the quality of the work and want to know how you see your work.",
}
READERS = {
    "sv": "Socialtjänstinspektörerna läser svaren. Chefer ser bara sammanställningar.",
    "en": "The inspectors of social services read the answers. Managers only see summaries.",
}


def beginning(today: date, author: str) -> dict[str, Any]:
    """Return the fields of a plan that has just been begun."""
    return {
        "review": "",
        "theme": "",
        "year": today.year,
        "name": "",
        "form": ["komp.kort", "kval.kort"],
        "pilot": False,
        "districts": [],
        "promise": "confidential",
        "smallest_group": 5,
        "doors": ["web"],
        "telegram_reason": "",
        "telegram_free_text": False,
        "contact_name": author,
        "contact_phone": "",
        "contact_mail": "",
        "opens": (today + timedelta(days=1)).isoformat(),
        "closes": (today + timedelta(days=36)).isoformat(),
        "reminders": "7, 14, 21",
        "weekdays": ["tuesday", "wednesday", "thursday"],
        "hours": "09:00-11:00, 13:00-15:00",
        "blocked": "",
        "informed_on": "",
        **{f"purpose_{language}": PURPOSE[language] for language in LANGUAGES},
        **{f"readers_{language}": READERS[language] for language in LANGUAGES},
    }


def wave_file(fields: Fields) -> str:
    """Return the wave file of these fields. What is empty is left out, and then told as missing."""
    tree: dict[str, Any] = {"review": {}, "wave": {}, "schedule": {}, "contact": {}}
    tree["information"] = {language: {} for language in LANGUAGES}
    for name, key in KEYS.items():
        value = _value(name, fields.get(name))
        if name != "districts" and value not in ("", None, []):
            *path, last = key.split(".")
            part = tree
            for step in path:
                part = part[step]
            part[last] = value
    tree["organisation"] = [_organisation(*each) for each in fields.get("districts", ())]
    return tomlkit.dumps(tree)


def _organisation(name: str, posts: int | None, filled: int | None) -> dict[str, Any]:
    known = {"name": name, "posts": posts, "filled": filled}
    return {key: value for key, value in known.items() if value is not None}


def _value(name: str, value: object) -> object:
    if name in LISTED and isinstance(value, str):
        return [_part(each.strip()) for each in value.split(",") if each.strip()]
    if name in {"opens", "closes", "informed_on"} and isinstance(value, str):
        return _part(value.strip())
    return value.strip() if isinstance(value, str) else value


def _part(text: str) -> object:
    """Return a number of days or a day; anything else as it is, so that the rules of the file refuse it."""
    if text.isdecimal():
        return int(text)
    return day_of(text) or text


def day_of(text: str) -> date | None:
    """Return a day written as 2026-10-01; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def belongs(field: str, item: str) -> bool:
    """Say whether the problem of a key belongs beside a field: ``wave.opens``, ``organisation[2].filled``."""
    key = KEYS[field]
    if item == "review" and field == "review":
        return True
    if field.startswith("purpose_") and item == key.rpartition(".")[0]:
        return True
    return item == key or item.startswith((f"{key}[", f"{key}."))
