"""Whoever holds the whole database cannot tell who has answered what.

The attacker knows who sent when, and holds every row, its number, its place in the file, and on PostgreSQL
which transaction wrote it. Two databases are filled in the same way at the same moments by the same people,
who differ in nothing but in who gives which answers. Where everything that is left is the same in both, no
method whatever can join an answer to a person.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, column, inspect, literal_column, select, text
from sqlalchemy import table as quoted
from sqlmodel import Session

from fieldwork import inbox, interviews, outbox, parting
from fieldwork.inbox import Update
from fieldwork.invitations import mint_link
from fieldwork.messages import Action, Door, Incoming
from fieldwork.outbox import QUESTION, Message, Result
from fieldwork.reviews import close_wave
from models.database import open_database, reading, writing
from models.tables import Address, AuditEntry, Wave

MORNING = datetime(2026, 10, 6, 7, tzinfo=UTC)
SECRET = b"nyckel till chattars hashar"

Step = tuple[Action, str]
Twins = tuple[Engine, Engine]

YES: Sequence[Step] = ((Action.ANSWER, "ja"), (Action.ANSWER, "ib"), (Action.ANSWER, "40"))
SHEETS: Mapping[str, Sequence[Step]] = {
    "a-whole-long": (*YES, (Action.ANSWER, "Vi hinner inte."), (Action.SEND, "")),
    "b-partial": (*YES[:1], (Action.SEND_PARTIAL, "")),
    "c-changed": ((Action.ANSWER, "nej"), (Action.BACK, ""), *YES, (Action.SKIP, ""), (Action.SEND, "")),
    "d-short": ((Action.ANSWER, "nej"), (Action.ANSWER, "7"), (Action.SKIP, ""), (Action.SEND, "")),
}
"""What may be answered, by the key under which it is stored. No two have as many steps."""

BY_TELEGRAM = (1, 3)
COUNTED_BY_SEQUENCE = {("outgoingmessage", "id"), ("outgoingmessage", "dedupe_key")}


@pytest.fixture
def twins(
    database_kind: str,
    request: pytest.FixtureRequest,
    furnishings: Mapping[str, Callable[[Session], None]],
    tmp_path: Path,
) -> Iterator[Twins]:
    template = request.getfixturevalue("furnished")(database_kind, (furnishings["october"],))
    with ExitStack() as stack:
        made = []
        for name in ("first", "second"):
            if database_kind == "sqlite":
                (tmp_path / name).mkdir()
                url = f"sqlite:///{shutil.copy(template, tmp_path / name / 'granska.db')}"
            else:
                url = stack.enter_context(request.getfixturevalue("postgres").database(template))
            engine = open_database(url)
            stack.callback(engine.dispose)
            made.append(engine)
        yield made[0], made[1]


def fill(engine: Engine, promise: str, keys: Sequence[str]) -> None:
    """Let people 1 to 4 answer one after the other: person 1 what stands under the first key, and so on."""
    numbers = itertools.count(1)
    with writing(engine) as session:
        session.get_one(Wave, 1).promise = promise
        for person in BY_TELEGRAM:
            chat = str(4710 + person)
            session.add(Address(id=90 + person, person_id=person, channel="telegram", value=chat))
        session.commit()
        for person in range(1, 5):
            mint_link(session, person, f"{person}" * 43, MORNING, MORNING + timedelta(days=60))
    for person, key in enumerate(keys, start=1):
        at = MORNING + timedelta(minutes=20 * person)
        do(engine, person, (Action.BEGIN, ""), f"draft {person}", at, numbers)
        do(engine, person, (Action.REMIND, "hour"), "", at, numbers)
        for step in SHEETS[key][:-1]:
            do(engine, person, step, key, at + timedelta(seconds=30), numbers)
        do(engine, person, SHEETS[key][-1], key, at + timedelta(minutes=4), numbers)
        do(engine, person, (Action.RESUME, ""), "", at + timedelta(minutes=5), numbers)
    deliver(engine, MORNING + timedelta(hours=2))
    with writing(engine) as session:  # somebody else writes to the bot: what came before is acknowledged
        session.add(AuditEntry(at=MORNING, actor="Anna", action="paper answer", target="invitation 2"))
        inbox.store(session, [Update(1000, {"kind": "help"}, chat="4811")], MORNING, SECRET)


def do(  # noqa: PLR0913, PLR0917 - who does what when, and under which numbers
    engine: Engine, person: int, step: Step, key: str, at: datetime, numbers: Iterator[int]
) -> None:
    """Do one step, at the web or in the chat as its door does it."""
    action, value = step
    with reading(engine) as session:
        talk = interviews.show(session, person, now=at, device=f"mobil {person}")
    chat = person in BY_TELEGRAM
    said = Incoming(
        invitation=person,
        door=Door.TELEGRAM if chat else Door.WEB,
        action=action,
        at=at,
        item=talk.prompt.item if talk.prompt else "",
        values=(value,) if value else (),
        revision=talk.revision,
        device=f"mobil {person}",
        fresh_id=key,
    )
    with writing(engine) as session:
        if not chat:
            interviews.receive(session, said)
            return
        update = Update(next(numbers), {"kind": "press", "data": value}, chat=str(4710 + person))
        (waiting,), _ = inbox.store(session, [update], at, SECRET)

        def also(after: interviews.Conversation) -> None:
            params = {"invitation": person, "revision": after.revision, "chosen": [0], "item": value}
            inbox.done(session, waiting, at, messages=[Message(QUESTION, params)])

        interviews.receive(session, said, also)


def deliver(engine: Engine, at: datetime) -> None:
    """Let every message that waits be sent."""
    number, claimed = itertools.count(1), []
    with writing(engine) as session:
        while claimed := outbox.exchange(
            session, [Result(each, sent=True, number=next(number)) for each in claimed], at, 10
        ):
            pass


def left(engine: Engine) -> object:
    """Return everything that can be seen of a database, as an attacker would lay it out."""
    return files(engine) if engine.dialect.name == "sqlite" else tables(engine)


def files(engine: Engine) -> object:
    """Return every row with its number, in the order it is kept in, and all keys as they lie in the file."""
    path = Path(engine.url.database or "")
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        made = dict(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        )
        rows = {}
        for name in names:
            place = () if "WITHOUT ROWID" in made[name].upper() else (literal_column("rowid"),)
            listed = select(*place, text("*")).select_from(quoted(name))
            rows[name] = [tuple(row) for row in connection.execute(listed)]
    engine.dispose()
    content = b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))
    assert b"mobil 1" not in content  # of the drafts nothing is in the file, not even in its free pages
    return rows, re.findall("|".join(SHEETS).encode(), content)


def tables(engine: Engine) -> object:
    """Return every row where it lies, with the rank of the transaction that wrote it among all seen.

    The numbers of messages are left out: a sequence of PostgreSQL counts what is deleted too.
    """
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        rows = {}
        for name in names:
            columns = [each["name"] for each in inspect(connection).get_columns(name)]
            seen = [column(each) for each in columns if (name, each) not in COUNTED_BY_SEQUENCE]
            written = literal_column("CAST(CAST(xmin AS text) AS bigint)")
            listed = select(written, *seen).select_from(quoted(name)).order_by(literal_column("ctid"))
            rows[name] = [tuple(row) for row in connection.execute(listed)]
    ranks = {
        xmin: rank for rank, xmin in enumerate(sorted({row[0] for each in rows.values() for row in each}))
    }
    return {name: [(ranks[row[0]], *row[1:]) for row in each] for name, each in rows.items()}


ONE, OTHER = tuple(SHEETS), ("c-changed", "d-short", "b-partial", "a-whole-long")


def test_nothing_in_an_anonymous_wave_depends_on_who_gave_which_answers(twins: Twins) -> None:
    for engine, keys in zip(twins, (ONE, OTHER), strict=True):
        fill(engine, "anonymous", keys)
    assert left(twins[0]) == left(twins[1])


def test_nothing_in_a_closed_confidential_wave_depends_on_who_gave_which_answers(twins: Twins) -> None:
    for engine, keys in zip(twins, (ONE, OTHER), strict=True):
        fill(engine, "confidential", keys)
        with writing(engine) as session:
            close_wave(session, 1, MORNING + timedelta(days=30))
    assert left(twins[0]) == left(twins[1])


def unmixed(*_: object) -> None:
    """Leave the results where they came to lie."""


def unerased(*_: object) -> None:
    """Leave the messages of the chat."""


@pytest.mark.parametrize(("name", "instead"), [("mix_around", unmixed), ("forget_messages", unerased)])
def test_the_same_attack_succeeds_where_a_part_of_it_is_switched_off(
    twins: Twins, monkeypatch: pytest.MonkeyPatch, name: str, instead: Callable[..., None]
) -> None:
    monkeypatch.setattr(parting, name, instead)
    for engine, keys in zip(twins, (ONE, OTHER), strict=True):
        fill(engine, "anonymous", keys)
    assert left(twins[0]) != left(twins[1])


def test_an_open_confidential_wave_is_still_tied_and_says_so(twins: Twins) -> None:
    for engine, keys in zip(twins, (ONE, OTHER), strict=True):
        fill(engine, "confidential", keys)
    with reading(twins[0]) as session:
        assert (
            "finns kvar tills insamlingen stänger"
            in dict(interviews.show(session, 1, now=MORNING).about)["Kopplingen till dig"]
        )
    seen = [
        engine.connect().exec_driver_sql("SELECT invitation_id, result_key FROM interview").all()
        for engine in twins
    ]
    assert sorted(seen[0]) != sorted(seen[1])
