"""Releasing: who may, of which waves, and that what was let out stays as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from analysis.releasing import decide as decide_on
from fieldwork import releases, results
from fieldwork.errors import NotAllowed, NotReleased
from fieldwork.problems import InputError
from fieldwork.releases import as_seen, material, newest, publish, take_page
from fieldwork.reviews import close_wave
from fieldwork.rights import Viewer
from models.material import Material
from models.tables import AuditEntry, Release, Wave
from questionnaires.definition import Form, Questionnaire

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
ANNA, CHIEF, ADMIN = (
    Viewer(name, role)
    for name, role in (("Anna", "inspector"), ("Chef", "manager"), ("Adam", "administrator"))
)


def decide(made_from: Material) -> releases.Decided:
    return decide_on(made_from, at=AT, version="1.2.3")


def send(store: Session, form: Form, answers: Sequence[str], key: str = "") -> None:
    """Let some in Bromma send, each a first answer."""
    for number, first in enumerate(answers):
        results.store(
            store,
            wave=1,
            reporting_unit_id=1,
            form=form,
            answers={"PROV-01": first, "PROV-03": "40"},
            key=f"{key}{number}",
            partial=True,
        )
    store.commit()


@dataclass
class Closed:
    wave: int
    form: Form


@pytest.fixture
def closed(store: Session, october: int, trial: Questionnaire) -> Closed:
    """The wave of October with eleven answers in Bromma, closed."""
    form = Form((trial,))
    send(store, form, ["ja"] * 6 + ["nej"] * 5)
    close_wave(store, october, datetime(2026, 11, 2, tzinfo=UTC))
    return Closed(october, form)


def test_an_inspector_releases_and_managers_read_what_was_let_out(store: Session, closed: Closed) -> None:
    seen = decide(material(store, ANNA, closed.wave))
    done = publish(store, ANNA, closed.wave, decide, AT)
    assert (done.number, done.at, done.canonical) == (1, AT, seen.canonical)
    assert newest(store, CHIEF, closed.wave) == newest(store, ANNA, closed.wave) == done
    assert done.hash == hashlib.sha256(done.canonical.encode()).hexdigest()
    noted = store.exec(select(AuditEntry)).all()
    assert [(each.at, each.actor, each.action, each.target) for each in noted] == [
        (AT, "Anna", "release", "wave 1, release 1")
    ]
    assert take_page(store, CHIEF, closed.wave, AT) == seen.page


def test_nobody_reads_before_a_release_and_an_administrator_never(store: Session, closed: Closed) -> None:
    with pytest.raises(NotReleased):
        newest(store, CHIEF, closed.wave)
    publish(store, ANNA, closed.wave, decide, AT)
    for read in (
        lambda: newest(store, ADMIN, closed.wave),
        lambda: take_page(store, ADMIN, closed.wave, AT),
    ):
        with pytest.raises(NotAllowed):
            read()
    with pytest.raises(NotReleased):
        take_page(store, CHIEF, closed.wave, AT, 2)


@pytest.mark.parametrize(
    "viewer", [CHIEF, ADMIN, Viewer("", "inspector")], ids=["manager", "admin", "nameless"]
)
def test_only_a_named_inspector_releases(store: Session, closed: Closed, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        publish(store, viewer, closed.wave, decide, AT)
    if viewer.role != "inspector":
        with pytest.raises(NotAllowed):
            material(store, viewer, closed.wave)
    assert store.exec(select(Release)).all() == []


def test_an_open_wave_a_pilot_and_a_published_wave_are_not_released(store: Session, closed: Closed) -> None:
    for change, refusal in (
        ({"closed_at": None}, "granska wave close 1"),
        ({"pilot": True}, "is a pilot"),
        ({"policy": "published"}, "is printed in a report"),
    ):
        wave = store.get_one(Wave, closed.wave)
        before = {name: getattr(wave, name) for name in change}
        wave.sqlmodel_update(change)
        with pytest.raises(InputError, match=refusal):
            publish(store, ANNA, closed.wave, decide, AT)
        wave.sqlmodel_update(before)
    assert store.exec(select(Release)).all() == []


def test_what_is_released_is_not_released_again_without_a_change(store: Session, closed: Closed) -> None:
    publish(store, ANNA, closed.wave, decide, AT)
    with pytest.raises(InputError, match="nothing new"):
        publish(store, ANNA, closed.wave, decide, AT)
    assert len(store.exec(select(Release)).all()) == 1


def test_a_correction_is_a_release_of_its_own_and_the_first_one_stays(store: Session, closed: Closed) -> None:
    first = publish(store, ANNA, closed.wave, decide, AT)
    page = take_page(store, CHIEF, closed.wave, AT)
    send(store, closed.form, ["ja"] * 5 + ["nej"] * 6, "rättad")
    second = publish(store, ANNA, closed.wave, decide, AT)
    assert second.number == 2
    assert first.hash in second.canonical
    assert newest(store, CHIEF, closed.wave) == second
    assert take_page(store, CHIEF, closed.wave, AT, 1) == page != take_page(store, CHIEF, closed.wave, AT)
    assert store.exec(select(AuditEntry.action)).all() == [
        "release",
        "take release",
        "release",
        *["take release"] * 2,
    ]


def test_a_correction_of_one_answer_waits_and_releases_nothing(store: Session, closed: Closed) -> None:
    first = publish(store, ANNA, closed.wave, decide, AT)
    send(store, closed.form, ["nej"], "rättad")
    with pytest.raises(InputError, match="nothing new"):
        publish(store, ANNA, closed.wave, decide, AT)
    assert newest(store, CHIEF, closed.wave) == first


def test_what_an_inspector_has_seen_is_released_unless_it_has_changed(store: Session, closed: Closed) -> None:
    seen = material(store, ANNA, closed.wave)
    decided = decide(seen)
    send(store, closed.form, ["nej"], "sen")
    with pytest.raises(InputError, match="Look at it again"):
        publish(store, ANNA, closed.wave, as_seen(seen, decided), AT)
    seen = material(store, ANNA, closed.wave)
    assert publish(store, ANNA, closed.wave, as_seen(seen, decide(seen)), AT).number == 1


@pytest.mark.parametrize("change", ["UPDATE release SET number = 7", "DELETE FROM release"])
def test_the_database_refuses_to_change_a_release(store: Session, closed: Closed, change: str) -> None:
    publish(store, ANNA, closed.wave, decide, AT)
    with pytest.raises(DBAPIError, match="release the wave once more"):
        store.connection().exec_driver_sql(change)


def test_a_damaged_page_is_not_handed_out(store: Session, closed: Closed) -> None:
    publish(store, ANNA, closed.wave, decide, AT)
    of_table = " ON release" if store.get_bind().dialect.name == "postgresql" else ""
    store.connection().exec_driver_sql(f"DROP TRIGGER release_no_update{of_table}")
    store.connection().exec_driver_sql("UPDATE release SET page_hash = 'x'")
    with pytest.raises(ValueError, match="damaged"):
        take_page(store, CHIEF, closed.wave, AT)
