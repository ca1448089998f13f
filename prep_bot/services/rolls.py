"""The roll of a session as it stands: who is on it, who attends, and whether that makes a quorum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.attendance import AttendanceRecord
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Membership, Person
from prep_bot.domain.attendance import ROLL_OPENS, Attendance, Tally, tally
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.quorum import Count, count
from prep_bot.domain.role import VOTING, Role
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.roster import roster


@dataclass(frozen=True)
class Attendee:
    """A person on the roll."""

    person_id: int
    name: str
    role: Role | None
    """In the commission, now or at last."""
    attendance: Attendance | None
    """None: not recorded yet."""
    arrived_at: datetime | None
    substitute: str
    """Who was announced to come instead."""

    @property
    def votes(self) -> bool:
        """Whether they count for the quorum."""
        return self.role in VOTING


@dataclass(frozen=True)
class Roll:
    """The roll of a session, those who vote first."""

    meeting: MeetingView
    quorum_at: datetime | None
    """When the quorum was declared."""
    quorum: Count
    """As the roll stands."""
    opens_at: datetime | None
    """From when on it can be taken; None: it cannot."""
    people: tuple[Attendee, ...]

    def open(self, now: datetime) -> bool:
        """Tell whether it can be taken, or corrected, at that instant."""
        return self.opens_at is not None and self.opens_at <= now

    @property
    def lacks_quorum(self) -> bool:
        """Whether it was taken, and too few voting members attend."""
        return self.counted.recorded > 0 and not self.quorum.met

    @property
    def counted(self) -> Tally:
        """How many people are recorded as what."""
        return tally(person.attendance for person in self.people if person.attendance is not None)


async def read_roll(session: AsyncSession, seat: Seat, meeting: Meeting) -> Roll:
    """Return the roll of that session as it stands."""
    addressed, recorded = await _addressed(session, meeting), await _recorded(session, meeting)
    # While it is to be held, whoever belongs to the commission is on the roll; afterwards, whoever was convened to it.
    numbers = {*addressed, *recorded}
    if not numbers or meeting.state in {MeetingState.CONVENED, MeetingState.IN_SESSION}:
        convened = [p for p in await roster(session, seat.commission_id) if p.convened_to(meeting.id or 0)]
        # Whoever left it meanwhile is not: what was noted of them stays on record, and makes no quorum.
        numbers = {person.person_id for person in convened}
    roles, names = await roles_of(session, seat.commission_id), await names_of(session, numbers)
    people = [
        Attendee(
            person_id=number,
            name=names[number],
            role=roles.get(number),
            attendance=recorded[number].attendance if number in recorded else None,
            arrived_at=recorded[number].arrived_at if number in recorded else None,
            substitute=addressed.get(number, ""),
        )
        for number in roles
        if number in numbers
    ]
    people.sort(key=lambda person: not person.votes)
    voting = (person.attendance for person in people if person.votes)
    return Roll(
        meeting=view_of(meeting),
        quorum_at=meeting.quorum_at,
        quorum=count(voting, seat.rules.quorum.voting_members),
        opens_at=_opens_at(meeting),
        people=tuple(people),
    )


def _opens_at(meeting: Meeting) -> datetime | None:
    recordable = {MeetingState.CONVENED, MeetingState.IN_SESSION, MeetingState.HELD}
    if meeting.state not in recordable or meeting.starts_at is None:
        return None
    return meeting.starts_at - ROLL_OPENS


async def _recorded(session: AsyncSession, meeting: Meeting) -> dict[int, AttendanceRecord]:
    """Return who was marked, but for what was noted for an earlier date: a session that moves has no roll yet."""
    query = select(AttendanceRecord).where(
        col(AttendanceRecord.meeting_id) == meeting.id, col(AttendanceRecord.call) == meeting.call
    )
    if meeting.starts_at is not None:
        query = query.where(col(AttendanceRecord.recorded_at) >= meeting.starts_at - ROLL_OPENS)
    return {row.person_id: row for row in (await session.execute(query)).scalars()}


async def _addressed(session: AsyncSession, meeting: Meeting) -> dict[int, str]:
    """Return whom the newest convocation of this call convened, each with who was announced to come instead."""
    newest = (
        select(col(Convocation.id))
        .where(col(Convocation.meeting_id) == meeting.id, col(Convocation.call) == meeting.call)
        .order_by(col(Convocation.version).desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(col(Addressee.person_id), col(Addressee.substitute)).where(col(Addressee.convocation_id) == newest)
    return {row.person_id: row.substitute for row in (await session.execute(query)).all()}


async def roles_of(session: AsyncSession, commission_id: int) -> Mapping[int, Role]:
    """Return the role of each person who is or was a member, the present or else the last one, in their order."""
    query = (
        select(col(Membership.person_id), col(Membership.role), col(Membership.ends_on))
        .where(col(Membership.commission_id) == commission_id)
        .order_by(col(Membership.id))
    )
    rows = (await session.execute(query)).all()
    last = {row.person_id: row.role for row in rows}
    return last | {row.person_id: row.role for row in rows if row.ends_on is None}


async def names_of(session: AsyncSession, numbers: set[int]) -> dict[int, str]:
    """Return the name of each of those people."""
    query = select(col(Person.id), col(Person.name)).where(col(Person.id).in_(numbers))
    return {row.id: row.name for row in (await session.execute(query)).all()}
