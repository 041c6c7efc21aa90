"""From how many answers a group may be seen to agree, and from how many its words are read.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LIMITS = ("alike_below", "open_answers_from")


def upgrade() -> None:
    """Bring the tables forward: neither limit is below the smallest group."""
    for name in LIMITS:
        op.add_column("wave", sa.Column(name, sa.Integer(), nullable=False, server_default="10"))
        op.execute(f"UPDATE wave SET {name} = smallest_group WHERE smallest_group > {name}")


def downgrade() -> None:
    """Take the tables back."""
    for name in LIMITS:
        op.drop_column("wave", name)
