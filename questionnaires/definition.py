"""What a questionnaire is: immutable data, in XLSForm's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property

Texts = Mapping[str, str]
"""One text in every language: language code -> words."""

LANGUAGES = ("sv", "en")

QUALITY_AREAS: Mapping[str, Texts] = {
    "SI": {"sv": "Självbestämmande och integritet", "en": "Self-determination and integrity"},
    "HS": {"sv": "Helhetssyn och samordning", "en": "Holistic view and coordination"},
    "KB": {"sv": "Kunskapsbaserad verksamhet", "en": "Knowledge-based practice"},
    "EF": {"sv": "Effektivitet", "en": "Effectiveness"},
    "TI": {"sv": "Tillgänglighet", "en": "Accessibility"},
    "TS": {"sv": "Trygghet och säkerhet", "en": "Safety and security"},
}

STATUSES = ("printed", "described", "reconstructed")
"""Where an item's wording comes from: printed in a report, described there, or implied by a result."""

SUBJECTS = ("self", "file", "unit", "district")
"""What an interview is about: the respondent, a case file, a unit or a district."""


BACKGROUNDS = ("sex", "years", "education")
"""What an item may say about who answers: the sex, the years in service or the education."""


class Missing(StrEnum):
    """Why an item of a sent interview has no answer."""

    SKIPPED = "skipped"
    OFF_ROUTE = "off_route"
    NOT_REACHED = "not_reached"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer option.

    ``exclusive`` takes away every other option of a select_multiple ("inget av dessa"). ``other`` opens the
    follow-up text question ``<item>_other``. ``missing`` makes the option a reason for a missing value
    instead of an answer ("vill inte svara"). ``printed`` names the option of the printed edition that this
    one belongs to.
    """

    name: str
    label: Texts
    exclusive: bool = False
    other: bool = False
    missing: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the code book of an open question."""

    name: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the questionnaire. ``name`` is the item's id (``KVAL-08``), unique within a form.

    ``type`` is a key of ``question_types.QUESTION_TYPES``. ``relevant`` and ``constraint`` are XPath
    expressions of XLSForm; empty means always relevant, never constrained. ``base`` names who the results
    are a share of. ``background`` is one of ``BACKGROUNDS``, where the answer tells it. ``seconds`` is the
    expected time to answer. A ``scale`` has options in steps; a ``year`` is an integer that is counted by its
    value and written without a space.
    """

    name: str
    type: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    why: Texts = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    scale: bool = False
    year: bool = False
    area: str = ""
    status: str = "reconstructed"
    base: str = ""
    section: str = ""
    codes: tuple[Code, ...] = ()
    seconds: int = 0
    background: str = ""

    def choice(self, name: str) -> Choice | None:
        """Return the option called ``name``, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True)
class Questionnaire:
    """One version of one edition of an instrument."""

    code: str
    edition: str
    version: int
    title: Texts
    subject: str
    source: str
    questions: tuple[Question, ...]
    sections: Mapping[str, Texts] = field(default_factory=dict)
    bases: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name by which forms refer to it: ``kval.kort``."""
        return f"{self.code.lower()}.{self.edition}"

    @cached_property
    def canonical(self) -> str:
        """The whole content as JSON in one fixed order, from which ``restored`` makes it again.

        A ``background`` that is empty is left out, so that what was published without one keeps its hash.
        """
        content = asdict(self)
        for question in content["questions"]:
            if not question["background"]:
                del question["background"]
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical content, 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def restored(canonical: str) -> Questionnaire:
    """Return the questionnaire whose ``canonical`` content this is."""
    content = json.loads(canonical)
    content["questions"] = tuple(
        Question(
            **question
            | {
                "choices": tuple(Choice(**choice) for choice in question["choices"]),
                "codes": tuple(Code(**code) for code in question["codes"]),
            }
        )
        for question in content["questions"]
    )
    return Questionnaire(**content)


@dataclass(frozen=True)
class Form:
    """An ordered list of instrument versions that one person answers as one whole."""

    parts: tuple[Questionnaire, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question of every part, in order."""
        return tuple(question for part in self.parts for question in part.questions)

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """The questions by item id."""
        return {question.name: question for question in self.questions}

    @cached_property
    def backgrounds(self) -> Mapping[str, Question]:
        """The questions that tell who answers, by the background they tell."""
        return {question.background: question for question in self.questions if question.background}

    @cached_property
    def sections(self) -> Mapping[str, Texts]:
        """The heading of each question's section, by item id; questions without one are left out."""
        return {
            question.name: part.sections[question.section]
            for part in self.parts
            for question in part.questions
            if question.section
        }

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the hashes of the parts, in order."""
        return hashlib.sha256("\n".join(part.hash for part in self.parts).encode()).hexdigest()
