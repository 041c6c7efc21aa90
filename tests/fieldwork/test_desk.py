"""What an inspector does with a wave under way: done, noted in the audit log, refused to everybody else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from office import TUESDAY, Office, local
from sqlmodel import Session, col, select

from fieldwork import desk
from fieldwork.errors import NotAllowed
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer
from models.database import reading
from models.tables import AccessToken, Address, AuditEntry, Invitation, Person, Wave

ANNA = Viewer("Anna", Role.INSPECTOR)
NOBODY = Viewer("", Role.INSPECTOR)
OTHERS = (Viewer("Mia", Role.MANAGER), Viewer("Ada", Role.ADMINISTRATOR), NOBODY)
READS = ("references", "plan", "not reached", "diary")
NEW = {"reference": "NY-01", "address": "ny@example.se", "district": "Bromma"}
TOKENS = (f"t-{number}" for number in itertools.count())
MAKING = {"base_url": "https://g.example", "fresh_token": lambda: next(TOKENS), "now": TUESDAY}

Act = Callable[[Session, Viewer], object]
ACTS: dict[str, Act] = {
    "references": lambda s, who: desk.references(s, who, 1),
    "plan": lambda s, who: desk.contact_plan(s, who, 1, TUESDAY),
    "not reached": lambda s, who: desk.not_reached(s, who, 1),
    "bounce": lambda s, who: desk.take_bounce(s, who, b"", TUESDAY),
    "add person": lambda s, who: desk.add_person(s, who, 1, NEW, TUESDAY),
    "address": lambda s, who: desk.correct_address(s, who, 1, "P1", "ny@example.se", TUESDAY),
    "link": lambda s, who: desk.send_link(s, who, 1, "P1", TUESDAY),
    "left": lambda s, who: desk.mark_left(s, who, 1, "P1", "slutat", TUESDAY),
    "back": lambda s, who: desk.mark_back(s, who, 1, "P1", TUESDAY),
    "end": lambda s, who: desk.move_end(s, who, 1, date(2026, 11, 13), TUESDAY),
    "start": lambda s, who: desk.start(s, who, 1, TUESDAY),
    "pause": lambda s, who: desk.pause(s, who, 1, TUESDAY),
    "close": lambda s, who: desk.close(s, who, 1, TUESDAY),
    "note": lambda s, who: desk.write_note(s, who, 1, "Ringde Bromma.", TUESDAY),
    "diary": lambda s, who: desk.diary(s, who, 1),
    "links": lambda s, who: desk.links_list(s, who, 1, filename="l.csv", language="sv", **MAKING),
    "slips": lambda s, who: desk.slips(s, who, 1, language="sv", **MAKING),
}


def audited(office: Office) -> list[tuple[str, str, str]]:
    with reading(office.engine) as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)).offset(1)).all()
        return [(row.actor, row.action, row.target) for row in rows]


@pytest.mark.parametrize("who", OTHERS, ids=["manager", "administrator", "nobody"])
@pytest.mark.parametrize("name", ACTS)
def test_nobody_but_a_named_inspector_does_anything(office: Office, name: str, who: Viewer) -> None:
    act = ACTS[name]
    if name in READS and who is NOBODY:
        office.read(lambda session: act(session, who))
        return
    with pytest.raises(NotAllowed):
        office.store(lambda session: act(session, who))
    assert audited(office) == []


def test_an_act_stands_in_the_audit_log_without_names_or_addresses(office: Office) -> None:
    for name in ("add person", "address", "left", "back", "end", "pause", "note"):
        if name == "add person":
            office.store(lambda session: ACTS["address"](session, ANNA))
            continue
        office.store(lambda session, name=name: ACTS[name](session, ANNA))
    log = audited(office)
    assert {actor for actor, _, _ in log} == {"Anna"}
    assert [action for _, action, _ in log] == [
        "correct address", "correct address", "mark left", "mark back", "move end", "pause", "diary",
    ]  # fmt: skip
    assert all(target in {"wave 1", "invitation 1"} for _, _, target in log)


def test_an_act_that_is_refused_is_not_in_the_log(office: Office) -> None:
    with pytest.raises(InputError):
        office.store(lambda session: desk.mark_left(session, ANNA, 1, "P1", " ", TUESDAY))
    assert audited(office) == []


def test_the_references_hold_everybody_in_service_whatever_they_have_done(office: Office) -> None:
    office.change(1, finished_at=TUESDAY)
    office.change(2, in_service=False)
    found = office.read(lambda session: desk.references(session, ANNA, 1))
    assert "P1" in found
    assert "P2" not in found


def test_a_paused_wave_contacts_nobody_until_it_goes_on(office: Office) -> None:
    office.store(lambda session: desk.pause(session, ANNA, 1, TUESDAY))
    assert office.due(TUESDAY) == []
    office.store(lambda session: desk.start(session, ANNA, 1, TUESDAY))
    assert len(office.due(TUESDAY)) == 15


def test_moving_the_end_brings_more_contacts(office: Office) -> None:
    office.send()
    office.store(lambda session: desk.move_end(session, ANNA, 1, date(2026, 10, 12), TUESDAY))
    assert office.due(local(2026, 10, 13, 9)) == []
    office.store(lambda session: desk.move_end(session, ANNA, 1, date(2026, 10, 30), TUESDAY))
    assert len(office.due(local(2026, 10, 13, 9))) == 15


def test_the_diary_is_read_from_its_last_line(office: Office) -> None:
    office.store(lambda session: desk.write_note(session, ANNA, 1, " Först. ", TUESDAY))
    office.store(lambda session: desk.write_note(session, ANNA, 1, "Sedan.", TUESDAY))
    lines = office.read(lambda session: desk.diary(session, ANNA, 1))
    assert [text for _, text in lines] == ["Sedan.", "Först."]
    for empty in (" ", "x" * 2001):
        with pytest.raises(InputError):
            office.store(lambda session, empty=empty: desk.write_note(session, ANNA, 1, empty, TUESDAY))


def test_somebody_added_is_counted_as_invited(store: Session, survey: int) -> None:
    desk.add_person(store, ANNA, survey, {**NEW, "district": "Norrvik"}, TUESDAY)
    assert store.exec(select(Person.reference)).all() == ["NY-01"]
    assert store.exec(select(Address.value)).all() == ["ny@example.se"]


def test_slips_are_a_pdf_with_a_link_for_everyone(store: Session, survey: int) -> None:
    desk.add_person(store, ANNA, survey, {**NEW, "district": "Norrvik"}, TUESDAY)
    pdf = desk.slips(store, ANNA, survey, language="sv", **MAKING)
    assert pdf.startswith(b"%PDF")
    assert len(store.exec(select(AccessToken.id)).all()) == 1


def test_closing_says_how_many_drafts_were_erased(office: Office) -> None:
    assert office.store(lambda session: desk.close(session, ANNA, 1, TUESDAY)) == 0
    with reading(office.engine) as session:
        assert session.get_one(Wave, 1).closed_at == TUESDAY
        assert session.get_one(Invitation, 1).finished_at is None
