"""Releasing the results of a closed wave to managers: one at closing, and one more for each correction.

What may be let out is decided by a pure function that the door passes in; here is who may release and read,
and that what was let out stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session, col, select

from fieldwork import coding, results
from fieldwork.errors import NotAllowed, NotReleased
from fieldwork.forms import form_of
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer, require_inspector, require_named_inspector
from models.material import Material, UnitCount, WaveFacts
from models.tables import AuditEntry, Release, Review, Wave
from questionnaires.errors import Problem


class Decided(Protocol):
    """What was decided to let out; ``changed`` says whether it differs from the newest release."""

    @property
    def canonical(self) -> str:
        """Canonical JSON of everything let out."""

    @property
    def page(self) -> bytes:
        """The same as a file to read."""

    @property
    def changed(self) -> bool:
        """Whether managers would see anything new."""


Decide = Callable[[Material], Decided]


@dataclass(frozen=True, slots=True)
class Released:
    """A stored release; ``hash`` is the SHA-256 of ``canonical``."""

    number: int
    at: datetime
    canonical: str
    hash: str


def material(session: Session, viewer: Viewer, wave_id: int) -> Material:
    """Return what a release of the wave would be decided from; reads only.

    Raises:
        NotAllowed: the viewer is no inspector.
        InputError: the wave is open, a pilot or published.
    """
    require_inspector(viewer)
    wave = session.get_one(Wave, wave_id)
    closed_at = _closed(wave)
    review = session.get_one(Review, wave.review_id)
    form = form_of(session, wave.form_id)
    items = [question.name for question in form.questions]
    counts = results.counts(session, viewer, wave_id, items)
    books = [question.name for question in form.questions if question.codes]
    facts = WaveFacts(
        wave.name,
        review.title,
        review.year,
        review.origin,
        wave.subject,
        wave.promise,
        wave.policy,
        wave.smallest_group,
        wave.alike_below,
        wave.opens,
        wave.closes,
        closed_at,
    )
    return Material(
        facts,
        form,
        tuple(UnitCount(unit.id, unit.label, unit.invited, unit.answers) for unit in counts.units),
        counts.rows,
        tuple((item, coding.counts(session, viewer, wave_id, item)) for item in books),
        tuple(
            (split, results.counts(session, viewer, wave_id, items, split).parts) for split in results.SPLITS
        ),
        _canonical(session, wave_id),
    )


def publish(session: Session, viewer: Viewer, wave_id: int, decide: Decide, now: datetime) -> Released:
    """Release what ``decide`` lets out of the wave, and note in the audit log who did; commits.

    Raises:
        NotAllowed: the viewer is no inspector whom the audit log can name.
        InputError: as ``material``; or everything is released already. Nothing is stored then.
    """
    require_named_inspector(viewer)
    session.get_one(Wave, wave_id, with_for_update=True)  # of two who release at once, one waits
    made_from = material(session, viewer, wave_id)
    decided = decide(made_from)
    if not decided.changed:
        session.rollback()
        rule = "is released, and there is nothing new that may be released"
        raise InputError(
            Problem(made_from.wave.name, "", rule, "Release it again when a correction has been made")
        )
    row = Release(
        wave_id=wave_id,
        number=made_from.number,
        at=now,
        canonical=decided.canonical,
        hash=_sha256(decided.canonical.encode()),
        page=decided.page,
        page_hash=_sha256(decided.page),
    )
    session.add(row)
    session.add(AuditEntry(at=now, actor=viewer.name, action="release", target=_target(wave_id, row.number)))
    session.commit()
    return Released(row.number, row.at, row.canonical, row.hash)


def as_seen(seen: Material, decided: Decided) -> Decide:
    """Return what decides as an inspector has seen it, unless the results have changed since then.

    The returned function raises ``InputError`` where they have.
    """

    def decide(present: Material) -> Decided:
        if present != seen:
            rule = "has changed while you read what would be released"
            raise InputError(Problem(seen.wave.name, "", rule, "Look at it again"))
        return decided

    return decide


def newest(session: Session, viewer: Viewer, wave_id: int) -> Released:
    """Return the newest release of the wave; reads only.

    Raises:
        NotAllowed: an administrator, who sees no results.
        NotReleased: nothing has been released yet.
    """
    row = _row(session, viewer, wave_id, None)
    return Released(row.number, row.at, row.canonical, row.hash)


def take_page(
    session: Session, viewer: Viewer, wave_id: int, now: datetime, number: int | None = None
) -> bytes:
    """Return a release as a file to read, byte for byte as it was made, and note who took it; commits.

    Without ``number`` the newest one.

    Raises:
        NotAllowed, NotReleased: as ``newest``.
        ValueError: the stored page is not what its hash says.
    """
    row = _row(session, viewer, wave_id, number)
    if _sha256(row.page) != row.page_hash:
        raise ValueError(f"Release {row.number} of wave {wave_id} is damaged: use a backup")
    target = _target(wave_id, row.number)
    session.add(AuditEntry(at=now, actor=viewer.name, action="take release", target=target))
    session.commit()
    return row.page


def _row(session: Session, viewer: Viewer, wave_id: int, number: int | None) -> Release:
    if viewer.role is Role.ADMINISTRATOR:
        raise NotAllowed("An administrator sees no results: ask an inspector for the report")
    chosen = select(Release).where(Release.wave_id == wave_id).order_by(col(Release.number).desc())
    row = session.exec(chosen if number is None else chosen.where(Release.number == number)).first()
    if row is None:
        raise NotReleased(f"Wave {wave_id} has no release{'' if number is None else f' {number}'} yet")
    return row


def _closed(wave: Wave) -> datetime:
    """Return when the wave was closed; refuse one that is never released, or not yet."""
    if wave.policy == "published":
        rule = "is printed in a report, which is public"
        raise InputError(Problem(wave.name, "", rule, "Nothing has to be released"))
    if wave.pilot:
        raise InputError(Problem(wave.name, "", "is a pilot, which has no results", "Release a real wave"))
    if wave.closed_at is None:
        remedy = f"Close it first: granska wave close {wave.id}"
        raise InputError(Problem(wave.name, "", "is not closed", remedy))
    return wave.closed_at


def _canonical(session: Session, wave_id: int) -> tuple[str, ...]:
    chosen = select(Release.canonical).where(Release.wave_id == wave_id)
    return tuple(session.exec(chosen.order_by(col(Release.number))).all())


def _target(wave_id: int, number: int) -> str:
    return f"wave {wave_id}, release {number}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
