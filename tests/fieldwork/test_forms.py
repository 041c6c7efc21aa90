"""Publishing: what is asked is kept under the hash of its content."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from fieldwork import forms
from models.tables import FormPart, Instrument
from questionnaires.definition import Form, Questionnaire
from questionnaires.loader import from_library, library


@pytest.fixture(autouse=True)
def nothing_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just started."""
    monkeypatch.setattr(forms, "_published", {})


def test_every_questionnaire_of_the_library_comes_back_as_it_was_published(store: Session) -> None:
    for name in library():
        part = from_library(name)
        form_id = forms.publish_form(store, [part])
        assert forms.form_of(store, form_id) == Form((part,))


def test_a_form_keeps_the_order_of_its_parts(store: Session) -> None:
    parts = (from_library("kval.kort"), from_library("komp.kort"))
    assert forms.form_of(store, forms.publish_form(store, parts)).parts == parts


def test_publishing_the_same_again_stores_nothing_new(store: Session, trial: Questionnaire) -> None:
    first = forms.publish_form(store, [trial])
    assert forms.publish_form(store, [trial]) == first
    assert len(store.exec(select(Instrument)).all()) == 1
    assert len(store.exec(select(FormPart)).all()) == 1


def test_a_changed_word_is_another_instrument_and_the_first_stays(
    store: Session, trial: Questionnaire
) -> None:
    first = forms.publish_form(store, [trial])
    second = forms.publish_form(store, [replace(trial, title={"sv": "Ny", "en": "New"})])
    assert first != second
    assert forms.form_of(store, first).parts[0].title["sv"] == "Provenkät"


def test_a_form_is_read_once(store: Session, trial: Questionnaire) -> None:
    form_id = forms.publish_form(store, [trial])
    assert forms.form_of(store, form_id) is forms.form_of(store, form_id)


@pytest.mark.parametrize("times", [0, 2])
def test_a_form_without_questions_or_with_one_twice_is_refused(
    store: Session, trial: Questionnaire, times: int
) -> None:
    with pytest.raises(ValueError, match="each item once"):
        forms.publish_form(store, [trial] * times)


def test_an_unknown_form_is_said_so(store: Session) -> None:
    with pytest.raises(LookupError, match="no form 7"):
        forms.form_of(store, 7)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE instrument SET body = replace(body, 'Provenk', 'Fuskenk')",
        "UPDATE instrument SET hash = 'x', body = 'y'",
        "DELETE FROM formpart",
    ],
)
def test_damaged_content_is_found_when_it_is_read(store: Session, trial: Questionnaire, damage: str) -> None:
    form_id = forms.publish_form(store, [trial])
    of_table = store.get_bind().dialect.name == "postgresql"
    for table, change in (("instrument", "update"), ("formpart", "delete")):
        where = f" ON {table}" if of_table else ""
        store.connection().exec_driver_sql(f"DROP TRIGGER {table}_no_{change}{where}")
    store.connection().exec_driver_sql(damage)
    with pytest.raises(ValueError, match="damaged"):
        forms.form_of(store, form_id)
