"""What must hold between the parts of a wave file before a wave can be made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from fieldwork.organisations import same_name
from fieldwork.wave_files import OrganisationPart, WaveFile
from questionnaires.definition import LANGUAGES, Questionnaire
from questionnaires.errors import DefinitionError, Problem
from questionnaires.loader import from_library, joined, load

_Conflict = tuple[str, str, str]


def conflicts(plan: WaveFile, source: str) -> list[Problem]:
    """Return everything that the parts of the plan contradict in each other; ``source`` names the file."""
    return [Problem(source, key, rule, remedy) for key, rule, remedy in _conflicts(plan)]


def questionnaires_of(plan: WaveFile, source: str) -> tuple[tuple[Questionnaire, ...], list[Problem]]:
    """Return the questionnaires of the plan in order, and what stands in the way of making a form of them.

    A name that ends in ``.toml`` is a file, found from the folder of ``source``; any other is in the library.
    """
    found: list[Questionnaire] = []
    problems: list[Problem] = []
    for name in plan.wave.form:
        try:
            own = name.endswith(".toml")
            found.append(load(Path(source).parent / name) if own else from_library(name))
        except DefinitionError as error:
            problems += error.problems
        except OSError:
            rule = f"'{name}' cannot be read"
            problems.append(Problem(source, "wave.form", rule, "Give its path, seen from the wave file"))
    problems += [_mismatch(plan, source, part) for part in found if part.subject != plan.wave.subject]
    try:
        joined(*found)
    except DefinitionError as error:
        problems += error.problems
    return tuple(found), problems


def _mismatch(plan: WaveFile, source: str, part: Questionnaire) -> Problem:
    rule = f"'{part.name}' is about '{part.subject}', the wave about '{plan.wave.subject}'"
    return Problem(source, "wave.form", rule, "Set wave.subject to that, or choose another questionnaire")


def _conflicts(plan: WaveFile) -> Iterator[_Conflict]:
    """Yield what is wrong between the parts: key, rule, remedy."""
    if plan.wave.closes < plan.wave.opens:
        yield "wave.closes", "is before wave.opens", "Change one of the two dates"
    for name in ("alike_below", "open_answers_from"):
        limit: int | None = getattr(plan.wave, name)
        if limit is not None and limit < plan.wave.smallest_group:
            yield f"wave.{name}", "is below wave.smallest_group", "Raise it, or leave it out"
    for language in LANGUAGES:
        if language not in plan.information:
            yield f"information.{language}", "is missing", "Write purpose and readers in that language too"
    for language in plan.information.keys() - set(LANGUAGES):
        yield f"information.{language}", "is not a language of Granska", f"Use {' and '.join(LANGUAGES)}"
    for number, organisation in enumerate(plan.organisation, start=1):
        yield from _organisation_conflicts(plan, organisation, f"organisation[{number}]")
    if "telegram" in plan.wave.doors and not plan.wave.telegram_reason.strip():
        yield (
            "wave.telegram_reason",
            "is missing: Telegram is used only by a decision that is written down",
            "Write who decided it and why, or take telegram out of wave.doors",
        )
    yield from _schedule_conflicts(plan)
    yield from _name_conflicts(plan)
    yield from _unit_conflicts(plan)


def _schedule_conflicts(plan: WaveFile) -> Iterator[_Conflict]:
    reminders = plan.schedule.reminders or []
    for number, each in enumerate(reminders, start=1):
        if isinstance(each, date) and not plan.wave.opens <= each <= plan.wave.closes:
            yield f"schedule.reminders[{number}]", "is outside the days of the wave", "Choose another day"
    for kind in (int, date):
        same = [each for each in reminders if isinstance(each, kind)]
        if any(later <= earlier for earlier, later in pairwise(same)):  # type: ignore[operator]
            yield "schedule.reminders", "are not in order", "Write each later than the one before it"
    if plan.schedule.model_fields_set and plan.wave.subject == "file":
        yield "schedule", "belongs to a wave that people are invited to", "Take it away: files get no mail"


def _organisation_conflicts(plan: WaveFile, organisation: OrganisationPart, key: str) -> Iterator[_Conflict]:
    begins, ends = organisation.valid_from, organisation.valid_to
    if begins and ends and ends < begins:
        yield f"{key}.valid_to", "is before valid_from", "Change one of the two dates"
    elif (begins and plan.wave.opens < begins) or (ends and plan.wave.opens > ends):
        yield (
            key,
            "did not exist when the wave opens",
            "Name the organisation of that day, or correct its dates",
        )
    if (organisation.posts is None) != (organisation.filled is None):
        yield key, "has only one of posts and filled", "Give both or neither"
    elif organisation.posts is not None and (organisation.filled or 0) > organisation.posts:
        yield f"{key}.filled", "is more than posts", "Correct one of the two"
    if organisation.files and plan.wave.subject != "file":
        yield f"{key}.files", "belongs to a wave about files", 'set wave.subject = "file" or take it away'


def _name_conflicts(plan: WaveFile) -> Iterator[_Conflict]:
    seen: dict[str, int] = {}
    for number, organisation in enumerate(plan.organisation, start=1):
        for name in {same_name(name) for name in (organisation.name, *organisation.aliases)}:
            if name in seen:
                yield (
                    f"organisation[{number}]",
                    f"has a name or an alias that organisation[{seen[name]}] has too",
                    "Let each name lead to one organisation",
                )
            seen[name] = number


def _unit_conflicts(plan: WaveFile) -> Iterator[_Conflict]:
    names = {
        same_name(name): organisation.name
        for organisation in plan.organisation
        for name in (organisation.name, *organisation.aliases)
    }
    labels: set[str] = set()
    placed: set[str] = set()
    for number, unit in enumerate(plan.reporting_unit, start=1):
        key = f"reporting_unit[{number}]"
        if unit.label in labels:
            yield f"{key}.label", f"'{unit.label}' is used twice", "Give each reporting unit its own label"
        labels.add(unit.label)
        for member in unit.members:
            organisation = names.get(same_name(member))
            if organisation is None:
                yield f"{key}.members", f"'{member}' is no organisation of this file", "Add or correct it"
            elif organisation in placed:
                yield f"{key}.members", f"'{member}' is in two reporting units", "Keep it in one"
            else:
                placed.add(organisation)
    if plan.reporting_unit:
        for organisation in sorted(set(names.values()) - placed):
            yield "reporting_unit", f"'{organisation}' is in no reporting unit", "Add it to one"
