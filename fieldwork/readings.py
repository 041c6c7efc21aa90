"""What two readers of the same files, or coders of the same answers, said: to see how far they agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlmodel import Session, col, select

from fieldwork.file_results import FIRST, SECOND
from fieldwork.forms import form_of
from fieldwork.rights import Viewer, require_named_inspector
from models.tables import Answer, AuditEntry, Coding, Interview, Invitation, Wave
from questionnaires.definition import Form
from questionnaires.engine import effective
from questionnaires.question_types import QUESTION_TYPES

Given = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people said of the same units of material, in one order; None where one said nothing.

    ``about`` is an item, or an item and a code; ``order`` holds the steps of a scale.
    """

    about: str
    names: tuple[str, str]
    first: Given
    second: Given
    order: tuple[str, ...] = ()


def readings(session: Session, viewer: Viewer, wave_id: int, now: datetime) -> tuple[Pair, ...]:
    """Return the pairs of a wave: both readers by item for files, coders by code for open answers.

    For a named inspector; the audit log notes it. Commits.

    Raises:
        NotAllowed: the viewer is no inspector whom the audit log can name.
    """
    require_named_inspector(viewer)
    wave = session.get_one(Wave, wave_id)
    form = form_of(session, wave.form_id)
    pairs = _readers if wave.subject == "file" else _coders
    found = tuple(pairs(session, wave_id, form))
    session.add(AuditEntry(at=now, actor=viewer.name, action="agreement", target=f"wave {wave_id}"))
    session.commit()
    return found


def _readers(session: Session, wave_id: int, form: Form) -> Iterator[Pair]:
    """Yield a pair for each item with fixed answers, over the files that both have read."""
    rows = session.exec(
        select(Invitation.subject_id, Invitation.part, Answer.item, Answer.value)
        .join(Interview, col(Interview.invitation_id) == col(Invitation.id))
        .join(Answer, col(Answer.interview_id) == col(Interview.id))
        .where(Invitation.wave_id == wave_id, col(Invitation.part).in_((FIRST, SECOND)))
        .where(col(Interview.sent_at).is_not(None), col(Answer.superseded_at).is_(None))
        .order_by(col(Invitation.subject_id))
    )
    given: defaultdict[tuple[int, str], dict[str, str | None]] = defaultdict(dict)
    for subject, part, item, value in rows:
        given[subject, part][item] = value
    files = [subject for subject, part in given if part == FIRST and (subject, SECOND) in given]
    said = {place: effective(form, answers) for place, answers in given.items() if place[0] in files}
    for question in form.questions:
        if not files or not question.choices or not QUESTION_TYPES[question.type].counted:
            continue
        one, other = (
            tuple(said[file, part].get(question.name) for file in files) for part in (FIRST, SECOND)
        )
        steps = tuple(choice.name for choice in question.choices if not choice.missing)
        is_scale = question.scale and {*one, *other} <= {*steps, None}
        yield Pair(question.name, (FIRST, SECOND), one, other, steps if is_scale else ())


def _coders(session: Session, wave_id: int, form: Form) -> Iterator[Pair]:
    """Yield a pair of coders for each code: whether each gave it, over the answers that both have coded."""
    coded: defaultdict[str, defaultdict[str, defaultdict[str, set[str]]]]
    coded = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for row in session.exec(select(Coding).where(Coding.wave_id == wave_id)):
        coded[row.item][row.coder][row.key].add(row.code)
    for question in form.questions:
        for one, other in combinations(sorted(coded[question.name]), 2):
            both = sorted(coded[question.name][one].keys() & coded[question.name][other].keys())
            for code in (each.name for each in question.codes):
                first, second = (_has(coded[question.name][coder], both, code) for coder in (one, other))
                if both and "ja" in {*first, *second}:
                    yield Pair(f"{question.name} {code}", (one, other), first, second)


def _has(codes: Mapping[str, set[str]], keys: list[str], code: str) -> Given:
    return tuple("ja" if code in codes[key] else "nej" for key in keys)
