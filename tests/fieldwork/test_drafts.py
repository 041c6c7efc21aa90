"""Planning a wave: kept as it is entered, checked by the rules of the wave file, launched all at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import drafts
from fieldwork.draft_fields import KEYS, SOURCE, beginning, belongs, wave_file
from fieldwork.drafts import Draft, StaffReport
from fieldwork.errors import NotAllowed
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer
from fieldwork.wave_files import read_wave_file
from models.database import reading, writing
from models.planning_tables import WaveDraft
from models.tables import Address, AuditEntry, Invitation, Organisation, Review, Wave
from questionnaires.errors import Problem

NOW = datetime(2026, 9, 30, 10, tzinfo=UTC)
ANNA = Viewer("Anna", Role.INSPECTOR)
WRITTEN = {
    "review": "Ekonomiskt bistånd i Lindhagen",
    "name": "Enkät hösten",
    "contact_phone": "08-508 00 000",
    "informed_on": "2026-09-22",
    "districts": [["Lindhagen", 13, 13], ["Norrvik", None, None], ["Söderkulla", None, None]],
}


@pytest.fixture
def staff(staff: bytes) -> bytes:
    """The example staff list with one spelling for each district."""
    return staff.replace("Norrviks stadsdelsförvaltning".encode(), b"Norrvik")


@pytest.fixture
def written(store: Session, staff: bytes) -> int:
    """A plan with everything in it."""
    number = drafts.begin(store, ANNA, NOW)
    drafts.change(store, ANNA, number, WRITTEN, NOW)
    drafts.keep_staff(store, ANNA, number, "personal.csv", staff, NOW)
    return number


def kept(store: Session, number: int) -> Draft:
    return next(draft for draft in drafts.drafts(store, ANNA) if draft.id == number)


def found_in(store: Session, number: int) -> tuple[Problem, ...]:
    draft = kept(store, number)
    return drafts.problems(store, ANNA, draft, drafts.staff_report(draft), NOW)


def everything(archive: Engine, table: type) -> list[Any]:
    with reading(archive) as session:
        return list(session.exec(select(table)).all())


def test_a_plan_is_kept_as_it_is_entered_right_or_wrong(store: Session, archive: Engine) -> None:
    number = drafts.begin(store, ANNA, NOW)
    drafts.change(store, ANNA, number, {"opens": "i morgon"}, NOW)
    drafts.change(store, ANNA, number, {"review": "Halv"}, NOW)
    with writing(archive) as another:
        fields = kept(another, number).fields
    assert (fields["opens"], fields["review"], fields["contact_name"]) == ("i morgon", "Halv", "Anna")


def test_a_new_plan_lacks_only_what_nobody_can_guess(store: Session) -> None:
    number = drafts.begin(store, ANNA, NOW)
    found = found_in(store, number)
    assert {problem.item for problem in found} == {
        "review.title", "wave.name", "contact.phone", "organisation", "wave.informed_on", "staff",
    }  # fmt: skip


def test_the_fields_make_a_wave_file_and_each_key_has_a_field() -> None:
    fields = {**beginning(NOW.date(), "Anna"), **WRITTEN}
    plan = read_wave_file(wave_file(fields), SOURCE)
    assert plan.wave.informed_on is not None
    assert plan.schedule.reminders == [7, 14, 21]
    assert [each.posts for each in plan.organisation] == [13, None, None]
    assert set(fields) == set(KEYS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opens", "i morgon"),
        ("closes", "2020-01-01"),
        ("reminders", "sju"),
        ("reminders", "14, 7"),
        ("hours", "22:00-23:00"),
        ("doors", ["telegram"]),
        ("doors", ["paper"]),
        ("form", ["finns.inte"]),
        ("smallest_group", 1),
        ("purpose_sv", ""),
        ("districts", [["Lindhagen", 1, 2]]),
        ("districts", []),
    ],
)
def test_a_problem_belongs_to_the_field_that_it_is_about(
    store: Session, written: int, field: str, value: object
) -> None:
    drafts.change(store, ANNA, written, {field: value}, NOW)
    found = found_in(store, written)
    about = "telegram_reason" if value == ["telegram"] else field
    assert found
    about_staff = {"staff"} if field == "districts" else set()
    if field != "form":
        assert all(belongs(about, problem.item) for problem in found if problem.item not in about_staff)


def test_the_districts_of_the_list_become_those_of_the_wave(store: Session, staff: bytes) -> None:
    number = drafts.begin(store, ANNA, NOW)
    drafts.keep_staff(store, ANNA, number, "personal.csv", staff, NOW)
    draft = kept(store, number)
    assert [name for name, *_ in draft.fields["districts"]] == ["Lindhagen", "Norrvik", "Söderkulla"]
    report = drafts.staff_report(draft)
    assert (report.total, report.away, report.problems) == (24, 1, ())
    assert report.invited["Lindhagen"] == 13


def test_every_fault_of_the_list_is_told_by_row_and_the_list_is_kept(store: Session, written: int) -> None:
    bad = "referens,adress,distrikt,i tjänst\nA,fel,Månen,kanske\n".encode()
    drafts.keep_staff(store, ANNA, written, "fel.csv", bad, NOW)
    report = drafts.staff_report(kept(store, written))
    assert {problem.item for problem in report.problems} == {
        "row 2, adress", "row 2, distrikt", "row 2, i tjänst",
    }  # fmt: skip
    drafts.keep_staff(store, ANNA, written, "fel.xlsx", b"PK-nonsens", NOW)
    assert drafts.staff_report(kept(store, written)).problems


def test_a_formula_hides_no_other_fault_and_no_district(store: Session) -> None:
    book = Workbook()
    for row in (
        ["referens", "adress", "distrikt", "i tjänst"],
        ["A", "=B2", "Norrvik", "ja"],
        ["B", "fel", "Norrvik", "ja"],
    ):
        book.active.append(row)
    written = BytesIO()
    book.save(written)
    number = drafts.begin(store, ANNA, NOW)
    drafts.keep_staff(store, ANNA, number, "personal.xlsx", written.getvalue(), NOW)
    draft = kept(store, number)
    assert [name for name, *_ in draft.fields["districts"]] == ["Norrvik"]
    assert [each.item for each in drafts.staff_report(draft).problems] == ["cell B2", "row 3, adress"]


def test_a_plan_that_is_gone_is_told_whatever_is_done_to_it(store: Session, written: int) -> None:
    drafts.launch(store, ANNA, written, NOW, "sv")
    for act in (
        lambda: drafts.launch(store, ANNA, written, NOW, "sv"),
        lambda: drafts.change(store, ANNA, written, {"review": "Ny"}, NOW),
        lambda: drafts.keep_staff(store, ANNA, written, "a.csv", b"", NOW),
        lambda: drafts.discard(store, ANNA, written),
    ):
        with pytest.raises(InputError, match="in another window"):
            act()


def test_the_plan_is_simulated_from_its_days_alone(store: Session, written: int) -> None:
    draft = kept(store, written)
    plan = drafts.simulated(draft, drafts.staff_report(draft), NOW)
    assert plan is not None
    assert [(each.invitations, each.reminders) for each in plan.coming] == [
        (23, 0),
        (0, 23),
        (0, 23),
        (0, 23),
    ]
    assert plan.unreachable == 1
    drafts.change(store, ANNA, written, {"review": "", "contact_phone": ""}, NOW)
    assert drafts.simulated(kept(store, written), drafts.staff_report(draft), NOW) == plan
    drafts.change(store, ANNA, written, {"opens": "?"}, NOW)
    assert drafts.simulated(kept(store, written), drafts.staff_report(draft), NOW) is None


def test_a_launch_makes_the_wave_invites_the_staff_and_starts(
    store: Session, archive: Engine, written: int
) -> None:
    number = drafts.launch(store, ANNA, written, NOW, "sv")
    (wave,) = everything(archive, Wave)
    assert (wave.id, wave.started_at, wave.name) == (number, NOW, "Enkät hösten")
    assert len([each for each in everything(archive, Invitation) if each.in_service]) == 24
    assert everything(archive, WaveDraft) == []
    assert {entry.action for entry in everything(archive, AuditEntry)} == {"start", "create"}


def test_a_launch_that_is_refused_at_its_last_step_leaves_nothing_behind(
    store: Session, archive: Engine, written: int
) -> None:
    bad = "referens,adress,distrikt,i tjänst\nA,a@example.se,Norrvik,nej\n".encode()
    drafts.keep_staff(store, ANNA, written, "tom.csv", bad, NOW)
    with pytest.raises(InputError, match="has nobody to invite"):
        drafts.launch(store, ANNA, written, NOW, "sv")
    store.rollback()
    for table in (Wave, Review, Organisation, Address, AuditEntry):
        assert everything(archive, table) == []
    assert len(everything(archive, WaveDraft)) == 1


def test_nothing_starts_before_the_staff_are_informed(store: Session, written: int) -> None:
    for day in ("", "2026-10-01"):
        drafts.change(store, ANNA, written, {"informed_on": day}, NOW)
        with pytest.raises(InputError, match="have not been informed"):
            drafts.launch(store, ANNA, written, NOW, "sv")


def test_a_plan_that_is_thrown_away_takes_its_staff_list_along(
    store: Session, archive: Engine, written: int
) -> None:
    drafts.discard(store, ANNA, written)
    assert everything(archive, WaveDraft) == []


@pytest.mark.parametrize("who", [Viewer("Mia", Role.MANAGER), Viewer("Ada", Role.ADMINISTRATOR)])
@pytest.mark.parametrize(
    "act",
    [
        lambda s, who, _: drafts.begin(s, who, NOW),
        lambda s, who, n: drafts.change(s, who, n, {}, NOW),
        lambda s, who, n: drafts.keep_staff(s, who, n, "a.csv", b"", NOW),
        drafts.discard,
        lambda s, who, n: drafts.launch(s, who, n, NOW, "sv"),
        lambda s, who, _: drafts.drafts(s, who),
        lambda s, who, n: drafts.problems(s, who, Draft(n, {}, "", None), StaffReport({}, 0, 0), NOW),
    ],
)
def test_only_an_inspector_plans(
    store: Session, written: int, act: Callable[[Session, Viewer, int], object], who: Viewer
) -> None:
    with pytest.raises(NotAllowed):
        act(store, who, written)
