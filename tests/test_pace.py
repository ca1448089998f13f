"""How fast messages go: judged by the simulated Telegram's flood control, and by a clock that really waits."""

import asyncio
import weakref
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from prep_bot.pace import BACKGROUND, Pace
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.limits import FloodControl
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.telegram import SimulatedTelegram

START = datetime(2022, 4, 3, 15, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
GROUP = -5


class WaitingClock:
    """A clock at which callers really wait, together, until the test lets them go on."""

    def __init__(self) -> None:
        self._now = START
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def real(self, instant: datetime) -> datetime:
        return instant

    def set(self, instant: datetime) -> None:
        self._now = instant

    async def sleep_until(self, instant: datetime) -> None:
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((instant, waker))
        await waker

    async def run(self, until: timedelta) -> None:
        """Go from instant to instant, waking the latest comer first: whoever relies on the order fails."""
        await _settle()
        end = START + until
        while due := [instant for instant, _ in self._sleepers if instant <= end]:
            self._now = max(self._now, min(due))
            for sleeper in reversed(self._sleepers[:]):
                if sleeper[0] <= self._now:
                    self._sleepers.remove(sleeper)
                    if not sleeper[1].done():
                        sleeper[1].set_result(None)
            await _settle()
        self._now = end


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


ClockT = TypeVar("ClockT", WaitingClock, ManualClock)


class Calls(Generic[ClockT]):
    """Calls through a pace: when each was let go."""

    def __init__(self, clock: ClockT) -> None:
        self.pace = Pace(clock)
        self.clock: ClockT = clock
        self.gone: list[tuple[str, timedelta]] = []
        self.tasks: list[asyncio.Task[Any]] = []

    async def call(
        self, name: str, chat: int | str | None, *, background: bool = False, endpoint: str = "sendMessage"
    ) -> Any:
        async def callback() -> bool:
            self.gone.append((name, self.clock.now() - START))
            return True

        return await self.pace.process_request(
            callback, (), {}, endpoint, {"chat_id": chat} if chat else {}, BACKGROUND if background else None
        )

    def start(self, name: str, chat: int | str | None, **how: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(self.call(name, chat, **how))
        self.tasks.append(task)
        return task

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.gone]


@pytest.fixture
async def waiting() -> AsyncIterator[Calls[WaitingClock]]:
    calls = Calls(WaitingClock())
    yield calls
    for task in calls.tasks:
        task.cancel()
    await asyncio.gather(*calls.tasks, return_exceptions=True)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, GROUP, GROUP - 1]),
            st.booleans(),
            st.sampled_from([0, 0, 0, 10, 999, 1001, 70_000]),
        ),
        max_size=120,
    )
)
def test_telegram_never_has_to_refuse(messages: list[tuple[int, bool, int]]) -> None:
    async def scenario() -> None:
        clock = ManualClock(START)
        calls = Calls(clock)
        telegram = FloodControl(overall_per_second=30, per_chat_per_second=1, per_group_per_minute=20)
        for chat, background, pause in messages:
            clock.advance_to(clock.now() + pause * MILLISECOND)
            await calls.call("", chat, background=background)
            telegram.admit(chat, clock.now())

    asyncio.run(scenario())


async def test_a_hundred_at_once_do_not_exceed_the_limit_in_any_second(waiting: Calls[WaitingClock]) -> None:
    for chat in range(1, 101):
        waiting.start(str(chat), chat)
    await waiting.clock.run(10 * SECOND)
    telegram = FloodControl(overall_per_second=30, per_chat_per_second=1, per_group_per_minute=20)
    for name, at in waiting.gone:
        telegram.admit(int(name), START + at)
    assert waiting.order == [str(chat) for chat in range(1, 101)], "first come, first served"
    assert waiting.gone[-1][1] == 99 * (SECOND / 28), "no slower than it may"


@pytest.mark.parametrize(("chat", "seconds"), [(7, 1), (GROUP, 3), ("@canal", 3)])
async def test_to_the_same_chat(waiting: Calls[WaitingClock], chat: int | str, seconds: int) -> None:
    for name in "abc":
        waiting.start(name, chat)
    await waiting.clock.run(10 * SECOND)
    assert waiting.gone == [("a", 0 * SECOND), ("b", seconds * SECOND), ("c", 2 * seconds * SECOND)]


async def test_a_chat_that_has_to_wait_keeps_no_other_waiting(waiting: Calls[WaitingClock]) -> None:
    for name in "abc":
        waiting.start(name, GROUP)
    waiting.start("reply", 7)
    await waiting.clock.run(SECOND / 28)
    assert waiting.gone == [("a", 0 * SECOND), ("reply", SECOND / 28)]


async def test_a_reply_never_waits_behind_a_broadcast(waiting: Calls[WaitingClock]) -> None:
    for chat in range(1, 51):
        waiting.start("broadcast", chat, background=True)
    await waiting.clock.run(SECOND / 2)
    before = len(waiting.gone)
    waiting.start("reply", 99)
    await waiting.clock.run(SECOND / 2 + SECOND / 28)
    assert waiting.order[before] == "reply"


async def test_a_broadcast_yields_even_at_the_same_instant(waiting: Calls[WaitingClock]) -> None:
    waiting.start("first", 1)
    waiting.start("broadcast", 2, background=True)
    await waiting.clock.run(SECOND / 100)
    waiting.start("reply", 3)
    await _settle()
    waiting.clock.set(START + SECOND)
    await waiting.clock.run(2 * SECOND)
    assert waiting.order == ["first", "reply", "broadcast"]


