"""How many answers a second Telegram's door takes, beside a bot that stores nothing; and how fast it sends.

Three processes over loopback HTTP: the Bot API stand-in with people who press the first button of every new
message, the bot, and this one. Both bots answer the press, change the question and send the next: three calls
an answer. The door also stores the update, the answer and what it says, each on the disk before it goes on.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import Engine

from fieldwork import outbox
from fieldwork.forms import publish_form
from fieldwork.invitations import mint_link
from models.database import migrate, open_database, writing
from models.tables import Address, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.definition import Choice, Question, Questionnaire

ROOT = Path(__file__).parent.parent
RUNS = 3
PEOPLE = 32
QUESTIONS = 30
GOAL = 0.5
MESSAGES = 150
RATE = 30.0
RATE_GOAL = 0.95
DEADLINE = 180.0
BOTH = {"sv": "Fråga", "en": "Question"}

SERVER = """
import json, sys, time
sys.path.insert(0, "tests")
from botapi.people import Person
from botapi.server import World, address, listen, serve

world, times, waiting = World(), [], set()

def react(message):
    person = people.get(message.chat.id)
    if person is None or message.edit_date:
        return
    if message.keyboard:
        times.append(time.monotonic())
        if len(times) == len(people):
            print(json.dumps({"pressed": len(times)}), flush=True)
        person.press(message.keyboard[0][0]["text"], message.message_id)
    else:
        waiting.discard(person.id)
        if not waiting:
            taken = time.monotonic() - times[len(people)]
            print(json.dumps({"pressed": len(times), "seconds": taken}), flush=True)

people = {}
for token in json.loads(sys.argv[1]):
    person = Person(world)
    people[person.id] = person
    waiting.add(person.id)
    person.start(token)
world.listeners.append(react)
listening = listen(0)
print(json.dumps({"url": address(listening), "token": world.token}), flush=True)
serve(world, listening)
"""

DOOR = """
import asyncio, gc, sys
from datetime import UTC, datetime
from bot.archive import Archive
from bot.telegram_door import TelegramDoor, Terms
from models.database import open_database

terms = Terms(sys.argv[2], sys.argv[1], "https://granska.example", per_second=float(sys.argv[4]), between=0)
door = TelegramDoor(Archive(open_database(sys.argv[3])), terms, b"k" * 32, lambda: datetime.now(UTC))
gc.freeze()
asyncio.run(door.run())
"""

BARE = """
import sys
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

def keyboard(number):
    buttons = ((each, f"{each}:{number}") for each in ("Ja", "Nej", "Vet ej", "Tillbaka"))
    return InlineKeyboardMarkup([[InlineKeyboardButton(each, callback_data=data)] for each, data in buttons])

async def start(update, context):
    await update.message.reply_text("Fråga 0", reply_markup=keyboard(0))

async def press(update, context):
    query = update.callback_query
    number = int(query.data.partition(":")[2]) + 1
    await query.answer()
    await query.edit_message_text(f"Fråga {number - 1}: {query.data}")
    last = number == int(sys.argv[3])
    await query.message.chat.send_message(f"Fråga {number}", reply_markup=None if last else keyboard(number))

application = (
    Application.builder().token(sys.argv[2]).base_url(f"{sys.argv[1]}/bot").job_queue(None)
    .concurrent_updates(32).connection_pool_size(32).pool_timeout(30).build()
)
application.add_handler(CommandHandler("start", start))
application.add_handler(CallbackQueryHandler(press))
application.run_polling()
"""


def asked() -> Questionnaire:
    """Return a questionnaire of plain choices."""
    choices = tuple(Choice(name, {"sv": name, "en": name}) for name in ("ja", "nej", "vet_ej"))
    questions = (
        Question(f"Q-{number:02}", "select_one", BOTH, choices=choices) for number in range(QUESTIONS)
    )
    return Questionnaire("BENCH", "a", 1, BOTH, "self", "generated", tuple(questions))


def open_wave(url: str, people: int) -> Engine:
    """Make a database with one open wave and so many invitations."""
    migrate(url)
    engine = open_database(url)
    today = datetime.now(UTC).date()
    with writing(engine) as session:
        session.add(Review(id=1, title="Mätning", year=2026))
        form_id = publish_form(session, (asked(),))
        told = {"sv": {"purpose": "Vi mäter.", "readers": "Vi läser."}}
        days = {"opens": today - timedelta(days=1), "closes": today + timedelta(days=9)}
        doors = ["telegram"]
        session.add(
            Wave(
                id=1,
                review_id=1,
                form_id=form_id,
                name="M",
                information=told,
                doors=doors,
                contact_name="I",
                **days,
            )
        )
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


def links(engine: Engine, people: int) -> list[str]:
    """Return a personal link's token for each of the invited."""
    tokens, now = [secrets.token_urlsafe(32) for _ in range(people)], datetime.now(UTC)
    with writing(engine) as session:
        for number, token in enumerate(tokens, 1):
            mint_link(session, number, token, now, now + timedelta(days=9))
    return tokens


