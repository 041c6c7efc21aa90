"""A trigger that keeps the promise of a wave as it is once somebody may have read it."""

from __future__ import annotations

from alembic import op

NAME = "promise_is_kept"

REFUSAL = "the promise of a wave stays as it is once somebody has been contacted, has a link or has begun"

_CHANGED = "NEW.promise <> OLD.promise OR NEW.smallest_group <> OLD.smallest_group"

_OUT = (
    "SELECT 1 FROM invitation WHERE invitation.wave_id = OLD.id AND ("
    "invitation.begun_at IS NOT NULL OR invitation.declined_at IS NOT NULL "
    "OR EXISTS (SELECT 1 FROM accesstoken WHERE accesstoken.invitation_id = invitation.id) "
    "OR EXISTS (SELECT 1 FROM contact WHERE contact.invitation_id = invitation.id))"
)


def keep_promises() -> None:
    """Make the database refuse another promise, or another smallest group, for a wave that is out."""
    if op.get_context().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON wave WHEN ({_CHANGED}) AND EXISTS ({_OUT}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({_CHANGED}) AND EXISTS ({_OUT}) THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE ON wave FOR EACH ROW EXECUTE FUNCTION {NAME}()")


def release_promises() -> None:
    """Take the trigger away again."""
    postgresql = op.get_context().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER {NAME}" + (" ON wave" if postgresql else ""))
    if postgresql:
        op.execute(f"DROP FUNCTION {NAME}()")
