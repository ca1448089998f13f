"""What a transaction promises, on either database: writers take turns, readers never wait, nothing is half done."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database, create_engine, rows_changed
from prep_bot.db.person import Person
from prep_bot.db.runtime import Heartbeat

NOON = datetime(2022, 4, 3, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def beat(database: Database, part: str = "heart", at: datetime = NOON) -> None:
    async with database.write() as session:
        session.add(Heartbeat(part=part, at=at))
        await session.commit()


async def beats(database: Database) -> dict[str, datetime]:
    async with database.read() as session:
        return {beat.part: beat.at for beat in (await session.execute(select(Heartbeat))).scalars()}


async def test_what_was_committed_is_kept(database: Database) -> None:
    await beat(database)
    assert await beats(database) == {"heart": NOON}


async def test_what_was_not_committed_is_not_kept(database: Database) -> None:
    async with database.write() as session:
        session.add(Heartbeat(part="heart", at=NOON))
        await session.flush()
    assert await beats(database) == {}


async def test_an_error_takes_back_all_of_a_transaction(database: Database) -> None:
    await beat(database, "lungs")
    async with database.write() as session:
        session.add(Heartbeat(part="heart", at=NOON))
        await session.flush()
        session.add(Heartbeat(part="lungs", at=NOON))
        with pytest.raises(IntegrityError):
            await session.commit()
    assert await beats(database) == {"lungs": NOON}


async def test_of_many_at_once_that_read_and_then_write_none_is_lost(database: Database) -> None:
    await beat(database)

    async def push() -> None:
        async with database.write() as session:
            heart = await session.get_one(Heartbeat, "heart")
            heart.at += SECOND
            await session.commit()

    await asyncio.gather(*(push() for _ in range(25)))
    assert await beats(database) == {"heart": NOON + 25 * SECOND}


async def test_of_two_processes_that_find_nothing_one_inserts(database: Database, database_url: str) -> None:
    other = Database(create_engine(database_url))

    async def insert_if_missing(mine: Database, part: str) -> None:
        async with mine.write() as session:
            if (await session.execute(select(Heartbeat))).first() is None:
                session.add(Heartbeat(part=part, at=NOON))
                await session.commit()

    try:
        await asyncio.gather(*(insert_if_missing(mine, f"{n}") for n in range(5) for mine in (database, other)))
    finally:
        await other.dispose()
    assert len(await beats(database)) == 1


async def test_a_reader_does_not_wait_for_a_writer_nor_see_what_it_has_not_committed(database: Database) -> None:
    await beat(database)
    async with asyncio.timeout(5), database.write() as session:
        await session.execute(update(Heartbeat).values(at=NOON + SECOND))
        assert await beats(database) == {"heart": NOON}
        await session.commit()
    assert await beats(database) == {"heart": NOON + SECOND}


async def test_a_writer_does_not_wait_for_a_reader_who_keeps_seeing_one_moment(database: Database) -> None:
    await beat(database)
    query = select(col(Heartbeat.part)).order_by(col(Heartbeat.part))
    async with asyncio.timeout(5), database.read() as session:
        assert (await session.execute(query)).scalars().all() == ["heart"]
        await beat(database, "lungs")
        assert (await session.execute(query)).scalars().all() == ["heart"]
    assert set(await beats(database)) == {"heart", "lungs"}


async def test_what_a_reader_changes_by_mistake_is_not_kept(database: Database) -> None:
    await beat(database)
    async with database.read() as session:
        heart = await session.get_one(Heartbeat, "heart")
        heart.at += SECOND
    assert await beats(database) == {"heart": NOON}


async def test_an_instant_comes_back_as_it_went_in_whatever_its_offset(database: Database) -> None:
    local = datetime.fromisoformat("2022-04-03T02:00:00.123456-06:00")
    await beat(database, at=local)
    (back,) = (await beats(database)).values()
    assert (back, back.tzinfo) == (local, UTC)


async def test_an_instant_without_its_offset_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="must have timezone information"):
        await beat(database, at=NOON.replace(tzinfo=None))
    async with database.read() as session:
        with pytest.raises(StatementError, match="must have timezone information"):
            await session.execute(select(Heartbeat).where(col(Heartbeat.at) > NOON.replace(tzinfo=None)))


async def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    await database.dispose()  # to migrate has switched that off and on again, in one connection
    async with database.write() as session:
        session.add(AuditEvent(commission_id=1, at=NOON, act="x", subject="y", details={}))
        with pytest.raises(IntegrityError):
            await session.commit()


async def test_a_parent_is_not_taken_from_its_rows(database: Database) -> None:
    async with database.write() as session:
        person = Person(name="Ana Ruiz")
        commission = Commission(
            key="obra",
            name="Obra",
            short_name="Obra",
            institution="I",
            details={},
            rules={},
            activated_at=NOON,
            derived_until=NOON,
        )
        session.add_all([person, commission])
        await session.flush()
        event = AuditEvent(
            commission_id=commission.id or 0,
            sequence=1,
            at=NOON,
            actor_id=person.id,
            act="x",
            subject="y",
            details={},
            previous="",
            hash="",
        )
        session.add(event)
        await session.flush()
        await session.delete(person)
        with pytest.raises(IntegrityError):
            await session.commit()


async def test_telegram_ids_beyond_32_bits_and_plain_data_come_back_whole(database: Database) -> None:
    details = {"á": [1, 2.5, None, True], "b": {"c": "«ñ»\n"}}
    async with database.write() as session:
        session.add(
            Commission(
                key="obra",
                name="Obra",
                short_name="Obra",
                institution="I",
                details=details,
                rules={},
                activated_at=NOON,
                derived_until=NOON,
                group_chat_id=-1_002_345_678_901,
            )
        )
        session.add(Person(name="Ana Ruiz", telegram_id=7_123_456_789))
        await session.commit()
    async with database.read() as session:
        commission = (await session.execute(select(Commission))).scalar_one()
        person = (await session.execute(select(Person))).scalar_one()
    assert (commission.details, commission.group_chat_id) == (details, -1_002_345_678_901)
    assert person.telegram_id == 7_123_456_789


async def test_whoever_comes_too_late_learns_it(database: Database) -> None:
    await beat(database)
    moved = update(Heartbeat).where(col(Heartbeat.at) == NOON).values(at=NOON + SECOND)
    async with database.write() as session:
        assert await rows_changed(session, moved) == 1
        assert await rows_changed(session, moved) == 0
