"""The part [schedule] of a wave file."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session

from fieldwork.problems import InputError
from fieldwork.reviews import create_wave
from fieldwork.schedule import Schedule, Window
from fieldwork.wave_schedule import schedule_of
from models.tables import Wave

WRITTEN = """
[schedule]
reminders = [5, 2026-10-20, 14]
most = 3
spacing = 4
weekdays = ["monday", "friday"]
hours = ["13:00-15:30", "08:15-10:00"]
blocked = [2026-10-30]
"""


def schedule(store: Session, wave_id: int) -> Schedule:
    wave = store.get_one(Wave, wave_id)
    return schedule_of(wave.schedule, wave.opens, wave.closes)


def faults(store: Session, body: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        create_wave(store, body, "plan.toml")
    return [str(problem) for problem in caught.value.problems]


def test_without_a_schedule_the_defaults_hold_between_the_days_of_the_wave(
    store: Session, survey: int
) -> None:
    assert store.get_one(Wave, survey).schedule == {}
    assert schedule(store, survey) == Schedule(opens=date(2026, 10, 1), ends=date(2026, 12, 18))


def test_what_is_written_comes_back_as_it_was_meant(store: Session, plan: str) -> None:
    wave = create_wave(store, plan + WRITTEN, "plan.toml")
    store.expire_all()
    assert schedule(store, wave) == Schedule(
        opens=date(2026, 10, 1),
        ends=date(2026, 12, 18),
        reminders=(5, date(2026, 10, 20), 14),
        most=3,
        spacing=timedelta(days=4),
        weekdays=frozenset({0, 4}),
        hours=(Window(time(8, 15), time(10)), Window(time(13), time(15, 30))),
        blocked=frozenset({date(2026, 10, 30)}),
    )


def test_a_wave_may_have_no_reminders(store: Session, plan: str) -> None:
    wave = create_wave(store, plan + "[schedule]\nreminders = []\n", "plan.toml")
    assert schedule(store, wave).reminders == ()


@pytest.mark.parametrize(
    ("line", "where", "rule"),
    [
        ("reminders = [0]", "schedule.reminders[1]", "neither a date nor a number of days"),
        ("reminders = [true]", "schedule.reminders[1]", "neither a date nor a number of days"),
        ("reminders = [14, 7]", "schedule.reminders", "not in order"),
        ("reminders = [2027-01-05]", "schedule.reminders[1]", "outside the days of the wave"),
        ("most = 0", "schedule.most", "greater than or equal to 1"),
        ("spacing = 0", "schedule.spacing", "greater than or equal to 1"),
        ('weekdays = ["tisdag"]', "schedule.weekdays[1]", "not a day of the week"),
        ("weekdays = []", "schedule.weekdays", "is empty"),
        ('hours = ["06:00-08:00"]', "schedule.hours[1]", "not a stretch between 07:00 and 20:00"),
        ('hours = ["11:00-09:00"]', "schedule.hours[1]", "not a stretch"),
        ('hours = ["9-11"]', "schedule.hours[1]", "not a stretch"),
        ("blocked = [1]", "schedule.blocked[1]", "is not a date"),
        ("weekend = true", "schedule.weekend", "is not a key of the wave file"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    store: Session, plan: str, line: str, where: str, rule: str
) -> None:
    told = faults(store, f"{plan}\n[schedule]\n{line}\n")
    assert len(told) == 1
    assert where in told[0]
    assert rule in told[0]


def test_telegram_needs_a_decision_that_is_written_down(store: Session, plan: str) -> None:
    body = plan.replace('doors = ["web"]', 'doors = ["web", "telegram"]')
    assert "wave.telegram_reason" in faults(store, body)[0]
    reason = 'doors = ["telegram", "web"]\ntelegram_reason = "Beslut av avdelningschefen 2026-09-01."'
    wave = store.get_one(Wave, create_wave(store, plan.replace('doors = ["web"]', reason), "plan.toml"))
    assert wave.telegram_reason.startswith("Beslut")
    assert not wave.telegram_free_text


def test_a_wave_about_files_has_no_schedule(store: Session, plan: str) -> None:
    body = plan.replace('subject = "self"', 'subject = "file"') + "[schedule]\nmost = 2\n"
    assert any("belongs to a wave that people are invited to" in fault for fault in faults(store, body))
