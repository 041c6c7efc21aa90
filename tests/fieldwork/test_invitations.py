from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from sqlmodel import Session, SQLModel, func, select

from fieldwork.errors import UnknownInvitation
from fieldwork.interviews import show
from fieldwork.invitations import find_invitation, import_invitees, mint_link, open_link
from fieldwork.problems import InputError
from fieldwork.reviews import close_wave
from fieldwork.spreadsheets import as_xlsx
from models.tables import AccessToken, Address, Invitation, Organisation, Person, Subject

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
HEADER = "referens,adress,distrikt,enhet,roll,i tjänst\n"
ONE = HEADER + "A-1,a1@example.se,Lindhagen,Ekonomiskt bistånd,socialsekreterare,ja\n"


def number_of(store: Session, table: type[SQLModel]) -> int:
    return store.exec(select(func.count()).select_from(table)).one()


def refused(store: Session, wave: int, content: bytes | str, filename: str = "lista.csv") -> list[str]:
    with pytest.raises(InputError) as caught:
        import_invitees(
            store, wave, content.encode() if isinstance(content, str) else content, filename, dry_run=False
        )
    assert number_of(store, Invitation) == 0
    assert number_of(store, Person) == 0
    assert number_of(store, Address) == 0
    return [str(problem) for problem in caught.value.problems]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_staff_list_is_imported_and_the_absent_are_not_counted_as_invited(
    store: Session, survey: int, staff: bytes
) -> None:
    report = import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    assert (report.rows, report.added, report.updated, report.unchanged, report.away) == (25, 25, 0, 0, 1)
    assert number_of(store, Invitation) == 25
    assert len(store.exec(select(Invitation).where(Invitation.in_service)).all()) == 24
    assert number_of(store, Address) == 23


def test_a_dry_run_reports_and_changes_nothing(store: Session, survey: int, staff: bytes) -> None:
    report = import_invitees(store, survey, staff, "personal.csv", dry_run=True)
    assert (report.added, report.dry_run) == (25, True)
    assert number_of(store, Invitation) == number_of(store, Person) == number_of(store, Subject) == 0


def test_a_district_is_found_by_its_alias(store: Session, survey: int) -> None:
    body = HEADER + "A-1,,norrviks  stadsdelsförvaltning,,,ja\n"
    import_invitees(store, survey, body.encode(), "x.csv", dry_run=False)
    subject = store.exec(select(Subject)).one()
    assert store.get_one(Organisation, subject.organisation_id or 0).name == "Norrvik"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_english_headings_any_separator_and_a_byte_order_mark_are_read(
    store: Session, survey: int, separator: str, mark: bytes
) -> None:
    rows = [
        ("Reference", "Address", "District", "Unit", "Role", "In service", "Language"),
        ("A-1", "a1@example.se", "Lindhagen", "Stöd", "socialsekreterare", "yes", "en"),
    ]
    body = mark + "\r\n".join(separator.join(row) for row in rows).encode()
    import_invitees(store, survey, body, "x.csv", dry_run=False)
    invitation = store.exec(select(Invitation)).one()
    assert (invitation.unit, invitation.language, invitation.in_service) == ("Stöd", "en", True)


def test_a_workbook_is_read_with_its_numbers_and_truth_values(store: Session, survey: int) -> None:
    content = workbook(
        ["referens", "adress", "distrikt", "i tjänst"],
        [17, None, "Lindhagen", True],
        [None, None, None, None],
        ["B", "b@example.se", "Söderkulla", "nej"],
    )
    report = import_invitees(store, survey, content, "lista.xlsx", dry_run=False)
    assert (report.rows, report.away) == (2, 1)
    assert find_invitation(store, survey, "17")


def test_a_wrong_header_names_every_missing_and_every_unknown_column(store: Session, survey: int) -> None:
    found = refused(store, survey, "referens,namn,distrikt,distrikt\nA,Anna,Lindhagen,Lindhagen\n")
    assert found[0].startswith("lista.csv: row 1, column B: 'namn' is not a column of this list")
    assert "row 1, column D: 'distrikt' is there twice" in found[1]
    assert "the column 'adress' is missing" in found[2]
    assert "the column 'i tjänst' is missing" in found[3]


def test_a_duplicate_reference_is_told_by_row_and_nobody_is_imported(store: Session, survey: int) -> None:
    found = refused(store, survey, ONE + "a-1,a2@example.se,Lindhagen,,,ja\nB,A1@example.se,Norrvik,,,ja\n")
    assert found == [
        "lista.csv: row 3, referens: is the same reference as in row 2. Correct one of the two rows.",
        "lista.csv: row 4, adress: is the same address as in row 2. Correct one of the two rows.",
    ]


