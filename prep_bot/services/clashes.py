"""What speaks against a session's date: days off, and other sessions of the people who are convened to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import MeetingGuest, Membership, Person
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import local_day
from prep_bot.domain.role import Role
from prep_bot.domain.workday import DayOff, day_off
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of

CLOSE = timedelta(hours=2)
"""Sessions that start no further apart than this clash."""

_TAKES_PLACE = (MeetingState.SCHEDULED, MeetingState.CONVENED, MeetingState.IN_SESSION)


@dataclass(frozen=True)
class Clash:
    """Another session, close in time, of people who are to be convened."""

    commission: str
    """Its short name."""
    starts_at: datetime
    people: tuple[str, ...]
    """Who is convened to both."""
    meeting: MeetingView | None
    """The session; of another commission nothing more may be known."""


@dataclass(frozen=True)
class Concerns:
    """What speaks against a date: nothing of it forbids it."""

    starts_at: datetime
    day_off: DayOff | None
    clashes: tuple[Clash, ...]


class Clashes:
    """Looks for what speaks against a date, in all commissions of this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def around(self, seat: Seat, meeting_id: int | None, starts_at: datetime) -> Concerns:
        """Return what speaks against holding a session of the seat's commission then (aware); None: a new one."""
        mine, theirs = aliased(Membership), aliased(Membership)
        query = (
            select(Meeting, col(Commission.short_name), col(Person.name))
            .join(Commission, col(Commission.id) == Meeting.commission_id)
            .join(theirs, and_(col(theirs.commission_id) == Meeting.commission_id, col(theirs.ends_on).is_(None)))
            .join(mine, and_(col(mine.person_id) == theirs.person_id, col(mine.ends_on).is_(None)))
            .join(Person, col(Person.id) == theirs.person_id)
            .where(
                col(Meeting.starts_at).between(starts_at - CLOSE, starts_at + CLOSE),
                col(Meeting.state).in_(_TAKES_PLACE),
                col(Meeting.archived_at).is_(None),
                col(Meeting.id) != (meeting_id or 0),
                col(mine.commission_id) == seat.commission_id,
                _convened(mine, meeting_id or 0),
                _convened(theirs, col(Meeting.id)),
            )
            .order_by(col(Meeting.starts_at), col(Meeting.id), col(mine.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        people: dict[int, list[str]] = {}
        for row in rows:
            people.setdefault(row.Meeting.id or 0, []).append(row.name)
        meetings = {row.Meeting.id or 0: row for row in rows}
        return Concerns(
            starts_at=starts_at,
            day_off=day_off(local_day(starts_at, seat.rules.zone), seat.rules.holidays),
            clashes=tuple(_clash(seat, row, people[found]) for found, row in meetings.items()),
        )


def _convened(membership: type[Membership], meeting_id: Any) -> ColumnElement[bool]:
    """Tell whether somebody with that membership is convened to that session: a guest only by invitation."""
    invited = exists().where(
        col(MeetingGuest.membership_id) == membership.id, col(MeetingGuest.meeting_id) == meeting_id
    )
    return or_(col(membership.role) != Role.GUEST, invited)


def _clash(seat: Seat, row: Any, people: list[str]) -> Clash:
    own = row.Meeting.commission_id == seat.commission_id
    return Clash(row.short_name, row.Meeting.starts_at, tuple(people), view_of(row.Meeting) if own else None)
