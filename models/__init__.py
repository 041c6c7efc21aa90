"""THE RECORD: tables, statements and the database. No rule, no pandas."""
