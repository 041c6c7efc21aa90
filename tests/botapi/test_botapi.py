"""The stand-in as an unmodified python-telegram-bot meets it: updates, messages, presses."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import Conflict
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from botapi.api import BotApi, User, started
from botapi.conftest import client
from botapi.people import Person
from botapi.server import running
from botapi.world import World

pytestmark = pytest.mark.anyio


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"v1:{label}")] for label in labels]
    )


async def test_the_bot_is_told_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert me.id == int(bot.token.split(":")[0])


async def test_an_update_comes_again_until_a_later_poll_acknowledges_it(
    api: BotApi, bot: Bot, kim: User
) -> None:
    kim.say("Hej")
    first, second = await bot.get_updates(timeout=0)
    assert [update.update_id for update in await bot.get_updates(timeout=0)] == [
        first.update_id,
        second.update_id,
    ]
    assert await bot.get_updates(offset=second.update_id, timeout=0) == (second,)
    assert await bot.get_updates(offset=second.update_id + 1, timeout=0) == ()
    assert api.pending() == []


async def test_a_negative_offset_keeps_only_the_last_updates(bot: Bot, kim: User) -> None:
    kim.say("Ett")
    kim.say("Två")
    (last,) = await bot.get_updates(offset=-1, timeout=0)
    assert last.message is not None
    assert last.message.text == "Två"


async def test_a_poll_waits_until_something_happens(api: BotApi, bot: Bot) -> None:
    kim = api.user()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.to_thread(api.expect_call, "getUpdates")
    assert not poll.done()
    kim.start("abc")
    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "/start abc"
    assert len(api.calls("getUpdates")) == 1


async def test_a_poll_ends_empty_when_its_time_is_out(api: BotApi, bot: Bot) -> None:
    assert await bot.get_updates(timeout=timedelta(seconds=1)) == ()
    (poll,) = api.calls("getUpdates")
    assert poll["parameters"]["timeout"] == 1


async def test_a_second_poll_ends_the_older_one_with_a_conflict(
    api: BotApi, bot: Bot, other_bot: Bot
) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.to_thread(api.expect_call, "getUpdates")
    newer = asyncio.create_task(other_bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await older
    api.user().start()
    assert len(await newer) == 1


async def test_a_poll_whose_bot_was_killed_takes_nothing_with_it(
    api: BotApi, bot: Bot, other_bot: Bot, kim: User
) -> None:
    await bot.get_updates(offset=-1, timeout=0)
    (start,) = api.pending()
    lost = asyncio.create_task(bot.get_updates(offset=start["update_id"] + 1, timeout=30))
    await asyncio.to_thread(api.expect_acknowledged)
    lost.cancel()
    kim.say("Mitt svar")
    (update,) = await other_bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.text == "Mitt svar"


async def test_an_update_can_be_delivered_exactly_as_it_is(api: BotApi, bot: Bot, kim: User) -> None:
    (start,) = api.pending()
    api.push(start)
    first, again = await bot.get_updates(timeout=0)
    assert first.update_id == again.update_id


async def test_only_the_kinds_of_update_that_were_asked_for_are_kept(
    api: BotApi, bot: Bot, kim: User
) -> None:
    await bot.get_updates(offset=-1, timeout=0, allowed_updates=["callback_query"])
    kim.say("Detta bad ingen om")
    assert len(api.pending()) == 1


async def test_dates_are_seconds_and_messages_carry_who_where_and_commands(bot: Bot, kim: User) -> None:
    (update,) = await bot.get_updates(timeout=0)
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert abs(datetime.now(UTC) - message.date) < timedelta(minutes=1)
    assert message.chat.id == message.from_user.id == kim.id > 2**32
    assert message.entities[0].type == "bot_command"
    assert message.from_user.language_code == "sv"


async def test_what_the_bot_sends_and_changes_is_seen_and_answered_with_the_message(
    bot: Bot, kim: User
) -> None:
    sent = await bot.send_message(
        kim.id, "Hur <b>mår</b> du?", parse_mode="HTML", reply_markup=buttons("Bra")
    )
    assert sent.text == "Hur mår du?"
    assert sent.entities[0].type == "bold"
    (shown,) = kim.sees()[1:]
    assert (shown.text, shown.buttons) == ("Hur mår du?", (("Bra",),))

    edited = await bot.edit_message_text("Du mår bra", kim.id, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    assert kim.sees()[1].buttons == ()

    again = await bot.edit_message_reply_markup(kim.id, sent.message_id, reply_markup=buttons("Ångra"))
    assert not isinstance(again, bool)
    assert again.text == "Du mår bra"
    assert kim.sees()[1].buttons == (("Ångra",),)

    assert await bot.delete_message(kim.id, sent.message_id)
    assert len(kim.sees()) == 1


async def test_a_press_carries_its_message_and_is_answered_once_on_the_screen(bot: Bot, kim: User) -> None:
    await bot.get_updates(offset=-1, timeout=0)
    sent = await bot.send_message(kim.id, "Fråga", reply_markup=buttons("Ja", "Nej"))
    press = kim.press("Nej")
    query = (await bot.get_updates(timeout=0))[-1].callback_query
    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.message.message_id) == (press, "v1:Nej", sent.message_id)
    assert query.chat_instance
    assert await bot.answer_callback_query(query.id, "Tack", show_alert=True)
    (popup,) = kim.popups()
    assert (popup["answered"], popup["text"], popup["alert"]) == (True, "Tack", True)


async def test_a_stale_press_uses_a_keyboard_that_is_gone(bot: Bot, kim: User) -> None:
    sent = await bot.send_message(kim.id, "Fråga", reply_markup=buttons("Ja"))
    await bot.edit_message_reply_markup(kim.id, sent.message_id)
    with pytest.raises(AssertionError, match="no button 'Ja'"):
        kim.press("Ja")
    kim.press("Ja", stale=True)
    await bot.delete_message(kim.id, sent.message_id)
    kim.press("Ja", sent.message_id, stale=True)
    *_, changed, deleted = await bot.get_updates(timeout=0)
    assert changed.callback_query is not None
    assert deleted.callback_query is not None
    assert changed.callback_query.message is not None
    assert deleted.callback_query.message is not None
    assert changed.callback_query.message.is_accessible
    assert not deleted.callback_query.message.is_accessible


async def test_a_link_on_a_button_opens_unnoticed(api: BotApi, bot: Bot, kim: User) -> None:
    link = InlineKeyboardMarkup([[InlineKeyboardButton("Webben", url="https://granska.example/s/abc")]])
    await bot.send_message(kim.id, "Fortsätt där", reply_markup=link)
    assert kim.press("Webben") == "https://granska.example/s/abc"
    assert len(api.pending()) == 1


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "document", "contact", "location", "dice"])
async def test_other_things_than_text_can_be_sent(bot: Bot, kim: User, kind: str) -> None:
    kim.send(kind)
    message = (await bot.get_updates(timeout=0))[-1].message
    assert message is not None
    assert getattr(message, kind)
    assert message.text is None


async def test_an_edited_message_is_another_kind_of_update(bot: Bot, kim: User) -> None:
    kim.edit(kim.say("Trettio"), "Fyrtio")
    edited = (await bot.get_updates(timeout=0))[-1].edited_message
    assert edited is not None
    assert (edited.text, edited.edit_date is not None) == ("Fyrtio", True)


async def test_a_group_has_its_own_chat_and_the_bot_can_leave_it(bot: Bot, kim: User) -> None:
    group = kim.create_group()
    kim.say("Hej allihop", group)
    *_, added, said = await bot.get_updates(timeout=0)
    assert added.my_chat_member is not None
    assert added.my_chat_member.new_chat_member.status == "member"
    assert said.message is not None
    assert (said.message.chat.type, said.message.chat.id) == ("supergroup", group)
    await bot.send_message(group, "Skriv till mig i en egen chatt")
    assert kim.sees(group)[-1].by_bot
    assert await bot.leave_chat(group)


async def test_the_menu_is_kept_per_language_and_scope(bot: Bot) -> None:
    commands = [BotCommand("paus", "Fortsätt senare")]
    await bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), "sv")
    assert await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "sv") == tuple(commands)
    assert await bot.get_my_commands() == ()


async def ask(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text("Första frågan", reply_markup=buttons("Ja", "Nej"))


async def take(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"Du svarade {update.callback_query.data}")


async def converse(api: BotApi) -> None:
    application = Application.builder().token(api.token).base_url(api.base_url).build()
    application.add_handlers([CommandHandler("start", ask), CallbackQueryHandler(take)])
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        kim = api.user()
        kim.start()
        await kim.expected("Första frågan")
        kim.press("Ja")
        shown = await kim.expected("Du svarade v1:Ja")
        await application.updater.stop()
        await application.stop()
    assert shown.edited
    assert api.pending() == []


async def test_a_whole_application_talks_with_a_person(api: BotApi) -> None:
    await converse(api)


async def test_people_can_react_inside_the_server_for_measurements() -> None:
    world = World()
    robin = Person(world)
    robin.start()
    world.listeners.append(lambda message: robin.press("Ja", message.message_id))
    with running(world) as api:
        async with client(api) as bot:
            await bot.send_message(robin.id, "Fråga", reply_markup=buttons("Ja"))
            *_, pressed = await bot.get_updates(timeout=0)
    assert pressed.callback_query is not None


async def test_the_control_interface_says_what_it_cannot_do(api: BotApi, kim: User) -> None:
    with pytest.raises(AssertionError, match="no such question"):
        api.control("weather")
    with pytest.raises(AssertionError, match="no such person or act: _tell"):
        api.control(f"users/{kim.id}/_tell")
    with pytest.raises(AssertionError, match="unexpected keyword"):
        api.control(f"users/{kim.id}/say", words="Hej")


async def test_a_process_of_its_own_does_the_same() -> None:
    with started() as api:
        await converse(api)
