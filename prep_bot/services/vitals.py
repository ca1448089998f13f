"""Signs of life of the running program, by the machine's clock, for a health check in another process."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.engine import Database
from prep_bot.db.runtime import Heartbeat

STALE = timedelta(seconds=90)
"""After this long without a sign of life a part is taken to be stuck."""


class Part(StrEnum):
    """What must stay alive."""

    POLLING = "polling"
    SCHEDULER = "scheduler"


class Vitals:
    """Notes and judges signs of life."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, beats: dict[Part, datetime]) -> None:
        """Note when each part last showed life (aware, by the machine's clock)."""
        async with self._database.write() as session:
            for part, at in beats.items():
                await session.merge(Heartbeat(part=part, at=at))
            await session.commit()

    async def stuck(self, now: datetime) -> tuple[Part, ...]:
        """Return the parts that showed no life for STALE before `now`, by the machine's clock."""
        query = select(col(Heartbeat.part)).where(col(Heartbeat.at) > now - STALE)
        async with self._database.read() as session:
            alive = set((await session.execute(query)).scalars())
        return tuple(part for part in Part if part not in alive)
