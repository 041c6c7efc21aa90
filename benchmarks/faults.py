"""The long kill test: the bot is killed at random moments while people answer at both doors.

Fifty people answer in Telegram, through the Bot API stand-in, and fifty in the web chat. The bot is a process
started as in production, and SIGKILL ends it 200 times at whatever line it is. Nobody in Telegram asks again
for anything: what was acknowledged must have been kept. In the end everybody has finished, and every answer
is stored once, as it was given. How much may be answered rises with the number of kills, so that all matter.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from sqlalchemy import Engine, text
from sqlmodel import select

from fieldwork.forms import publish_form
from fieldwork.invitations import mint_link
from models.database import migrate, open_database, reading, writing
from models.tables import Answer, Interview, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Choice, Question, Questionnaire

if TYPE_CHECKING:
    from botapi.api import BotApi, Shown, User

ROOT = Path(__file__).parent.parent
GRANSKA = Path(sys.executable).with_name("granska")
KILLS = 200
PEOPLE = 50
QUESTIONS = 15
PATIENCE = 1800.0
SEED = 2012
LIVES = (0.8, 2.4)
"""Seconds between two kills: some of them fall while the bot starts."""

OPTIONS = ("ja", "nej", "vet_ej")
BOTH = {"sv": "Fråga", "en": "Question"}
FIELD = re.compile(r'name="(item|revision|token)" value="([^"]+)"')
DONE = "Dina svar är inskickade"


def open_wave(url: str, people: int) -> Engine:
    """Make a database with one open wave of plain choices and so many invitations."""
    migrate(url)
    engine = open_database(url)
    choices = tuple(Choice(name, {"sv": name, "en": name}) for name in OPTIONS)
    labels = {f"Q-{number:02}": f"Om Q-{number:02}" for number in range(QUESTIONS)}
    questions = tuple(
        Question(item, "select_one", {"sv": label, "en": label}, choices=choices)
        for item, label in labels.items()
    )
    asked = Questionnaire("BENCH", "a", 1, BOTH, "self", "generated", questions)
    today = datetime.now(UTC).date()
    days = {"opens": today - timedelta(days=1), "closes": today + timedelta(days=9)}
    told = {"sv": {"purpose": "Vi mäter.", "readers": "Vi läser."}}
    with writing(engine) as session:
        session.add(Review(id=1, title="Mätning", year=2026))
        form_id = publish_form(session, (asked,))
        named = {"name": "M", "contact_name": "I", "information": told, "doors": ["web", "telegram"]}
        session.add(Wave(id=1, review_id=1, form_id=form_id, **named, **days))
        session.flush()
        session.add(ReportingUnit(id=1, wave_id=1, label="Bromma", position=1))
        session.add_all(Person(id=number, reference=str(number)) for number in range(1, people + 1))
        session.flush()
        for number in range(1, people + 1):
            session.add(Subject(id=number, wave_id=1, kind="person", person_id=number))
            session.flush()
            session.add(Invitation(id=number, wave_id=1, subject_id=number, reporting_unit_id=1))
        session.commit()
    return engine


def link(engine: Engine, invitation: int) -> str:
    """Return a personal link's token."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with writing(engine) as session:
        mint_link(session, invitation, token, now, now + timedelta(days=9))
    return token


@dataclass
class Bot:
    """The bot as a process of its own, killed again and again until there were enough kills."""

    settings: dict[str, str]
    kills: int
    chance: random.Random
    killed: int = 0
    finished: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start, kill and start; then let it live until all have finished."""
        while not self.finished.is_set():
            surroundings = {**os.environ, **self.settings}
            with subprocess.Popen([GRANSKA, "bot"], env=surroundings, stdout=subprocess.DEVNULL) as process:
                lasting = self.killed >= self.kills
                self.finished.wait(None if lasting else self.chance.uniform(*LIVES))
                process.kill()
            self.killed += not self.finished.is_set()

    def allows(self, answered: int) -> bool:
        """Tell whether somebody who has answered so much may go on already."""
        return answered <= QUESTIONS * (self.killed + 1) / self.kills


@dataclass
class Respondent:
    """Somebody who answers each question once, by chance. ``given`` is what was answered, by item."""

    bot: Bot
    invitation: int
    chance: random.Random
    given: dict[str, str] = field(default_factory=dict)
    is_done: bool = False

    def choose(self, item: str) -> str:
        """Return the answer to a question, the same however often it is asked."""
        return self.given.setdefault(item, self.chance.choice(OPTIONS))


@dataclass
class InTelegram(Respondent):
    """Somebody in a chat, who presses what the newest message offers."""

    user: User = field(kw_only=True)
    seen: int = 0

    def act(self) -> None:
        """Press one button, if there is a new one and its time has come."""
        said = [each for each in self.user.sees() if each.by_bot]
        latest = max(said, key=lambda each: each.message_id, default=None)
        if latest is None or latest.message_id <= self.seen or not self.bot.allows(len(self.given)):
            return
        self.is_done = DONE in latest.text
        label = self.label(latest)
        if label:
            self.seen = latest.message_id
            self.user.press(label, latest)

    def label(self, message: Shown) -> str:
        """Return what to press."""
        labels = {label for row in message.buttons for label in row}
        ways_on = labels & {"Jag har läst, börja", "Skicka in"}
        asked = re.search(r"Om (Q-\d\d)", message.text)
        return ways_on.pop() if ways_on else self.choose(asked[1]) if asked and labels else ""


@dataclass
class OnTheWeb(Respondent):
    """Somebody with a browser, who posts the form of the page and looks again when nothing answers."""

    client: httpx.Client = field(kw_only=True)
    token: str = field(kw_only=True)

    def act(self) -> None:
        """Take one step; a broken connection is tried again later."""
        if not self.bot.allows(len(self.given)):
            return
        try:
            if not self.client.cookies:
                self.client.get(f"/s/{self.token}")
                return
            page = self.client.get("/samtal").text
            self.is_done = DONE in page
            if not self.is_done:
                self.client.post("/samtal", data=self.form(page))
        except httpx.HTTPError:
            return

    def form(self, page: str) -> dict[str, str]:
        """Return what the page's form says when it is answered."""
        fields = dict(FIELD.findall(page))
        if "item" in fields:
            return {**fields, "action": "answer", "svar": self.choose(fields["item"])}
        return {**fields, "action": "send" if 'value="send"' in page else "begin"}


