"""Answers to convocations: who says that they will come, how, and who comes instead.

What somebody answers is another thing than their acknowledgement: neither implies the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.audit import AuditEvent
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.domain.answer import Answer, offered
from prep_bot.domain.name import same_key
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.quorum import Forecast, Risk, worth_telling
from prep_bot.domain.role import SUBSTITUTED, Role
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw
from prep_bot.services.convocations import NotInForceError
from prep_bot.services.identity import Actor, Seat
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.quorum import forecast_of, votes_of
from prep_bot.services.roster import roster

REASON_LIMIT = 300
SUBSTITUTE_LIMIT = 120
"""Characters of why somebody does not attend, and of the name of who comes instead."""

_ALERTED = frozenset({Role.TECHNICAL_SECRETARY, Role.PRESIDENCY})


@dataclass(frozen=True)
class Given:
    """An answer as it is on record."""

    meeting: MeetingView
    answer: Answer
    substituted: bool
    """Somebody else may come instead."""


@dataclass(frozen=True)
class Substitution:
    """Who comes instead of somebody."""

    meeting: MeetingView
    name: str
    told: bool
    """The bot has that person's convocation to send or has sent it: they are a member who enrolled."""


@dataclass(frozen=True)
class Kept:
    """A session that is kept as it is, and when that was first decided."""

    meeting: MeetingView
    at: datetime


class BegunError(NotInForceError):
    """The session has begun: what counts from then on is who is there."""


class NotOfferedError(Exception):
    """The session is not attended so."""


class NotAbsentError(NotInForceError):
    """They no longer say that they will not attend, or nobody may come in their stead."""


