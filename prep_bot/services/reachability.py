"""Whom the bot can reach: somebody who blocks it is marked, and the secretary is told once."""

from sqlalchemy import select, update
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.person import Person
from prep_bot.domain.notice import NoticeKind
from prep_bot.services.notices import tell_secretaries


class Reachability:
    """Marks people as unreachable, and as reachable again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def lost(self, telegram_id: int, reason: str) -> None:
        """Mark the person with that account as unreachable for `reason`; the secretaries learn it once."""
        now = self._clock.now()
        async with self._database.write() as session:
            first = await rows_changed(
                session,
                update(Person)
                .where(col(Person.telegram_id) == telegram_id, col(Person.unreachable_since).is_(None))
                .values(unreachable_since=now, unreachable_reason=reason),
            )
            if not first:
                return
            person = (await session.execute(select(Person).where(col(Person.telegram_id) == telegram_id))).scalar_one()
            await tell_secretaries(session, NoticeKind.UNREACHABLE, person, now)
            await session.commit()

    async def regained(self, telegram_id: int) -> None:
        """Clear the mark of the person with that account, if there is one."""
        async with self._database.write() as session:
            changed = await rows_changed(
                session,
                update(Person)
                .where(col(Person.telegram_id) == telegram_id, col(Person.unreachable_since).is_not(None))
                .values(unreachable_since=None, unreachable_reason=None),
            )
            if changed:
                await session.commit()
