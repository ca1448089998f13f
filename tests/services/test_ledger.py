"""The log: whatever is changed in it is named, in both databases; and its writers take turns."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from prep_bot.db.engine import Database, create_engine
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.chain import ORIGIN
from prep_bot.domain.role import Role
from prep_bot.services.audit import record
from prep_bot.services.container import Services
from prep_bot.services.ledger import Broken, ChainReport
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import enrol, plan


@pytest.fixture
async def written(services: Services) -> int:
    """A log of two commissions; return how many entries that of the first has."""
    await services.plans.apply(plan())
    await services.plans.apply(plan("otra"))
    seat = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    for after, state in ((0, ActivityState.IN_PROGRESS), (1, ActivityState.DONE)):
        await services.progress.record(seat, 1, state, after=after)
    first, _ = await services.ledger.check()
    assert first.sequence >= 4
    return first.sequence


async def reports(services: Services) -> tuple[ChainReport, ...]:
    return await services.ledger.check()


async def tamper(database: Database, statement: str) -> None:
    async with database.writer() as connection:
        await connection.execute(text(statement))
        await connection.commit()


async def test_an_untouched_log_is_sound(services: Services, written: int) -> None:
    first, second = await reports(services)
    assert (first.commission, first.broken) == ("obra", None)
    assert (second.commission, second.broken) == ("otra", None)
    hashes = await services.ledger.hashes("obra")
    assert hashes is not None
    assert sorted(hashes) == list(range(1, written + 1))
    assert hashes[written] == first.hash
    assert await services.ledger.hashes("ninguna") is None


async def test_a_log_without_entries_is_sound(database: Database, services: Services, written: int) -> None:
    await tamper(database, "DELETE FROM audit_event WHERE commission_id = 2")
    second = (await reports(services))[1]
    assert second == ChainReport("otra", 0, ORIGIN, None)
    assert await services.ledger.hashes("otra") == {}


@pytest.mark.parametrize(
    "change",
    [
        "at = '2022-01-01 00:00:00'",
        "actor_id = NULL",
        "act = 'progress.invented'",
        "subject = 'activity:99'",
        """details = '{"state": "pending"}'""",
        f"previous = '{ORIGIN}'",
        f"hash = '{ORIGIN}'",
    ],
)
async def test_a_changed_field_is_named(database: Database, services: Services, written: int, change: str) -> None:
    await tamper(
        database,
        f"UPDATE audit_event SET {change} WHERE commission_id = 1 AND sequence = {written - 1}",  # noqa: S608
    )
    first, second = await reports(services)
    assert first.broken is not None
    assert first.broken.sequence == written - 1
    assert first.broken.found
    assert second.broken is None


@pytest.mark.parametrize(
    "change", ["sequence = 77", "commission_id = 2, sequence = 77"], ids=["renumbered", "moved elsewhere"]
)
async def test_an_entry_that_is_gone_is_missing(
    database: Database, services: Services, written: int, change: str
) -> None:
    await tamper(database, f"UPDATE audit_event SET {change} WHERE commission_id = 1 AND sequence = 2")  # noqa: S608
    first, second = await reports(services)
    assert first.broken == Broken(2, "")
    assert (second.broken is not None) == ("commission_id" in change)


async def test_a_deleted_entry_is_missing(database: Database, services: Services, written: int) -> None:
    await tamper(database, "DELETE FROM audit_event WHERE commission_id = 1 AND sequence = 1")
    assert (await reports(services))[0].broken == Broken(1, "")


async def test_a_rewritten_commission_breaks_from_the_first(
    database: Database, services: Services, written: int
) -> None:
    await tamper(database, "UPDATE commission SET key = 'ajena' WHERE id = 1")
    broken = (await reports(services))[0].broken
    assert broken is not None
    assert broken.sequence == 1


@pytest.mark.parametrize("change", ["at = 'ayer'", "details = 'nada'", "act = x'00'"])
async def test_what_cannot_even_be_read_is_named(
    database: Database, services: Services, written: int, change: str
) -> None:
    try:
        await tamper(database, f"UPDATE audit_event SET {change} WHERE commission_id = 1 AND sequence = 3")  # noqa: S608
    except DBAPIError:
        return  # so strict is PostgreSQL with most of them
    broken = (await reports(services))[0].broken
    assert broken is not None
    assert broken.sequence == 3


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The database as another process has it open."""
    opened = Database(create_engine(database_url))
    yield opened
    await opened.dispose()


async def test_writers_at_once_make_one_chain(
    database: Database, other: Database, services: Services, written: int, clock: ManualClock
) -> None:
    async def write(into: Database, number: int) -> None:
        async with into.write() as session:
            await record(
                session, commission_id=1, at=clock.now(), actor_id=None, act="test.written", subject=f"test:{number}"
            )
            await session.commit()

    await asyncio.gather(*(write(into, number) for number in range(10) for into in (database, other)))
    first, _ = await reports(services)
    assert (first.sequence, first.broken) == (written + 20, None)
