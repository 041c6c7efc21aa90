"""THE RESULTS: counts in; tables, charts and documents out. No database, no pages."""
