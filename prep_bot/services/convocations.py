"""Convening, acknowledging, and notifying by other means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Particulars
from prep_bot.domain.term import check
from prep_bot.services.agenda import particulars_of
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw
from prep_bot.services.calendar import ChangedMeanwhileError, PastError
from prep_bot.services.convoking import convening, convoke, latest
from prep_bot.services.heard import heard, to_be_told
from prep_bot.services.identity import Actor, Seat
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.roster import Listed, roster

MEANS_LIMIT = 120
"""Characters that name by which other means somebody was told, such as "oficio IEEPCO/ST/12/2022"."""


@dataclass(frozen=True)
class Preview:
    """What would happen if a session were convened now."""

    meeting: MeetingView
    particulars: Particulars
    """To what it would convene."""
    since: datetime
    """The session's state as shown, for `convene`."""
    reached: tuple[Listed, ...]
    not_enrolled: tuple[Listed, ...]
    unreachable: tuple[Listed, ...]
    replaces: datetime | None = None
    """For when the deferred convocation was that it takes the place of, if any."""


@dataclass(frozen=True)
class Recipients:
    """Who would be told now that a session changes."""

    reached: tuple[Listed, ...]
    out_of_reach: tuple[Listed, ...]
    """Convened too, but not enrolled or not reachable."""
    grouped: bool
    """The linked group is told too."""
    told: bool
    """The convocation has gone out, so that those who got it are told what changes."""
    sends_at: datetime | None
    """When the convocation in force goes out, or went; None: there is none."""
    starts_at: datetime | None
    """For when the newest convocation is or was, if there is one."""


@dataclass(frozen=True)
class Acknowledgement:
    """What somebody acknowledged, and when they first did."""

    meeting: MeetingView
    at: datetime


@dataclass(frozen=True)
class ToAcknowledge:
    """A convocation that wants somebody's acknowledgement."""

    convocation_id: int
    meeting: MeetingView


class TermReasonError(Exception):
    """The notice is shorter than the term, so convening needs a reason."""


class NotInForceError(Exception):
    """The convocation was replaced, called off or is over; or it is not theirs."""


class AcknowledgedError(NotInForceError):
    """The person has acknowledged: how they were notified needs no other proof."""


class FutureError(Exception):
    """Nobody can have been told at an instant that is still to come."""


