"""The promise: what ties answers to people goes, and what was promised stays.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from models.migrations.promise import keep_promises, release_promises

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEPT = "interview_id, item, value, door, device, at, superseded_at"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("wave", sa.Column("background_reason", sa.String(), nullable=False, server_default=""))
    op.add_column("wave", sa.Column("identities_erased_at", MOMENT, nullable=True))
    op.add_column("reportingunit", sa.Column("partial", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE reportingunit SET partial = (SELECT count(*) FROM interview WHERE interview.partial "
        "AND interview.sent_at IS NOT NULL AND interview.reporting_unit_id = reportingunit.id)"
    )
    op.create_index("results_of_a_unit", "result", ["reporting_unit_id", "key"], unique=False)
    op.create_index("texts_of_a_unit", "textresult", ["reporting_unit_id", "key"], unique=False)
    _put_aside()
    _answers(sa.Column("revision", sa.Integer(), nullable=False), key=["interview_id", "revision"])
    op.execute(
        f"INSERT INTO answer (revision, {KEPT}) "
        f"SELECT row_number() OVER (PARTITION BY interview_id ORDER BY id), {KEPT} FROM answer_before"
    )
    op.drop_table("answer_before")
    keep_promises()


def downgrade() -> None:
    """Take the tables back."""
    release_promises()
    _put_aside()
    _answers(sa.Column("id", sa.Integer(), nullable=False), key=["id"])
    op.create_index(op.f("ix_answer_interview_id"), "answer", ["interview_id"], unique=False)
    op.execute(f"INSERT INTO answer ({KEPT}) SELECT {KEPT} FROM answer_before ORDER BY interview_id, revision")
    op.drop_table("answer_before")
    op.drop_index("texts_of_a_unit", table_name="textresult")
    op.drop_index("results_of_a_unit", table_name="result")
    op.drop_column("reportingunit", "partial")
    op.drop_column("wave", "identities_erased_at")
    op.drop_column("wave", "background_reason")


def _put_aside() -> None:
    """Keep the answers beside, without the names that the new table needs."""
    op.execute("CREATE TABLE answer_before AS SELECT * FROM answer")
    op.drop_table("answer")


def _answers(first: sa.Column[int], key: list[str]) -> None:
    op.create_table(
        "answer",
        first,
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_answer_interview_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_answer")),
        sqlite_with_rowid=key == ["id"],
    )
    op.create_index(
        "one_present_answer_per_item",
        "answer",
        ["interview_id", "item"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
