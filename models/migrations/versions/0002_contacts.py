"""Contacts: when a wave contacts people, what stops it, claims, the inbox, the outbox and leases.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("wave", sa.Column("schedule", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("wave", sa.Column("started_at", MOMENT, nullable=True))
    op.add_column("wave", sa.Column("paused_at", MOMENT, nullable=True))
    op.add_column("wave", sa.Column("telegram_reason", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "wave", sa.Column("telegram_free_text", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name in ("chosen_at", "no_more_at", "deleted_at", "left_at"):
        op.add_column("invitation", sa.Column(name, MOMENT, nullable=True))
    op.add_column("invitation", sa.Column("left_reason", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_contact_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("invitation_id", "ordinal", name=op.f("uq_contact_invitation_id_ordinal")),
    )
    op.create_index(op.f("ix_contact_claimed_at"), "contact", ["claimed_at"], unique=False)
    op.create_table(
        "incomingupdate",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_incomingupdate")),
    )
    op.create_index(op.f("ix_incomingupdate_chat"), "incomingupdate", ["chat"], unique=False)
    op.create_index(op.f("ix_incomingupdate_done_at"), "incomingupdate", ["done_at"], unique=False)
    op.create_table(
        "outgoingmessage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_outgoingmessage_address_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoingmessage")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outgoingmessage_dedupe_key")),
    )
    op.create_index("messages_to_send", "outgoingmessage", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_outgoingmessage_address_id"), "outgoingmessage", ["address_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in ("lease", "outgoingmessage", "incomingupdate", "contact"):
        op.drop_table(table)
    for name in ("left_reason", "left_at", "deleted_at", "no_more_at", "chosen_at"):
        op.drop_column("invitation", name)
    for name in ("telegram_free_text", "telegram_reason", "paused_at", "started_at", "schedule"):
        op.drop_column("wave", name)
