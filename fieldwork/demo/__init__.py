"""The demo: published reviews as rows with exactly the printed margins, and an invented open review."""
