"""Texts of messages: their length as Telegram counts it, and their formatting in HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from botapi.refusals import bad_request, not_modelled

LONGEST_TEXT = 4096
_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_LONE_BRACKET = re.compile(r"<(?![/a-zA-Z])")
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, parse_mode: str) -> tuple[str, list[dict[str, object]]]:
    """The text without its tags, and what they marked.

    Raises:
        RefusedError: the formatting is wrong, or not HTML.
    """
    text = text.strip()
    if not parse_mode:
        return text, commands(text)
    if parse_mode.lower() != "html":
        raise not_modelled(f"parse_mode {parse_mode!r}")
    if _LONE_BRACKET.search(text):
        raise bad_request('can\'t parse entities: Unsupported start tag ""')
    reader = _Tags()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.open[-1][0]}\""
        )
    plain = reader.text.rstrip()
    return plain, [*reader.entities, *commands(plain)]


def checked_length(text: str, refusal: str) -> None:
    """Raises RefusedError for an empty text and, with the words given, for one that is too long."""
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request(refusal)


def commands(text: str) -> list[dict[str, object]]:
    """The commands in a text, as Telegram marks them."""
    return [
        {
            "type": "bot_command",
            "offset": units(text[: found.start()]),
            "length": units(found.group()),
        }
        for found in _COMMAND.finditer(text)
    ]


class _Tags(HTMLParser):
    """Gathers plain text and the stretches of it that tags enclose."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, object]] = []
        self.open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TYPES:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append((tag, units(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad_request(f'can\'t parse entities: Unmatched end tag, found "</{tag}>"')
        _, offset, url = self.open.pop()
        length = units(self.text) - offset
        if length:
            entity: dict[str, object] = {"type": _TYPES[tag], "offset": offset, "length": length}
            self.entities.append(entity | ({"url": url} if url else {}))

    def handle_data(self, data: str) -> None:
        self.text += data
