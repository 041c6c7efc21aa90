"""Telegram's limits on sending, on a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
import itertools

from bot.telegram_pace import Pace


class Time:
    """A clock whose sleep is over at once."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def moments(pace: Pace, time: Time, chats: list[str]) -> list[float]:
    async def send() -> list[float]:
        found = []
        for chat in chats:
            await pace.turn(chat)
            found.append(time.now)
        return found

    return asyncio.run(send())


def test_no_second_holds_more_than_thirty_messages() -> None:
    time = Time()
    sent = moments(Pace(30, 1, time, time.sleep), time, [str(number) for number in range(300)])
    assert max(sum(begin <= each < begin + 1 for each in sent) for begin in sent) <= 30
    assert 299 / (sent[-1] - sent[0]) >= 0.95 * 30


def test_a_delay_is_not_caught_up_in_a_burst() -> None:
    time = Time()
    pace = Pace(30, 1, time, time.sleep)
    before = moments(pace, time, [str(number) for number in range(30)])
    time.now += 0.5
    after = moments(pace, time, [str(number) for number in range(30, 60)])
    sent = [*before, *after]
    assert max(sum(begin <= each < begin + 1 for each in sent) for begin in sent) <= 30


def test_messages_in_one_chat_are_a_second_apart() -> None:
    time = Time()
    sent = moments(Pace(30, 1, time, time.sleep), time, ["kim"] * 4)
    assert min(later - earlier for earlier, later in itertools.pairwise(sent)) >= 1


def test_another_chat_need_not_wait() -> None:
    time = Time()
    sent = moments(Pace(30, 1, time, time.sleep), time, ["kim", "robin"])
    assert sent[1] - sent[0] < 0.1


def test_limits_can_be_lifted() -> None:
    time = Time()
    assert set(moments(Pace(0, 0, time, time.sleep), time, ["kim"] * 50)) == {100.0}