def test_every_fault_of_every_row_is_told_at_once(store: Session, survey: int) -> None:
    rows = (
        ",a@b,Ingenstans,,,kanske",
        "19800101-1234,=1+1,Lindhagen,,,ja",
        "ok,,Lindhagen,,,ja",
        f"{'x' * 201},,Lindhagen,,,ja",
    )
    found = "\n".join(refused(store, survey, HEADER + "\n".join(rows)))
    for fault in (
        "row 2, referens: is empty",
        "row 2, adress: is not a mail address",
        "row 2, distrikt: 'Ingenstans' is no district of this wave",
        "row 2, i tjänst: is neither ja nor nej",
        "row 3, referens: looks like a personal identity number",
        "row 3, adress: begins like a formula",
        "row 5, referens: is longer than 200 characters",
    ):
        assert fault in found
    assert "row 4" not in found
    assert "19800101" not in found


def test_latin_1_bytes_are_refused_with_the_line_and_what_to_do(store: Session, survey: int) -> None:
    body = (HEADER.replace("ä", "a") + "A,,Söderkulla,,,ja\n").encode("latin-1")
    found = refused(store, survey, body)
    assert len(found) == 1
    assert found[0].startswith("lista.csv: line 2: is not UTF-8; it looks like Latin-1 (Windows) text. Save")


def test_a_reference_is_the_same_whatever_its_capitals(store: Session, survey: int) -> None:
    for first, again in (("LH-01", "lh-01"), ("Å-1", "å-1")):
        body = HEADER + f"{first},,Söderkulla,,,ja\n"
        assert import_invitees(store, survey, body.encode(), "a.csv", dry_run=False).added == 1
        report = import_invitees(store, survey, body.replace(first, again).encode(), "b.csv", dry_run=False)
        assert (report.added, report.unchanged) == (0, 1)
        assert find_invitation(store, survey, again) == find_invitation(store, survey, first)


@pytest.mark.parametrize("unseen", ["\x07", "\u202e", "\u200b", "\ufeff"])
def test_characters_that_cannot_be_seen_are_refused(store: Session, survey: int, unseen: str) -> None:
    (told,) = refused(store, survey, HEADER + f"LH-{unseen}01,,Söderkulla,,,ja\n")
    assert "row 2, referens: holds a character that cannot be seen" in told


def test_an_address_is_judged_as_where_mail_is_sent(store: Session, survey: int) -> None:
    (told,) = refused(store, survey, HEADER + "A,anna..ek@x.se,Söderkulla,,,ja\n")
    assert "row 2, adress: is not a mail address" in told


def test_a_formula_or_a_cell_too_many_hides_no_other_fault(store: Session, survey: int) -> None:
    header = ["referens", "adress", "distrikt", "i tjänst"]
    content = workbook(header, ["A", "=B1", "Söderkulla", "ja"], ["B", "", "Åkö", "kanske", "", "mer"])
    told = " ".join(refused(store, survey, content, "lista.xlsx"))
    for part in ("cell B2: holds a formula", "row 3: has something in column", "'Åkö'", "neither ja nor nej"):
        assert part in told
    assert told.count("row 2") == 0
    wrong_header = workbook([*header, "skonummer"], ["A", "=B1", "Söderkulla", "ja"])
    told = " ".join(refused(store, survey, wrong_header, "lista.xlsx"))
    assert "cell B2: holds a formula" in told
    assert "'skonummer' is not a column" in told


@pytest.mark.parametrize("content", [bytes(range(256)), b"\xd0\xcf\x11\xe0\x00\x00", "a;b".encode("utf-16")])
def test_bytes_that_are_no_text_are_not_taken_for_latin_1(
    store: Session, survey: int, content: bytes
) -> None:
    (told,) = refused(store, survey, content)
    assert "is neither text (CSV) nor an Excel workbook (XLSX)" in told


def test_a_formula_is_refused_by_the_name_of_its_cell(store: Session, survey: int) -> None:
    content = workbook(
        ["referens", "adress", "distrikt", "i tjänst"], ["A", '=HYPERLINK("x")', "Lindhagen", "ja"]
    )
    found = refused(store, survey, content, "lista.xlsx")
    assert found == ["lista.xlsx: cell B2: holds a formula. Copy the column and paste it as values."]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "is empty"),
        (b"\n\n;;\n", "is empty"),
        (b"PK\x03\x04broken", "cannot be read as a workbook"),
        (b"x" * (10 * 1024 * 1024 + 1), "is larger than 10 MB"),
        (b"referens,adress\nA,B,C\n", "has something in column C"),
        (b'referens,adress\n"A,B\n', "is not valid CSV"),
        (b"referens\n" + b"A\n" * 20_001, "has more than 20000 rows"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    store: Session, survey: int, content: bytes, rule: str
) -> None:
    assert rule in refused(store, survey, content)[0]