class Answers:
    """Records answers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def give(self, actor: Actor, convocation_id: int, answer: Answer) -> Given:
        """Record what the person answers to a convocation in force; another answer takes the place of theirs.

        If that leaves too few voting members to expect a quorum, secretary and presidency are alerted, unless they know
        (`worth_telling`). Raises NotInForceError (BegunError if that is why), also when it is not theirs to answer;
        NotOfferedError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            seat, meeting, addressee = await self._open(session, actor, convocation_id)
            if answer not in offered(meeting.modality):
                raise NotOfferedError
            given = Given(view_of(meeting), answer, seat.role in SUBSTITUTED)
            was = addressee.answer
            if answer is was:
                return given
            before = await forecast_of(session, seat.commission_id, convocation_id)
            addressee.answer, addressee.answered_at = answer, now
            addressee.answer_reason = addressee.substitute = ""
            await session.flush()
            await redraw(session, [convocation_id])
            await self._record(session, seat, convocation_id, "convocation.answered", now, answer=answer, was=was)
            await self._alert(session, seat.commission_id, meeting, convocation_id, before)
            await session.commit()
        return given

    async def explain(self, actor: Actor, convocation_id: int, reason: str) -> None:
        """Note why the person will not attend. Raises as `give`; NotAbsentError when they have changed their mind.

        The log keeps that a reason was given, not the reason: it may be about somebody's health.
        """
        async with self._database.write() as session:
            seat, _, addressee = await self._open(session, actor, convocation_id)
            if addressee.answer is not Answer.ABSENT:
                raise NotAbsentError
            addressee.answer_reason = reason[:REASON_LIMIT]
            await redraw(session, [convocation_id])
            await self._record(session, seat, convocation_id, "convocation.answer_explained")
            await session.commit()

    async def stands(self, actor: Actor, convocation_id: int) -> None:
        """Make sure that the person's «no» is still their answer. Raises as `explain`."""
        async with self._database.read() as session:
            _, _, addressee = await self._open(session, actor, convocation_id)
            if addressee.answer is not Answer.ABSENT:
                raise NotAbsentError

    async def substitute(self, actor: Actor, convocation_id: int, name: str) -> Substitution:
        """Note who comes instead. Raises as `explain`; NotAbsentError also when the role lets nobody do so."""
        async with self._database.write() as session:
            seat, meeting, addressee = await self._open(session, actor, convocation_id)
            if addressee.answer is not Answer.ABSENT or seat.role not in SUBSTITUTED:
                raise NotAbsentError
            addressee.substitute = name[:SUBSTITUTE_LIMIT]
            people = await roster(session, seat.commission_id)
            told = any(
                same_key(person.name) == same_key(name)
                and person.convened_to(meeting.id or 0)
                and person.since is not None
                and not person.unreachable
                for person in people
            )
            await redraw(session, [convocation_id])
            await self._record(session, seat, convocation_id, "convocation.substitute_named", name=addressee.substitute)
            await session.commit()
        return Substitution(view_of(meeting), addressee.substitute, told)

    async def keep(self, seat: Seat, convocation_id: int, risk: int) -> Kept:
        """Record the decision to keep a session though its quorum is at risk: the first one, of each alert.

        From then on only what is worse is alerted of. Raises NotInForceError, also when it is another commission's.
        """
        async with self._database.write() as session:
            convocation = await session.get(Convocation, convocation_id)
            meeting = await session.get(Meeting, convocation.meeting_id) if convocation else None
            if convocation is None or meeting is None or meeting.commission_id != seat.commission_id:
                raise NotInForceError
            now = self._clock.now()
            if convocation.ended_at is not None or convocation.starts_at <= now:
                raise NotInForceError
            for event in await _kept(session, convocation_id):
                if event.details["risk"] == risk:
                    return Kept(view_of(meeting), event.at)
            most = (await forecast_of(session, seat.commission_id, convocation_id)).most
            await self._record(session, seat, convocation_id, "quorum.kept", risk=risk, most=most)
            await session.commit()
        return Kept(view_of(meeting), now)

    async def _open(self, session: AsyncSession, actor: Actor, convocation_id: int) -> tuple[Seat, Meeting, Addressee]:
        """Return what an answer is about, if it can be given or changed now."""
        now = self._clock.now()
        convocation = await session.get(Convocation, convocation_id)
        addressee = await session.get(Addressee, (convocation_id, actor.person_id), with_for_update=True)
        if convocation is None or addressee is None:
            raise NotInForceError
        meeting = await session.get_one(Meeting, convocation.meeting_id)
        seat = next((seat for seat in actor.seats if seat.commission_id == meeting.commission_id), None)
        if seat is None:
            raise NotInForceError
        if convocation.starts_at <= now and convocation.starts_at == meeting.starts_at:
            raise BegunError
        if convocation.ended_at is not None or now < convocation.sends_at:
            raise NotInForceError
        return seat, meeting, addressee

    async def _alert(
        self, session: AsyncSession, commission_id: int, meeting: Meeting, convocation_id: int, before: Forecast
    ) -> None:
        """Tell secretary and presidency of a quorum at risk, if that is news."""
        now = self._clock.now()
        after = await forecast_of(session, commission_id, convocation_id)
        if after.within_reach:
            return
        votes = await votes_of(session, commission_id, convocation_id)
        absent = frozenset(person_id for person_id, answer in votes.items() if answer is Answer.ABSENT)
        earlier = await _alerts(session, convocation_id)
        # What was retracted before anybody was told of it is no news yet.
        told = [
            Risk(notice.due_at, notice.data["most"], frozenset(notice.data["absent"]))
            for notice in earlier
            if notice.state is not NoticeState.CANCELLED
        ]
        kept = [event.details["most"] for event in await _kept(session, convocation_id)]
        if not worth_telling(before, after, Risk(now, after.most, absent), told, kept):
            return
        risk = max((notice.data["risk"] for notice in earlier), default=0) + 1
        people = [p for p in await roster(session, commission_id) if p.role in _ALERTED and p.since is not None]
        await queue(
            session,
            [
                NewNotice(
                    kind=NoticeKind.QUORUM_RISK,
                    cause=f"quorum_risk:{convocation_id}:{risk}",
                    commission_id=commission_id,
                    person_id=person.person_id,
                    due_at=now,
                    useful_until=meeting.starts_at,
                    meeting_id=meeting.id,
                    convocation_id=convocation_id,
                    data={"risk": risk, "most": after.most, "absent": sorted(absent)},
                )
                for person in people
            ],
            now,
        )

    async def _record(
        self,
        session: AsyncSession,
        seat: Seat,
        convocation_id: int,
        act: str,
        at: datetime | None = None,
        **details: str | int | None,
    ) -> None:
        await record(
            session,
            commission_id=seat.commission_id,
            at=at or self._clock.now(),
            actor_id=seat.person_id,
            act=act,
            subject=f"convocation:{convocation_id}",
            **details,
        )


async def _alerts(session: AsyncSession, convocation_id: int) -> Sequence[Notice]:
    query = select(Notice).where(
        col(Notice.kind) == NoticeKind.QUORUM_RISK, col(Notice.convocation_id) == convocation_id
    )
    return (await session.execute(query)).scalars().all()


async def _kept(session: AsyncSession, convocation_id: int) -> Sequence[AuditEvent]:
    query = select(AuditEvent).where(
        col(AuditEvent.act) == "quorum.kept", col(AuditEvent.subject) == f"convocation:{convocation_id}"
    )
    return (await session.execute(query)).scalars().all()
