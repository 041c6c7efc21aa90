"""Who is looking. Until people sign in, only this machine is served, with an inspector's view.

Every read goes through fieldwork with this viewer, which decides there what the role may see.
"""

from __future__ import annotations

from fieldwork.rights import Role, Viewer

LOCAL = ("127.0.0.1", "::1")
"""The only addresses that are served."""


def viewer() -> Viewer:
    """Return the person at this browser."""
    return Viewer("inspektör", Role.INSPECTOR)
