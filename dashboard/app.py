"""The dashboard's script: the pages that the viewer may open, in her language.

Streamlit runs it once for every change on a page. ``dashboard/asgi.py`` serves it; alone it also works with
``streamlit run dashboard/app.py``. The folder of this file comes first on the path when it runs, so no file
beside it may be named like a package.
"""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from dashboard.access import viewer
from dashboard.catalogue import say
from dashboard.layout import dress
from dashboard.pages import INSPECTORS_ONLY, PAGES
from fieldwork.problems import InputError
from fieldwork.rights import Role

ICON = Path(__file__).parent / "static" / "icon.png"


@st.cache_resource(show_spinner=False)
def _settle() -> None:
    """Exempt what start-up made from the collection that Streamlit runs after every change on a page."""
    gc.freeze()


def _shown_page() -> None:
    try:
        inspector = viewer().role is Role.INSPECTOR
    except InputError:
        st.title(say("page.fieldwork.title"), anchor=False)
        st.error(say("act.several_users"))
        return
    pages = [
        st.Page(draw, title=say(f"page.{key}.title"), url_path=address, default=number == 0)
        for number, (key, address, draw) in enumerate(PAGES)
        if inspector or key not in INSPECTORS_ONLY
    ]
    st.navigation(pages, position="top").run()


st.set_page_config(page_title="Granska", page_icon=ICON, layout="wide", menu_items={})
_settle()
dress()
_shown_page()
