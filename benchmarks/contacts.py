"""Two waves of six weeks, one over each change of the clocks, with people who do as people do.

Every contact is checked when it is made, against what the people themselves know and a calendar written here:
nobody is contacted who has sent, declined, asked for no more, deleted or left; none outside the hours, beyond
the most or too close; everyone who stayed silent got all that was planned; and who sent was thanked once.
"""

from __future__ import annotations

import heapq
import logging
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, event, insert, update
from sqlmodel import Session, col

from fieldwork.claims import recover
from fieldwork.contacts import Sending, send_due
from fieldwork.deliveries import DeliveryFailed
from fieldwork.forms import publish_form
from fieldwork.letters import Letter, LetterKind
from fieldwork.plans import plan
from fieldwork.schedule import Schedule, choice_to_moment, chosen_contact
from fieldwork.sendouts import start_wave
from fieldwork.wave_schedule import schedule_of
from models.database import migrate, open_database, reading, writing
from models.tables import Address, Invitation, Person, ReportingUnit, Review, Subject, Wave
from questionnaires.loader import from_library

T = TypeVar("T")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
PEOPLE = 10_000
PLANNING_GOAL = 2.0  # seconds
STEP = timedelta(minutes=30)
WAVES = (date(2026, 10, 5), date(2027, 3, 8))
HOLIDAYS = {date(2026, 10, 30), date(2027, 3, 25), date(2027, 3, 26), date(2027, 3, 29)}
"""The eve of All Saints, and Easter with the Thursday before it: weekdays on which nobody is contacted."""

BLOCKED = {date(2026, 11, 4), date(2027, 3, 17)}
SCHEDULE = {
    "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "blocked": [day.isoformat() for day in sorted(BLOCKED)],
}
HOURS = ((clock_time(9), clock_time(11)), (clock_time(13), clock_time(15)))
AS_CHOSEN = ((clock_time(8), clock_time(17)),)
MOST = 4
SPACING = timedelta(days=2)
A_WEEK = timedelta(days=7)
STOPS = ("finished_at", "declined_at", "no_more_at", "deleted_at", "left_at")
DOINGS = {
    "": 50,
    "finished_at": 22,
    "declined_at": 6,
    "no_more_at": 4,
    "deleted_at": 3,
    "left_at": 3,
    "chosen_at": 8,
    "blocks": 4,
}
"""What people do after a contact, and how many in a hundred do it."""


class Killed(BaseException):
    """The sending process dies here."""


@dataclass
class Person_:  # noqa: N801 - beside the table of that name
    """One invitee as she knows herself."""

    stopped: str = ""
    chosen: datetime | None = None
    blocks: bool = False
    silent: bool = True
    contacts: list[datetime] = field(default_factory=list)
    sent: datetime | None = None
    thanked: bool = False


