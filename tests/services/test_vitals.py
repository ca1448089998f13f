"""The signs of life that a health check looks for, in the database and so from another process."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.engine import Database, create_engine
from prep_bot.db.runtime import Heartbeat
from prep_bot.services.vitals import STALE, Part, Vitals

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALL = dict.fromkeys(Part, NOW)


@pytest.fixture
def vitals(database: Database) -> Vitals:
    return Vitals(database)


async def test_what_never_showed_life_is_stuck(vitals: Vitals) -> None:
    assert await vitals.stuck(NOW) == (Part.POLLING, Part.SCHEDULER)
    await vitals.beat({Part.SCHEDULER: NOW})
    assert await vitals.stuck(NOW) == (Part.POLLING,)


async def test_what_showed_life_lately_is_not_stuck(vitals: Vitals) -> None:
    await vitals.beat(ALL)
    assert await vitals.stuck(NOW + STALE - SECOND) == ()
    assert await vitals.stuck(NOW + STALE) == (Part.POLLING, Part.SCHEDULER)


async def test_one_part_may_be_stuck_while_another_lives(vitals: Vitals) -> None:
    await vitals.beat(ALL)
    await vitals.beat({Part.POLLING: NOW, Part.SCHEDULER: NOW + 60 * SECOND})
    assert await vitals.stuck(NOW + STALE + SECOND) == (Part.POLLING,)
    await vitals.beat({Part.POLLING: NOW + STALE, Part.SCHEDULER: NOW + STALE})
    assert await vitals.stuck(NOW + STALE + SECOND) == ()


async def test_each_part_has_one_sign_of_life_and_another_process_sees_it(
    database: Database, vitals: Vitals, database_url: str
) -> None:
    other = Database(create_engine(database_url))
    try:
        await asyncio.gather(*(mine.beat(ALL) for mine in (vitals, Vitals(other), vitals, Vitals(other))))
        assert await Vitals(other).stuck(NOW) == ()
    finally:
        await other.dispose()
    async with database.read() as session:
        assert set((await session.execute(select(col(Heartbeat.part)))).scalars()) == set(Part)
        assert len((await session.execute(select(Heartbeat))).all()) == len(Part)
