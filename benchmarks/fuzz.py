"""What nobody should ever send, thrown at every way in: updates of Telegram, posts, links and saved bounces.

Everything is made by chance from a seed: real shapes with a part replaced, left out or broken byte by byte.
What comes in may be refused in any words, but no exception is left unhandled, and no answer and no address of
mail changes: whatever could be a real answer carries a revision that is not the present one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from sqlalchemy import Engine, text
from sqlmodel import select
from telegram import Update as RawUpdate
from telegram.error import TelegramError

from bot.app import web_app
from bot.archive import Archive
from bot.telegram_buttons import Press, Verb
from bot.telegram_dialogue import handle
from bot.telegram_updates import UpdatesRequest, reduced
from bot.web_session import COOKIE, Visit, form_token, sign
from fieldwork import inbox
from fieldwork.bounces import NotABounce
from fieldwork.forms import publish_form
from fieldwork.interviews import receive
from fieldwork.invitations import mint_link
from fieldwork.messages import Action, Door, Incoming
from fieldwork.settings import Settings
from fieldwork.unreached import record_bounces
from models.database import migrate, open_database, reading, writing
from models.tables import Address, Interview, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Choice, Question, Questionnaire

SECONDS = 60.0
SEED = 2012
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SECRET = b"a key of the fuzz test, 32 letters"
LINK = "the-link-of-the-one-who-answers"
OWN, STRANGER, GROUP = 6_000_000_001, 6_000_000_002, -1_000_000_000_003
"""The chat of the respondent, and two others."""

BASE_URL = "http://127.0.0.1:8080"
BOTH = {"sv": "Fråga", "en": "Question"}
OPTIONS = tuple(Choice(name, {"sv": name, "en": name}) for name in ("ja", "nej", "vet_ej"))
OLD = 1295
"""A revision that no interview here ever has, two changed letters away from any that it has."""

JUNK: tuple[object, ...] = (
    None, True, -1, 0, 2**31, 2**63, 2**70, 1.5, 1e308, "", " ", "\0", "\ud800", "\u202e", "å" * 5000,
    "/okänt", "/start", "/start " + "x" * 300, "v1:a:1:0:0", "v1:a:1:0:0:0:0", "v2:a:1:0:0:zz", "hej på dig",
    [], {}, [[]], {"id": 1}, {"id": 2**70, "type": "private"}, {"id": "1", "type": "private"}, [None, {}],
)  # fmt: skip
"""What may stand anywhere. None of it answers the question that is asked."""

NAMES = ("action", "change", "item", "revision", "svar", "token", "kod", "List-Unsubscribe", "x")
PATHS = ("/samtal", "/svar", "/paus", f"/s/{LINK}", "/avsluta/x", "/static/x", "/okand", "/radera", "/")
BOUNCE = b"""\
From: Mail Delivery System <mailer-daemon@example.se>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.se

Final-Recipient: rfc822; somebody.else.entirely@elsewhere.example
Action: failed
Status: 5.1.1

--edge--
"""


@dataclass
class Target:
    """A wave with one respondent in the middle of her answers, and every door to her."""

    engine: Engine
    archive: Archive
    app: Any
    secret: bytes
    random: Random
    numbers: Iterator[int]
    met: Counter[str] = field(default_factory=Counter)
    """What became of what was thrown."""

    def answers(self) -> list[tuple[object, ...]]:
        """Return every row of an answer, also of one given up, with all that is in it."""
        with reading(self.engine) as session:
            return [
                tuple(row)
                for row in session.execute(text("SELECT * FROM answer ORDER BY interview_id, revision"))
            ]

    def kept(self) -> object:
        """Return what nothing here may change: her answers, and the mail addresses in use."""
        mails = select(Address.value, Address.active).where(Address.channel == "mail")
        with reading(self.engine) as session:
            finished = session.exec(select(Invitation.finished_at)).all()
            return self.answers(), session.exec(mails).all(), finished


def broken(chance: Random, content: bytes) -> bytes:
    """Return content with a few bytes changed, left out or repeated."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) + 1)
        gone = chance.choice((0, 1, 1, chance.randrange(40)))
        made[at : at + gone] = chance.randbytes(chance.choice((0, 1, 1, 4)))
    return bytes(made)


