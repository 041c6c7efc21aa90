"""Run by Alembic: migrates on the connection that ``models.database.migrate`` hands over.

On SQLite a changed table is rebuilt (``op.batch_alter_table``), which drops its triggers: a migration that
rebuilds instrument, form or formpart must make them anew (see ``models.migrations.immutable``).
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString
from sqlmodel.sql.sqltypes import UTCDateTime

from models import tables


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic hands over any schema item
    """Write SQLModel's column types as SQLAlchemy's own, so that a migration outlives changes in SQLModel."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Wave.metadata,
    transactional_ddl=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
