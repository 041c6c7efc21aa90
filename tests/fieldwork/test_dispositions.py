from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from fieldwork.dispositions import participation
from fieldwork.invitations import import_invitees
from fieldwork.rights import Role, Viewer
from models.tables import Interview, Invitation, ReportingUnit, Staffing, Wave

INSPECTOR = Viewer("inga", Role.INSPECTOR)
MANAGER = Viewer("chef", Role.MANAGER)
WEDNESDAY = datetime(2026, 10, 7, 9, tzinfo=UTC)


@pytest.fixture
def answered(store: Session, survey: int, staff: bytes) -> int:
    """Lindhagen: 5 begun, 3 sent (1 partial), 1 declined. Norrvik-Söderkulla: nobody yet."""
    import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    wave = store.get_one(Wave, survey)
    people = store.exec(select(Invitation).order_by(col(Invitation.id))).all()
    for number, person in enumerate(people[:5]):
        person.begun_at = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
        sent = datetime(2026, 10, 2 + number, 22, 30, tzinfo=UTC) if number < 3 else None
        person.finished_at = sent
        store.add(
            Interview(
                id=f"i{number}",
                invitation_id=person.id,
                wave_id=survey,
                form_id=wave.form_id,
                reporting_unit_id=person.reporting_unit_id,
                sent_at=sent,
            )
        )
    store.get_one(ReportingUnit, people[0].reporting_unit_id).partial = 1
    people[5].declined_at = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
    store.commit()
    return survey


def test_participation_counts_posts_filled_invited_begun_sent_partial_declined_and_dropout(
    store: Session, answered: int
) -> None:
    first, second = participation(store, INSPECTOR, answered).units
    assert (first.label, first.posts, first.filled, first.invited) == ("Lindhagen", 13, 13, 13)
    assert (first.begun, first.sent, first.partial, first.declined, first.dropout) == (5, 3, 1, 1, 10)
    assert (second.label, second.posts, second.filled, second.invited) == ("Norrvik-Söderkulla", 13, 11, 11)
    assert (second.begun, second.sent, second.dropout) == (0, 0, 11)


def test_the_total_is_the_sum_of_the_units(store: Session, answered: int) -> None:
    total = participation(store, INSPECTOR, answered).total
    assert (total.posts, total.filled, total.invited, total.sent, total.dropout) == (26, 24, 24, 3, 21)


def test_the_total_tells_no_posts_where_a_unit_does_not(store: Session, answered: int) -> None:
    member = store.exec(select(Staffing).where(Staffing.wave_id == answered)).first()
    assert member is not None
    store.delete(member)
    store.commit()
    found = participation(store, INSPECTOR, answered)
    assert sorted((unit.posts is None, unit.filled is None) for unit in found.units) == [
        (False, False),
        (True, True),
    ]
    assert (found.total.posts, found.total.filled, found.total.invited) == (None, None, 24)


def test_a_day_of_the_curve_ends_at_midnight_where_people_live(store: Session, answered: int) -> None:
    assert participation(store, INSPECTOR, answered).curve == (
        (date(2026, 10, 3), 1),
        (date(2026, 10, 4), 1),
        (date(2026, 10, 5), 1),
    )
    assert participation(store, INSPECTOR, answered, "UTC").curve[0] == (date(2026, 10, 2), 1)


def test_a_wave_without_staffing_says_so_instead_of_zero(store: Session, file_review: int) -> None:
    found = participation(store, INSPECTOR, file_review)
    assert [(unit.posts, unit.filled) for unit in (*found.units, found.total)] == [(None, None)] * 3
    assert [unit.invited for unit in found.units] == [12, 8]


def shrink(store: Session, survey: int, left: int) -> None:
    """Leave so many invited in the second unit."""
    small = store.exec(select(ReportingUnit).where(ReportingUnit.label != "Lindhagen")).one()
    mine = select(Invitation).where(Invitation.reporting_unit_id == small.id, Invitation.in_service)
    for person in store.exec(mine).all()[left:]:
        person.in_service = False
    store.commit()


def test_a_manager_sees_no_small_unit_no_total_that_would_give_it_away_and_no_curve(
    store: Session, answered: int
) -> None:
    shrink(store, answered, 4)
    found = participation(store, MANAGER, answered, now=WEDNESDAY)
    assert [(unit.withheld, unit.invited, unit.posts) for unit in found.units] == [
        (False, 13, 13),
        (True, 0, None),
    ]
    assert (found.total.invited, found.whole) == (13, False)
    assert found.curve == ()
    assert participation(store, INSPECTOR, answered).units[1].invited == 4


def test_small_units_that_have_enough_invited_together_are_in_a_managers_total(
    store: Session, answered: int
) -> None:
    shrink(store, answered, 4)
    third = ReportingUnit(wave_id=answered, label="Tredje", position=9)
    store.add(third)
    store.flush()
    for person in store.exec(
        select(Invitation).where(Invitation.reporting_unit_id == 1, Invitation.in_service)
    ).all()[5:7]:
        person.reporting_unit_id = third.id or 0
    store.commit()
    found = participation(store, MANAGER, answered, now=WEDNESDAY)
    assert [unit.withheld for unit in found.units] == [False, True, True]
    assert (found.total.invited, found.whole) == (11 + 4 + 2, True)


def test_a_manager_sees_who_had_sent_at_midnight_and_nothing_of_those_who_have_not(
    store: Session, answered: int
) -> None:
    sent = {
        hour: participation(store, MANAGER, answered, now=datetime(2026, 10, 4, hour, tzinfo=UTC)).units[0]
        for hour in (0, 12, 21, 22)
    }
    assert [unit.sent for unit in sent.values()] == [1, 1, 1, 2]
    assert {(unit.begun - unit.sent, unit.partial, unit.declined) for unit in sent.values()} == {(0, 0, 0)}
    with pytest.raises(ValueError, match="what time it is"):
        participation(store, MANAGER, answered)


def test_of_a_printed_wave_a_manager_sees_what_is_printed(store: Session, answered: int) -> None:
    shrink(store, answered, 2)
    store.get_one(Wave, answered).policy = "published"
    store.commit()
    assert participation(store, MANAGER, answered) == participation(store, INSPECTOR, answered)
