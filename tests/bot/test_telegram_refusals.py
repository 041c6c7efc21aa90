"""What Telegram may bring that is no answer: each gets a fitting reaction, and nothing changes wrongly."""

from __future__ import annotations

from datetime import timedelta

from bot.telegram_buttons import Press, Verb
from botapi.api import BotApi
from botapi.door import Chats, popup, tap, write
from fieldwork.inbox import MOST_GUESSES

NEUTRAL = "Länken går inte att använda här"
OVERTAKEN = "Den frågan är redan besvarad. Ingenting är ändrat."


def test_start_without_a_link_explains_how_to_come_in(chats: Chats) -> None:
    with chats.open():
        kim = chats.api.user()
        kim.start()
        kim.expect("Öppna den personliga länken i din inbjudan")
        robin = chats.api.user(language_code="en")
        robin.start()
        robin.expect("Open the personal link in your invitation")
    assert chats.addresses() == []


def test_an_unknown_link_and_one_used_by_somebody_else_are_told_the_same(chats: Chats) -> None:
    token = chats.token()
    with chats.open():
        kim, robin = chats.api.user(), chats.api.user()
        kim.start(token)
        kim.expect("Läs det här innan du börjar")
        robin.start(token)
        used = robin.expect(NEUTRAL)
        robin.start("okand" * 8)
        assert robin.expect(NEUTRAL).text == used.text
    assert [address.value for address in chats.addresses()] == [str(kim.id)]


def test_one_chat_answers_for_one_person(chats: Chats) -> None:
    with chats.open():
        kim = chats.person(0)
        kim.start(chats.token(1))
        kim.expect(NEUTRAL)
        write(kim, "/fortsatt", "Läs det här innan du börjar")
    assert len(chats.addresses()) == 1


def test_a_wave_without_telegram_takes_nobody_in(chats: Chats) -> None:
    chats.change_wave(doors=["web"])
    with chats.open():
        kim = chats.api.user()
        kim.start(chats.token())
        kim.expect(NEUTRAL)
    assert chats.addresses() == []


def test_after_some_wrong_links_not_even_a_right_one_is_tried(chats: Chats) -> None:
    with chats.open():
        kim = chats.api.user()
        for number in range(MOST_GUESSES):
            kim.start(f"gissning-{number}")
            kim.expect(NEUTRAL)
        kim.start(chats.token())
        kim.expect("för många försök")
        assert chats.addresses() == []
        chats.wait(timedelta(hours=2))
        kim.start(chats.token())
        kim.expect("Läs det här innan du börjar")


def test_the_same_link_again_shows_where_things_stand(chats: Chats) -> None:
    with chats.open():
        kim = chats.begun()
        tap(kim, "Nästa", "Arbetar du med barnfamiljer?")
        kim.start(chats.token())
        kim.expect("Arbetar du med barnfamiljer?")
    assert chats.answers() == {"ALLA-01": "ok"}


