"""Releases: what managers may see of a wave, as it was decided, never changed.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import protect_releases, unprotect_releases

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("canonical", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("page_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_release_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("wave_id", "number", name=op.f("uq_release_wave_id_number")),
    )
    protect_releases()


def downgrade() -> None:
    """Take the tables back."""
    unprotect_releases()
    op.drop_table("release")
