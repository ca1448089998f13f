"""The calendar of sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import MeetingGuest
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.role import Permission
from prep_bot.services.identity import Seat


@dataclass(frozen=True)
class MeetingView:
    """A session as it stands."""

    id: int
    commission_id: int
    number: int
    kind: MeetingKind
    name: str
    month: Month
    state: MeetingState
    starts_at: datetime | None
    held_on: date | None
    modality: Modality | None
    place: str
    link: str
    topics: tuple[str, ...]
    note: str
    since: datetime
    """When it came to this state and date: whoever changes it says which one they saw."""
    call: int = 1
    """Which convening of it this is: the second one after a first that had no quorum."""
    urgency: str = ""
    """Why it is urgent; of any other kind, nothing."""
    added: bool = False
    """The plan does not have it: the secretary added it."""


_INVITED = select(col(MeetingGuest.meeting_id)).where(
    col(MeetingGuest.membership_id).in_(bindparam("guest", expanding=True))
)
_SEEN = (
    select(Meeting)
    .where(
        col(Meeting.archived_at).is_(None),
        col(Meeting.commission_id).in_(bindparam("whole", expanding=True)) | col(Meeting.id).in_(_INVITED),
    )
    .order_by(col(Meeting.commission_id), col(Meeting.number))
)


class Meetings:
    """Reads the sessions that a seat may see: a guest, only those to which they were invited."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, seats: Collection[Seat]) -> tuple[MeetingView, ...]:
        """Return the sessions of those seats in the order of their commissions' calendars."""
        whole = [seat.commission_id for seat in seats if seat.may(Permission.READ_CALENDAR)]
        guest = [seat.membership_id for seat in seats if not seat.may(Permission.READ_CALENDAR)]
        async with self._database.read() as session:
            found = await session.execute(_SEEN, {"whole": whole, "guest": guest})
            return tuple(view_of(meeting) for meeting in found.scalars())

    async def numbered(self, seat: Seat, number: int) -> MeetingView | None:
        """Return the session shown under that number, or None when there is none that the seat may see."""
        return next((m for m in await self.of([seat]) if m.number == number), None)

    async def next(self, seat: Seat) -> MeetingView | None:
        """Return the session that is in course, or the nearest to come; or else the first that wants a date.

        One that had no quorum wants it before all others.
        """
        now = self._clock.now()
        coming = [m for m in await self.of([seat]) if not m.state.ended]
        going_on = [m for m in coming if m.state is MeetingState.IN_SESSION]
        dated = [m for m in coming if m.starts_at is not None and m.starts_at > now]
        wanting = sorted((m for m in coming if m.state.wants_date), key=lambda m: m.state.undated)
        if going_on or dated:
            return min(going_on or dated, key=lambda m: m.starts_at or now)
        return wanting[0] if wanting else None


def view_of(meeting: Meeting) -> MeetingView:
    """Return a session that was read from the database as plain data."""
    assert meeting.id is not None  # noqa: S101 - it was read from the database
    return MeetingView(
        id=meeting.id,
        commission_id=meeting.commission_id,
        number=meeting.number,
        kind=meeting.kind,
        name=meeting.name,
        month=meeting.month,
        state=meeting.state,
        starts_at=meeting.starts_at,
        held_on=meeting.held_on,
        modality=meeting.modality,
        place=meeting.place,
        link=meeting.link,
        topics=tuple(meeting.topics),
        note=meeting.note,
        since=meeting.since,
        call=meeting.call,
        urgency=meeting.urgency,
        added=meeting.added,
    )