def test_a_tap_on_an_old_keyboard_changes_nothing(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-02")
        choice = kim.sees()[-1]
        tap(kim, "Ja", "Hur många ärenden")
        chats.settled()
        kim.press("Nej", choice, stale=True)
        kim.expect("Hur många ärenden")
        chats.settled()
        assert popup(kim) == OVERTAKEN
    assert chats.answers()["ALLA-02"] == "ja"


def test_the_question_shows_what_was_chosen_and_has_no_buttons_left(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-02")
        choice = kim.sees()[-1]
        tap(kim, "Ja", "Hur många ärenden")
        write(kim, "40", "Hur många timmar")
        chats.settled()
        shown = {each.message_id: each for each in kim.sees()}
        assert shown[choice.message_id].text == "Arbetar du med barnfamiljer?\n✓ Ja"
        assert shown[choice.message_id].buttons == ()
        assert any(each.text == "Hur många ärenden har du?\n✓ 40" for each in shown.values())


def test_two_quick_taps_are_one_answer(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-02")
        chats.settled()
    choice = kim.sees()[-1]
    for label in ("Ja", "Ja", "Nej"):
        kim.press(label, choice)
    popups = [reaction.popup for reaction in chats.hear()]
    assert popups == ["", "", OVERTAKEN]  # the same answer again is no mistake
    assert chats.versions("ALLA-02") == ["ja"]
    (coming,) = [row for row in chats.outbox() if row.state == "pending"]
    assert coming.params["item"] == "ALLA-03"


def test_two_quick_ticks_both_count(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-08")
        kim.press("☐ FIA")
        kim.press("☐ Annat")
        chats.settled()
        assert ("☑ FIA",) in kim.sees()[-1].buttons
        assert ("☑ Annat",) in kim.sees()[-1].buttons
        tap(kim, "☑ Annat", "Vilka instrument")
        tap(kim, "☐ Inget av dessa", "Vilka instrument")
        chats.settled()
        assert ("☐ FIA",) in kim.sees()[-1].buttons
        kim.press("Klar")
        kim.expect("Vad innebär delaktighet")
    assert chats.answers()["ALLA-08"] == "inget"


def test_done_without_a_choice_is_refused_in_a_popup(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-08")
        kim.press("Klar")
        chats.settled()
        assert "Det finns inget svar att spara" in popup(kim)
    assert "ALLA-08" not in chats.answers()


def test_a_wrong_answer_is_refused_in_words_and_the_question_stays(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        write(kim, "fyrtio stycken", "Skriv ett")
        write(kim, "900", "Skriv högst 200.")
        write(kim, "40", "Hur många timmar")
    assert chats.answers()["ALLA-03"] == "40"


def test_an_answer_typed_to_a_question_answered_elsewhere_changes_nothing(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.on_the_web("ALLA-03", "17")
        write(kim, "40", "Den frågan är redan besvarad")
        kim.expect("Hur många timmar")
    assert chats.answers()["ALLA-03"] == "17"
    assert "ALLA-04" not in chats.answers()


def test_an_edited_message_changes_no_answer(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        said = kim.say("40")
        kim.expect("Hur många timmar")
        kim.edit(said, "41")
        kim.expect("Ett ändrat meddelande ändrar inte ditt svar")
    assert chats.answers()["ALLA-03"] == "40"


def test_what_is_no_text_is_not_kept(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        for kind in ("sticker", "photo", "voice", "document", "contact", "location", "dice"):
            kim.send(kind)
            kim.expect("Jag kan bara läsa text och knappar")
        chats.settled()
    assert "ALLA-03" not in chats.answers()


def test_a_group_is_told_and_left(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        group = kim.create_group()
        kim.expect("Jag svarar bara i enskilda chattar", chat=group)
        chats.api.expect_call("leaveChat")
    assert "ALLA-03" not in chats.answers()


FORGED = (
    "",
    "v1",
    "v0:a:1:1:0:1",
    "v1:a:1:1:0:-1",
    "v1:zz:1:1:0:1",
    "v1:a:1:zz:zz:2",
    "v1:a:1:1:99:2",
    "v1:0:1:1:0:1",
    "v1:i:1:0:zz:1",
    "v1:y:1:0:9:2",
    "v1:p:1:0:9:2",
    "v1:a:9999999999999999999:1:0:2",
    "v1:a:1:1:å:1",
)


def test_a_forged_button_changes_nothing(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-02")
        chats.settled()
    choice, before = kim.sees()[-1], chats.answers()
    for data in FORGED:
        kim.forge(data, choice.message_id)
    reactions = chats.hear()
    assert len(reactions) == len(FORGED)
    assert all(each.query and each.popup for each in reactions)
    assert chats.answers() == before


def test_a_button_of_somebody_elses_conversation_changes_nothing(chats: Chats) -> None:
    with chats.open():
        kim = chats.begun(0)
        choice = tap(kim, "Nästa", "Arbetar du med barnfamiljer?")
        robin = chats.begun(1)
        tap(robin, "Nästa", "Arbetar du med barnfamiljer?")
        before = chats.answers()
        kim.forge(Press(Verb.ANSWER, chats.invited[1], 1, 0, 2).data, choice.message_id)
        chats.settled()
        assert popup(kim)
        assert chats.answers() == before


def test_an_unknown_command_and_text_where_no_answer_is_asked_are_met_with_a_hint(chats: Chats) -> None:
    with chats.open():
        kim = chats.person()
        write(kim, "/dansa", "Skriv /hjalp")
        write(kim, "Hej där", "tryck på knappen")


def test_a_press_in_a_chat_that_is_not_known_says_how_to_come_in(chats: Chats) -> None:
    with chats.open():
        kim = chats.begun()
        write(kim, "/stopp", "glömmer den här chatten")
        tap(kim, "Ja, glöm chatten", "Chatten är glömd")
        assert chats.addresses() == []
        kim.press("Nästa", stale=True)
        assert "Öppna den personliga länken" in popup(kim)
        kim.start(chats.token())
        kim.expect("Nu börjar provet")


def test_an_open_question_is_answered_on_the_web_unless_the_wave_allows_it_in_telegram(chats: Chats) -> None:
    chats.change_wave(telegram_free_text=False)
    with chats.open():
        kim = chats.at("ALLA-08")
        tap(kim, "☐ FIA", "Vilka instrument")
        tap(kim, "Klar", "Den här frågan svarar du på webben")
        first = kim.press("Öppna webben")
        assert first.startswith("https://granska.example/s/")
        write(kim, "Jag skriver ändå", "Här fortsätter du på webben")
        assert kim.press("Öppna webben") not in {first, ""}
        chats.settled()
        assert "ALLA-09" not in chats.answers()
        assert "https://granska" not in str([row.params for row in chats.outbox()])
        chats.on_the_web("ALLA-09", "Att vara med")
        tap(kim, "Jag har svarat på webben", "Du har kommit till slutet")


def test_whoever_blocks_the_bot_is_written_to_no_more_until_coming_back(chats: Chats, api: BotApi) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        kim.block()
        api.expect_acknowledged()
        assert [address.active for address in chats.addresses()] == [False]
        kim.start(chats.token())
        kim.expect("Hur många ärenden")
        assert [address.active for address in chats.addresses()] == [True]


def test_a_refusal_to_take_messages_makes_the_address_inactive(chats: Chats) -> None:
    with chats.open():
        kim = chats.at("ALLA-03")
        chats.settled()
    kim.say("40")
    kim.deactivate()
    with chats.open():
        chats.settled()
    assert [row.state for row in chats.outbox()][-1] == "failed"
    assert [address.active for address in chats.addresses()] == [False]
    assert chats.answers()["ALLA-03"] == "40"
