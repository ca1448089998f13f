"""The roll call of a session, its quorum as it is counted there, and who attended how often.

The roll is taken from an hour before the start; once the session has been held, what changes is a correction, and the
log calls it so.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.attendance import AttendanceRecord
from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.domain.attendance import Attendance, Tally, tally
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.quorum import Count
from prep_bot.domain.role import VOTING, Role
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw
from prep_bot.services.calendar import ChangedMeanwhileError, NotYetError
from prep_bot.services.convoking import end_convocation
from prep_bot.services.identity import Seat
from prep_bot.services.notices import drop
from prep_bot.services.rolls import Attendee, Roll, names_of, read_roll, roles_of


@dataclass(frozen=True)
class Attended:
    """How often somebody attended."""

    name: str
    role: Role | None
    tally: Tally


@dataclass(frozen=True)
class Period:
    """Who attended the commission's sessions so far."""

    sessions: int
    """Those that were held and have a roll."""
    without_roll: int
    """Those that were held and have none."""
    people: tuple[Attended, ...]
    """Whom the reader may see; themselves alone, if nobody else."""
    total: Tally
    """Of everybody."""


class ClosedRollError(Exception):
    """The roll cannot be taken: the session is not convened, or had no quorum."""


class NotOnRollError(Exception):
    """The person is not on the roll."""


class NotThereError(Exception):
    """Whoever did not come has no hour of arrival."""


class BadHourError(Exception):
    """Nobody can have arrived then: before the roll opens, or later than now."""


class NoQuorumError(Exception):
    """Too few voting members are on the roll as attending."""


class QuorumError(Exception):
    """By the roll there is a quorum."""


