"""The pages of the web chat: templates, words and the headers that every answer carries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from fieldwork.wording import words
from questionnaires.definition import LANGUAGES

HERE = Path(__file__).parent
STATIC_TYPES: Mapping[str, str] = {
    "web.css": "text/css; charset=utf-8",
    "source-sans-3.woff2": "font/woff2",
    "icon.svg": "image/svg+xml",
}

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ABSENT: Mapping[str, object] = {
    "talk": None,  # the conversation, on pages that know one
    "hidden": "",  # the hidden fields of every form
    "error": False,  # the notices say what was refused
    "asked": "",  # what the respondent did that was refused
    "typed": None,  # what was typed and refused, to be corrected rather than typed again
    "lead": "",  # instead of the lead that the catalogue has
    "remedy": "",
    "way_back": False,
    "telegram": False,  # the review may also be answered in Telegram
    "link": "",
}
"""What a template may be given, and how it stands where it is not."""

PAGE_HEADERS: Mapping[str, str] = {**HEADERS, "cache-control": "no-store"}
STATIC_HEADERS: Mapping[str, str] = {**HEADERS, "cache-control": "public, max-age=31536000, immutable"}


class Pages:
    """Every page in every language."""

    def __init__(self, *, https: bool) -> None:
        self._texts = {language: _by_section(words(language)) for language in LANGUAGES}
        self._headers = dict(PAGE_HEADERS)
        if https:
            self._headers["strict-transport-security"] = "max-age=31536000"
        self._static = {name: (HERE / "static" / name).read_bytes() for name in STATIC_TYPES}
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["phone"] = lambda number: re.sub(r"[^\d+]", "", number)
        self._templates.globals["versions"] = {
            name: hashlib.sha256(content).hexdigest()[:8] for name, content in self._static.items()
        }

    def page(self, name: str, language: str, status: int = 200, **context: object) -> Response:
        """Return a whole page, the template ``name`` with ``context`` (see ``ABSENT``)."""
        words = self._texts[language]
        template = self._templates.get_template(name)
        body = template.render({**ABSENT, **context, "t": words, "language": language})
        return Response(body, status, self._headers, "text/html")

    def message(self, what: str, language: str, status: int, **context: object) -> Response:
        """Return a page that stands alone: ``what`` names its texts in the catalogue."""
        return self.page("message.html", language, status, what=what, **context)

    def text(self, key: str, language: str, **values: str) -> str:
        """Return one text of the catalogue."""
        words: str = getattr(self._texts[language].web, key)
        return words.format(**values)

    def onward(self, address: str) -> Response:
        """Return the answer to a post that was done: look here next, so that a reload repeats nothing."""
        return Response(b"", 303, {**self._headers, "location": address})

    def file(self, content: str, name: str) -> Response:
        """Return a text to be saved."""
        headers = {**self._headers, "content-disposition": f'attachment; filename="{name}"'}
        return Response(content, 200, headers, "text/plain")

    def static(self, name: str) -> Response | None:
        """Return a file of the look, or None where there is none of that name."""
        content = self._static.get(name)
        return None if content is None else Response(content, 200, STATIC_HEADERS, STATIC_TYPES[name])


def language_of(headers: Mapping[str, str], otherwise: str) -> str:
    """Return the language of a page that knows no respondent: the first of the browser's that we have."""
    wished = (
        part.split(";")[0].strip()[:2].lower() for part in headers.get("accept-language", "").split(",")
    )
    return next((language for language in wished if language in LANGUAGES), otherwise)


def _by_section(catalogue: Mapping[str, str]) -> SimpleNamespace:
    """Return the catalogue as templates read it: ``t.button.back``."""
    sections: dict[str, SimpleNamespace] = {}
    for key, sentence in catalogue.items():
        section, name = key.split(".")
        setattr(sections.setdefault(section, SimpleNamespace()), name, sentence)
    return SimpleNamespace(**sections)


def hidden_fields(token: str, revision: int) -> Markup:
    """Return what every form carries: that it is ours, and the revision that the respondent saw."""
    return Markup(
        '<input type="hidden" name="token" value="{}"><input type="hidden" name="revision" value="{}">'
    ).format(token, revision)
