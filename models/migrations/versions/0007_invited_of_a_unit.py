"""Who is invited to a unit, counted from an index alone.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.drop_index(op.f("ix_invitation_reporting_unit_id"), table_name="invitation")
    of = ["reporting_unit_id", "in_service", "subject_id"]
    op.create_index("invited_of_a_unit", "invitation", of, unique=False)


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("invited_of_a_unit", table_name="invitation")
    op.create_index(
        op.f("ix_invitation_reporting_unit_id"), "invitation", ["reporting_unit_id"], unique=False
    )
