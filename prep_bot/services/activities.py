"""The activities of a plan with their present state, and each one's history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.person import Person
from prep_bot.db.plan import Activity, ProgressEntry
from prep_bot.domain.activity import ActivityState, is_overdue
from prep_bot.domain.month import Month, days_until


@dataclass(frozen=True)
class ActivityView:
    """An activity as it stands."""

    id: int
    commission_id: int
    number: int
    month: Month
    text: str
    deadline: date
    state: ActivityState
    last_entry: int = 0
    """The id of the progress entry that gives the state; 0 when there is none."""

    def overdue(self, today: date) -> bool:
        """Tell whether it should have ended before `today`, a date in the commission's zone."""
        return is_overdue(self.state, self.deadline, today)

    def days_left(self, today: date) -> int:
        """Return the days from `today` to the deadline; negative when it has passed."""
        return days_until(self.deadline, today)


@dataclass(frozen=True)
class HistoryEntry:
    """What somebody recorded of an activity."""

    state: ActivityState
    note: str
    at: datetime
    by: str
    undone: bool


@dataclass(frozen=True)
class ActivityHistory:
    """An activity, whole, the oldest entry first."""

    activity: ActivityView
    lead: str
    """The plan's words before the activities of that month; may be empty."""
    entries: tuple[HistoryEntry, ...]


class Activities:
    """Reads the plan's activities."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, commission_ids: Collection[int]) -> tuple[ActivityView, ...]:
        """Return the activities of those commissions in the plan's order; archived ones are left out."""
        async with self._database.read() as session:
            return await read_activities(session, commission_ids)

    async def numbered(self, commission_id: int, number: int) -> ActivityView | None:
        """Return the activity shown under that number, or None."""
        return next((a for a in await self.of([commission_id]) if a.number == number), None)

    async def history(self, commission_id: int, number: int) -> ActivityHistory | None:
        """Return the activity shown under that number with all that was recorded of it, or None."""
        activity = await self.numbered(commission_id, number)
        if activity is None:
            return None
        query = (
            select(
                col(ProgressEntry.state),
                col(ProgressEntry.note),
                col(ProgressEntry.recorded_at),
                col(ProgressEntry.undone_at),
                col(Person.name),
            )
            .join(Person, col(Person.id) == ProgressEntry.recorded_by)
            .where(col(ProgressEntry.activity_id) == activity.id)
            .order_by(col(ProgressEntry.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
            lead = await _lead(session, commission_id, activity.month)
        entries = tuple(
            HistoryEntry(row.state, row.note, row.recorded_at, row.name, row.undone_at is not None) for row in rows
        )
        return ActivityHistory(activity, lead, entries)


_later = aliased(ProgressEntry)
_last = (
    select(func.max(_later.id))
    .where(col(_later.activity_id) == Activity.id, col(_later.undone_at).is_(None))
    .correlate(Activity)
    .scalar_subquery()
)
_ACTIVITIES = (
    select(
        col(Activity.id),
        col(Activity.commission_id),
        col(Activity.number),
        col(Activity.month),
        col(Activity.text),
        col(Activity.deadline),
        col(ProgressEntry.state),
    )
    .add_columns(col(ProgressEntry.id).label("last_entry"))
    .outerjoin(ProgressEntry, col(ProgressEntry.id) == _last)
    .where(
        col(Activity.commission_id).in_(bindparam("commissions", expanding=True)), col(Activity.archived_at).is_(None)
    )
    .order_by(col(Activity.commission_id), col(Activity.number))
)


async def read_activities(session: AsyncSession, commission_ids: Collection[int]) -> tuple[ActivityView, ...]:
    """Return the activities of those commissions, in the caller's transaction; archived ones are left out."""
    rows = (await session.execute(_ACTIVITIES, {"commissions": list(commission_ids)})).all()
    return tuple(
        ActivityView(
            id=row.id,
            commission_id=row.commission_id,
            number=row.number,
            month=row.month,
            text=row.text,
            deadline=row.deadline,
            state=row.state or ActivityState.PENDING,
            last_entry=row.last_entry or 0,
        )
        for row in rows
    )


async def _lead(session: AsyncSession, commission_id: int, month: Month) -> str:
    query = select(col(Commission.details)).where(col(Commission.id) == commission_id)
    details = (await session.execute(query)).scalar_one()
    return str(details["leads"].get(str(month), ""))
