"""Which pages the dashboard has, in the order of its navigation."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import (
    page_children,
    page_cooperation,
    page_fieldwork,
    page_files,
    page_new_wave,
    page_results,
    page_wave,
)

PAGES: tuple[tuple[str, str, Callable[[], None]], ...] = (
    ("fieldwork", "insamling", page_fieldwork.page),
    ("new_wave", "nytt-utskick", page_new_wave.page),
    ("wave", "utskick", page_wave.page),
    ("results", "resultat", page_results.page),
    ("cooperation", "samverkan", page_cooperation.page),
    ("children", "barnperspektiv", page_children.page),
    ("files", "aktgranskning", page_files.page),
)
"""Every page: its texts, its address, and the function that draws it. The first one is the start page."""

INSPECTORS_ONLY = ("new_wave", "wave")
"""Pages that others do not see; what can be done on them is refused to others by fieldwork in any case."""
