"""Having a reminder again later."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.postponing import Later, instant_of, options
from prep_bot.services.identity import Actor
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.roster import roster


class CannotPostponeError(Exception):
    """The session is not convened (any more), not theirs, or would have begun by then."""


class Postponing:
    """Queues reminders that people asked to have again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def postpone(self, actor: Actor, meeting_id: int, later: Later) -> datetime:
        """Remind that person again of a session to which they are convened. Return when.

        A later wish takes the place of one that still waits. Raises CannotPostponeError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            meeting = await session.get(Meeting, meeting_id)
            if meeting is None or meeting.state is not MeetingState.CONVENED or meeting.starts_at is None:
                raise CannotPostponeError
            seat = next((seat for seat in actor.seats if seat.commission_id == meeting.commission_id), None)
            people = await roster(session, meeting.commission_id)
            person = next((p for p in people if p.person_id == actor.person_id), None)
            if seat is None or person is None or not person.convened_to(meeting_id):
                raise CannotPostponeError
            zone = seat.rules.zone
            if later not in options(now, meeting.starts_at, zone):
                raise CannotPostponeError
            at = instant_of(later, now, zone)
            notice = NewNotice(
                kind=NoticeKind.POSTPONED,
                cause=f"postponed:{meeting_id}:{meeting.starts_at:%Y%m%dT%H%M}:{at.timestamp() // 60:.0f}",
                commission_id=meeting.commission_id,
                person_id=actor.person_id,
                due_at=at,
                useful_until=meeting.starts_at,
                meeting_id=meeting_id,
            )
            await _withdraw(session, actor.person_id, meeting_id)
            await queue(session, [notice], now)
            await session.commit()
        return at


async def _withdraw(session: AsyncSession, person_id: int, meeting_id: int) -> None:
    await session.execute(
        update(Notice)
        .where(
            col(Notice.kind) == NoticeKind.POSTPONED,
            col(Notice.person_id) == person_id,
            col(Notice.meeting_id) == meeting_id,
            col(Notice.state) == NoticeState.QUEUED,
            col(Notice.delivery_id).is_(None),
        )
        .values(state=NoticeState.CANCELLED, reason="postponed again")
    )
