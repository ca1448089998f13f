"""Changing the calendar of sessions: dating, moving, deferring, cancelling, closing, and adding extraordinary ones.

Every change is conditional on the session being as the person who asks for it saw it: of two secretaries at once, the
second learns that it has changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Particulars, differences
from prep_bot.services.agenda import particulars_of
from prep_bot.services.audit import record
from prep_bot.services.convoking import convening, end_convocation, in_force, latest, reconvoke
from prep_bot.services.heard import to_be_told
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.notices import NewNotice, drop, queue
from prep_bot.services.petitions import met


@dataclass(frozen=True)
class Appointment:
    """When and where a session takes place."""

    starts_at: datetime
    """Aware."""
    modality: Modality
    place: str = ""
    link: str = ""


class ChangedMeanwhileError(Exception):
    """The session is no longer as it was shown: somebody else changed it, or its hour has come."""


class PastError(Exception):
    """The instant has passed."""


class NotYetError(Exception):
    """A session that has not begun cannot have been held."""


_BEFORE_CONVENING = {state for state in MeetingState if state.before_convening}


class Calendar:
    """Changes sessions."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def appoint(self, seat: Seat, meeting_id: int, seen: datetime, to: Appointment) -> MeetingView:
        """Give a session that is not convened its date and place. `seen` is its `since` as it was shown.

        One without quorum is to be convened anew by that: its next call begins. Raises PastError,
        ChangedMeanwhileError.
        """
        now = self._clock.now()
        if to.starts_at <= now:
            raise PastError
        async with self._database.write() as session:
            before = await self._seen(session, seat, meeting_id, seen, _BEFORE_CONVENING)
            again = before.state is MeetingState.NO_QUORUM
            anew = {"call": before.call + 1, "quorum_at": None} if again else {}
            meeting = await self._change(
                session, seat, meeting_id, seen, _BEFORE_CONVENING, MeetingState.SCHEDULED, to, **anew
            )
            if again:
                await end_convocation(session, meeting_id, now)
            await self._record(
                session, seat, meeting, "meeting.dated", starts_at=to.starts_at.isoformat(), call=meeting.call
            )
            await session.commit()
            return view_of(meeting)

    async def move(
        self,
        seat: Seat,
        meeting_id: int,
        seen: datetime,
        to: Appointment,
        reason: str,
        board: int,
        *,
        correction: bool = False,
        agenda: int | None = None,
    ) -> MeetingView:
        """Move a convened session: everyone who had been told is told the change.

        It is convened anew, or the convocation is only corrected. What else changed since it was convened is told with
        it; `agenda` is the stamp of the agenda as it was shown. If it is convened anew with less notice than the term,
        `reason` is why. `board` is the message in which the secretary follows the acknowledgements. Raises PastError,
        ChangedMeanwhileError.
        """
        now = self._clock.now()
        if to.starts_at <= now:
            raise PastError
        async with self._database.write() as session:
            convocation = await in_force(session, meeting_id)
            meeting = await self._change(
                session, seat, meeting_id, seen, {MeetingState.CONVENED}, MeetingState.CONVENED, to
            )
            if convocation is None or await _another_agenda(session, meeting, agenda):
                raise ChangedMeanwhileError
            renewed = await reconvoke(
                session, seat, meeting, convocation, now=now, board=board, reason=reason, correction=correction
            )
            await self._record(
                session,
                seat,
                meeting,
                "meeting.moved",
                now,
                starts_at=to.starts_at.isoformat(),
                reason=reason,
                **await convening(session, renewed),
            )
            await session.commit()
            return view_of(meeting)

    async def amend(
        self, seat: Seat, meeting_id: int, seen: datetime, agenda: int, reason: str, board: int, *, correction: bool
    ) -> MeetingView:
        """Tell what changed in the agenda or the annexes of a convened session since it was convened.

        It is convened anew, or the convocation is only corrected. `agenda` is the stamp of the agenda as it was shown,
        `board` the message in which the secretary follows the acknowledgements. Raises PastError,
        ChangedMeanwhileError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            meeting = await self._seen(session, seat, meeting_id, seen, {MeetingState.CONVENED})
            convocation = await in_force(session, meeting_id)
            if convocation is None or await _another_agenda(session, meeting, agenda):
                raise ChangedMeanwhileError
            said = Particulars.model_validate(convocation.particulars)
            if not differences(said, await particulars_of(session, meeting)):
                raise ChangedMeanwhileError  # it was told in the meantime
            if convocation.starts_at <= now:
                raise PastError
            await self._set(session, meeting, seen, MeetingState.CONVENED, {})
            renewed = await reconvoke(
                session, seat, meeting, convocation, now=now, board=board, reason=reason, correction=correction
            )
            await self._record(
                session,
                seat,
                meeting,
                "meeting.amended",
                now,
                reason=reason,
                **await convening(session, renewed),
            )
            await session.commit()
            return view_of(meeting)

    async def call_off(self, seat: Seat, meeting_id: int, seen: datetime, reason: str, *, defer: bool) -> MeetingView:
        """Cancel a session, or defer it until it gets another date; whoever heard that it would be held is told.

        Raises ChangedMeanwhileError.
        """
        now = self._clock.now()
        before = {MeetingState.SCHEDULED, MeetingState.CONVENED}
        after = MeetingState.DEFERRED if defer else MeetingState.CANCELLED
        async with self._database.write() as session:
            meeting = await self._seen(
                session,
                seat,
                meeting_id,
                seen,
                before if defer else before | _BEFORE_CONVENING,
            )
            convocation = await latest(session, meeting_id)
            if convocation is not None:
                useful_until = meeting.starts_at if meeting.starts_at and meeting.starts_at > now else None
                await _tell_called_off(session, seat, convocation, reason, now, useful_until, deferred=defer)
            await self._set(session, meeting, seen, after, {"starts_at": None} if defer else {})
            await end_convocation(session, meeting_id, now)
            await self._record(session, seat, meeting, f"meeting.{after}", reason=reason)
            await session.commit()
            return view_of(meeting)

    async def close(self, seat: Seat, meeting_id: int, seen: datetime, remark: str) -> MeetingView:
        """Note that a session was held. Raises NotYetError, ChangedMeanwhileError."""
        now = self._clock.now()
        async with self._database.write() as session:
            before = {MeetingState.SCHEDULED, MeetingState.CONVENED, MeetingState.IN_SESSION}
            meeting = await self._seen(session, seat, meeting_id, seen, before)
            begun = meeting.state is MeetingState.IN_SESSION
            if meeting.starts_at is None or not (begun or meeting.starts_at <= now):
                raise NotYetError
            held_on = local_day(meeting.starts_at, seat.rules.zone)
            await self._set(session, meeting, seen, MeetingState.HELD, {"held_on": held_on})
            await end_convocation(session, meeting_id, now)
            await self._record(session, seat, meeting, "meeting.held", remark=remark)
            await session.commit()
            return view_of(meeting)

    async def add_extraordinary(
        self, seat: Seat, topic: str, to: Appointment, *, urgency: str = "", petition_id: int | None = None
    ) -> MeetingView:
        """Add an extraordinary session that the plan does not have, with its date; with `urgency`, an urgent one.

        A petition may have asked for it. Raises PastError, NotForConveningError.
        """
        now = self._clock.now()
        if to.starts_at <= now:
            raise PastError
        async with self._database.write() as session:
            # The commission's row is the lock: two additions at once would take one number.
            await session.execute(select(Commission).where(col(Commission.id) == seat.commission_id).with_for_update())
            theirs = col(Meeting.commission_id) == seat.commission_id
            numbers = select(func.max(col(Meeting.number))).where(theirs, col(Meeting.archived_at).is_(None))
            number = ((await session.execute(numbers)).scalar_one() or 0) + 1
            added = select(func.count(col(Meeting.id))).where(theirs, col(Meeting.added))
            meeting = Meeting(
                commission_id=seat.commission_id,
                key=f"added:{(await session.execute(added)).scalar_one() + 1}",  # no plan's key has a colon
                number=number,
                kind=MeetingKind.URGENT if urgency else MeetingKind.EXTRAORDINARY,
                name="Sesión extraordinaria urgente" if urgency else "Sesión extraordinaria",
                urgency=urgency,
                month=Month.of(local_day(to.starts_at, seat.rules.zone)),
                state=MeetingState.SCHEDULED,
                since=now,
                starts_at=to.starts_at,
                modality=to.modality,
                place=to.place,
                link=to.link,
                topics=[topic],
                added=True,
            )
            session.add(meeting)
            await session.flush()
            if petition_id is not None:
                await met(session, seat, petition_id, meeting.id or 0)
            details: dict[str, Any] = {"urgency": urgency} if urgency else {}
            details |= {} if petition_id is None else {"petition": petition_id}
            await self._record(session, seat, meeting, "meeting.added", starts_at=to.starts_at.isoformat(), **details)
            await session.commit()
            return view_of(meeting)

    async def _seen(
        self, session: AsyncSession, seat: Seat, meeting_id: int, seen: datetime, states: set[MeetingState]
    ) -> Meeting:
        meeting = await session.get(Meeting, meeting_id, populate_existing=True)
        if (
            meeting is None
            or meeting.commission_id != seat.commission_id
            or meeting.archived_at is not None
            or meeting.since != seen
            or meeting.state not in states
        ):
            raise ChangedMeanwhileError
        return meeting

    async def _change(
        self,
        session: AsyncSession,
        seat: Seat,
        meeting_id: int,
        seen: datetime,
        before: set[MeetingState],
        after: MeetingState,
        to: Appointment,
        **values: Any,
    ) -> Meeting:
        meeting = await self._seen(session, seat, meeting_id, seen, before)
        values |= {"starts_at": to.starts_at, "modality": to.modality, "place": to.place, "link": to.link}
        await self._set(session, meeting, seen, after, values)
        return meeting

    async def _set(
        self, session: AsyncSession, meeting: Meeting, seen: datetime, state: MeetingState, values: dict[str, Any]
    ) -> None:
        """Change the session if it is still as it was seen, and drop what waits to be said of it as it was.

        On PostgreSQL another transaction may have been quicker: raises ChangedMeanwhileError.
        """
        now = max(self._clock.now(), seen)
        changed = await rows_changed(
            session,
            update(Meeting)
            .where(col(Meeting.id) == meeting.id, col(Meeting.since) == seen, col(Meeting.state) == meeting.state)
            .values(state=state, since=now, **values),
        )
        if not changed:
            raise ChangedMeanwhileError
        if state is not MeetingState.CONVENED:  # what remains of it then, convening anew sees to
            await drop(session, meeting.id or 0, "the session changed")
        await session.refresh(meeting)

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
            **details,
        )


async def _another_agenda(session: AsyncSession, meeting: Meeting, stamp: int | None) -> bool:
    return stamp is not None and (await particulars_of(session, meeting)).agenda_stamp != stamp


async def _tell_called_off(
    session: AsyncSession,
    seat: Seat,
    convocation: Convocation,
    reason: str,
    now: datetime,
    useful_until: datetime | None,
    *,
    deferred: bool,
) -> None:
    people, group = await to_be_told(session, seat.commission_id, convocation.meeting_id, deferred=deferred)
    recipients: list[int | None] = [person.person_id for person in people]
    notices = [
        NewNotice(
            kind=NoticeKind.CALLED_OFF,
            cause=f"{'deferred' if deferred else 'cancelled'}:{convocation.id}",
            commission_id=seat.commission_id,
            person_id=person_id,
            due_at=now,
            useful_until=useful_until,
            meeting_id=convocation.meeting_id,
            convocation_id=convocation.id,
            data={"reason": reason, "deferred": deferred},
        )
        for person_id in [*recipients, *([None] if group else [])]
    ]
    await queue(session, notices, now)
