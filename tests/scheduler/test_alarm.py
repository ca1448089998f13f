"""The alarm: it wakes the work at the right moments, one round at a time, until it is stopped."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from prep_bot.clock import Clock, ScaledClock, SystemClock
from scheduler.alarm import Alarm

START = datetime(2021, 11, 11, 15, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = 5
"""Seconds after which a test is lost; none takes them, and the pulse, which hides much, beats more seldom."""


class Rounds:
    """Work that does nothing but say when it is done, and what comes next."""

    def __init__(self, *then: datetime | Exception | None) -> None:
        self._then = list(then)
        self._began = asyncio.Condition()
        self.count = 0
        self.at_once = 0
        self.most_at_once = 0
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.goes_on: Callable[[], bool] = lambda: True
        self.looks_again = 0

    def look_again(self) -> None:
        self.looks_again += 1

    async def round(self, going: Callable[[], bool]) -> datetime | None:
        self.goes_on = going
        async with self._began:
            self.count += 1
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
            self._began.notify_all()
        try:
            await self.may_end.wait()
        finally:
            self.at_once -= 1
        result = self._then.pop(0) if self._then else None
        if isinstance(result, Exception):
            raise result
        return result

    async def begun(self, count: int) -> None:
        """Wait until so many rounds have begun."""
        async with asyncio.timeout(PATIENCE), self._began:
            await self._began.wait_for(lambda: self.count >= count)


async def nothing() -> None:
    pass


async def turns(count: int = 20) -> None:
    """Let everything run that is ready to."""
    for _ in range(count):
        await asyncio.sleep(0)


@asynccontextmanager
async def started(
    rounds: Rounds, clock: Clock | None = None, pulse: Callable[[], Awaitable[None]] = nothing
) -> AsyncIterator[Alarm]:
    alarm = Alarm(rounds, clock or SystemClock(), pulse)
    await alarm.start()
    try:
        yield alarm
    finally:
        rounds.may_end.set()
        await alarm.stop()
        await turns()


@pytest.fixture(autouse=True)
def no_complaint(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The library complains when it leaves out a round, or when one lets an error through."""
    caplog.set_level(logging.WARNING, "apscheduler")
    yield
    complaints = [record for record in caplog.get_records("call") if record.name.startswith("apscheduler")]
    assert [record.getMessage() for record in complaints] == []


async def test_what_came_due_before_the_start_is_done_at_the_start() -> None:
    rounds = Rounds()
    async with started(rounds):
        await rounds.begun(1)


async def test_a_nudge_makes_it_look() -> None:
    rounds = Rounds()
    async with started(rounds) as alarm:
        await rounds.begun(1)
        await turns()
        alarm.nudge()
        await rounds.begun(2)


async def test_a_nudge_during_a_round_makes_it_look_once_more() -> None:
    rounds = Rounds()
    async with started(rounds) as alarm:
        await rounds.begun(1)
        await turns()
        rounds.may_end.clear()
        alarm.nudge()
        await rounds.begun(2)
        for _ in range(5):
            alarm.nudge()
            await turns()
        assert rounds.count == 2
        rounds.may_end.set()
        await rounds.begun(3)
        await turns()
        assert rounds.count == 3, "five nudges during one round are one more round"


async def test_a_nudge_is_not_put_off_by_what_is_due_later() -> None:
    rounds = Rounds(None, datetime.now(UTC) + DAY)
    async with started(rounds) as alarm:
        await rounds.begun(1)
        await turns()
        rounds.may_end.clear()
        alarm.nudge()
        await rounds.begun(2)
        rounds.may_end.set()
        alarm.nudge()
        await rounds.begun(3)


async def test_it_wakes_when_something_is_due_by_the_clock_of_a_rehearsal() -> None:
    clock = ScaledClock(START, datetime.now(UTC), rate=1e6)
    due = clock.now() + 5 * DAY
    rounds = Rounds(due)
    async with started(rounds, clock):
        await rounds.begun(2)
        assert clock.now() >= due


async def test_it_wakes_again_and_again() -> None:
    clock = ScaledClock(START, datetime.now(UTC), rate=1e6)
    rounds = Rounds(*(clock.now() + hours * timedelta(hours=1) for hours in range(100)))
    async with started(rounds, clock):
        await rounds.begun(101)
    assert rounds.most_at_once == 1


async def test_what_came_due_during_the_round_is_done_at_once() -> None:
    rounds = Rounds(datetime.now(UTC) - DAY)
    async with started(rounds):
        await rounds.begun(2)


async def test_what_is_late_is_done_late() -> None:
    """As when the machine was suspended when it should have been done."""

    class Behind(SystemClock):
        def real(self, instant: datetime) -> datetime:
            return instant - DAY

    rounds = Rounds()
    async with started(rounds, Behind()):
        await rounds.begun(1)


async def test_rounds_never_overlap() -> None:
    rounds = Rounds(*[datetime.now(UTC)] * 10)
    async with started(rounds) as alarm:
        for count in range(1, 10):
            await rounds.begun(count)
            rounds.may_end.clear()
            alarm.nudge()
            await turns(3)
            alarm.nudge()
            rounds.may_end.set()
    assert rounds.most_at_once == 1


async def test_an_error_in_a_round_does_not_end_the_alarm() -> None:
    rounds = Rounds(RuntimeError("the database is away"), None, RuntimeError("again"))
    async with started(rounds) as alarm:
        for count in range(1, 5):
            await rounds.begun(count)
            await turns()
            alarm.nudge()


async def test_the_pulse_beats_from_the_start_and_may_fail_and_the_work_looks_again() -> None:
    beats = 0

    async def pulse() -> None:
        nonlocal beats
        beats += 1
        raise RuntimeError("the database is away")

    rounds = Rounds()
    async with started(rounds, pulse=pulse):
        assert (beats, rounds.looks_again) == (1, 1)
        await rounds.begun(1)


async def test_stopping_waits_for_the_round_in_course_and_begins_no_other() -> None:
    rounds = Rounds(datetime.now(UTC))
    rounds.may_end.clear()
    alarm = Alarm(rounds, SystemClock(), nothing)
    await alarm.start()
    await rounds.begun(1)
    assert rounds.goes_on()
    stopping = asyncio.create_task(alarm.stop())
    await turns()
    assert not stopping.done()
    assert not rounds.goes_on(), "the round is told to begin no other message"
    alarm.nudge()
    rounds.may_end.set()
    async with asyncio.timeout(PATIENCE):
        await stopping
    alarm.nudge()
    await turns()
    assert (rounds.count, rounds.at_once) == (1, 0)


async def test_stopping_waits_for_the_pulse() -> None:
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def pulse() -> None:
        await may_end.wait()
        ended.set()

    alarm = Alarm(Rounds(), SystemClock(), pulse)
    starting = asyncio.create_task(alarm.start())
    await turns()
    stopping = asyncio.create_task(alarm.stop())
    await turns()
    assert not stopping.done()
    may_end.set()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(starting, stopping)
    assert ended.is_set()
    await turns()
