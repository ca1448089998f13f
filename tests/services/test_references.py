"""What points to a row: as many columns as the database itself knows of, and none of them left behind."""

import pytest
from sqlalchemy import Connection, inspect, select
from sqlmodel import SQLModel, col

from prep_bot.db.convocation import Board
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Membership, Person
from prep_bot.db.plan import Activity
from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from prep_bot.services.references import referenced, referring, repoint
from tests.support.small_plan import enrol, plan


def _foreign_keys(connection: Connection, table: str) -> set[tuple[str, str]]:
    inspector = inspect(connection)
    return {
        (name, key["constrained_columns"][0])
        for name in inspector.get_table_names()
        for key in inspector.get_foreign_keys(name)
        if key["referred_table"] == table
    }


@pytest.mark.parametrize("model", [Meeting, Person, Membership, Activity])
async def test_every_foreign_key_of_the_database_is_found(database: Database, model: type[SQLModel]) -> None:
    async with database.engine.connect() as connection:
        known = await connection.run_sync(_foreign_keys, str(model.__tablename__))
    assert {(column.table.name, column.name) for column in referring(model)} == known
    assert known


async def test_what_both_have_is_kept_once(services: Services, database: Database) -> None:
    await services.plans.apply(plan())
    old = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    new = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    for seat in (old, new):
        await services.dialogues.begin(seat.person_id, "topic")
    async with database.write() as session:
        assert await referenced(session, Person, old.person_id, besides="audit_event")
        await repoint(session, Person, old.person_id, new.person_id, besides="membership")
        assert not await referenced(session, Person, old.person_id, besides="membership")
        assert (await session.execute(select(col(Board.person_id)))).all() == []
        await session.commit()
    assert await services.dialogues.awaited(new.person_id) is not None
    assert await services.dialogues.awaited(old.person_id) is None
