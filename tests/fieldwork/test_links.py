from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from itertools import count

import openpyxl
import pytest
from sqlmodel import Session, select

from fieldwork.errors import NotAllowed
from fieldwork.invitations import find_invitation, import_invitees, open_link
from fieldwork.links import PersonalLink, link_maker, links_file, personal_links
from fieldwork.problems import InputError
from fieldwork.reviews import close_wave
from fieldwork.rights import Role, Viewer
from models.tables import AuditEntry, Invitation, Wave

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def links(store: Session, wave: int, at: datetime = NOW) -> tuple[PersonalLink, ...]:
    numbers = count(len(store.exec(select(AuditEntry)).all()) * 1000)
    return personal_links(
        store,
        wave,
        fresh_token=lambda: f"token-{next(numbers)}",
        base_url="https://granska.example.se",
        now=at,
        actor="inspektör",
    )


@pytest.fixture
def invited(store: Session, survey: int, staff: bytes) -> int:
    import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    return survey


def test_everyone_in_service_gets_a_link_to_the_own_conversation(store: Session, invited: int) -> None:
    made = links(store, invited)
    assert len(made) == 24
    assert "NV-09" not in {link.reference for link in made}
    one = next(link for link in made if link.reference == "SK-02")
    assert (one.address, one.district) == ("sk02@example.se", "Söderkulla")
    token = one.link.removeprefix("https://granska.example.se/s/")
    assert open_link(store, token, NOW) == find_invitation(store, invited, "SK-02")


def test_those_who_have_answered_get_one_too_so_that_the_list_tells_nothing(
    store: Session, invited: int
) -> None:
    store.get_one(Invitation, find_invitation(store, invited, "LH-01")).finished_at = NOW
    store.commit()
    assert len(links(store, invited)) == 24


def test_earlier_links_go_on_working(store: Session, invited: int) -> None:
    first, second = links(store, invited)[0], links(store, invited)[0]
    assert first.link != second.link
    tokens = [link.link.rpartition("/")[2] for link in (first, second)]
    assert open_link(store, tokens[0], NOW) == open_link(store, tokens[1], NOW) is not None


def test_making_links_is_noted_in_the_audit_log_without_a_name_of_an_invitee(
    store: Session, invited: int
) -> None:
    links(store, invited)
    entry = store.exec(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.target) == ("inspektör", "personal links", f"wave {invited}")


@pytest.mark.parametrize("informed", [None, datetime(2026, 11, 1, tzinfo=UTC).date()])
def test_no_link_is_made_before_the_staff_have_been_informed(
    store: Session, invited: int, informed: object
) -> None:
    store.get_one(Wave, invited).informed_on = informed  # type: ignore[assignment]
    store.commit()
    with pytest.raises(InputError, match="have not been informed"):
        links(store, invited)


def test_a_wave_without_invitees_a_closed_one_and_one_that_is_over_have_no_links(
    store: Session, survey: int, staff: bytes
) -> None:
    with pytest.raises(InputError, match="has nobody to invite"):
        links(store, survey)
    import_invitees(store, survey, staff, "x.csv", dry_run=False)
    with pytest.raises(InputError, match="is closed"):
        links(store, survey, datetime(2026, 12, 19, tzinfo=UTC))
    close_wave(store, survey, NOW)
    with pytest.raises(InputError, match="is closed"):
        links(store, survey)


LIST = (PersonalLink("=cmd()", "+a@example.se", "Åby", "https://x/s/t"), PersonalLink("B", "", "@Norr", "-"))


def test_a_wave_about_files_has_no_links(store: Session, file_review: int) -> None:
    with pytest.raises(InputError, match="is about files"):
        links(store, file_review)


def test_a_manager_makes_no_links() -> None:
    assert link_maker(Viewer("inga", Role.INSPECTOR)) == "inga"
    assert link_maker(Viewer("adam", Role.ADMINISTRATOR)) == "adam"
    with pytest.raises(NotAllowed, match="answers as that person"):
        link_maker(Viewer("mona", Role.MANAGER))


def test_a_csv_of_links_holds_no_formula(store: Session) -> None:
    content = links_file(LIST, "länkar.csv", "sv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["referens", "adress", "distrikt", "länk"],
        ["'=cmd()", "'+a@example.se", "Åby", "https://x/s/t"],
        ["B", "", "'@Norr", "'-"],
    ]


def test_a_workbook_of_links_holds_text_only(store: Session) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(links_file(LIST, "Links.XLSX", "en"))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["reference", "address", "district", "link"]
    assert [cell.value for cell in sheet[2]] == ["=cmd()", "+a@example.se", "Åby", "https://x/s/t"]
    assert {cell.data_type for cell in sheet[2]} == {"s"}


def test_a_list_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"neither \.csv nor \.xlsx"):
        links_file(LIST, "links.ods", "sv")
