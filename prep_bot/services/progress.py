"""Recording how an activity advances, and taking that back."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.plan import Activity, ProgressEntry
from prep_bot.domain.activity import ActivityState
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat

NOTE_LIMIT = 500
"""Characters of a note."""


@dataclass(frozen=True)
class Recorded:
    """A progress entry that was made."""

    entry_id: int
    number: int
    text: str
    state: ActivityState
    note: str


class UnknownActivityError(Exception):
    """No such activity in that commission: it may have left the plan."""


class OvertakenError(Exception):
    """Something of that activity was recorded, or undone, since the choice was offered."""


class TooLateError(Exception):
    """Something else was recorded meanwhile, or the entry is another person's."""


class Progress:
    """Makes, annotates and undoes progress entries."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self, seat: Seat, number: int, state: ActivityState, *, after: int) -> Recorded:
        """Record that the activity shown under `number` is now in `state`.

        `after` is the last entry that the person knew of, 0 for none: what they record twice on top of it is recorded
        once. Raises UnknownActivityError, and OvertakenError when another entry is the last one by now.
        """
        query = (
            select(col(Activity.id), col(Activity.text))
            .where(
                col(Activity.commission_id) == seat.commission_id,
                col(Activity.number) == number,
                col(Activity.archived_at).is_(None),
            )
            .with_for_update()
        )
        async with self._database.write() as session:
            activity = (await session.execute(query)).one_or_none()
            if activity is None:
                raise UnknownActivityError
            last = await _last(session, activity.id)
            if last is not None and last.id != after and (last.state, last.recorded_by) == (state, seat.person_id):
                return Recorded(last.id or 0, number, activity.text, state, last.note)
            if (last.id if last else 0) != after:
                raise OvertakenError
            now = self._clock.now()
            entry = ProgressEntry(activity_id=activity.id, state=state, recorded_at=now, recorded_by=seat.person_id)
            session.add(entry)
            await session.flush()
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="progress.recorded",
                subject=f"activity:{activity.id}",
                entry=entry.id,
                state=state,
            )
            await session.commit()
        return Recorded(entry.id or 0, number, activity.text, state, "")

    async def annotate(self, seat: Seat, entry_id: int, note: str) -> Recorded:
        """Add a note, once, to an entry that the same person made and did not undo.

        Raises TooLateError when it has a note, was undone or is another person's; ValueError over NOTE_LIMIT.
        """
        if not 0 < len(note) <= NOTE_LIMIT:
            raise ValueError(f"a note has from 1 to {NOTE_LIMIT} characters")
        async with self._database.write() as session:
            changed = await rows_changed(
                session,
                update(ProgressEntry)
                .where(
                    col(ProgressEntry.id) == entry_id,
                    col(ProgressEntry.recorded_by) == seat.person_id,
                    col(ProgressEntry.note) == "",
                    col(ProgressEntry.undone_at).is_(None),
                )
                .values(note=note),
            )
            if not changed:
                raise TooLateError
            query = (
                select(col(Activity.id), col(Activity.number), col(Activity.text), col(ProgressEntry.state))
                .join(ProgressEntry, col(ProgressEntry.activity_id) == Activity.id)
                .where(col(ProgressEntry.id) == entry_id)
            )
            row = (await session.execute(query)).one()
            await record(
                session,
                commission_id=seat.commission_id,
                at=self._clock.now(),
                actor_id=seat.person_id,
                act="progress.annotated",
                subject=f"activity:{row.id}",
                entry=entry_id,
            )
            await session.commit()
        return Recorded(entry_id, row.number, row.text, row.state, note)

    async def undo(self, seat: Seat, entry_id: int) -> int:
        """Take back the activity's last entry; the entry stays, marked. Return the number of its activity.

        Raises TooLateError when it is no longer the last one or belongs to another commission's plan.
        """
        async with self._database.write() as session:
            query = (
                select(col(Activity.id), col(Activity.number))
                .join(ProgressEntry, col(ProgressEntry.activity_id) == Activity.id)
                .where(col(ProgressEntry.id) == entry_id, col(Activity.commission_id) == seat.commission_id)
                .with_for_update(of=Activity)
            )
            activity = (await session.execute(query)).one_or_none()
            if activity is None:
                raise TooLateError
            last = select(func.max(col(ProgressEntry.id))).where(
                col(ProgressEntry.activity_id) == activity.id, col(ProgressEntry.undone_at).is_(None)
            )
            now = self._clock.now()
            changed = await rows_changed(
                session,
                update(ProgressEntry)
                .where(col(ProgressEntry.id) == entry_id, col(ProgressEntry.id) == last.scalar_subquery())
                .values(undone_at=now, undone_by=seat.person_id),
            )
            if not changed:
                raise TooLateError
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="progress.undone",
                subject=f"activity:{activity.id}",
                entry=entry_id,
            )
            await session.commit()
        return int(activity.number)


async def _last(session: AsyncSession, activity_id: int) -> ProgressEntry | None:
    query = (
        select(ProgressEntry)
        .where(col(ProgressEntry.activity_id) == activity_id, col(ProgressEntry.undone_at).is_(None))
        .order_by(col(ProgressEntry.id).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()