@contextmanager
def process(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a piece of code in a process of its own."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def told(server: subprocess.Popen[str]) -> dict[str, object]:
    """Return the next line that the server says."""
    found: dict[str, object] = json.loads(server.stdout.readline() if server.stdout else "")
    return found


def seconds_of_work(running: subprocess.Popen[str]) -> float:
    """Return the time that a process has kept a processor busy."""
    fields = Path(f"/proc/{running.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Speed(NamedTuple):
    """Answers a second, and milliseconds of work of the bot for each."""

    rate: float
    work: float


def answering(code: str, tokens: Sequence[str], *arguments: str) -> Speed:
    """Let everybody answer everything; return how fast that went."""
    with process(SERVER, json.dumps(list(tokens))) as server:
        at = told(server)
        with process(code, str(at["url"]), str(at["token"]), *arguments) as bot:
            begun = told(server)
            before = seconds_of_work(bot)
            end = told(server)
            work = seconds_of_work(bot) - before
    pressed = float(str(end["pressed"])) - float(str(begun["pressed"]))
    return Speed(pressed / float(str(end["seconds"])), 1000 * work / pressed)


def with_the_door() -> Speed:
    """Return how fast answers are stored."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/granska.db"
        engine = open_wave(url, PEOPLE)
        tokens = links(engine, PEOPLE)
        engine.dispose()
        return answering(DOOR, tokens, url, "0")


def without_storing() -> Speed:
    """Return the speed of a bot that stores nothing."""
    return answering(BARE, ["x"] * PEOPLE, str(QUESTIONS))


def messages_a_second() -> tuple[float, int]:
    """Return how many messages a second leave the outbox, and how many were refused as too fast."""
    sys.path.insert(0, str(ROOT / "tests"))
    from botapi.api import started  # noqa: PLC0415 - the stand-in is for tests and measurements only

    with tempfile.TemporaryDirectory() as folder, started() as api:
        url = f"sqlite:///{folder}/granska.db"
        engine = open_wave(url, MESSAGES)
        chats = [api.user() for _ in range(MESSAGES)]
        for chat in chats:
            chat.start()
        now = datetime.now(UTC)
        with writing(engine) as session:
            for number, chat in enumerate(chats, 1):
                session.add(Address(id=number, person_id=number, channel="telegram", value=str(chat.id)))
                session.flush()
                said = [outbox.Message("notice", {"invitation": number, "said": "Hej."})]
                outbox.put(session, number, said, language="sv", key=f"bench {number}", now=now)
            session.commit()
        api.keep_pace(RATE, 1)
        with process(DOOR, api.url, api.token, url, str(RATE)):
            until = time.monotonic() + DEADLINE
            while len(sent := api.calls("sendMessage")) < MESSAGES and time.monotonic() < until:
                time.sleep(0.2)
        engine.dispose()
        refused = sum(call["status"] != HTTPStatus.OK for call in sent)
        return (MESSAGES - 1) / (sent[-1]["at"] - sent[0]["at"]), refused


def run() -> None:
    """Print both rates beside their goals."""
    pairs = [(without_storing(), with_the_door()) for _ in range(RUNS)]
    for name, speeds in zip(("stores nothing", "stores all"), zip(*pairs, strict=True), strict=True):
        rate, work = median(each.rate for each in speeds), median(each.work for each in speeds)
        print(f"a bot that {name}: {rate:.0f} answers a second, {work:.1f} ms of work each")
    shares = sorted(door.rate / nothing.rate for nothing, door in pairs)
    works = median(nothing.work / door.work for nothing, door in pairs)
    print(
        f"share: {median(shares):.0%} (of {RUNS} runs {shares[0]:.0%} to {shares[-1]:.0%}), by work "
        f"{works:.0%}; goal {GOAL:.0%}; {PEOPLE} people, three calls an answer"
    )
    rate, refused = messages_a_second()
    print(
        f"messages a second: {rate:.1f} of {RATE:.0f} allowed: {rate / RATE:.0%}, {refused} refused "
        f"(goal {RATE_GOAL:.0%}, none)"
    )


if __name__ == "__main__":
    run()
