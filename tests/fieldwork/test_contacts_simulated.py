"""Two waves of six weeks over both changes of the clocks: the short version of ``granska bench contacts``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from benchmarks.contacts import MOST, WAVES, open_world
from models.contact_tables import Contact
from models.database import reading

PEOPLE = 500


@pytest.mark.parametrize("opens", WAVES, ids=str)
def test_every_promise_about_contacts_is_kept_for_six_weeks(tmp_path: Path, opens: date) -> None:
    world = open_world(tmp_path, opens, PEOPLE, seed=opens.toordinal())
    noons = list(world.run())
    assert len(noons) == 44
    assert world.broken == []
    assert world.silent().keys() == {MOST}  # everyone who is due is contacted
    assert world.kinds["thanks"] > PEOPLE / 4
    assert world.thanks_owed() == 0
    assert world.kinds.total() > 2 * PEOPLE
    with reading(world.engine) as session:
        outcomes = dict(session.exec(select(Contact.outcome, func.count()).group_by(Contact.outcome)).all())
        most, attempts = session.exec(
            select(func.max(col(Contact.ordinal)), func.max(col(Contact.attempts)))
        ).one()
    world.engine.dispose()
    assert {"sent", "unknown"} <= outcomes.keys() <= {"sent", "unknown", "failed", "postponed"}
    assert outcomes["sent"] + outcomes["unknown"] == world.kinds.total()
    assert most == MOST
    assert attempts > 1
