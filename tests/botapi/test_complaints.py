"""Calls that no situation excuses: they are refused, written down, and fail the test."""

from __future__ import annotations

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError

from botapi import schema
from botapi.api import BotApi, User
from botapi.methods import METHODS
from botapi.server import running

pytestmark = pytest.mark.anyio


def call(api: BotApi, method: str, parameters: dict[str, object]) -> int:
    """What no library would send: the status of a call made by hand."""
    url = f"{api.base_url}{api.token}/{method}"
    return httpx.post(url, json=parameters, trust_env=False).status_code


async def complaint(api: BotApi) -> str:
    (found,) = api.complaints(forgive=True)
    return found


async def test_a_method_that_does_not_exist(api: BotApi, bot: Bot) -> None:
    with pytest.raises(BadRequest):
        await bot.do_api_request("sendMesage")
    assert await complaint(api) == "method sendMesage"


async def test_a_method_that_is_not_modelled(api: BotApi, bot: Bot, kim: User) -> None:
    with pytest.raises(NetworkError, match="does not model method sendDice"):
        await bot.send_dice(kim.id)
    assert await complaint(api) == "the stand-in does not model method sendDice"


async def test_a_parameter_that_does_not_exist(api: BotApi, bot: Bot, kim: User) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(kim.id, "Hej", api_kwargs={"silent": True})
    assert await complaint(api) == "unknown parameter of sendMessage: silent"
    assert len(kim.sees()) == 1


async def test_a_parameter_that_is_not_modelled(api: BotApi, bot: Bot, kim: User) -> None:
    with pytest.raises(NetworkError):
        await bot.send_message(kim.id, "Hej", message_thread_id=3)
    assert "message_thread_id" in await complaint(api)


@pytest.mark.parametrize(
    ("method", "parameters", "told"),
    [
        ("sendMessage", {"chat_id": 1}, "'text' is a required property"),
        ("editMessageText", {"chat_id": 1, "message_id": "x", "text": "Hej"}, "is not of type 'integer'"),
        ("setMyCommands", {"commands": [{"command": "paus"}]}, "'description' is a required property"),
        ("getUpdates", {"timeout": 1.5}, "is not of type 'integer'"),
    ],
)
async def test_parameters_of_the_wrong_kind(
    api: BotApi, method: str, parameters: dict[str, object], told: str
) -> None:
    assert call(api, method, parameters) == 400
    assert told in await complaint(api)


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ({"callback_data": "v1"}, "'text' is a required property"),
        ({"text": "Ja", "callback_dat": "v1"}, "'callback_dat' was unexpected"),
        ({"text": "Ja", "callback_data": 1}, "is not of type 'string'"),
    ],
)
async def test_a_misspelt_button(api: BotApi, kim: User, button: dict[str, object], told: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert call(api, "sendMessage", {"chat_id": kim.id, "text": "Hej", "reply_markup": markup}) == 400
    assert told in await complaint(api)


def test_an_unforgiven_complaint_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="method sendMesage"), running() as api:
        call(api, "sendMesage", {})


def test_every_modelled_method_and_parameter_is_in_the_schema() -> None:
    for name, method in METHODS.items():
        assert schema.knows(name)
        assert method.parameters <= schema.parameters_of(name)
