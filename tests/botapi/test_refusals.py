"""What the Bot API refuses, as an unmodified python-telegram-bot is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from botapi.api import BotApi, User
from botapi.limits import Pace
from botapi.refusals import RefusedError

pytestmark = pytest.mark.anyio


def button(url: str | None = None, callback_data: str | None = None) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Ja", url=url, callback_data=callback_data)]])


async def test_callback_data_is_counted_in_bytes(bot: Bot, kim: User) -> None:
    await bot.send_message(kim.id, "Fråga", reply_markup=button(callback_data="å" * 32))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(kim.id, "Fråga", reply_markup=button(callback_data="å" * 32 + "a"))


async def test_a_text_is_counted_in_utf_16_units(bot: Bot, kim: User) -> None:
    await bot.send_message(kim.id, "🎲" * 2048)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(kim.id, "🎲" * 2048 + "a")


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_empty_text_is_refused(bot: Bot, kim: User, text: str) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(kim.id, text)


@pytest.mark.parametrize("text", ["<b>öppen", "a < b", "<div>x</div>", "<b><i>x</b></i>"])
async def test_wrong_html_is_refused(bot: Bot, kim: User, text: str) -> None:
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(kim.id, text, parse_mode="HTML")


@pytest.mark.parametrize("url", ["ftp://example.org/a", "http://localhost/s/abc", "inget"])
async def test_a_button_needs_a_link_that_telegram_can_open(bot: Bot, kim: User, url: str) -> None:
    with pytest.raises(BadRequest, match="is invalid"):
        await bot.send_message(kim.id, "Länk", reply_markup=button(url=url))


async def test_a_button_does_exactly_one_thing(bot: Bot, kim: User) -> None:
    for markup in (button(), button("https://example.org", "v1")):
        with pytest.raises(BadRequest, match="text buttons are unallowed"):
            await bot.send_message(kim.id, "Fråga", reply_markup=markup)


async def test_a_keyboard_has_its_bounds(bot: Bot, kim: User) -> None:
    tall = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")] for _ in range(101)])
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(kim.id, "Fråga", reply_markup=tall)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, kim: User) -> None:
    markup = button(callback_data="v1")
    sent = await bot.send_message(kim.id, "Fråga", reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Fråga", kim.id, sent.message_id, reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(kim.id, sent.message_id, reply_markup=markup)
    await bot.edit_message_reply_markup(kim.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(kim.id, sent.message_id)


async def test_what_is_gone_or_not_its_own_cannot_be_edited(bot: Bot, kim: User) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Ny", kim.id, 4711)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Ny", kim.id, kim.say("Min egen"))
    sent = await bot.send_message(kim.id, "Fråga")
    kim.delete(sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Ny", kim.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(kim.id, sent.message_id)


async def test_a_reply_needs_its_message(bot: Bot, kim: User) -> None:
    question = await bot.send_message(kim.id, "Fråga")
    reply = await bot.send_message(kim.id, "Svar", reply_to_message_id=question.message_id)
    assert reply.reply_to_message is not None
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(kim.id, "Svar", reply_to_message_id=4711)


async def test_the_bot_cannot_write_to_people_it_has_not_met(api: BotApi, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(api.user().id, "Hej")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@nobody", "Hej")


async def test_a_block_is_told_closes_the_chat_and_is_undone_by_start(bot: Bot, kim: User) -> None:
    await bot.get_updates(offset=-1, timeout=0)
    kim.block()
    blocked = (await bot.get_updates(timeout=0))[-1].my_chat_member
    assert blocked is not None
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert blocked.chat.id == blocked.from_user.id == kim.id
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(kim.id, "Hej")
    with pytest.raises(AssertionError, match="nothing can be sent"):
        kim.say("Hör du?")
    kim.start()
    *_, unblocked, started = await bot.get_updates(timeout=0)
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert started.message is not None
    await bot.send_message(kim.id, "Välkommen tillbaka")


async def test_chats_can_close_in_other_ways(bot: Bot, kim: User) -> None:
    group = kim.create_group()
    kim.throw_out(group)
    with pytest.raises(Forbidden, match="bot was kicked"):
        await bot.send_message(group, "Hej")
    kim.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_chat_action(kim.id, "typing")


async def test_a_press_is_answered_once_and_in_time(api: BotApi, bot: Bot, kim: User) -> None:
    await bot.send_message(kim.id, "Fråga", reply_markup=button(callback_data="v1"))
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("unknown")
    first = kim.press("Ja")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(first, "x" * 201)
    await bot.answer_callback_query(first)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(first)
    second = kim.press("Ja")
    api.age_presses()
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(second)
    assert [popup["answered"] for popup in kim.popups()] == [True, False]


@pytest.mark.parametrize("command", [BotCommand("Paus", "Versal"), BotCommand("paus", "")])
async def test_commands_of_the_menu_have_their_form(bot: Bot, command: BotCommand) -> None:
    with pytest.raises(BadRequest):
        await bot.set_my_commands([command])


async def test_a_test_can_ask_for_a_429_in_one_chat_that_spares_the_others(
    api: BotApi, bot: Bot, kim: User
) -> None:
    robin = api.user()
    robin.start()
    api.refuse("sendMessage", retry_after=7, chat_id=kim.id)
    await bot.send_message(robin.id, "Hej")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(kim.id, "Hej")
    assert refused.value.retry_after == timedelta(seconds=7)
    await bot.send_message(kim.id, "Hej")
    assert [call["status"] for call in api.calls("sendMessage")] == [200, 429, 200]


async def test_a_test_can_ask_for_a_server_that_fails(api: BotApi, bot: Bot, kim: User) -> None:
    api.refuse(status=502, description="Bad Gateway", times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(kim.id, "Hej")
    await bot.send_message(kim.id, "Hej")
    assert len(kim.sees()) == 2


async def test_an_answer_can_be_lost_although_the_message_was_sent(api: BotApi, bot: Bot, kim: User) -> None:
    api.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(kim.id, "Hej")
    assert kim.sees()[-1].text == "Hej"


async def test_with_limits_on_haste_is_refused_in_a_chat_and_over_all(
    api: BotApi, bot: Bot, kim: User
) -> None:
    api.keep_pace(per_second=2)
    people = [kim, api.user(), api.user()]
    for person in people[1:]:
        person.start()
    await bot.send_message(kim.id, "Ett")
    with pytest.raises(RetryAfter):
        await bot.send_message(kim.id, "Två för fort")
    await bot.send_message(people[1].id, "Ett")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[2].id, "Tre på en sekund")


def test_the_limits_are_a_second_in_a_chat_and_so_many_in_any_second() -> None:
    pace = Pace(per_second=2, per_chat=1)
    pace.admit(1, 0)
    pace.admit(1, 1)
    pace.admit(2, 1.5)
    for chat, now in ((3, 1.6), (1, 1.9)):
        with pytest.raises(RefusedError):
            pace.admit(chat, now)
    pace.admit(3, 2)


async def test_another_token_is_not_let_in(api: BotApi) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("123:other", base_url=api.base_url):
            pass
