"""When people are contacted, by examples and by properties over whole waves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldwork.schedule import (
    Due,
    Kind,
    PersonFacts,
    Schedule,
    Stop,
    choice_to_moment,
    is_working_day,
    next_allowed,
    next_contact,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
AUTUMN = Schedule(opens=date(2026, 10, 5), ends=date(2026, 11, 15))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM)


def wall(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).strftime("%a %Y-%m-%d %H:%M")


def test_the_invitation_falls_on_the_first_allowed_morning() -> None:
    due = next_contact(AUTUMN, PersonFacts(), local(2026, 10, 1, 12))
    assert isinstance(due, Due)
    assert (due.kind, due.ordinal, wall(due.at)) == (Kind.INVITATION, 1, "Tue 2026-10-06 09:00")


def test_a_late_start_is_due_at_once_within_the_hours() -> None:
    due = next_contact(AUTUMN, PersonFacts(), local(2026, 10, 7, 10, 30))
    assert isinstance(due, Due)
    assert wall(due.at) == "Wed 2026-10-07 10:30"


def test_between_the_windows_the_afternoon_is_next() -> None:
    allowed = next_allowed(local(2026, 10, 7, 11), AUTUMN)
    assert allowed is not None
    assert wall(allowed) == "Wed 2026-10-07 13:00"


def test_the_end_of_a_window_is_outside_it() -> None:
    allowed = next_allowed(local(2026, 10, 8, 15), AUTUMN)
    assert allowed is not None
    assert wall(allowed) == "Tue 2026-10-13 09:00"


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2026, 6, 19),
        date(2026, 5, 14),
        date(2026, 5, 15),
        date(2026, 1, 6),
    ],
)
def test_nobody_is_contacted_on_holidays_eves_and_squeeze_days(day: date) -> None:
    assert not is_working_day(day, frozenset(range(7)))


def test_a_blocked_day_is_passed_over() -> None:
    schedule = Schedule(
        opens=date(2026, 10, 6), ends=date(2026, 11, 15), blocked=frozenset({date(2026, 10, 6)})
    )
    due = next_contact(schedule, PersonFacts(), local(2026, 10, 1))
    assert isinstance(due, Due)
    assert wall(due.at) == "Wed 2026-10-07 09:00"


def test_a_reminder_comes_a_week_after_the_invitation() -> None:
    facts = PersonFacts(contacts=(local(2026, 10, 6, 9, 5),))
    due = next_contact(AUTUMN, facts, local(2026, 10, 6, 9, 6))
    assert isinstance(due, Due)
    assert (due.kind, due.ordinal, wall(due.at)) == (Kind.REMINDER, 2, "Tue 2026-10-13 09:00")


def test_a_fixed_date_is_kept_but_never_within_the_spacing() -> None:
    schedule = Schedule(opens=date(2026, 10, 6), ends=date(2026, 11, 15), reminders=(date(2026, 10, 8),))
    due = next_contact(schedule, PersonFacts(contacts=(local(2026, 10, 7, 9),)), local(2026, 10, 7, 10))
    assert isinstance(due, Due)
    assert wall(due.at) == "Tue 2026-10-13 09:00"


def test_the_respondents_own_choice_replaces_the_next_reminder() -> None:
    facts = PersonFacts(contacts=(local(2026, 10, 6, 9),), chosen=local(2026, 10, 9, 10))
    due = next_contact(AUTUMN, facts, local(2026, 10, 6, 9, 30))
    assert isinstance(due, Due)
    assert wall(due.at) == "Fri 2026-10-09 10:00"


def test_an_hour_from_now_in_the_evening_waits_for_the_working_day() -> None:
    chosen = choice_to_moment("hour", local(2026, 10, 9, 18), AUTUMN)
    facts = PersonFacts(contacts=(local(2026, 10, 6, 9),), chosen=chosen)
    due = next_contact(AUTUMN, facts, local(2026, 10, 9, 18))
    assert isinstance(due, Due)
    assert wall(due.at) == "Mon 2026-10-12 08:00"


def test_the_next_working_day_skips_weekend_and_holidays() -> None:
    chosen = choice_to_moment("next_day", local(2026, 12, 23, 15), AUTUMN)
    assert chosen is not None
    assert wall(chosen) == "Mon 2026-12-28 09:00"


@pytest.mark.parametrize("choice", ["yesterday", "2026-10-09", "2026-10-01", "2027-01-01", "2026-13-40"])
def test_a_day_that_cannot_be_chosen_is_refused(choice: str) -> None:
    assert choice_to_moment(choice, local(2026, 10, 9, 18), AUTUMN) is None


@pytest.mark.parametrize(
    "stop", [Stop.SENT, Stop.DECLINED, Stop.NO_MORE, Stop.DELETED, Stop.LEFT, Stop.CLOSED]
)
def test_nothing_is_due_for_someone_who_is_done(stop: Stop) -> None:
    assert (
        next_contact(AUTUMN, PersonFacts(stops=(stop,), chosen=local(2026, 10, 9, 9)), local(2026, 10, 8))
        is stop
    )


def test_the_maximum_counts_the_invitation() -> None:
    contacts = tuple(local(2026, 10, day, 9) for day in (6, 13, 20, 27))
    assert next_contact(AUTUMN, PersonFacts(contacts=contacts), local(2026, 10, 28)) is Stop.MOST


def test_nothing_is_due_after_the_end() -> None:
    facts = PersonFacts(contacts=(local(2026, 11, 12, 9),))
    assert next_contact(AUTUMN, facts, local(2026, 11, 12, 10)) is Stop.ENDS


def test_the_last_reminder_knows_that_it_is_the_last() -> None:
    contacts = tuple(local(2026, 10, day, 9) for day in (6, 13, 20))
    due = next_contact(AUTUMN, PersonFacts(contacts=contacts), local(2026, 10, 21))
    assert isinstance(due, Due)
    assert due.last


def test_summer_time_begins_and_ends_without_moving_the_hours() -> None:
    for start, end in ((date(2026, 3, 17), date(2026, 4, 12)), (date(2026, 10, 13), date(2026, 11, 8))):
        schedule = Schedule(opens=start, ends=end)
        contacts: tuple[datetime, ...] = ()
        now = datetime.combine(start, time(0), STOCKHOLM)
        while isinstance(due := next_contact(schedule, PersonFacts(contacts=contacts), now), Due):
            assert due.at.astimezone(STOCKHOLM).time() in {time(9), time(13)}
            contacts = (*contacts, due.at)
            now = due.at
        assert len(contacts) >= 3


moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: local(2026, 9, 1) + timedelta(minutes=minutes))


@given(st.lists(moments, max_size=5), moments)
def test_whatever_happened_a_contact_keeps_every_rule(past: list[datetime], now: datetime) -> None:
    contacts = tuple(sorted(moment for moment in past if moment <= now))
    due = next_contact(AUTUMN, PersonFacts(contacts=contacts), now)
    if not isinstance(due, Due):
        return
    at = due.at.astimezone(STOCKHOLM)
    assert due.at >= now
    assert due.ordinal == len(contacts) + 1 <= AUTUMN.most
    assert is_working_day(at.date(), AUTUMN.weekdays)
    assert any(window.start <= at.time() < window.end for window in AUTUMN.hours)
    assert at.date() <= AUTUMN.ends
    assert not contacts or due.at - contacts[-1] >= AUTUMN.spacing