def test_importing_the_same_list_again_changes_nothing(store: Session, survey: int, staff: bytes) -> None:
    import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    report = import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 25)
    assert number_of(store, Invitation) == 25


def test_a_corrected_list_updates_those_already_invited(store: Session, survey: int) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    corrected = ONE.replace("a1@", "ny@").replace("Lindhagen", "Norrvik").replace(",ja", ",nej")
    report = import_invitees(store, survey, corrected.encode(), "x.csv", dry_run=False)
    assert (report.updated, report.away) == (1, 1)
    assert store.exec(select(Address.value)).all() == ["ny@example.se"]
    assert store.exec(select(Invitation.in_service)).all() == [False]


def test_someone_who_has_begun_keeps_the_district(store: Session, survey: int) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    invitation = store.exec(select(Invitation)).one()
    invitation.begun_at = NOW
    store.commit()
    moved = ONE.replace("Lindhagen", "Norrvik").replace("a1@", "ny@")
    with pytest.raises(InputError, match="another district than the one in which this person has begun"):
        import_invitees(store, survey, moved.encode(), "x.csv", dry_run=False)
    assert store.exec(select(Address.value)).all() == ["a1@example.se"]


def test_someone_who_has_begun_cannot_become_one_who_was_never_invited(store: Session, survey: int) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    invitation = store.exec(select(Invitation)).one()
    invitation.begun_at = NOW
    store.commit()
    with pytest.raises(InputError, match="row 2, i tjänst: is nej for a person who has begun"):
        import_invitees(store, survey, ONE.replace(",ja", ",nej").encode(), "x.csv", dry_run=False)
    store.refresh(invitation)
    assert invitation.in_service


def test_who_is_not_in_service_cannot_answer_even_with_an_earlier_link(store: Session, survey: int) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    invitation = find_invitation(store, survey, "A-1")
    import_invitees(store, survey, ONE.replace(",ja", ",nej").encode(), "x.csv", dry_run=False)
    with pytest.raises(InputError, match="is not invited to this wave"):
        find_invitation(store, survey, "A-1")
    with pytest.raises(UnknownInvitation):
        show(store, invitation, now=NOW)


def test_two_people_of_a_wave_do_not_share_an_address(store: Session, survey: int) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    other = ONE.replace("A-1,a1@", "A-2,A1@")
    with pytest.raises(InputError, match="row 2, adress: is that of somebody else in this wave"):
        import_invitees(store, survey, other.encode(), "x.csv", dry_run=False)
    swapped = ONE.replace("a1@", "ny@") + other.removeprefix(HEADER)
    assert import_invitees(store, survey, swapped.encode(), "x.csv", dry_run=False).added == 1


def test_nobody_is_invited_to_a_closed_wave_or_to_a_file(
    store: Session, survey: int, file_review: int, staff: bytes
) -> None:
    with pytest.raises(InputError, match="is about files"):
        import_invitees(store, file_review, staff, "x.csv", dry_run=False)
    close_wave(store, survey, NOW)
    with pytest.raises(InputError, match="is closed"):
        import_invitees(store, survey, staff, "x.csv", dry_run=False)


def test_an_unknown_reference_is_no_invitation(store: Session, survey: int) -> None:
    with pytest.raises(InputError, match="is not invited to this wave"):
        find_invitation(store, survey, "nobody")


def test_a_link_opens_its_invitation_until_it_expires_and_is_stored_as_a_hash_only(
    store: Session, survey: int
) -> None:
    import_invitees(store, survey, ONE.encode(), "x.csv", dry_run=False)
    invitation = find_invitation(store, survey, "A-1")
    mint_link(store, invitation, "secret-token", NOW, NOW + timedelta(days=1))
    assert open_link(store, "secret-token", NOW) == invitation
    assert open_link(store, "secret-token", NOW + timedelta(days=1)) is None
    assert open_link(store, "another-token", NOW) is None
    assert open_link(store, "", NOW) is None
    assert open_link(store, "\udc80", NOW) is None
    assert "secret" not in store.exec(select(AccessToken.hash)).one()


def test_no_cell_of_a_written_workbook_is_a_formula(store: Session, survey: int) -> None:
    content = as_xlsx(("referens", "adress", "distrikt", "i tjänst"), [("=1+1", "", "Lindhagen", "ja")])
    assert refused(store, survey, content, "x.xlsx")[0].startswith(
        "x.xlsx: row 2, referens: begins like a formula"
    )
