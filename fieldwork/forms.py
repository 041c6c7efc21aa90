"""Publishing what is asked: instruments and forms under the hash of their content, never changed again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlmodel import Session, col, select

from models import queries
from models.tables import Form as FormRow
from models.tables import FormPart, Instrument
from questionnaires.definition import Form, Questionnaire, restored

_published: dict[str, Form] = {}
"""Forms by their hash, which says all that is in them: one process reads each only once."""


def publish_form(session: Session, questionnaires: Sequence[Questionnaire]) -> int:
    """Store the form of these questionnaires unless it is there already, and return its id. Does not commit.

    Raises:
        ValueError: no questionnaire, or an item that occurs twice.
    """
    form = Form(tuple(questionnaires))
    if not form.parts or len(form.by_name) < len(form.questions):
        raise ValueError("A form needs at least one questionnaire, and each item once: leave one of them out")
    present = session.exec(select(FormRow.id).where(col(FormRow.hash) == form.hash)).one_or_none()
    if present is not None:
        return present
    row = FormRow(hash=form.hash)
    session.add(row)
    parts = [_publish_instrument(session, part) for part in form.parts]
    session.flush()
    form_id = _key(row.id)
    session.add_all(
        FormPart(form_id=form_id, position=position, instrument_id=_key(part.id))
        for position, part in enumerate(parts)
    )
    session.flush()
    return form_id


def form_of(session: Session, form_id: int) -> Form:
    """Return the published form.

    Raises:
        LookupError: no such form.
        ValueError: the stored content is not what its hash says.
    """
    known = session.exec(select(FormRow.hash).where(col(FormRow.id) == form_id)).one_or_none()
    if known is None:
        raise LookupError(f"There is no form {form_id}")
    return form_by_hash(session, form_id, known)


def form_by_hash(session: Session, form_id: int, known: str) -> Form:
    """Return the published form whose hash the caller has already read; as ``form_of`` otherwise."""
    if known not in _published:
        _published[known] = _read(session, form_id, known)
    return _published[known]


def _publish_instrument(session: Session, part: Questionnaire) -> Instrument:
    present = session.exec(select(Instrument).where(col(Instrument.hash) == part.hash)).one_or_none()
    if present is not None:
        return present
    row = Instrument(
        code=part.code, edition=part.edition, version=part.version, hash=part.hash, body=part.canonical
    )
    session.add(row)
    return row


def _read(session: Session, form_id: int, known: str) -> Form:
    rows = session.connection().execute(queries.FORM_PARTS, {"form": form_id}).all()
    for row in rows:
        if hashlib.sha256(row.body.encode()).hexdigest() != row.hash:
            raise ValueError(f"Form {form_id} is damaged: {row.code} is not what its hash says; use a backup")
    if hashlib.sha256("\n".join(row.hash for row in rows).encode()).hexdigest() != known:
        raise ValueError(f"Form {form_id} is damaged: its parts are not those of its hash; use a backup")
    return Form(tuple(restored(row.body) for row in rows))


def _key(value: int | None) -> int:
    if value is None:
        raise ValueError("A row has no key before it is flushed")
    return value
