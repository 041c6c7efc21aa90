"""Who is looking. Until people sign in, only this machine is served, and one user of Granska acts here.

That is the one named at the start (``granska dashboard --as USER``), else the only one there is. Every read
and every action goes through fieldwork with this viewer, which decides there what the role may see and do.
"""

from __future__ import annotations

import streamlit as st

from dashboard.stored import State, present, read
from fieldwork.rights import Role, Viewer
from fieldwork.settings import read_settings
from fieldwork.users import acting_user


def viewer() -> Viewer:
    """Return the person at this browser.

    Where there is no user at all, that is an inspector without a name, who may look but change nothing.

    Raises:
        InputError: nobody is named and there are several users, or the one named is none.
    """
    return _viewer(present(), read_settings().acting_user)


@st.cache_data(show_spinner=False, max_entries=8)
def _viewer(at: State, name: str) -> Viewer:
    with read(at.url) as session:
        return acting_user(session, name) or Viewer("", Role.INSPECTOR)
