"""Who was invited is erased some weeks after the close, but for what another wave needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from office import Office
from sqlmodel import Session, col, select

from fieldwork.dispositions import participation
from fieldwork.identities import KEPT, erase_identities
from fieldwork.reviews import close_wave
from fieldwork.rights import Role, Viewer
from models.tables import AccessToken, Address, AuditEntry, Invitation, Person, Subject, Wave

CLOSED = datetime(2026, 10, 31, tzinfo=UTC)
DUE = CLOSED + KEPT
INSPECTOR = Viewer("Anna", Role.INSPECTOR)


def test_who_was_invited_goes_a_month_after_the_close_and_the_counts_stay(
    office: Office, store: Session
) -> None:
    office.send()
    close_wave(store, 1, CLOSED)
    before = participation(store, INSPECTOR, 1)
    assert erase_identities(store, DUE - timedelta(seconds=1)) == ()
    assert len(store.exec(select(Person)).all()) == 15
    assert erase_identities(store, DUE) == ("Hösten",)
    for table in (Person, Address, AccessToken):
        assert store.exec(select(table)).all() == []
    assert set(store.exec(select(Subject.person_id))) == {None}
    assert set(store.exec(select(Invitation.role))) == {""}
    assert participation(store, INSPECTOR, 1) == before
    assert store.get_one(Wave, 1).identities_erased_at == DUE
    assert store.exec(select(AuditEntry.target).where(AuditEntry.action == "erase identities")).all() == [
        "wave 1"
    ]
    assert erase_identities(store, DUE + KEPT) == ()


def test_somebody_invited_to_another_wave_keeps_what_that_one_needs(office: Office, store: Session) -> None:
    first = store.get_one(Wave, 1)
    again = first.model_dump(exclude={"id"}) | {"name": "Våren"}
    store.add(Wave(**again))
    store.flush()
    store.add(Subject(wave_id=2, kind="self", person_id=3))
    store.commit()
    close_wave(store, 1, CLOSED)
    assert erase_identities(store, DUE) == ("Hösten",)
    assert store.exec(select(Person.reference)).all() == ["P3"]
    assert store.exec(select(Address.value)).all() == ["p3@example.se"]
    assert store.exec(select(Subject.wave_id).where(col(Subject.person_id) == 3)).all() == [2]


def test_an_open_wave_keeps_everybody(office: Office, store: Session) -> None:
    assert erase_identities(store, DUE + KEPT) == ()
    assert len(store.exec(select(Person)).all()) == 15
