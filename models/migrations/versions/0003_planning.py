"""Planning: waves that are not finished, and letters on trial.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "wavedraft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("staff", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wavedraft")),
    )
    op.create_table(
        "sampleletter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["wavedraft.id"], name=op.f("fk_sampleletter_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampleletter")),
    )
    op.create_index(op.f("ix_sampleletter_draft_id"), "sampleletter", ["draft_id"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    for table in ("sampleletter", "wavedraft"):
        op.drop_table(table)