def play(respondents: Sequence[InTelegram | OnTheWeb], until: float) -> None:
    """Let people act in turn until all of them are done."""
    while not all(each.is_done for each in respondents) and time.monotonic() < until:
        for each in respondents:
            if not each.is_done:
                each.act()
        time.sleep(0.05)


def faults(engine: Engine, respondents: Sequence[Respondent]) -> list[str]:
    """Return everything that is not as it was given."""
    with reading(engine) as session:
        rows = session.exec(
            select(Interview.invitation_id, Answer.item, Answer.value).join(
                Answer, Answer.interview_id == Interview.id
            )
        ).all()
        sent = session.connection().execute(text("SELECT count(DISTINCT key) FROM result")).scalar_one()
        undone = text("SELECT count(*) FROM incomingupdate WHERE done_at IS NULL")
        waiting = session.connection().execute(undone).scalar_one()
    stored = sorted((invitation or 0, item, value or "") for invitation, item, value in rows)
    given = sorted((each.invitation, *answer) for each in respondents for answer in each.given.items())
    silent = sum(not each.is_done for each in respondents)
    checks = (
        (silent == 0, f"{silent} have not finished"),
        (sent == len(respondents), f"{sent} of {len(respondents)} are sent"),
        (waiting == 0, f"{waiting} updates are not done"),
        (stored == given, f"{len(stored)} answers are stored, {len(given)} were given"),
    )
    return [fault for is_right, fault in checks if not is_right]


def measure(kills: int = KILLS, people: int = PEOPLE, url: str = "") -> tuple[int, int, float, list[str]]:
    """Return the kills, the answers, the seconds it took, and all faults. ``url``: another database."""
    sys.path.insert(0, str(ROOT / "tests"))
    from botapi.api import started  # noqa: PLC0415 - the stand-in is for tests and measurements only

    with tempfile.TemporaryDirectory() as folder, started() as api:
        url = url or f"sqlite:///{folder}/granska.db"
        engine = open_wave(url, 2 * people)
        bot = Bot(_settings(url, folder, api), kills, random.Random(SEED))
        begun = time.monotonic()
        respondents = _respondents(engine, bot, api, people)
        groups = [respondents[first::4] for first in range(4)]
        threads = [threading.Thread(target=bot.run)]
        threads += [threading.Thread(target=play, args=(each, begun + PATIENCE)) for each in groups]
        for thread in threads:
            thread.start()
        for thread in threads[1:]:
            thread.join()
        bot.finished.set()
        threads[0].join()
        found = faults(engine, respondents)
        answers = sum(len(each.given) for each in respondents)
        engine.dispose()
    return bot.killed, answers, time.monotonic() - begun, found


def _respondents(engine: Engine, bot: Bot, api: BotApi, people: int) -> list[InTelegram | OnTheWeb]:
    address = f"http://127.0.0.1:{bot.settings['GRANSKA_WEB_PORT']}"
    found: list[InTelegram | OnTheWeb] = []
    for number in range(1, 2 * people + 1):
        token, chance = link(engine, number), random.Random(number)
        if number % 2:
            user = api.user()
            user.start(token)
            found.append(InTelegram(bot, number, chance, user=user))
        else:
            client = httpx.Client(base_url=address, trust_env=False, timeout=10)
            found.append(OnTheWeb(bot, number, chance, client=client, token=token))
    return found


def _settings(url: str, folder: str, api: BotApi) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "GRANSKA_DATABASE_URL": url,
        "GRANSKA_DATA_DIR": folder,
        "GRANSKA_WEB_PORT": str(port),
        "GRANSKA_TELEGRAM_TOKEN": api.token,
        "GRANSKA_TELEGRAM_API": api.url,
    }


def run() -> None:
    """Print what the kills did."""
    killed, answers, seconds, found = measure()
    print(f"{killed} kills in {seconds:.0f} s while {2 * PEOPLE} people gave {answers} answers at two doors:")
    print(
        "; ".join(found) if found else "all have finished, and every answer is stored once, as it was given"
    )
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    run()
