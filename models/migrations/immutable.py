"""Triggers that keep what was published as it was: instruments, forms with their parts, and releases."""

from __future__ import annotations

from alembic import op

PUBLISHED = ("instrument", "form", "formpart")

REFUSAL = "published instruments and forms are never changed: publish a new version"

RELEASED = "what is released is never changed: release the wave once more"


def protect() -> None:
    """Make the database refuse every UPDATE and DELETE of a published instrument or form."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table in PUBLISHED:
        for event in ("update", "delete"):
            op.execute(_trigger(table, event))


def unprotect() -> None:
    """Take the triggers away again."""
    postgresql = op.get_context().dialect.name == "postgresql"
    for table in PUBLISHED:
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{event}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def protect_releases() -> None:
    """Make the database refuse every UPDATE and DELETE of a release."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_release() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{RELEASED}'; END $$"
        )
    for event in ("update", "delete"):
        op.execute(_trigger("release", event, "refuse_change_of_release()", RELEASED))


def unprotect_releases() -> None:
    """Take the triggers of releases away again, before the table goes."""
    postgresql = op.get_context().dialect.name == "postgresql"
    for event in ("update", "delete"):
        op.execute(f"DROP TRIGGER release_no_{event}" + (" ON release" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION refuse_change_of_release()")


def _trigger(table: str, event: str, function: str = "refuse_change()", refusal: str = REFUSAL) -> str:
    head = f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table}"
    if op.get_context().dialect.name == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION {function}"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
