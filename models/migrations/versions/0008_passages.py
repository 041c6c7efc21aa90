"""How interviews went, as counts: where they ended, and through which door they came.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "stopcount",
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_stopcount_reporting_unit_id")
        ),
        sa.PrimaryKeyConstraint("reporting_unit_id", "item", "ending", name=op.f("pk_stopcount")),
    )
    op.create_table(
        "doorcount",
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("early", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_doorcount_reporting_unit_id")
        ),
        sa.PrimaryKeyConstraint("reporting_unit_id", "door", name=op.f("pk_doorcount")),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in ("doorcount", "stopcount"):
        op.drop_table(table)
