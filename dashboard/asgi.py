"""The dashboard as a server: Streamlit with security headers, for this machine only.

Start with ``granska dashboard``, or ``streamlit run dashboard/asgi.py`` from the folder that holds
``.streamlit/config.toml``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard import widget_words
from dashboard.web_headers import Headers, OnlyHere

app = st.App(
    Path(__file__).parent / "app.py",
    routes=[Route(widget_words.ADDRESS, widget_words.serve)],
    middleware=[Middleware(OnlyHere), Middleware(Headers)],
)
