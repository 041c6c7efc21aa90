"""Contacts over a real mail server: the loop, its lease, and the link that stops the mails."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.app import web_app
from bot.archive import Archive
from bot.contacts_loop import ContactsLoop, contacts_made, mail_in_words
from fieldwork.contacts import Tally
from fieldwork.invitations import import_invitees
from fieldwork.invitees import correct_address
from fieldwork.leases import SENDING, hold
from fieldwork.reviews import create_wave
from fieldwork.sendouts import start_wave
from fieldwork.settings import Settings, SettingsError
from models.contact_tables import Contact
from models.database import migrate, open_database, reading, writing
from models.tables import Address, Invitation, Subject

if TYPE_CHECKING:
    from conftest import Running

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TUESDAY = datetime(2026, 10, 6, 7, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8080"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """The example wave, started; 24 in service."""
    url = f"sqlite:///{tmp_path / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        source = EXAMPLES / "utskick.toml"
        wave = create_wave(session, source.read_text(encoding="utf-8"), str(source))
        staff = EXAMPLES / "personal.csv"
        import_invitees(session, wave, staff.read_bytes(), staff.name, dry_run=False)
        start_wave(session, wave, TUESDAY - timedelta(days=7), "Inga")
    archive = Archive(engine)
    yield archive
    archive.close()


@pytest.fixture
def loop(archive: Archive, relay: Running) -> ContactsLoop:
    return ContactsLoop(archive, relay.channel, BASE, lambda: TUESDAY)


def reachable(archive: Archive) -> int:
    """Return how many in service have a mail address."""
    with reading(archive.engine) as session:
        rows = (
            select(Invitation.id)
            .join(Subject, col(Subject.id) == col(Invitation.subject_id))
            .join(Address, col(Address.person_id) == col(Subject.person_id))
            .where(col(Invitation.in_service), col(Address.active))
        )
        return len(session.exec(rows).all())


def test_a_round_mails_everyone_who_is_due_on_one_connection(loop: ContactsLoop, relay: Running) -> None:
    assert loop.round() == Tally(sent=reachable(loop.archive))
    assert len(relay.took.connections) == 1
    mail = relay.took.mails[0]
    assert mail["Subject"].startswith("Exempel: Inbjudan att svara")
    assert mail["Reply-To"] == "inga.inspektor@example.se"
    assert re.fullmatch(rf"<{BASE}/avsluta/[\w-]+>", mail["List-Unsubscribe"])
    assert loop.round() == Tally()


def test_while_another_process_holds_the_lease_nothing_is_sent(loop: ContactsLoop, relay: Running) -> None:
    loop.archive.write_now(lambda session: hold(session, SENDING, "another", TUESDAY))
    assert loop.round() == Tally()
    assert relay.took.mails == []


def test_an_ending_process_sends_no_more_and_gives_the_lease_up(loop: ContactsLoop, relay: Running) -> None:
    assert loop.round().sent > 0
    loop.ending.set()
    assert loop.round() == Tally()
    loop.run()
    assert loop.archive.write_now(lambda session: hold(session, SENDING, "another", TUESDAY))


def test_a_server_that_is_gone_postpones_and_the_next_round_goes_on(
    loop: ContactsLoop, relay: Running
) -> None:
    relay.stop()
    assert loop.round() == Tally(postponed=5)
    with reading(loop.archive.engine) as session:
        assert set(session.exec(select(Contact.reason)).all()) == {"connection"}


def test_a_refused_address_is_recorded_from_the_servers_answer(loop: ContactsLoop, relay: Running) -> None:
    refused = "okand@example.se"
    loop.archive.write_now(lambda session: correct_address(session, 1, refused))
    everyone = reachable(loop.archive)
    assert loop.round() == Tally(sent=everyone - 1, failed=1)
    with reading(loop.archive.engine) as session:
        assert session.exec(select(Address.value).where(~col(Address.active))).all() == [refused]


@pytest.mark.parametrize(("language", "heading"), [("sv", "Dina svar är"), ("en", "Your answers are sent")])
def test_who_has_sent_gets_one_thank_you_in_both_versions(
    loop: ContactsLoop, relay: Running, language: str, heading: str
) -> None:
    done = update(Invitation).where(col(Invitation.id) == 1)
    done = done.values(begun_at=TUESDAY, finished_at=TUESDAY, language=language)
    loop.archive.write_now(lambda session: (session.execute(done), session.commit()))
    assert loop.round().sent == reachable(loop.archive)
    loop.clock = lambda: TUESDAY + timedelta(hours=1)
    assert loop.round() == Tally()
    mail = relay.took.mails[-1]
    assert mail["Subject"].partition(": ")[2].startswith(heading)
    assert (mail["Reply-To"], mail["List-Unsubscribe"]) == ("inga.inspektor@example.se", None)
    plain, html = mail.iter_parts()
    for part in (plain, html):
        assert heading in part.get_content()
        assert "/s/" not in part.get_content()


@pytest.fixture
def browse(archive: Archive, tmp_path: Path) -> Iterator[Callable[..., httpx.Response]]:
    """Ask the web chat for a page, without any cookie."""
    app = web_app(Settings(_env_file=None, data_dir=tmp_path, base_url=BASE), archive, lambda: TUESDAY)
    with asyncio.Runner() as runner:

        def ask(method: str, address: str, **more: object) -> httpx.Response:
            async def asking() -> httpx.Response:
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                    return await client.request(method, address, **more)  # type: ignore[arg-type]

            return runner.run(asking())

        yield ask


def stopped(archive: Archive) -> int:
    with reading(archive.engine) as session:
        return len(session.exec(select(Invitation).where(col(Invitation.no_more_at).is_not(None))).all())


def test_the_link_at_the_end_asks_first_and_a_post_stops_the_mails(
    loop: ContactsLoop, relay: Running, browse: Callable[..., httpx.Response]
) -> None:
    loop.round()
    address = relay.took.mails[0]["List-Unsubscribe"].strip("<>")
    assert "Vill du inte ha fler mejl?" in browse("GET", address, headers={"accept-language": "sv"}).text
    assert stopped(loop.archive) == 0
    answer = browse("POST", address, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, stopped(loop.archive)) == (200, 1)
    assert browse("POST", address).status_code == 200
    loop.clock = lambda: TUESDAY + timedelta(days=7)
    relay.took.mails.clear()
    assert loop.round().sent == reachable(loop.archive) - 1


def test_a_link_that_is_none_stops_nothing(archive: Archive, browse: Callable[..., httpx.Response]) -> None:
    for method in ("GET", "POST"):
        assert browse(method, f"{BASE}/avsluta/gissad").status_code == 404
    assert stopped(archive) == 0


def settings(tmp_path: Path, **given: str) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **given)  # type: ignore[arg-type]


def test_one_line_says_whether_mail_is_sent(tmp_path: Path) -> None:
    assert "set GRANSKA_SMTP_URL" in mail_in_words(settings(tmp_path))
    url = "smtp+starttls://granska:hemligt@mail.example.se"
    line = mail_in_words(settings(tmp_path, smtp_url=url))
    assert line == "Invitations and reminders are mailed by mail.example.se."


def test_mail_settings_that_cannot_be_used_are_told_at_the_start(tmp_path: Path, archive: Archive) -> None:
    unfinished = settings(tmp_path, smtp_url="smtp://relay.example.se")
    with pytest.raises(SettingsError, match="GRANSKA_MAIL_FROM"), contacts_made(unfinished, archive):
        pytest.fail("started without a sender")


def is_running() -> bool:
    return any(thread.name == "contacts" for thread in threading.enumerate())


def test_the_loop_starts_and_ends_with_the_door(tmp_path: Path, archive: Archive, relay: Running) -> None:
    given = settings(tmp_path, smtp_url=f"smtp://127.0.0.1:{relay.port}", mail_from="granska@example.se")
    with contacts_made(given, archive):
        assert is_running()
    assert not is_running()
    with contacts_made(settings(tmp_path), archive):
        assert not is_running()