class Convocations:
    """Convenes sessions and keeps account of their notification."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def preview(self, seat: Seat, meeting_id: int) -> Preview:
        """Return who would receive what. Raises ChangedMeanwhileError when it cannot be convened (any more)."""
        async with self._database.read() as session:
            meeting = await session.get(Meeting, meeting_id)
            if meeting is None or meeting.commission_id != seat.commission_id:
                raise ChangedMeanwhileError
            if meeting.state is not MeetingState.SCHEDULED or meeting.archived_at is not None:
                raise ChangedMeanwhileError
            people = [p for p in await roster(session, seat.commission_id) if p.convened_to(meeting_id)]
            particulars = await particulars_of(session, meeting)
            newest = await latest(session, meeting_id)
            deferred = any(last.called_off for last in (await heard(session, meeting_id)).values())
        return Preview(
            meeting=view_of(meeting),
            particulars=particulars,
            since=meeting.since,
            reached=tuple(p for p in people if p.since is not None and not p.unreachable),
            not_enrolled=tuple(p for p in people if p.since is None),
            unreachable=tuple(p for p in people if p.since is not None and p.unreachable),
            replaces=newest.starts_at if newest is not None and deferred else None,
        )

    async def recipients(self, seat: Seat, meeting_id: int, *, deferred: bool | None = None) -> Recipients:
        """Return who would hear that a session of the seat's commission is deferred, or cancelled; None: moved."""
        now = self._clock.now()
        async with self._database.read() as session:
            convened = [p for p in await roster(session, seat.commission_id) if p.convened_to(meeting_id)]
            newest = await latest(session, meeting_id)
            concerned, grouped = tuple(convened), True
            if deferred is not None:
                concerned, grouped = await to_be_told(session, seat.commission_id, meeting_id, deferred=deferred)
            linked = (await session.get_one(Commission, seat.commission_id)).group_chat_id is not None
        standing = newest if newest is not None and newest.ended_at is None else None
        gone = standing is not None and standing.sends_at <= now
        return Recipients(
            reached=tuple(p for p in concerned if p.since is not None and not p.unreachable),
            out_of_reach=tuple(p for p in convened if p.since is None or p.unreachable),
            grouped=grouped and linked,
            told=gone or (deferred is not None and bool(concerned or grouped)),
            sends_at=standing.sends_at if standing else None,
            starts_at=newest.starts_at if newest else None,
        )

    async def convene(
        self,
        seat: Seat,
        meeting_id: int,
        seen: datetime,
        sends_at: datetime,
        board: int,
        term_reason: str = "",
        *,
        agenda: int | None = None,
    ) -> int:
        """Convene a dated session; its convocation goes out at `sends_at` (aware, now or later). Return its id.

        `seen` is the session's `since` and `agenda` the stamp of its agenda as they were shown; `board` is the message
        in which the secretary follows the acknowledgements; `term_reason` is why with less notice than the term. Two
        taps, or two secretaries, convene once. Raises ChangedMeanwhileError, PastError, TermReasonError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            changed = await rows_changed(
                session,
                update(Meeting)
                .where(
                    col(Meeting.id) == meeting_id,
                    col(Meeting.commission_id) == seat.commission_id,
                    col(Meeting.state) == MeetingState.SCHEDULED,
                    col(Meeting.since) == seen,
                    col(Meeting.archived_at).is_(None),
                )
                .values(state=MeetingState.CONVENED),
            )
            if not changed:
                raise ChangedMeanwhileError
            meeting = await session.get_one(Meeting, meeting_id, populate_existing=True)
            if meeting.starts_at is None or not now <= max(sends_at, now) < meeting.starts_at:
                raise PastError
            if agenda is not None and (await particulars_of(session, meeting)).agenda_stamp != agenda:
                raise ChangedMeanwhileError
            term = check(seat.rules, meeting.kind, meeting.call, meeting.starts_at, max(sends_at, now))
            if not (term.in_time or term_reason):
                raise TermReasonError
            meeting.since = now
            convocation = await convoke(
                session,
                seat,
                meeting,
                now=now,
                sends_at=max(sends_at, now),
                kind=NoticeKind.CONVOCATION,
                board=board,
                term_reason=term_reason,
            )
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="meeting.convened",
                subject=f"meeting:{meeting_id}",
                starts_at=meeting.starts_at.isoformat(),
                **await convening(session, convocation),
            )
            await session.commit()
        return convocation.id or 0

    async def acknowledge(self, actor: Actor, convocation_id: int) -> Acknowledgement:
        """Record that the person acknowledges a convocation in force; who did so before keeps the first hour.

        Raises NotInForceError; also when it is not theirs to acknowledge, or they are no longer a member.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            convocation = await session.get(Convocation, convocation_id)
            addressee = await session.get(Addressee, (convocation_id, actor.person_id), with_for_update=True)
            if convocation is None or addressee is None:
                raise NotInForceError
            meeting = await session.get_one(Meeting, convocation.meeting_id)
            if all(seat.commission_id != meeting.commission_id for seat in actor.seats):
                raise NotInForceError
            if addressee.acknowledged_at is not None:
                return Acknowledgement(view_of(meeting), addressee.acknowledged_at)
            if convocation.ended_at is not None or not convocation.sends_at <= now < convocation.starts_at:
                raise NotInForceError
            addressee.acknowledged_at = now
            await redraw(session, [convocation_id])
            await record(
                session,
                commission_id=meeting.commission_id,
                at=now,
                actor_id=actor.person_id,
                act="convocation.acknowledged",
                subject=f"convocation:{convocation_id}",
            )
            await session.commit()
        return Acknowledgement(view_of(meeting), now)

    async def told(self, seat: Seat, convocation_id: int, person_id: int, at: datetime, means: str) -> None:
        """Record that somebody was notified by other means, at an instant that has passed (aware).

        What was recorded before is corrected. Raises NotInForceError, also when the convocation is another
        commission's; AcknowledgedError; FutureError when `at` is still to come.
        """
        now = self._clock.now()
        if at > now:
            raise FutureError
        async with self._database.write() as session:
            convocation = await session.get(Convocation, convocation_id)
            if convocation is None or convocation.ended_at is not None:
                raise NotInForceError
            meeting = await session.get_one(Meeting, convocation.meeting_id)
            if meeting.commission_id != seat.commission_id:
                raise NotInForceError
            changed = await rows_changed(
                session,
                update(Addressee)
                .where(
                    col(Addressee.convocation_id) == convocation_id,
                    col(Addressee.person_id) == person_id,
                    col(Addressee.acknowledged_at).is_(None),
                )
                .values(told_at=at, told_means=means[:MEANS_LIMIT], told_recorded_by=seat.person_id),
            )
            if not changed:
                raise AcknowledgedError
            await redraw(session, [convocation_id])
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="convocation.told",
                subject=f"convocation:{convocation_id}",
                person=person_id,
                told_at=at.isoformat(),
            )
            await session.commit()

    async def latest(self, seat: Seat, meeting_id: int) -> int | None:
        """Return the newest convocation of a session of the seat's commission, if it was ever convened."""
        query = (
            select(col(Convocation.id))
            .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
            .where(col(Meeting.id) == meeting_id, col(Meeting.commission_id) == seat.commission_id)
            .order_by(col(Convocation.version).desc())
            .limit(1)
        )
        async with self._database.read() as session:
            return (await session.execute(query)).scalar_one_or_none()

    async def to_acknowledge(self, seats: Sequence[Seat]) -> tuple[ToAcknowledge, ...]:
        """Return the convocations that went out to the person of those seats and still want their acknowledgement."""
        now = self._clock.now()
        query = (
            select(Convocation, Meeting)
            .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
            .join(Addressee, col(Addressee.convocation_id) == Convocation.id)
            .where(
                col(Addressee.person_id).in_({seat.person_id for seat in seats}),
                col(Addressee.acknowledged_at).is_(None),
                col(Convocation.ended_at).is_(None),
                col(Convocation.sends_at) <= now,
                col(Convocation.starts_at) > now,
                col(Meeting.commission_id).in_([seat.commission_id for seat in seats]),
            )
            .order_by(col(Convocation.starts_at), col(Convocation.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return tuple(ToAcknowledge(row.Convocation.id or 0, view_of(row.Meeting)) for row in rows)