@dataclass
class World:
    """A wave, its people, and the channel that reaches them. The clock moves in steps of half an hour."""

    engine: Engine
    opens: date
    number: int
    random: Random
    now: datetime = field(init=False)
    people: dict[int, Person_] = field(init=False)
    doings: list[tuple[datetime, int, str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    killed: int = 0
    tokens: int = 0

    def __post_init__(self) -> None:
        self.now = local(self.opens, clock_time(6))
        self.people = {number: Person_() for number in range(1, self.number + 1)}

    @property
    def closes(self) -> date:
        """The last day."""
        return self.opens + timedelta(days=41)

    @property
    def schedule(self) -> Schedule:
        """The schedule as the program reads it, for what people choose."""
        return schedule_of(SCHEDULE, self.opens, self.closes)

    def store(self, work: Callable[[Session], T]) -> T:
        """Run work on a writing session."""
        with writing(self.engine) as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        """Run work on a reading session."""
        with reading(self.engine) as session:
            return work(session)

    def token(self) -> str:
        """Return a token never used before."""
        self.tokens += 1
        return f"token-{self.tokens}"

    def send(self, address: str, letter: Letter) -> None:
        """Deliver to somebody, or fail as channels do; check that it was right to try."""
        number = int(address.partition("@")[0])
        someone = self.people[number]
        thanks = letter.kind is LetterKind.THANKS
        self.hold_to(self.of_thanks(someone) if thanks else self.of_contacts(someone))
        fate = self.random.random()
        if someone.blocks:
            raise DeliveryFailed(permanent=True, reason="refused")
        if fate < 0.02:
            someone.silent = False
            raise DeliveryFailed(permanent=False, reason="busy")
        self.kinds[letter.kind.value] += 1
        if thanks:
            someone.thanked = True
        else:
            someone.contacts.append(self.now)
            someone.chosen = None
            self.plan_doing(number)
        if fate < 0.022:
            self.killed += 1
            raise Killed
        if fate < 0.03:
            raise DeliveryFailed(permanent=False, reason="connection", unknown=True)

    def hold_to(self, promises: dict[str, bool]) -> None:
        """Hold a contact to its promises; a broken one is kept, since the sender stops for nothing."""
        here = self.now.astimezone(STOCKHOLM)
        always = {
            "only on weekdays": here.weekday() < 5,
            "not on holidays and blocked days": here.date() not in HOLIDAYS | BLOCKED,
        }
        self.broken += [f"{here}: {each}" for each, is_kept in {**always, **promises}.items() if not is_kept]

    def of_contacts(self, someone: Person_) -> dict[str, bool]:
        """Return what is promised of an invitation and a reminder, and whether it is kept."""
        here = self.now.astimezone(STOCKHOLM)
        hours = AS_CHOSEN if someone.chosen else HOURS
        earliest = someone.chosen or (someone.contacts[-1] + SPACING if someone.contacts else self.now)
        return {
            f"nobody is contacted after {someone.stopped}": not someone.stopped,
            "never more than the most": len(someone.contacts) < MOST,
            "only while the wave lasts": self.opens <= here.date() <= self.closes,
            "only within the hours": any(start <= here.time() < end for start, end in hours),
            "neither too close nor before the chosen moment": self.now >= earliest,
        }

    def of_thanks(self, someone: Person_) -> dict[str, bool]:
        """Return what is promised of a thank-you, and whether it is kept."""
        here = self.now.astimezone(STOCKHOLM)
        [(start, end)] = AS_CHOSEN
        return {
            "only who has sent is thanked": someone.stopped == "finished_at",
            "nobody is thanked twice": not someone.thanked,
            "thanked within working hours": start <= here.time() < end,
            "thanked within a week": someone.sent is not None and self.now < someone.sent + A_WEEK,
        }

    def plan_doing(self, number: int) -> None:
        """Decide what somebody does after a contact, and when."""
        doing = self.random.choices(list(DOINGS), list(DOINGS.values()))[0]
        if doing:
            self.people[number].silent = False
            at = self.now + timedelta(minutes=self.random.randint(1, 14 * 24 * 60))
            heapq.heappush(self.doings, (at, number, doing))

    def do(self, session: Session, number: int, doing: str) -> None:
        """Let somebody do it: in her own mind and in the rows."""
        someone = self.people[number]
        if someone.stopped:
            return
        if doing == "blocks":
            someone.blocks = True
            heapq.heappush(self.doings, (self.now + timedelta(days=3), number, "corrected"))
        elif doing == "corrected":
            someone.blocks = False
            session.execute(delete(Address).where(col(Address.person_id) == number))
            session.execute(insert(Address).values(_address(number)))
        elif doing == "chosen_at":
            self.choose(session, number)
        else:
            someone.stopped = doing
            someone.sent = self.now if doing == "finished_at" else None
            self.write(session, number, doing, self.now)

    def choose(self, session: Session, number: int) -> None:
        """Let somebody choose when to be reminded, as the conversation does it."""
        later = (self.now.astimezone(STOCKHOLM) + timedelta(days=self.random.randint(1, 9))).date()
        choice = self.random.choice(["hour", "next_day", later.isoformat()])
        moment = choice_to_moment(choice, self.now, self.schedule)
        at = chosen_contact(self.schedule, moment) if moment else None
        if at and len(self.people[number].contacts) < MOST:
            self.people[number].chosen = at
            self.write(session, number, "chosen_at", at)

    def write(self, session: Session, number: int, column: str, at: datetime) -> None:
        """Write when something happened."""
        session.execute(update(Invitation).where(col(Invitation.id) == number).values({column: at}))

    def step(self) -> None:
        """Let half an hour pass: people do what they do, then the sender has its round."""
        self.now += STEP
        with writing(self.engine) as session:
            while self.doings and self.doings[0][0] <= self.now:
                _, number, doing = heapq.heappop(self.doings)
                self.do(session, number, doing)
            session.commit()  # the people, not the program
        by = {"mail": self}
        sending = Sending(self.read, self.store, by, lambda: self.now, self.token, "https://g.example")
        while True:
            try:
                self.store(lambda session: recover(session, self.now))
                if not send_due(sending, self.number).made:
                    return
            except Killed:
                continue

    def run(self) -> Iterator[datetime]:
        """Go through the six weeks and a day after them; yield each noon."""
        while self.now.astimezone(STOCKHOLM).date() <= self.closes + timedelta(days=2):
            self.step()
            if self.now.astimezone(STOCKHOLM).time() == clock_time(12):
                yield self.now

    def silent(self) -> dict[int, int]:
        """Return how many contacts those got who never did anything and whom nothing went wrong with."""
        counts: defaultdict[int, int] = defaultdict(int)
        for someone in self.people.values():
            if someone.silent:
                counts[len(someone.contacts)] += 1
        return dict(counts)

    def thanks_owed(self) -> int:
        """Return how many sent in good time, without ever refusing a mail, and were never thanked."""
        in_time = self.now - A_WEEK
        return sum(
            each.sent is not None and each.sent < in_time and not each.blocks and not each.thanked
            for each in self.people.values()
        )


def local(day: date, at: clock_time) -> datetime:
    """Return that time of the day in Stockholm."""
    return datetime.combine(day, at, STOCKHOLM).astimezone(UTC)


def _address(number: int) -> dict[str, object]:
    return {"person_id": number, "channel": "mail", "value": f"{number}@example.se", "active": True}


def open_world(folder: Path, opens: date, people: int, seed: int) -> World:
    """Make a wave with so many people, started the week before."""
    url = f"sqlite:///{folder / 'contacts.db'}"
    migrate(url)
    engine = open_database(url)
    # What is measured and checked here are the rules; the disk has a measurement of its own.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    numbers = range(1, people + 1)
    with writing(engine) as session:
        session.add(Review(id=1, title="Granskning", year=opens.year))
        form_id = publish_form(session, [from_library("kval.kort")])
        wave = Wave(id=1, review_id=1, form_id=form_id, name="Våg", schedule=SCHEDULE, opens=opens)
        wave.closes, wave.informed_on = opens + timedelta(days=41), opens - timedelta(days=14)
        wave.information = {"sv": {"purpose": "Prov."}}
        session.add(wave)
        session.flush()
        session.add(ReportingUnit(id=1, wave_id=1, label="Alla", position=0))
        session.flush()
        session.execute(insert(Person), [{"id": each, "reference": str(each)} for each in numbers])
        subjects = [{"id": each, "wave_id": 1, "kind": "self", "person_id": each} for each in numbers]
        session.execute(insert(Subject), subjects)
        place = {"wave_id": 1, "reporting_unit_id": 1}
        session.execute(insert(Invitation), [{"id": each, "subject_id": each, **place} for each in numbers])
        session.execute(insert(Address), [_address(each) for each in numbers])
        start_wave(session, 1, local(opens - timedelta(days=7), clock_time(12)), "benchmark")
    return World(engine, opens, people, Random(seed))


def seconds_to_plan(world: World) -> tuple[float, float]:
    """Return how long it takes to simulate the rest of the wave: by the clock, and of the processor."""
    with reading(world.engine) as session:
        begin, busy = time.perf_counter(), time.process_time()
        plan(session, 1, world.now)
        return time.perf_counter() - begin, time.process_time() - busy


def run(people: int = PEOPLE) -> None:
    """Print what both waves led to, and how long planning took beside its goal."""
    logging.getLogger("fieldwork.contacts").setLevel(logging.ERROR)  # what goes wrong here is meant to
    for opens in WAVES:
        with tempfile.TemporaryDirectory() as folder:
            world = open_world(Path(folder), opens, people, opens.toordinal())
            begin = time.perf_counter()
            planning = [seconds_to_plan(world)]
            planning += [seconds_to_plan(world) for _noon in world.run()]
            taken = time.perf_counter() - begin
            world.engine.dispose()
        made = sum(world.kinds.values())
        print(f"{opens}: {people} people, {made} contacts in {taken:.0f} s: {dict(world.kinds)}")
        print(f"  sender killed {world.killed} times; contacts of the silent: {world.silent()}")
        print(f"  who sent and was not thanked: {world.thanks_owed()}")
        print(f"  broken promises: {len(world.broken)} {world.broken[:3]}")
        clock, processor = zip(*planning, strict=True)
        slowest = f"{max(clock):.2f} s at most (goal: under {PLANNING_GOAL} s)"
        print(f"  planning the rest of the wave: {median(clock):.2f} s, {slowest};")
        print(f"  of the processor {median(processor):.2f} s, {max(processor):.2f} s at most")


if __name__ == "__main__":
    run()
