"""One process at a time: who holds a lease, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from fieldwork.leases import TERM, hold, let_go

NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)


def test_a_lease_is_one_holders_until_it_runs_out(store: Session) -> None:
    assert hold(store, "telegram", "one", NOW)
    assert not hold(store, "telegram", "two", NOW + TERM - timedelta(seconds=1))
    assert hold(store, "telegram", "two", NOW + TERM)
    assert not hold(store, "telegram", "one", NOW + TERM)


def test_a_lease_that_is_renewed_goes_on(store: Session) -> None:
    assert hold(store, "telegram", "one", NOW)
    assert hold(store, "telegram", "one", NOW + TERM / 2)
    assert not hold(store, "telegram", "two", NOW + TERM)


def test_only_the_holder_gives_a_lease_up(store: Session) -> None:
    hold(store, "telegram", "one", NOW)
    let_go(store, "telegram", "two")
    assert not hold(store, "telegram", "two", NOW)
    let_go(store, "telegram", "one")
    assert hold(store, "telegram", "two", NOW)


def test_leases_have_names(store: Session) -> None:
    assert hold(store, "telegram", "one", NOW)
    assert hold(store, "contacts", "two", NOW)