def bent(chance: Random, shape: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON with one to three of its parts replaced or left out."""
    made = deepcopy(shape)
    for _ in range(chance.randint(1, 3)):
        nodes = list(_nodes(made))
        if not nodes:
            break
        parent, key = chance.choice(nodes)
        if chance.random() < 0.3:
            del parent[key]
        else:
            parent[key] = deepcopy(chance.choice(JUNK))
    return made


def _nodes(shape: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    keys = shape.keys() if isinstance(shape, dict) else range(len(shape)) if isinstance(shape, list) else ()
    for key in list(keys):
        yield shape, key
        yield from _nodes(shape[key])


# --- Telegram -----------------------------------------------------------------------------------------------


def update(chance: Random, number: int, own: int = OWN) -> dict[str, Any]:
    """Return an update in the shape that Telegram gives it, by somebody by chance; ``own`` is her chat."""
    chat = {"id": chance.choice((own, own, STRANGER, GROUP)), "type": "private"}
    if chat["id"] == GROUP:
        chat["type"] = "supergroup"
    sender = {"id": own, "is_bot": False, "first_name": "Kim", "language_code": "sv"}
    message = {"message_id": chance.randint(1, 9), "date": 1_790_000_000, "chat": chat, "from": sender}
    kinds: dict[str, dict[str, Any]] = {
        "message": {**message, **chance.choice(({"text": _words(chance)}, {"sticker": {"file_id": "x"}}))},
        "edited_message": {**message, "edit_date": 1_790_000_001, "text": _words(chance)},
        "callback_query": {
            "id": str(chance.randrange(10**12)),
            "from": sender,
            "chat_instance": "1",
            "message": {**message, "text": "?"},
            "data": _pressed(chance),
        },
        "my_chat_member": {
            "chat": chat, "from": sender, "date": 1_790_000_000,
            "new_chat_member": {"user": sender, "status": chance.choice(("kicked", "member", "left"))},
        },
        "poll": {"id": "1"},
    }  # fmt: skip
    kind = chance.choice(list(kinds))
    return {"update_id": number, kind: kinds[kind]}


def _words(chance: Random) -> str:
    return chance.choice(
        (f"/start {LINK}", "/start gissning", "/hjalp", "/mina_svar", "/okänt", "hej på dig")
    )


def _pressed(chance: Random) -> str:
    invitation, item, option = chance.randrange(3), chance.randrange(6), chance.randrange(40)
    return Press(chance.choice(list(Verb)), invitation, item, option, OLD).data


def throw_update(target: Target) -> str:
    """Let a batch of updates come in as the poll would get them, and do what it leaves to be done."""
    chance = target.random
    batch = [update(chance, next(target.numbers)) for _ in range(3)]
    batch = [bent(chance, each) if chance.random() < 0.8 else each for each in batch]
    payload = json.dumps({"ok": True, "result": batch}).encode()
    if chance.random() < 0.4:
        payload = broken(chance, payload)
    try:
        parsed = UpdatesRequest.parse_json_payload(payload)
        updates = reduced(RawUpdate.de_list(parsed.get("result") or [], None))
    except TelegramError:
        return "no answer of the Bot API"
    with writing(target.engine) as session:
        waiting, _ = inbox.store(session, updates, NOW, SECRET)
        for each in waiting:
            handle(session, each, NOW, f"fresh-{each.number}", SECRET)
    return f"{len(waiting)} done"


# --- The web chat and the link in mails ---------------------------------------------------------------------


def throw_post(target: Target) -> str:
    """Send a request that no page of ours would send; a page in words must come back."""
    chance = target.random
    visit = Visit(1, "device")
    token = form_token(target.secret, visit) if chance.random() < 0.7 else "x"
    fields = [("token", token), *(_field(chance) for _ in range(chance.randrange(7)))]
    body = urlencode([(name, value) for name, value in fields], errors="replace").encode()
    if chance.random() < 0.3:
        body = broken(chance, body)
    cookie = sign(target.secret, visit)
    if chance.random() < 0.15:
        cookie = quote(broken(chance, cookie.encode()))
    path = chance.choice(PATHS) if chance.random() < 0.5 else "/samtal"
    if chance.random() < 0.1:
        path += quote(chance.randbytes(6))
    headers = {"content-type": "application/x-www-form-urlencoded", "cookie": f"{COOKIE}={cookie}"}
    method = chance.choice(("POST", "POST", "POST", "GET", "PUT", "HEAD"))
    return str(asyncio.run(_ask(target, method, path, body, headers)))


def _field(chance: Random) -> tuple[str, str]:
    name = chance.choice(NAMES)
    junk = str(chance.choice(JUNK))
    if name == "action":
        return name, chance.choice((*Action, junk))
    if name in {"item", "change"}:
        return name, chance.choice(("FUZZ-0", "FUZZ-1", "FUZZ-2", "FUZZ-9", junk))
    if name == "revision":
        return name, chance.choice((str(OLD), "-1", "", "x", "9" * 5000, "٣٣٣٣"))
    if name == "svar":
        return name, chance.choice(("ja", "nej", "hour", "next_day", "2026-11-09", "1234", "en", junk))
    return name, junk


async def _ask(target: Target, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
    transport = httpx.ASGITransport(target.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.request(method, path, content=body, headers=headers)
    if answer.status_code >= 500:
        raise AssertionError(f"{method} to /{path.split('/')[1]} was answered with {answer.status_code}")
    return answer.status_code


# --- Saved notifications ------------------------------------------------------------------------------------


def throw_bounce(target: Target) -> str:
    """Take in a damaged notification; it says of nobody here that a mail did not arrive."""
    content = broken(target.random, BOUNCE) if target.random.random() < 0.9 else target.random.randbytes(300)
    try:
        with writing(target.engine) as session:
            return f"{record_bounces(session, content)} addresses"
    except NotABounce as refusal:
        return refusal.code


THROWS: dict[str, Callable[[Target], str]] = {
    "updates": throw_update,
    "posts": throw_post,
    "bounces": throw_bounce,
}


def throw(target: Target, kind: str, number: int, until: float = float("inf")) -> int:
    """Throw so many of a kind, or till that moment of the monotonic clock; return how many.

    Raises what the program let out, AssertionError where an answer changed; the seed makes it happen again.
    """
    before, thrown = target.kept(), 0
    while thrown < number and time.monotonic() < until:
        target.met[f"{kind}: {THROWS[kind](target)}"] += 1
        thrown += 1
    if target.kept() != before:
        raise AssertionError(f"{kind} changed what nobody has answered")
    return thrown


@contextmanager
def opened(folder: Path, seed: int = SEED) -> Iterator[Target]:
    """Make a wave in which one person has answered two questions of four, by web and in her chat."""
    url = f"sqlite:///{folder / 'fuzz.db'}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        _fill(session, publish_form(session, (_questionnaire(),)))
    with writing(engine) as session:
        mint_link(session, 1, LINK, NOW, NOW + timedelta(days=90))
        for number, (action, answer) in enumerate((("begin", ()), ("answer", ("ja",)), ("answer", ("nej",)))):
            receive(
                session,
                Incoming(
                    1, Door.WEB, Action(action), NOW, values=answer, device="device", fresh_id=f"f{number}"
                ),
            )
    archive = Archive(engine)
    settings = Settings(_env_file=None, data_dir=folder, base_url=BASE_URL, secret_key=SECRET.decode())
    app = web_app(settings, archive, lambda: NOW)
    try:
        yield Target(engine, archive, app, SECRET, Random(seed), iter(range(700_000_001, 10**12)))
    finally:
        archive.close()


def _questionnaire() -> Questionnaire:
    asked = tuple(Question(f"FUZZ-{number}", "select_one", BOTH, choices=OPTIONS) for number in range(4))
    return Questionnaire("FUZZ", "a", 1, BOTH, "self", "generated", asked)


def _fill(session: Any, form_id: int) -> None:  # noqa: ANN401 - a session
    session.add(Review(id=1, title="Prov", year=2026))
    days = {"opens": NOW.date() - timedelta(days=9), "closes": NOW.date() + timedelta(days=30)}
    told = {"sv": {"purpose": "Prov."}}
    doors = ["web", "telegram"]
    session.add(Wave(id=1, review_id=1, form_id=form_id, name="P", doors=doors, information=told, **days))
    session.flush()
    session.add(ReportingUnit(id=1, wave_id=1, label="Alla", position=1))
    for number in (1, 2):
        session.add(Person(id=number, reference=str(number)))
        session.add(Subject(id=number, wave_id=1, kind="self", person_id=number))
        session.flush()
        session.add(Address(person_id=number, channel="mail", value=f"{number}@example.se"))
        session.add(Invitation(id=number, wave_id=1, subject_id=number, reporting_unit_id=1))
    session.commit()


def goes_on(target: Target) -> bool:
    """Tell whether she can still answer the question that is asked, after all that was thrown."""
    before = len(target.answers())
    with writing(target.engine) as session:
        receive(session, Incoming(1, Door.WEB, Action.BEGIN, NOW, fresh_id="again"))
        revision = session.exec(select(Interview.revision)).one()
        receive(session, Incoming(1, Door.WEB, Action.ANSWER, NOW, "FUZZ-2", ("ja",), revision, "device"))
    return len(target.answers()) == before + 1


def run(seconds: float = SECONDS) -> None:
    """Throw each kind for so many seconds, and print how many there were and what became of them."""
    logging.disable(logging.WARNING)
    for kind in THROWS:
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as target:
            thrown = throw(target, kind, 10**9, time.monotonic() + seconds)
            became = ", ".join(f"{what} {number}" for what, number in target.met.most_common(6))
            after = "she can go on" if goes_on(target) else "SHE CANNOT GO ON"
            print(f"{kind}: {thrown} thrown in {seconds:.0f} s, no answer changed, {after} ({became})")


if __name__ == "__main__":
    run()
