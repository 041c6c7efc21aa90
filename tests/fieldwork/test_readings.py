"""What two readers of the same files and coders of the same answers said, to see how far they agree."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
from sqlmodel import Session, select

from analysis.agreement_tables import agreement_table
from fieldwork.errors import NotAllowed
from fieldwork.forms import form_of
from fieldwork.protocols import import_protocols
from fieldwork.readings import readings
from fieldwork.rights import Role, Viewer
from models.tables import AuditEntry, Coding, ReportingUnit, User, Wave

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
INGA = Viewer("inga", Role.INSPECTOR)
HEADER = "löpnummer,distrikt,AKT12-01,AKT12-08"
ids = (f"id-{number}" for number in count())


def read(store: Session, wave: int, user: str, part: str, *answers: str) -> None:
    lines = [HEADER, *(f"{number},Lindhagen,{answer}" for number, answer in enumerate(answers, 1))]
    import_protocols(
        store, wave, "\n".join(lines).encode(), "protokoll.csv",
        user=user, part=part, now=NOW, fresh_id=lambda: next(ids), dry_run=False,
    )  # fmt: skip


@pytest.fixture
def read_twice(store: Session, file_review: int) -> int:
    """Files 1 to 4 by the first reader, 1 to 3 by the second."""
    store.add_all(User(name=name, role="inspector") for name in ("inga", "olle"))
    store.commit()
    read(store, file_review, "inga", "reader1", "Ja,Ja", "Ja,Nej", "Nej,Nej", "Ja,Ja")
    read(store, file_review, "olle", "reader2", "Ja,Ja", "Nej,Nej", "Nej,")
    return file_review


def test_readers_are_compared_on_the_files_that_both_have_read(store: Session, read_twice: int) -> None:
    found = {each.about: each for each in readings(store, INGA, read_twice, NOW)}
    first = found["AKT12-01"]
    assert (first.first, first.second) == (("ja", "ja", "nej"), ("ja", "nej", "nej"))
    assert found["AKT12-08"].second == ("ja", "nej", None)
    entry = store.exec(select(AuditEntry).where(AuditEntry.action == "agreement")).one()
    assert (entry.actor, entry.target) == ("inga", f"wave {read_twice}")


def test_the_table_tells_share_kappa_and_base_rates(store: Session, read_twice: int) -> None:
    pairs = [each for each in readings(store, INGA, read_twice, NOW) if each.about == "AKT12-01"]
    rows = agreement_table(((p.about, p.names, p.first, p.second, p.order) for p in pairs), "sv").rows
    assert [row[2:6] for row in rows] == [("3", "2", "67\xa0%", "0,40")]
    assert rows[0][-1] == "ja 67\xa0% / 33\xa0%, nej 33\xa0% / 67\xa0%"


def test_coders_are_compared_code_by_code_on_what_both_have_coded(store: Session, survey: int) -> None:
    unit = store.exec(select(ReportingUnit.id)).first() or 0
    place = {"item": "KVAL-01", "wave_id": survey, "reporting_unit_id": unit, "at": NOW}
    codes = [
        code.name for code in form_of(store, store.get_one(Wave, survey).form_id).by_name["KVAL-01"].codes
    ]
    given = (("a", "inga", 0), ("a", "olle", 0), ("b", "inga", 0), ("b", "olle", 1), ("c", "inga", 1))
    store.add_all(Coding(key=key, coder=coder, code=codes[code], **place) for key, coder, code in given)
    store.commit()
    found = {each.about: (each.names, each.first, each.second) for each in readings(store, INGA, survey, NOW)}
    assert found == {
        f"KVAL-01 {codes[0]}": (("inga", "olle"), ("ja", "ja"), ("ja", "nej")),
        f"KVAL-01 {codes[1]}": (("inga", "olle"), ("nej", "nej"), ("nej", "ja")),
    }


@pytest.mark.parametrize("viewer", [Viewer("chef", Role.MANAGER), Viewer("", Role.INSPECTOR)])
def test_only_a_named_inspector_compares(store: Session, file_review: int, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        readings(store, viewer, file_review, NOW)
