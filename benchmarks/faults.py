"""The long kill test: bot, mail server and database are killed while people answer and are reminded.

Fifty people answer in Telegram, through the stand-in for the Bot API, and fifty in the web chat; all of them
are invited and reminded, in Telegram or by mail. SIGKILL ends the bot 200 times at whatever line it is, now
and then the mail server too, and on PostgreSQL the database server is stopped and started. Nobody asks again
for what was acknowledged. In the end everybody has finished, every answer is stored once, as it was given,
and nobody got more than one message for one contact, by the records of the mail server and of the stand-in.
How much may be answered rises with the number of kills, so that all of them matter. The clock of contacts
runs fast: days pass in minutes.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.faulty.processes import SOON, Bot, FastTime, MailServer, Outages, free_port
from benchmarks.faulty.respondents import InTelegram, OnTheWeb, play
from benchmarks.faulty.verdict import Verdict, judge
from benchmarks.faulty.wave import link, open_wave

if TYPE_CHECKING:
    from postgres import Server
    from sqlalchemy import Engine

    from botapi.api import BotApi

ROOT = Path(__file__).parent.parent
PATIENCE = 3600.0
GROUPS = 4
SEED = 2012


@dataclass(frozen=True)
class Trial:
    """How hard it gets. ``people`` answer at each of the two doors; ``day`` is how many seconds a day lasts.

    After at most ``quiet`` kills of the bot the mail server is killed, or the database.
    """

    kills: int = 200
    people: int = 50
    questions: int = 15
    day: float = 40.0
    quiet: int = 6


@dataclass(frozen=True)
class Ordeal:
    """What was killed, how often, and what came of it."""

    kills: int
    mail_kills: int
    outages: int
    seconds: float
    verdict: Verdict


def measure(trial: Trial, url: str, folder: Path, api: BotApi, server: Server | None = None) -> Ordeal:
    """Let people answer while everything is killed; ``server``, if given, is the one behind ``url``."""
    begun, clock, chance = time.monotonic(), FastTime(trial.day), random.Random(SEED)
    engine = open_wave(url, 2 * trial.people, trial.questions)
    mail, outages = MailServer(folder, chance), Outages(server, chance)
    bot = Bot(_settings(url, folder, api, mail), clock, api, trial.kills, trial.questions, chance)
    respondents = _respondents(engine, bot, mail, api, trial.people)
    engine.dispose()
    killing = threading.Thread(target=bot.run)
    mail.start()
    killing.start()
    try:
        players = play(respondents, PATIENCE, GROUPS)
        # In this thread, since the database server ends with the thread that has started it.
        _strike(players, bot, mail, outages, trial)
    finally:
        bot.finished.set()
        killing.join()
        mail.stop()
        for each in respondents:
            each.leave()
    verdict = judge(engine, respondents, mail, api, clock)
    engine.dispose()
    return Ordeal(bot.killed, mail.killed, outages.stopped, time.monotonic() - begun, verdict)


def _strike(
    players: list[threading.Thread], bot: Bot, mail: MailServer, outages: Outages, trial: Trial
) -> None:
    """Hit mail server and database now and then, until the bot is killed no more; wait for the players."""
    following = 1
    while bot.killed < bot.kills and any(each.is_alive() for each in players):
        bot.finished.wait(SOON)
        if bot.killed >= following:
            following += bot.chance.randint(1, trial.quiet)
            bot.chance.choice([mail.kill, outages.strike])() if outages.server else mail.kill()
    for each in players:
        each.join()


def _respondents(
    engine: Engine, bot: Bot, mail: MailServer, api: BotApi, people: int
) -> list[InTelegram | OnTheWeb]:
    address = f"http://127.0.0.1:{bot.settings['GRANSKA_WEB_PORT']}"
    trusted = httpx.create_ssl_context()  # once for all, since it takes longer than a request
    found: list[InTelegram | OnTheWeb] = []
    for number in range(1, 2 * people + 1):
        token = link(engine, number)
        if number % 2:
            user = api.user()
            user.start(token)
            found.append(InTelegram(number, bot.may_answer, user=user))
        else:
            client = httpx.Client(base_url=address, trust_env=False, timeout=10, verify=trusted)
            found.append(OnTheWeb(number, bot.may_answer, client=client, token=token, has_mail=mail.has_mail))
    return found


def _settings(url: str, folder: Path, api: BotApi, mail: MailServer) -> dict[str, str]:
    return {
        "GRANSKA_DATABASE_URL": url,
        "GRANSKA_DATA_DIR": str(folder),
        "GRANSKA_WEB_PORT": str(free_port()),
        "GRANSKA_TELEGRAM_TOKEN": api.token,
        "GRANSKA_TELEGRAM_API": api.url,
        "GRANSKA_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "GRANSKA_MAIL_FROM": "granska@example.se",
    }


@contextmanager
def databases() -> Iterator[Iterator[tuple[str, str, Server | None]]]:
    """Lend out each database that can be had: its name, its address, and its server if it has one."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import running  # noqa: PLC0415 - the servers of the tests

    with tempfile.TemporaryDirectory() as folder, running() as server, server.database() as url:
        yield iter((("SQLite", f"sqlite:///{folder}/granska.db", None), ("PostgreSQL", url, server)))


def run(trial: Trial | None = None) -> None:
    """Print what the kills did on both databases."""
    trial, faults = trial or Trial(), 0
    with databases() as each:
        from botapi.api import started  # noqa: PLC0415 - likewise

        for name, url, server in each:
            with tempfile.TemporaryDirectory() as folder, started() as api:
                ordeal = measure(trial, url, Path(folder), api, server)
            print(_in_words(name, trial, ordeal))
            faults += len(ordeal.verdict.faults)
    if faults:
        raise SystemExit(1)


def _in_words(name: str, trial: Trial, ordeal: Ordeal) -> str:
    verdict = ordeal.verdict
    outages = f", the database stopped {ordeal.outages} times" if ordeal.outages else ""
    contacts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(verdict.contacts.items()))
    held = "all have finished, every answer is stored once, as it was given; no contact was doubled"
    return (
        f"{name}: the bot killed {ordeal.kills} times, the mail server {ordeal.mail_kills} times{outages}, "
        f"in {ordeal.seconds:.0f} s\n"
        f"  {2 * trial.people} people gave {verdict.answers} answers at two doors; contacts: {contacts}; "
        f"{verdict.mails} mails and {verdict.messages} messages arrived\n"
        f"  {'; '.join(verdict.faults[:5]) or held}"
    )


if __name__ == "__main__":
    run()