class AttendanceBook:
    """Takes rolls, and counts them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def roll(self, seat: Seat, meeting_id: int) -> Roll:
        """Return the roll of a session of the seat's commission. Raises ChangedMeanwhileError if there is none."""
        async with self._database.read() as session:
            return await read_roll(session, seat, await _meeting(session, seat, meeting_id))

    async def mark(self, seat: Seat, meeting_id: int, person_id: int, attendance: Attendance) -> Roll:
        """Record how somebody attends; they arrived now. What is recorded so already keeps its hour.

        At a correction the hour stays open. Raises NotYetError, ClosedRollError, NotOnRollError,
        ChangedMeanwhileError.
        """
        async with self._database.write() as session:
            meeting, roll = await self._open(session, seat, meeting_id)
            person = _on(roll, person_id)
            if person.attendance is attendance:
                return roll
            arrived_at = None if meeting.state is MeetingState.HELD else self._clock.now()
            await self._set(session, seat, meeting, person, attendance, person.arrived_at or arrived_at)
            return await self._done(session, seat, meeting)

    async def mark_rest(self, seat: Seat, meeting_id: int) -> Roll:
        """Record everybody as absent who is not recorded yet. Raises as `mark`."""
        async with self._database.write() as session:
            meeting, roll = await self._open(session, seat, meeting_id)
            rest = [person for person in roll.people if person.attendance is None]
            for person in rest:
                await self._set(session, seat, meeting, person, Attendance.ABSENT, None)
            return await self._done(session, seat, meeting) if rest else roll

    async def arrived(self, seat: Seat, meeting_id: int, person_id: int, at: datetime) -> Roll:
        """Correct when somebody arrived (aware). Raises NotThereError, BadHourError, and as `mark`."""
        async with self._database.write() as session:
            meeting, roll = await self._open(session, seat, meeting_id)
            person = _on(roll, person_id)
            if person.attendance is None or not person.attendance.attends:
                raise NotThereError
            if roll.opens_at is None or not roll.opens_at <= at <= self._clock.now():
                raise BadHourError
            if person.arrived_at == at:
                return roll
            await self._set(session, seat, meeting, person, person.attendance, at)
            return await self._done(session, seat, meeting)

    async def declare_quorum(self, seat: Seat, meeting_id: int) -> Roll:
        """Declare that there is a quorum, now: the session begins, and is not reminded of any more.

        Of two taps, or two secretaries, the first one's hour counts. Raises NoQuorumError, NotYetError,
        ChangedMeanwhileError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            meeting, roll = await self._under_way(session, seat, meeting_id, {MeetingState.CONVENED})
            if not roll.quorum.met:
                raise NoQuorumError
            await self._pass(session, meeting, MeetingState.IN_SESSION, quorum_at=now)
            await drop(session, meeting_id, "in session")
            await self._record(session, seat, meeting, "meeting.quorum_declared", now, **_counts(roll.quorum))
            return await self._done(session, seat, meeting)

    async def declare_no_quorum(self, seat: Seat, meeting_id: int) -> Roll:
        """Note that too few came, or are still there: the session and its convocation end.

        Raises QuorumError, NotYetError, ChangedMeanwhileError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            states = {MeetingState.CONVENED, MeetingState.IN_SESSION}
            meeting, roll = await self._under_way(session, seat, meeting_id, states)
            act = "meeting.quorum_lost" if meeting.state is MeetingState.IN_SESSION else "meeting.no_quorum"
            if roll.quorum.met:
                raise QuorumError
            await self._pass(session, meeting, MeetingState.NO_QUORUM)
            await end_convocation(session, meeting_id, now)
            await drop(session, meeting_id, "no quorum")
            theirs = select(col(Convocation.id)).where(col(Convocation.meeting_id) == meeting_id)
            await redraw(session, [number for number in (await session.execute(theirs)).scalars() if number])
            await self._record(session, seat, meeting, act, now, **_counts(roll.quorum))
            return await self._done(session, seat, meeting)

    async def period(self, seat: Seat, *, everybody: bool) -> Period:
        """Return who attended the sessions that were held; only the seat's own person, unless `everybody`."""
        held = (
            col(Meeting.commission_id) == seat.commission_id,
            col(Meeting.state) == MeetingState.HELD,
            col(Meeting.archived_at).is_(None),
        )
        query = (
            select(AttendanceRecord)
            .join(Meeting, col(Meeting.id) == AttendanceRecord.meeting_id)
            .where(*held, col(Meeting.call) == AttendanceRecord.call)
        )
        async with self._database.read() as session:
            meetings = set((await session.execute(select(col(Meeting.id)).where(*held))).scalars())
            rows = (await session.execute(query)).scalars().all()
            roles = await roles_of(session, seat.commission_id)
            names = await names_of(session, {row.person_id for row in rows} | {seat.person_id})
        by_person = defaultdict[int, list[Attendance]](list)
        for row in rows:
            by_person[row.person_id].append(row.attendance)
        shown = list(by_person) if everybody else [seat.person_id]
        people = [Attended(names[number], roles.get(number), tally(by_person[number])) for number in shown]
        with_roll = {row.meeting_id for row in rows}
        return Period(
            sessions=len(with_roll),
            without_roll=len(meetings - with_roll),
            people=tuple(sorted(people, key=lambda person: (person.role not in VOTING, person.name))),
            total=tally(row.attendance for row in rows),
        )

    async def _open(self, session: AsyncSession, seat: Seat, meeting_id: int) -> tuple[Meeting, Roll]:
        """Return a session and its roll, if that can be taken or corrected now."""
        meeting = await _meeting(session, seat, meeting_id)
        roll = await read_roll(session, seat, meeting)
        if roll.opens_at is None:
            raise ClosedRollError
        if not roll.open(self._clock.now()):
            raise NotYetError
        return meeting, roll

    async def _under_way(
        self, session: AsyncSession, seat: Seat, meeting_id: int, states: set[MeetingState]
    ) -> tuple[Meeting, Roll]:
        """Return a session in one of those states whose hour has come, and its roll."""
        meeting = await _meeting(session, seat, meeting_id)
        if meeting.state not in states or meeting.starts_at is None:
            raise ChangedMeanwhileError
        if meeting.starts_at > self._clock.now():
            raise NotYetError
        return meeting, await read_roll(session, seat, meeting)

    async def _pass(self, session: AsyncSession, meeting: Meeting, state: MeetingState, **values: Any) -> None:
        """Let the session pass to `state`, if it is still as it was read."""
        changed = await rows_changed(
            session,
            update(Meeting)
            .where(
                col(Meeting.id) == meeting.id,
                col(Meeting.state) == meeting.state,
                col(Meeting.since) == meeting.since,
            )
            .values(state=state, since=max(self._clock.now(), meeting.since), **values),
        )
        if not changed:
            raise ChangedMeanwhileError
        await session.refresh(meeting)

    async def _set(
        self,
        session: AsyncSession,
        seat: Seat,
        meeting: Meeting,
        person: Attendee,
        attendance: Attendance,
        arrived_at: datetime | None,
    ) -> None:
        arrived_at = arrived_at if attendance.attends else None
        await session.merge(
            AttendanceRecord(
                meeting_id=meeting.id or 0,
                call=meeting.call,
                person_id=person.person_id,
                attendance=attendance,
                arrived_at=arrived_at,
                recorded_at=self._clock.now(),
                recorded_by=seat.person_id,
            )
        )
        await self._record(
            session,
            seat,
            meeting,
            "attendance.corrected" if meeting.state is MeetingState.HELD else "attendance.recorded",
            person=person.person_id,
            attendance=attendance,
            was=person.attendance,
            arrived_at=arrived_at.isoformat() if arrived_at else None,
        )

    async def _done(self, session: AsyncSession, seat: Seat, meeting: Meeting) -> Roll:
        """Return the roll as it is now, once that is committed."""
        await session.flush()
        roll = await read_roll(session, seat, meeting)
        await session.commit()
        return roll

    async def _record(
        self, session: AsyncSession, seat: Seat, meeting: Meeting, act: str, at: datetime | None = None, **details: Any
    ) -> None:
        await record(
            session,
            commission_id=seat.commission_id,
            at=at or self._clock.now(),
            actor_id=seat.person_id,
            act=act,
            subject=f"meeting:{meeting.id}",
            call=meeting.call,
            **details,
        )


async def _meeting(session: AsyncSession, seat: Seat, meeting_id: int) -> Meeting:
    meeting = await session.get(Meeting, meeting_id, populate_existing=True)
    if meeting is None or meeting.commission_id != seat.commission_id or meeting.archived_at is not None:
        raise ChangedMeanwhileError
    return meeting


def _on(roll: Roll, person_id: int) -> Attendee:
    person = next((person for person in roll.people if person.person_id == person_id), None)
    if person is None:
        raise NotOnRollError
    return person


def _counts(quorum: Count) -> dict[str, int]:
    return {"present": quorum.present, "required": quorum.required, "voting": quorum.voting}
