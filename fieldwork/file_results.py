"""A file counts once: by the protocol its readers agreed on, else by the first reader's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from fieldwork import results
from models.tables import Count, Interview, Invitation, ReportingUnit, Result, TextResult
from questionnaires.definition import Form, Missing

FIRST, SECOND, AGREED = "reader1", "reader2", "agreed"
PARTS = (FIRST, SECOND, AGREED)
"""Whose protocol it is. The second reader's is kept to be compared, never counted."""


def store_protocol(  # noqa: PLR0913 - as results.store, which it stands in for
    session: Session,
    *,
    invitation_id: int,
    form: Form,
    answers: Mapping[str, str | None],
    key: str,
    partial: bool,
) -> None:
    """Count a sent protocol if its file should count by it; does not commit.

    An agreed protocol takes the place of the first reader's. ``key`` is random and new.
    """
    invitation = session.get_one(Invitation, invitation_id)
    if invitation.part == SECOND:
        return
    others = dict(
        session.exec(
            select(Invitation.part, Interview.result_key)
            .join(Interview, col(Interview.invitation_id) == col(Invitation.id))
            .where(Invitation.subject_id == invitation.subject_id, col(Interview.sent_at).is_not(None))
            .where(Invitation.id != invitation_id)
        ).all()
    )
    if AGREED in others:
        return
    if invitation.part == AGREED and (earlier := others.get(FIRST)):
        _withdraw(session, earlier)
    results.store(
        session,
        wave=invitation.wave_id,
        reporting_unit_id=invitation.reporting_unit_id,
        form=form,
        answers=answers,
        key=key,
        partial=partial,
    )


def _withdraw(session: Session, key: str) -> None:
    """Take the results under this key out of the results and the counts."""
    rows = session.exec(select(Result).where(Result.key == key)).all()
    if not rows:
        return
    unit = rows[0].reporting_unit_id
    for item, kind, value in sorted(set(_counted(rows))):
        session.execute(
            update(Count)
            .where(
                col(Count.reporting_unit_id) == unit,
                col(Count.split) == "",  # files tell no background
                col(Count.item) == item,
                col(Count.kind) == kind,
                col(Count.value) == value,
            )
            .values(n=Count.n - 1)
        )
    early = int(any(row.missing == Missing.NOT_REACHED for row in rows))
    session.execute(
        update(ReportingUnit)
        .where(col(ReportingUnit.id) == unit)
        .values(answers=ReportingUnit.answers - 1, partial=ReportingUnit.partial - early)
    )
    session.execute(delete(Result).where(col(Result.key) == key))
    session.execute(delete(TextResult).where(col(TextResult.key) == key))


def _counted(rows: Sequence[Result]) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        if row.missing:
            yield row.item, "missing", row.missing
        else:
            yield row.item, "answered", ""
            yield row.item, "option", row.option
