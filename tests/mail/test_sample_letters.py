"""Letters on trial: asked for as a row, sent by the loop that may send mail, never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from bot.archive import Archive
from bot.contacts_loop import ContactsLoop
from fieldwork import drafts, sample_letters
from fieldwork.errors import NotAllowed
from fieldwork.letters import LetterKind
from fieldwork.previews import as_row, from_row, information_of_plan, kinds_of_plan, letter_of_plan
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer
from fieldwork.settings import SettingsError
from models.database import migrate, open_database

if TYPE_CHECKING:
    from conftest import Running

NOW = datetime(2026, 9, 30, 10, tzinfo=UTC)
BASE = "http://127.0.0.1:8080"
ANNA = Viewer("Anna", Role.INSPECTOR)
FIELDS = {
    "review": "Ekonomiskt bistånd",
    "form": ["kval.kort"],
    "closes": "2026-12-18",
    "purpose_sv": "Därför.",
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    url = f"sqlite:///{tmp_path / 'granska.db'}"
    migrate(url)
    archive = Archive(open_database(url))
    yield archive
    archive.close()


@pytest.fixture
def loop(archive: Archive, relay: Running) -> ContactsLoop:
    return ContactsLoop(archive, relay.channel, BASE, lambda: NOW)


Ask = Callable[..., int]


@pytest.fixture
def ask(archive: Archive) -> Ask:
    plan = archive.write_now(lambda session: drafts.begin(session, ANNA, NOW))

    def asked(address: str = "anna@example.se", viewer: Viewer = ANNA) -> int:
        letter = letter_of_plan(FIELDS, LetterKind.INVITATION, "sv", BASE, test=True)
        archive.write_now(lambda session: sample_letters.ask(session, viewer, plan, letter, address, NOW))
        return plan

    return asked


def outcomes(archive: Archive, plan: int) -> list[tuple[str, str]]:
    trials = archive.read(lambda session: sample_letters.trials(session, ANNA, plan))
    return [(trial.outcome, trial.reason) for trial in trials]


def test_a_letter_on_trial_is_mailed_once_and_marked_as_a_trial(
    loop: ContactsLoop, archive: Archive, relay: Running, ask: Ask
) -> None:
    plan = ask()
    assert outcomes(archive, plan) == [("waiting", "")]
    loop.round()
    loop.round()
    assert outcomes(archive, plan) == [("sent", "")]
    assert relay.took.recipients == ["anna@example.se"]
    (mail,) = relay.took.mails
    assert mail["Subject"].startswith("Prov: Inbjudan att svara")
    assert "Därför." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_the_server_refuses_is_told(loop: ContactsLoop, archive: Archive, ask: Ask) -> None:
    plan = ask("okand@example.se")
    loop.round()
    assert outcomes(archive, plan) == [("failed", "refused")]


def test_without_a_working_server_the_letter_has_failed(archive: Archive, ask: Ask) -> None:
    plan = ask()

    def none() -> object:
        raise SettingsError(("no server",))

    class Broken:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def send(self, *_: object, **__: object) -> None:
            none()

    with pytest.raises(SettingsError):
        ContactsLoop(archive, Broken, BASE, lambda: NOW).round()  # type: ignore[arg-type]
    assert outcomes(archive, plan) == [("failed", "settings")]


def test_only_an_inspector_asks_and_only_for_an_address(ask: Ask) -> None:
    with pytest.raises(NotAllowed):
        ask(viewer=Viewer("Mia", Role.MANAGER))
    with pytest.raises(InputError):
        ask("anna")


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_letter_is_kept_as_a_row_without_links(kind: LetterKind, language: str) -> None:
    letter = letter_of_plan(FIELDS, kind, language, BASE, test=True)
    assert "http" not in str(as_row(letter))
    assert from_row(as_row(letter), BASE) == letter


def test_the_information_page_is_shown_as_soon_as_there_is_a_form() -> None:
    first, whole = information_of_plan(FIELDS, "sv")
    assert first[0] == "Därför."
    assert ("Kontaktperson", "…, telefon ….") in whole
    assert information_of_plan({"form": []}, "sv") == ((), ())


def test_an_anonymous_plan_shows_no_thank_you() -> None:
    assert LetterKind.THANKS in kinds_of_plan(FIELDS)
    assert LetterKind.THANKS not in kinds_of_plan({**FIELDS, "promise": "anonymous"})
