"""Dialogues in Telegram, through the Bot API stand-in and an unmodified python-telegram-bot."""

from __future__ import annotations

from sqlmodel import select

from botapi.door import Chats, tap, write
from models.database import reading
from models.tables import Invitation, Result


def test_a_whole_interview_from_link_to_sending(chats: Chats) -> None:
    with chats.open():
        kim = chats.person()
        tap(kim, "Jag har läst, börja", "Nu börjar provet")
        tap(kim, "Nästa", "Arbetar du med barnfamiljer?")
        tap(kim, "Ja", "Hur många ärenden")
        write(kim, "40", "Hur många timmar")
        write(kim, "3,5", "När började du här?")
        write(kim, "2012-03-01", "När gick du kursen?")
        write(kim, "mars 2012", "Hur fungerar samverkan?")
        tap(kim, "Fungerar bra", "Vilka instrument använder du?")
        tap(kim, "☐ FIA", "Vilka instrument")
        tap(kim, "☐ Initial bedömning", "Vilka instrument")
        tap(kim, "Klar", "Vad innebär delaktighet för dig?")
        write(kim, "Att vara med", "Det är sparat")
        write(kim, "på riktigt.", "Det är sparat")
        tap(kim, "Klar", "Du har kommit till slutet")
        tap(kim, "Skicka in", "Dina svar är inskickade")
        chats.settled()
    with reading(chats.engine) as session:
        stored = {(row.item, row.option) for row in session.exec(select(Result)).all()}
        invitation = session.get_one(Invitation, chats.invited[0])
    assert {("ALLA-02", "ja"), ("ALLA-03", "40"), ("ALLA-08", "fia"), ("ALLA-08", "ib")} <= stored
    assert invitation.finished_at is not None
    assert set(chats.doors().values()) == {"telegram"}
