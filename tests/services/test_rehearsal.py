"""The time in which a database lives: real, or a rehearsal's, and never the other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from prep_bot.clock import ScaledClock, SystemClock
from prep_bot.db.engine import Database, create_engine
from prep_bot.services import container
from prep_bot.services.rehearsal import ClockMismatchError, clock_for
from prep_bot.services.vitals import Part
from tests.support.small_plan import plan

START = datetime(2021, 11, 11, 15, tzinfo=UTC)
MACHINE = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def other(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, opened by another process; its tables are there."""
    opened = Database(create_engine(database_url))
    yield opened
    await opened.dispose()


async def test_a_database_lives_in_real_time_unless_it_is_told_otherwise(database: Database) -> None:
    for _ in range(2):
        assert await clock_for(database, None, 1) == SystemClock()


async def test_a_rehearsal_begins_when_it_is_first_opened_and_goes_on_from_there(
    database: Database, other: Database
) -> None:
    with time_machine.travel(MACHINE, tick=False) as machine:
        first = await clock_for(database, START, 60)
        assert first == ScaledClock(START, MACHINE, 60)
        assert first.now() == START
        machine.shift(HOUR)
        later = await clock_for(other, START, 60)
        assert later.now() == first.now() == START + 60 * HOUR


async def test_the_same_instant_in_another_zone_is_the_same_rehearsal(database: Database) -> None:
    clock = await clock_for(database, START.astimezone(timezone(-6 * HOUR)), 0.1)
    assert await clock_for(database, START, 0.1) == clock


async def test_two_processes_that_begin_a_rehearsal_at_once_live_in_one_time(
    database: Database, other: Database
) -> None:
    clocks = await asyncio.gather(*(clock_for(mine, START, 60) for mine in (database, other, database, other)))
    assert len(set(clocks)) == 1


@pytest.mark.parametrize(
    ("start", "rate"), [(None, 1.0), (START, 61.0), (START + HOUR, 60.0)], ids=["real", "another rate", "another start"]
)
async def test_a_rehearsal_opens_in_no_other_time(database: Database, start: datetime | None, rate: float) -> None:
    await clock_for(database, START, 60)
    with pytest.raises(ClockMismatchError) as refusal:
        await clock_for(database, start, rate)
    assert str(refusal.value) == (
        "this database is a rehearsal's: open it with --clock-start 2021-11-11T15:00:00+00:00 --clock-rate 60, "
        "or use another PREP_BOT_DATABASE_URL"
    )
    assert (await clock_for(database, START, 60)).now() >= START, "it still opens in its own"


async def test_a_database_with_a_real_plan_is_never_rehearsed(database: Database) -> None:
    await container.build(database, await clock_for(database, None, 1)).plans.apply(plan())
    with pytest.raises(ClockMismatchError, match="lives in real time: rehearse with another PREP_BOT_DATABASE_URL"):
        await clock_for(database, START, 60)
    assert await clock_for(database, None, 1) == SystemClock()


async def test_a_database_in_which_the_bot_ran_in_real_time_is_never_rehearsed(database: Database) -> None:
    """Though no plan was imported yet."""
    services = container.build(database, await clock_for(database, None, 1))
    await services.vitals.beat({Part.SCHEDULER: SystemClock().now()})
    with pytest.raises(ClockMismatchError, match="lives in real time"):
        await clock_for(database, START, 60)


async def test_a_plan_that_was_imported_in_a_rehearsal_lives_in_it(database: Database) -> None:
    clock = await clock_for(database, START, 60)
    await container.build(database, clock).plans.apply(plan())
    assert await clock_for(database, START, 60) == clock
