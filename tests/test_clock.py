"""The clocks: the machine's, a rehearsal's, and how they wait."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.clock import Clock, ScaledClock, SystemClock
from prep_bot.simulation.clock import ManualClock

START = datetime(2021, 11, 11, 15, tzinfo=UTC)
ORIGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
rates = st.floats(1e-3, 1e6)


def test_the_machines_clock_is_the_machines() -> None:
    clock = SystemClock()
    with time_machine.travel(ORIGIN, tick=False):
        assert (clock.now(), clock.now().tzinfo) == (ORIGIN, UTC)
    assert clock.real(START) == START


def test_a_rehearsal_begins_at_its_start_and_runs_at_its_rate() -> None:
    clock = ScaledClock(START, ORIGIN, 60)
    with time_machine.travel(ORIGIN, tick=False) as machine:
        assert clock.now() == START
        machine.shift(HOUR)
        assert (clock.now(), clock.now().tzinfo) == (START + 60 * HOUR, UTC)
    assert clock.real(START + 60 * HOUR) == ORIGIN + HOUR
    assert clock.real(START - 60 * HOUR) == ORIGIN - HOUR, "what is past was past then, too"


@given(instants, rates)
def test_at_the_real_instant_the_rehearsal_shows_the_rehearsed_one(instant: datetime, rate: float) -> None:
    clock = ScaledClock(START, ORIGIN, rate)
    try:
        real = clock.real(instant)
    except OverflowError:
        return  # beyond the calendar, at a rate at which that is far away
    with time_machine.travel(real, tick=False):
        error = abs(clock.now() - instant)
    assert error <= timedelta(microseconds=2) * max(rate, 1) + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "clock",
    [SystemClock(), ScaledClock(START, datetime.now(UTC), 1e6), ManualClock(START)],
    ids=["machine", "rehearsal", "manual"],
)
async def test_to_wait_ends_when_the_instant_has_come(clock: Clock) -> None:
    soon = clock.now() + timedelta(milliseconds=5)
    async with asyncio.timeout(5):
        await clock.sleep_until(soon)
        assert clock.now() >= soon
        await clock.sleep_until(soon - 1000 * HOUR)


async def test_a_clock_that_is_set_back_meanwhile_is_looked_at_again() -> None:
    """As when the machine learns the right time: a second asleep is not a second of the clock."""
    shown = iter([START, START - timedelta(milliseconds=5), START + timedelta(milliseconds=5)])

    class Corrected(SystemClock):
        def now(self) -> datetime:
            return next(shown)

    async with asyncio.timeout(5):
        await Corrected().sleep_until(START + timedelta(milliseconds=1))
    assert next(shown, None) is None


def test_the_clock_of_the_tests_goes_forward_only() -> None:
    clock = ManualClock(START.astimezone())
    clock.advance_to(START + HOUR)
    assert (clock.now(), clock.now().tzinfo) == (START + HOUR, UTC)
    assert clock.real(START) == START
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance_to(START)
