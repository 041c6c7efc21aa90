"""Counts by sex, years in service and role beside the counts of everybody.

What was stored before has no split: the instruments of that time do not say which item tells a background.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = "reporting_unit_id, item, kind, value, n, shown"


def upgrade() -> None:
    """Bring the tables forward."""
    op.execute(f"CREATE TABLE count_before AS SELECT {KEPT} FROM count")
    op.drop_index(op.f("ix_count_wave_id"), table_name="count")
    op.drop_table("count")
    _create(
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        key=("reporting_unit_id", "split", "item", "kind", "value", "part"),
    )
    op.execute(f"INSERT INTO count ({KEPT}, split, part) SELECT {KEPT}, '', '' FROM count_before")
    op.drop_table("count_before")


def downgrade() -> None:
    """Take the tables back."""
    op.execute(
        f"CREATE TABLE count_before AS SELECT count.{KEPT.replace(', ', ', count.')}, reportingunit.wave_id "
        "FROM count JOIN reportingunit ON reportingunit.id = count.reporting_unit_id WHERE count.split = ''"
    )
    op.drop_table("count")
    _create(
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_count_wave_id")),
        key=("reporting_unit_id", "item", "kind", "value"),
    )
    op.create_index(op.f("ix_count_wave_id"), "count", ["wave_id"], unique=False)
    op.execute(f"INSERT INTO count ({KEPT}, wave_id) SELECT {KEPT}, wave_id FROM count_before")
    op.drop_table("count_before")


def _create(*more: sa.Column[object] | sa.ForeignKeyConstraint, key: tuple[str, ...]) -> None:
    op.create_table(
        "count",
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reportingunit.id"], name=op.f("fk_count_reporting_unit_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_count")),
        sqlite_with_rowid=False,
    )
