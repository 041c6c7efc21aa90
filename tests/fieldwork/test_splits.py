"""Counts by sex, years in service and role: kept with the result, refused while a wave is open, recounted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import results
from fieldwork.conversations import Conversation
from fieldwork.errors import NotAllowed, NotPrinted, NotReleased
from fieldwork.forms import form_of, publish_form
from fieldwork.messages import Action
from fieldwork.recounting import Difference, recount, repair
from fieldwork.reviews import close_wave
from fieldwork.rights import Viewer
from models.database import reading, writing
from models.queries import CountRow
from models.tables import AuditEntry, Count, Interview, ReportingUnit, Result, Wave
from questionnaires.loader import form

AT = datetime(2026, 10, 31, 9, tzinfo=UTC)
ANNA = Viewer("Anna", "inspector")
WOMAN, MAN, SILENT = (
    {"KOMP-01": sex, "KOMP-02": "socionomexamen", "KOMP-03": "2-4", "KOMP-04": "nej", "KOMP-06": "0-1"}
    for sex in ("kvinna", "man", None)
)


@pytest.fixture
def wave(store: Session, october: int) -> int:
    """The wave of October, asking about competence: in Bromma five women and six men, in Farsta three."""
    store.get_one(Wave, 1).form_id = publish_form(store, form("komp.kort").parts)
    told = [WOMAN] * 5 + [MAN] * 4 + [MAN, SILENT]
    roles = ["utredare"] * 9 + ["samordnare", ""]
    for number, (answers, role) in enumerate(zip(told, roles, strict=True), start=1):
        send(store, number, 1, answers, role)
    for number in (13, 14, 15):
        send(store, number, 2, WOMAN, "utredare")
    store.commit()
    store.expire_all()
    return 1


def send(store: Session, invitation: int, unit: int, answers: dict[str, str | None], role: str) -> None:
    place = {"wave_id": 1, "form_id": store.get_one(Wave, 1).form_id, "reporting_unit_id": unit}
    key = f"key-{invitation}"
    sent = {"sent_at": AT, "result_key": key, "role": role}
    store.add(Interview(id=f"id-{invitation}", invitation_id=invitation, **place, **sent))
    store.flush()
    whole = form_of(store, place["form_id"])
    results.store(
        store, wave=1, reporting_unit_id=unit, form=whole, answers=answers, key=key, partial=False, role=role
    )


def parts(store: Session, split: str, item: str = "KOMP-04") -> Sequence[CountRow]:
    found = results.counts(store, ANNA, 1, [item], split)
    return [row for row in found.parts if row.kind == "answered"]


def test_each_split_is_counted_with_the_result(store: Session, wave: int) -> None:
    close_wave(store, wave, AT)
    assert {(row.reporting_unit_id, row.part): row.n for row in parts(store, "sex")} == {
        (1, "kvinna"): 5,
        (1, "man"): 5,
        (2, "kvinna"): 3,
    }
    assert {(row.reporting_unit_id, row.part): row.n for row in parts(store, "years")} == {
        (1, "2-4"): 11,
        (2, "2-4"): 3,
    }
    unsplit = [row.n for row in results.counts(store, ANNA, 1, ["KOMP-04"]).rows if row.kind == "answered"]
    assert unsplit == [11, 3]


def test_nothing_is_split_by_education(store: Session, wave: int) -> None:
    assert set(store.exec(select(Count.split)).all()) == {"", "sex", "years", "role"}
    with pytest.raises(ValueError, match="no split by education: use one of sex, years, role"):
        results.counts(store, ANNA, wave, ["KOMP-04"], "education")


def test_an_open_wave_shows_no_split_and_lets_none_out_in_steps(store: Session, wave: int) -> None:
    with pytest.raises(NotReleased, match="split when it has closed"):
        results.counts(store, ANNA, wave, ["KOMP-04"], "sex")
    assert {row.shown for row in store.exec(select(Count).where(Count.split != ""))} == {0}
    assert max(row.shown for row in store.exec(select(Count))) == 10


@pytest.mark.parametrize(
    ("viewer", "columns", "error"),
    [
        (ANNA, {"policy": "published"}, NotPrinted),
        (Viewer("Bo", "manager"), {"policy": "published"}, NotPrinted),
        (Viewer("Bo", "manager"), {}, NotReleased),
        (Viewer("Ada", "administrator"), {}, NotAllowed),
        (ANNA, {"pilot": True}, NotReleased),
    ],
)
def test_who_may_not_see_a_split_gets_none(
    store: Session, wave: int, viewer: Viewer, columns: dict[str, object], error: type[Exception]
) -> None:
    close_wave(store, wave, AT)
    found = store.get_one(Wave, wave)
    for name, value in columns.items():
        setattr(found, name, value)
    found.printed = [{"item": "KOMP-04", "units": ["Bromma"], "total": False, "base": "sent"}]
    store.flush()
    with pytest.raises(error):
        results.counts(store, viewer, wave, ["KOMP-04"], "sex")


def test_closing_erases_the_counts_by_a_role_that_few_have_in_their_unit(store: Session, wave: int) -> None:
    """Who alone has a role could be found by it among the invited, and her answers in the counts."""
    assert set(store.exec(select(Count.part).where(Count.split == "role"))) == {"utredare", "samordnare"}
    close_wave(store, wave, AT)
    kept = {(row.reporting_unit_id, row.part): row.n for row in parts(store, "role")}
    assert kept == {(1, "utredare"): 9}
    assert recount(store, wave) == ()


def test_the_kept_counts_are_those_of_the_stored_results(store: Session, wave: int) -> None:
    assert recount(store, wave) == ()
    close_wave(store, wave, AT)
    assert recount(store, wave) == ()


def damage(store: Session) -> None:
    """Raise one count, lose another, and lose an answer of a person and her number."""
    store.get_one(Count, (1, "sex", "KOMP-04", "option", "nej", "man")).n += 1
    store.delete(store.get_one(Count, (2, "", "KOMP-03", "option", "2-4", "")))
    store.delete(store.get_one(Result, ("key-13", "KOMP-06", "0-1")))
    store.get_one(ReportingUnit, 2).answers = 4
    store.commit()


def test_a_count_that_differs_is_told_by_unit_and_item_without_the_number(store: Session, wave: int) -> None:
    damage(store)
    assert set(recount(store, wave)) == {
        Difference("Bromma", "KOMP-04", "sex", 1),
        Difference("Farsta", "KOMP-03", "", 1),
        Difference("Farsta", "KOMP-06", "", 2),
        Difference("Farsta", "KOMP-06", "sex", 2),
        Difference("Farsta", "KOMP-06", "years", 2),
        Difference("Farsta", "KOMP-06", "role", 2),
        Difference("Farsta", "", "", 1),
    }


def test_counts_are_put_right_and_what_was_let_out_does_not_grow(store: Session, wave: int) -> None:
    before = {row.item: row.shown for row in store.exec(select(Count)) if row.reporting_unit_id == 1}
    damage(store)
    wrong = recount(store, wave)
    assert repair(store, wave, "Ada", AT) == wrong
    assert repair(store, wave, "Ada", AT) == ()
    assert recount(store, wave) == ()
    assert store.get_one(ReportingUnit, 2).answers == 3
    assert {row.item: row.shown for row in store.exec(select(Count)) if row.reporting_unit_id == 1} == before
    assert [entry.actor for entry in store.exec(select(AuditEntry))] == ["Ada"]


def test_roles_that_hold_more_than_the_whole_are_told_and_erased_once_nothing_leads_to_them(
    store: Session, wave: int
) -> None:
    close_wave(store, wave, AT)
    store.get_one(Count, (1, "role", "KOMP-04", "option", "nej", "utredare")).n = 12
    store.commit()
    assert repair(store, wave, "Ada", AT) == (Difference("Bromma", "KOMP-04", "role", 1),)
    assert recount(store, wave) == ()


def test_counts_of_a_wave_that_there_is_not_are_an_error(store: Session, wave: int) -> None:
    for work in (recount, lambda session, number: repair(session, number, "Ada", AT)):
        with pytest.raises(LookupError, match="no wave 9"):
            work(store, 9)


@pytest.mark.parametrize(("promise", "roles"), [("anonymous", set()), ("confidential", {"utredare"})])
def test_an_anonymous_answer_is_counted_without_its_role(
    archive: Engine, act: Callable[..., Conversation], promise: str, roles: set[str]
) -> None:
    with writing(archive) as session:
        session.get_one(Wave, 1).promise = promise
        session.commit()
    for action, *values in ((Action.BEGIN,), (Action.ANSWER, "nej"), (Action.SEND_PARTIAL,)):
        act(action, *values)
    with reading(archive) as session:
        assert set(session.exec(select(Count.part).where(Count.split == "role"))) == roles
        assert recount(session, 1) == ()
