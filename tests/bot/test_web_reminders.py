"""Reminders on the page of the pause: chosen, refused, and no more of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from fieldwork.sendouts import start_wave
from models.database import reading, writing
from models.tables import Invitation

if TYPE_CHECKING:
    from conftest import Site


@pytest.fixture
def started(trial: Site) -> Site:
    with writing(trial.engine) as session:
        start_wave(session, trial.wave, trial.clock.now, "Inga")
    return trial


def mine(site: Site) -> Invitation:
    with reading(site.engine) as session:
        return session.exec(select(Invitation).where(Invitation.id == site.invited[0])).one()


def test_the_page_of_the_pause_promises_the_moment_it_keeps(started: Site) -> None:
    visitor = started.begun()
    assert "/paus#paminnelse" in visitor.seen.text
    visitor.get("/paus")
    visitor.do("remind", svar="next_day")
    assert visitor.seen.url.path == "/paus"
    assert "Vi påminner dig onsdag den 4 november klockan 9.00." in visitor.seen.text
    assert mine(started).chosen_at == datetime(2026, 11, 4, 8, tzinfo=UTC)
    visitor.get("/samtal")
    assert visitor.item


def test_a_day_that_has_passed_is_refused_where_it_was_chosen(started: Site) -> None:
    visitor = started.begun()
    visitor.get("/paus")
    visitor.do("remind", svar="2026-11-03")
    assert visitor.seen.status_code == 422
    assert "Välj en dag efter i dag" in visitor.seen.text
    assert 'value="2026-11-03"' in visitor.seen.text
    assert "fyra siffror, till exempel" not in visitor.seen.text
    assert mine(started).chosen_at is None


def test_no_more_reminders_can_be_chosen_before_beginning(started: Site) -> None:
    visitor = started.visitor()
    visitor.get(started.link())
    visitor.get("/paus")
    assert visitor.page.actions == ["language", "remind", "remind", "remind", "no_more"]
    visitor.do("no_more")
    assert "Du får inga fler påminnelser." in visitor.seen.text
    assert mine(started).no_more_at == started.clock.now


def test_where_nobody_can_be_reminded_nothing_is_offered(trial: Site) -> None:
    visitor = trial.begun()
    assert "/paus#paminnelse" not in visitor.seen.text
    visitor.get("/paus")
    assert visitor.page.actions == ["language", "pause"]
