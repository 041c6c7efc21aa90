"""What is PostgreSQL's own: addresses, limits to waiting, and errors that quote nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from models.database import open_database, reading, writing
from models.tables import Person, Review

pytestmark = pytest.mark.only_on("postgresql", "it is what the test is about")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_needs_no_word_about_the_driver(database: str, scheme: str) -> None:
    engine = open_database(f"{scheme}:{database.partition(':')[2]}")
    with reading(engine) as session:
        assert session.connection().execute(text("SELECT current_database()")).scalar_one()
    engine.dispose()


def test_nothing_is_waited_for_without_end_unless_the_address_says_so(database: str) -> None:
    waits = []
    for more in ("", "?options=-c%20lock_timeout%3D7s"):
        engine = open_database(database + more)
        with reading(engine) as session:
            waits.append(session.connection().execute(text("SHOW lock_timeout")).scalar_one())
        engine.dispose()
    assert waits == ["5s", "7s"]


def test_a_reading_session_sees_one_moment_and_cannot_write(database: str) -> None:
    engine = open_database(database)
    with reading(engine) as session:
        session.add(Review(title="A", year=2012))
        with pytest.raises(DBAPIError, match="read-only transaction"):
            session.flush()
    with writing(engine) as session:
        session.add(Review(title="A", year=2012))
        session.commit()
    engine.dispose()


def test_an_error_says_which_rule_was_broken_and_quotes_no_row(database: str) -> None:
    engine = open_database(database)
    with writing(engine) as session:
        session.add_all([Person(reference="Kim Efternamn"), Person(reference="Kim Efternamn")])
        with pytest.raises(IntegrityError, match="uq_person_reference") as raised:
            session.flush()
    assert "Efternamn" not in f"{raised.value} {raised.value.orig} {raised.value.orig!r}"
    engine.dispose()


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    engine = open_database("postgresql://granska:hemligt@127.0.0.1:9/granska")
    with reading(engine) as session, pytest.raises(OperationalError, match="connection") as raised:
        session.connection()
    assert "hemligt" not in str(raised.value)
