"""The script that puts Streamlit's own words into the language of the page, with the words in it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from questionnaires.definition import LANGUAGES

HERE = Path(__file__).parent
ADDRESS = "/granska.js"


def script() -> str:
    """Return the script whole: in a scope of its own, with the words of every language."""
    words = {
        language: tomllib.loads((HERE / "texts" / "widgets" / f"{language}.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    told = json.dumps(words, ensure_ascii=False)
    code = (HERE / "static" / "widgets.js").read_text(encoding="utf-8")
    return f"{{\nconst WORDS = {told};\n{code}}}\n"


async def serve(_request: Request) -> Response:
    """Answer with the script."""
    return Response(script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})
