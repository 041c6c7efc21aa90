"""The dialogue in the documentation is the one that the door leads, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from botapi.api import Shown, User
from botapi.door import Chats

DOCUMENT = Path(__file__).parents[2] / "docs" / "telegram_dialogue.md"
HEAD = """# A dialogue in Telegram

Two people answer the trial form of the tests, which holds every type of question once. What a person does
stands after `→`: the words written, or in brackets the button pressed. A message that is changed is shown
again after `(changed)`: a question then shows what was chosen. Where only its buttons went, the first line
is shown. This page is made and checked by `tests/bot/test_telegram_transcript.py`.
"""

SWEDISH = (
    "/start",
    "/start {token}",
    "[Jag har läst, börja]",
    "[Nästa]",
    "[Ja]",
    "fyrtio stycken",
    "40",
    "[Tillbaka]",
    "[Behåll svaret]",
    "/varfor",
    "3,5",
    "(a photo)",
    "2012-03-01",
    "mars 2012",
    "/paus 4711",
    "[Fortsätt]",
    "[Fungerar bra]",
    "[☐ FIA]",
    "[☐ Initial bedömning]",
    "[Klar]",
    "Att vara med",
    "på riktigt.",
    "[Klar]",
    "/mina_svar",
    "[2]",
    "[Nej]",
    "[Skicka in]",
)
ENGLISH = (
    "/start {token}",
    "[In English]",
    "[I have read this, begin]",
    "[Next]",
    "[No]",
    "/skip",
    "/remind",
    "/continue",
    "2012-03-01",
    "/send",
    "[No, go back]",
    "/decline",
    "[Yes, I decline]",
    "[I want to answer after all]",
    "/delete",
    "[Yes, delete]",
    "/stop",
    "[Yes, forget the chat]",
)


def test_the_dialogue_in_the_documentation_is_the_one_that_is_led(chats: Chats, tmp_path: Path) -> None:
    with chats.open():
        parts = [
            HEAD,
            "## På svenska\n",
            *led(chats, 0, SWEDISH),
            "## In English\n",
            *led(chats, 1, ENGLISH),
        ]
    made = tmp_path / DOCUMENT.name
    made.write_text("\n".join(parts), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), f"see {made}"


def led(chats: Chats, which: int, acts: Sequence[str]) -> Iterator[str]:
    """Play a dialogue; what was done and what appeared or changed, in order."""
    user, before = chats.api.user(), {}
    for act in acts:
        after_calls = len(chats.api.calls())
        done(chats, user, act.replace("{token}", chats.token(which)))
        chats.api.expect_call("sendMessage" if "☐" not in act else "editMessageReplyMarkup", after_calls)
        chats.settled()
        yield f"→ {act}\n"
        now = {each.message_id: each for each in user.sees() if each.by_bot}
        for number, message in now.items():
            if message != before.get(number):
                yield drawn(message, before.get(number))
        before = now


def done(chats: Chats, user: User, act: str) -> None:
    if act == "(a photo)":
        user.send("photo")
    elif act.startswith("["):
        user.press(act[1:-1])
    else:
        user.say(act)


def drawn(message: Shown, before: Shown | None) -> str:
    lines = message.text.split("\n")
    if before:
        lines = [f"{lines[0]} …"] if message.text == before.text else lines
        lines = [
            "(changed)" if message.buttons or message.text != before.text else "(no buttons left)",
            *lines,
        ]
    rows = [" ".join(f"[{label}]" for label in row) for row in message.buttons]
    quoted = [f"> {line}".rstrip() for line in [*lines, *([""] if rows else []), *rows]]
    return "  \n".join(quoted).replace(">  \n", ">\n") + "\n"
