"""The history of the tables, kept by Alembic: one file a change in ``versions``."""
