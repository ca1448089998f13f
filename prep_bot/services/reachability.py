"""Whom the bot can reach: somebody who blocks it is marked, and the secretary is told once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.db.person import Person
from prep_bot.domain.delivery import Unreachability
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.services.boards import redraw
from prep_bot.services.heard import still_off
from prep_bot.services.notices import NewNotice, queue, tell_secretaries


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
            await _redraw(session, telegram_id)
            await session.commit()

    async def regained(self, telegram_id: int) -> None:
        """Clear the mark of the person with that account, if there is one.

        They are told what was called off meanwhile, if that still helps; the convocations in force come by themselves.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            changed = await rows_changed(
                session,
                update(Person)
                .where(col(Person.telegram_id) == telegram_id, col(Person.unreachable_since).is_not(None))
                .values(unreachable_since=None, unreachable_reason=None),
            )
            if changed:
                await queue(session, await _called_off_meanwhile(session, telegram_id, now), now)
                await _redraw(session, telegram_id)
                await session.commit()


async def _called_off_meanwhile(session: AsyncSession, telegram_id: int, now: datetime) -> list[NewNotice]:
    query = (
        select(Notice, col(Meeting.state))
        .join(Meeting, col(Meeting.id) == Notice.meeting_id)
        .join(Person, col(Person.id) == Notice.person_id)
        .where(col(Person.telegram_id) == telegram_id, col(Notice.kind) == NoticeKind.CALLED_OFF)
        .order_by(col(Notice.id))
    )
    last = {(row.Notice.convocation_id, row.Notice.data["deferred"]): row for row in (await session.execute(query))}
    return [
        NewNotice(
            kind=NoticeKind.CALLED_OFF,
            cause=f"called_off:{row.Notice.convocation_id}:again:{now:%Y%m%dT%H%M%S}",
            commission_id=row.Notice.commission_id,
            person_id=row.Notice.person_id,
            due_at=now,
            useful_until=row.Notice.useful_until,
            meeting_id=row.Notice.meeting_id,
            convocation_id=row.Notice.convocation_id,
            data=row.Notice.data,
        )
        for row in last.values()
        if row.Notice.state is NoticeState.FAILED
        and row.Notice.reason in set(Unreachability)
        and (row.Notice.useful_until is None or row.Notice.useful_until > now)
        and still_off(row.state, deferred=row.Notice.data["deferred"])
    ]


async def _redraw(session: AsyncSession, telegram_id: int) -> None:
    """Let the boards that show the person with that account be drawn again."""
    query = (
        select(col(Addressee.convocation_id))
        .join(Convocation, col(Convocation.id) == Addressee.convocation_id)
        .join(Person, col(Person.id) == Addressee.person_id)
        .where(col(Person.telegram_id) == telegram_id, col(Convocation.ended_at).is_(None))
    )
    await redraw(session, (await session.execute(query)).scalars().all())
