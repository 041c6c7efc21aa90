"""What PostgreSQL lets happen at once, and what becomes of a message when its server goes away."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from queue import Queue

import pytest
from office import TUESDAY, Office
from postgres import Server
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from fieldwork import interviews
from fieldwork.claims import claim
from fieldwork.conversations import Conversation
from fieldwork.errors import CouldNotStore
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.reviews import close_wave
from models.database import reading, writing
from models.tables import Answer, Interview, Invitation, Result

Act = Callable[..., Conversation]
Work = Callable[[Session], object]

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
PATIENCE = 20.0

pytestmark = pytest.mark.only_on("postgresql", "on SQLite a writing transaction is alone")


def message(value: str, action: Action = Action.ANSWER, revision: int = 1) -> Incoming:
    values = (value,) if action is Action.ANSWER else ()
    return Incoming(1, Door.WEB, action, AT, "PROV-01", values, revision, value, fresh_id=value)


def until(engine: Engine, question: str) -> None:
    """Wait until the database says yes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with reading(engine) as session:
            if session.connection().execute(text(question)).scalar_one():
                return
    pytest.fail(f"it never became true: {question}")


class Meanwhile:
    """Work that is begun while a transaction is open, and that waits for it."""

    def __init__(self, engine: Engine, work: Work) -> None:
        self.engine = engine
        self.result: Queue[object] = Queue()
        self.thread = threading.Thread(target=self._run, args=(work,))

    def __call__(self, _talk: Conversation | None = None) -> None:
        """Begin it, and go on when it waits for a lock."""
        self.thread.start()
        until(self.engine, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    def end(self) -> object:
        self.thread.join(PATIENCE)
        found = self.result.get(timeout=PATIENCE)
        if isinstance(found, Exception):
            raise found
        return found

    def _run(self, work: Work) -> None:
        try:
            with writing(self.engine) as session:
                self.result.put(work(session))
        except Exception as error:  # noqa: BLE001 - raised again where it is asked for
            self.result.put(error)


def test_of_two_answers_to_one_question_the_second_waits_and_changes_nothing(
    act: Act, archive: Engine
) -> None:
    act(Action.BEGIN)
    second = Meanwhile(archive, lambda session: interviews.receive(session, message("nej")))
    with writing(archive) as session:
        interviews.receive(session, message("ja"), second)
    talk = second.end()
    assert isinstance(talk, Conversation)
    assert [notice.key for notice in talk.notices] == ["notice.stale"]
    with reading(archive) as session:
        assert [answer.value for answer in session.exec(select(Answer))] == ["ja"]
        assert session.exec(select(Interview)).one().revision == 2


def test_of_two_who_begin_at_once_one_begins(act: Act, archive: Engine) -> None:
    second = Meanwhile(archive, lambda session: interviews.receive(session, message("b", Action.BEGIN)))
    with writing(archive) as session:
        interviews.receive(session, message("a", Action.BEGIN), second)
    talk = second.end()
    assert isinstance(talk, Conversation)
    assert talk.stage is Stage.QUESTION
    with reading(archive) as session:
        assert session.exec(select(Interview.id)).all() == ["a"]


def test_a_wave_is_closed_after_the_answer_that_is_coming_in_and_nothing_of_it_is_left(
    act: Act, archive: Engine, october: int
) -> None:
    act(Action.BEGIN)
    closing = Meanwhile(archive, lambda session: close_wave(session, october, AT))
    with writing(archive) as session:
        assert interviews.receive(session, message("ja"), closing).stage is Stage.QUESTION
    assert closing.end() == 1
    with reading(archive) as session:
        assert session.exec(select(Answer)).all() == []


def test_an_answer_waits_for_the_wave_that_is_being_closed_and_is_not_taken(
    act: Act, archive: Engine, october: int
) -> None:
    act(Action.BEGIN)
    late = Meanwhile(archive, lambda session: interviews.receive(session, message("ja")))
    with writing(archive) as session:
        session.connection().execute(text("UPDATE wave SET closed_at = now()"))
        late()
        session.commit()
    talk = late.end()
    assert isinstance(talk, Conversation)
    assert talk.stage is Stage.CLOSED
    with reading(archive) as session:
        assert session.exec(select(Answer)).all() == []


def test_a_claim_passes_by_somebody_who_is_just_sending(office: Office) -> None:
    with writing(office.engine) as session:
        session.get_one(Invitation, 1, with_for_update=True)
        assert office.store(lambda other: claim(other, 1, TUESDAY, ["mail"])) is None
        assert office.store(lambda other: claim(other, 2, TUESDAY, ["mail"])) is not None


@pytest.fixture
def stopped(postgres: Server) -> Iterator[Callable[..., None]]:
    """Something that stops the server, which is started again afterwards."""

    def stop(how: signal.Signals = signal.SIGINT) -> None:
        postgres.stop(how)

    yield stop
    if postgres.process is None:
        postgres.start()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_server_that_goes_away_in_the_middle_leaves_everything_as_it_was(
    act: Act, archive: Engine, postgres: Server, stopped: Callable[..., None], how: signal.Signals
) -> None:
    act(Action.BEGIN)
    with (
        writing(archive) as session,
        pytest.raises(CouldNotStore, match="Nothing was stored") as raised,
    ):
        interviews.receive(session, message("ja"), lambda _talk: stopped(how))
    assert "ja" not in str(raised.value).split()
    with writing(archive) as session, pytest.raises(CouldNotStore):
        interviews.receive(session, message("ja"))
    postgres.start()
    with reading(archive) as session:
        assert session.exec(select(Answer)).all() == []
        assert session.exec(select(Interview)).one().revision == 1
    with writing(archive) as session:
        assert interviews.receive(session, message("ja")).revision == 2


def test_a_server_that_goes_away_while_results_are_sent_stores_no_part_of_them(
    act: Act, archive: Engine, postgres: Server, stopped: Callable[..., None]
) -> None:
    for action, *values in [(Action.BEGIN,), (Action.ANSWER, "nej"), (Action.ANSWER, "40"), (Action.SKIP,)]:
        act(action, *values)
    send = message("x", Action.SEND, 4)
    with writing(archive) as session, pytest.raises(CouldNotStore):
        interviews.receive(session, send, lambda _talk: stopped(signal.SIGQUIT))
    postgres.start()
    with reading(archive) as session:
        assert session.exec(select(Result)).all() == []
        assert session.exec(select(Invitation).where(col(Invitation.finished_at).is_not(None))).all() == []
    with writing(archive) as session:
        assert interviews.receive(session, send).stage is Stage.SENT


def test_a_connection_that_died_while_idle_is_replaced_unnoticed(
    act: Act, postgres: Server, stopped: Callable[..., None]
) -> None:
    act(Action.BEGIN)
    stopped()
    postgres.start()
    assert act(Action.ANSWER, "ja").revision == 2
