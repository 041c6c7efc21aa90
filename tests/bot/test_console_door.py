"""The conversation at a console, as a transcript."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from bot.console_door import ACTIONS, READINGS, Console, converse
from fieldwork.messages import Action, Stage
from fieldwork.reviews import close_wave
from models.database import reading, writing
from models.tables import Interview, Result

if TYPE_CHECKING:
    from conftest import Site

THROUGH = ("ja", "ok", "1", "40", "3,5", "2012-03-01", "mars 2012", "2", "1 3", "AUDIT", "klar")


def console(site: Site, which: int = 0, device: str = "console") -> Console:
    return Console(site.engine, site.invited[which], device, clock=site.clock)


def talk(site: Site, lines: Iterable[str], which: int = 0) -> str:
    """Return what a console prints for these lines."""
    out = io.StringIO()
    converse(lines, out, console(site, which))
    return out.getvalue()


def reopened(site: Site, lines: Iterable[str]) -> Iterator[str]:
    """Give the lines one by one, with the database closed and opened again before each."""
    for line in lines:
        site.engine.dispose()
        yield line


def said(site: Site, *lines: str) -> str:
    """Return what the last of these lines leads to."""
    mine = console(site)
    return [mine.hear(line) for line in lines][-1]


def test_a_whole_interview_from_greeting_to_sending(trial: Site) -> None:
    heard = talk(trial, [*THROUGH, "Att vara med", "på riktigt.", "klar", "/skicka", "never read"])
    for words in (
        "Läs det här innan du börjar.",
        "Skriv ja när du har läst",
        "[Fråga 2 av ungefär 9,",
        "  1. Ja\n  2. Nej",
        "Nästa fråga gäller antal.\nHur många ärenden har du?\nRäkna bara dem du ansvarar för.",
        "Skriv så många rader du vill.",
        "Det är sparat. Skriv mer, eller välj Klar.",
        "Dina svar är inskickade.",
    ):
        assert words in heard
    assert "never read" not in heard
    with reading(trial.engine) as session:
        stored = {row.item: row.option for row in session.exec(select(Result)).all()}
        assert stored["ALLA-03"] == "40"


def test_an_open_question_without_a_hint_warns_against_naming_anyone(trial: Site) -> None:
    heard = talk(trial, THROUGH)
    assert heard.count("Skriv inga namn och inget annat som visar vem någon är.") == 2


def test_example_data_is_told_of_once(site: Site) -> None:
    assert talk(site, ["ja", "1", "1", "1"]).count("Exempeldata") == 1


def test_the_transcript_is_the_same_when_the_database_is_reopened_between_lines(trial: Site) -> None:
    lines = [*THROUGH, "/tillbaka", "/behall", "Att vara med.", "klar", "/mina_svar", "/skicka"]
    assert talk(trial, reopened(trial, lines), 0) == talk(trial, lines, 1)


def test_a_long_text_of_several_lines_is_one_answer(trial: Site) -> None:
    talk(trial, [*THROUGH, "Att vara med", "på riktigt.", "klar"])
    assert trial.answers()["ALLA-09"] == "Att vara med\npå riktigt."


def test_a_bad_answer_is_refused_and_the_question_asked_again(trial: Site) -> None:
    heard = said(trial, "ja", "ok", "1", "fyrtio")
    assert "Skriv ett" in heard
    assert "Hur många ärenden har du?" in heard


def test_options_can_be_given_by_number_name_or_words(trial: Site) -> None:
    said(trial, "ja", "ok", "Nej")
    assert trial.answers()["ALLA-02"] == "nej"


def test_back_and_keep(trial: Site) -> None:
    assert "Arbetar du med barnfamiljer?" in said(trial, "ja", "ok", "1", "/tillbaka")
    assert "Hur många ärenden" in said(trial, "/behåll")


@pytest.mark.parametrize("which", ["2", "ALLA-02", "alla-02"])
def test_an_earlier_answer_is_changed_by_number_or_id(trial: Site, which: str) -> None:
    heard = said(trial, "ja", "ok", "1", "40", f"/ändra {which}")
    assert "Arbetar du med barnfamiljer?" in heard
    assert "1. Ja *" in heard


def test_which_answer_to_change_must_be_said(trial: Site) -> None:
    assert "/andra" in said(trial, "ja", "ok", "/andra")


def test_my_answers_are_numbered(trial: Site) -> None:
    heard = said(trial, "ja", "ok", "1", "/hoppa", "/mina_svar")
    assert "  2. Arbetar du med barnfamiljer? — Ja" in heard
    assert "  3. Hur många ärenden har du? — Överhoppad" in heard


def test_why_questions_promise_and_help_can_be_read(trial: Site) -> None:
    assert "Några frågor gäller bara barnfamiljer." in said(trial, "ja", "ok", "/varför")
    assert " 10. Vad innebär delaktighet för dig?" in said(trial, "/fragor")
    assert "lex Sarah" in said(trial, "/om")
    assert "/tillbaka" in said(trial, "/hjälp")


def test_the_language_can_be_switched_and_the_commands_with_it(trial: Site) -> None:
    assert "Do you work with families" in said(trial, "ja", "ok", "/språk en")
    assert "/back" in said(trial, "/help")
    assert "Arbetar du" in said(trial, "/language")


@pytest.mark.parametrize("command", ["/radera", "/avboj", "/skicka"])
def test_what_cannot_be_taken_back_is_done_only_when_confirmed(trial: Site, command: str) -> None:
    mine = console(trial)
    for line in ("ja", "ok", "1"):
        mine.hear(line)
    assert "Skriv kommandot igen" in mine.hear(command)
    assert mine.talk.stage is Stage.QUESTION
    mine.hear(f"{command} ja")
    assert mine.talk.stage in {Stage.INFORMATION, Stage.DECLINED, Stage.SENT}


def test_what_is_answered_can_be_sent_before_the_end(trial: Site) -> None:
    said(trial, "ja", "ok", "1", "/skicka ja")
    with reading(trial.engine) as session:
        assert session.exec(select(Interview.partial)).one()


def test_pausing_says_that_all_is_saved_and_another_console_goes_on(trial: Site) -> None:
    assert "Du har pausat" in said(trial, "ja", "ok", "1", "/paus 4711")
    other = console(trial, device="another")
    assert "Hur många ärenden" in other.greet()
    assert "2 svar är givna på en annan mobil eller dator" in other.hear("/mina_svar")
    assert "stämmer inte" in other.hear("/kod 1174")
    assert "Ja" in other.hear("/kod 4711")


def test_an_unknown_command_changes_nothing(trial: Site) -> None:
    assert "/hjalp" in said(trial, "ja", "/dansa")
    assert trial.answers() == {}


def test_an_answer_given_meanwhile_at_another_door_is_not_overwritten(trial: Site) -> None:
    mine = console(trial)
    for line in ("ja", "ok"):
        mine.hear(line)
    trial.begun()  # another window on the same conversation
    elsewhere = trial.visitor()
    elsewhere.get(trial.link())
    elsewhere.answer("nej")
    assert "ändrade ingenting" in mine.hear("1")
    assert trial.answers()["ALLA-02"] == "nej"


def test_a_closed_wave_ends_the_conversation(trial: Site) -> None:
    with writing(trial.engine) as session:
        close_wave(session, trial.wave, trial.clock.now)
    heard = talk(trial, ["ja", "never read"])
    assert "Insamlingen är stängd." in heard


def test_whoever_declined_can_change_their_mind(trial: Site) -> None:
    mine = console(trial)
    mine.hear("/avboj ja")
    assert "Skriv ja" in mine.hear("nja")
    mine.hear("ja")
    assert mine.talk.stage is Stage.INFORMATION


def test_every_action_and_every_reading_has_a_command_in_both_languages() -> None:
    typed = {Action.BEGIN, Action.ANSWER, Action.ADD, Action.DONE, Action.RESUME, Action.SEND_PARTIAL}
    for means in (*(action for action in Action if action not in typed), *READINGS.values()):
        commands = [name for name, what in {**ACTIONS, **READINGS}.items() if what == means]
        assert len(commands) == 2 or means == "about"