async def test_a_broadcast_leaves_room_for_replies(waiting: Calls[WaitingClock]) -> None:
    for chat in range(1, 101):
        waiting.start(str(chat), chat, background=True)
    await waiting.clock.run(0.999 * SECOND)
    assert len(waiting.gone) == 25
    assert waiting.gone[1][1] == SECOND / 25


async def test_a_broadcast_is_not_stopped_by_a_reply_that_waits_for_its_own_chat(waiting: Calls[WaitingClock]) -> None:
    waiting.start("a", GROUP)
    waiting.start("b", GROUP)
    waiting.start("broadcast", 7, background=True)
    await waiting.clock.run(SECOND)
    assert waiting.order == ["a", "broadcast"]


async def test_who_gives_up_makes_way(waiting: Calls[WaitingClock]) -> None:
    waiting.start("a", 7)
    given_up = waiting.start("b", 7)
    waiting.start("c", 7)
    await waiting.clock.run(SECOND / 2)
    given_up.cancel()
    await waiting.clock.run(SECOND)
    assert waiting.order == ["a", "c"]


@pytest.mark.parametrize(
    "endpoint", ["editMessageText", "answerCallbackQuery", "setMyCommands", "sendChatAction", "deleteMessage", "getMe"]
)
async def test_what_writes_no_message_does_not_wait(waiting: Calls[WaitingClock], endpoint: str) -> None:
    at_once = [waiting.start("at once", 7, endpoint=endpoint) for _ in range(3)]
    await _settle()
    assert [task.done() and task.result() for task in at_once] == [True, True, True]
    assert waiting.gone == 3 * [("at once", 0 * SECOND)]


async def test_what_goes_to_no_chat_does_not_wait(waiting: Calls[WaitingClock]) -> None:
    for _ in range(2):
        waiting.start("gift", None, endpoint="sendGift")
    await _settle()
    assert waiting.order == ["gift", "gift"]


@pytest.mark.parametrize("endpoint", ["sendPhoto", "sendDocument", "sendMediaGroup", "copyMessage", "forwardMessages"])
async def test_whatever_writes_a_message_waits(waiting: Calls[WaitingClock], endpoint: str) -> None:
    for name in "ab":
        waiting.start(name, 7, endpoint=endpoint)
    await waiting.clock.run(10 * SECOND)
    assert waiting.gone == [("a", 0 * SECOND), ("b", SECOND)]


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(waiting: Calls[WaitingClock]) -> None:
    waiting.start("a", 7)
    await _settle()
    waiting.clock.set(START - timedelta(hours=1))
    waiting.start("b", 7)
    await _settle()
    assert waiting.order == ["a", "b"]


async def test_the_first_message_of_an_hour_does_not_wait(waiting: Calls[WaitingClock]) -> None:
    waiting.start("a", 7)
    await _settle()
    await waiting.clock.run(timedelta(hours=1))
    waiting.start("b", 7)
    await _settle()
    assert waiting.gone[-1] == ("b", timedelta(hours=1))


class Channel(str):
    """A chat's name of which one can tell whether anybody still holds it."""

    __slots__ = ("__weakref__",)


async def test_chats_are_forgotten_after_a_minute() -> None:
    clock = ManualClock(START)
    calls = Calls(clock)
    held: weakref.WeakSet[Channel] = weakref.WeakSet()
    await calls.call("", 7)
    for n in range(100):
        channel = Channel(f"@canal{n}")
        held.add(channel)
        await calls.call("", channel)
    del channel
    written = clock.now()
    clock.advance_to(START + timedelta(seconds=60))
    await calls.call("", 7)
    assert len(held) == 100
    clock.advance_to(written + timedelta(seconds=61))
    await calls.call("", 7)
    assert len(held) == 0


async def test_through_the_library() -> None:
    clock = ManualClock(START)
    telegram = SimulatedTelegram(clock)
    ana = telegram.user("Ana")
    telegram.says(ana, "/start")
    request = SimulatedRequest(telegram)
    async with ExtBot(telegram.token, request=request, get_updates_request=request, rate_limiter=Pace(clock)) as bot:
        for _ in range(3):
            await bot.send_message(ana.id, "Hola", rate_limit_args=BACKGROUND)
    assert [entry.at - START for entry in telegram.log if entry.method == "sendMessage"] == [
        0 * SECOND,
        1 * SECOND,
        2 * SECOND,
    ]


async def test_flood_control_reaches_the_caller(waiting: Calls[WaitingClock]) -> None:
    asked = 0

    async def callback() -> bool:
        nonlocal asked
        asked += 1
        raise RetryAfter(5)

    with pytest.raises(RetryAfter):
        await waiting.pace.process_request(callback, (), {}, "sendMessage", {"chat_id": 7}, BACKGROUND)
    assert asked == 1, "the outbox decides when it is sent again"


@pytest.mark.parametrize(("after", "asked_again"), [(5, True), (6, False)])
async def test_a_reply_is_held_back_for_a_few_seconds_and_no_longer(after: int, asked_again: bool) -> None:
    clock = ManualClock(START)
    pace, asked = Pace(clock), []

    async def callback() -> bool:
        asked.append(clock.now() - START)
        if len(asked) == 1:
            raise RetryAfter(after)
        return True

    reply = pace.process_request(callback, (), {}, "sendMessage", {"chat_id": 7}, None)
    if asked_again:
        assert await reply is True
        assert asked == [0 * SECOND, after * SECOND]
    else:
        with pytest.raises(RetryAfter):
            await reply
        assert asked == [0 * SECOND]
