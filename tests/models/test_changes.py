"""What was computed is computed anew after a commit, and not before."""

from __future__ import annotations

from sqlmodel import select

from models.changes import watch
from models.database import open_database, reading, writing
from models.tables import Review


def test_the_version_changes_with_a_commit_and_with_nothing_else(database: str) -> None:
    engine, other = open_database(database), open_database(database)
    version = watch(engine)
    before = version()
    with reading(other) as session:
        assert session.exec(select(Review)).all() == []
    assert version() == before
    with writing(other) as session:
        session.add(Review(title="Ekonomiskt bistånd", year=2012))
        session.flush()
        during = version()
        session.commit()
    after = version()
    assert after not in {before, during}
    assert version() == after
    engine.dispose()
    other.dispose()
