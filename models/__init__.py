"""THE RECORD: tables, statements and the database. No rule, no pandas.

All modules of tables are loaded with the package, so that every statement and migration knows all of them.
"""

from models import contact_tables, passage_tables, planning_tables, tables

__all__ = ["contact_tables", "passage_tables", "planning_tables", "tables"]
