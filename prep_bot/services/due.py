"""Finding what is due: each occasion of the calendar of messages becomes a notice for each of its recipients, once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Person
from prep_bot.db.plan import Activity
from prep_bot.domain.audience import audience
from prep_bot.domain.delivery import Unreachability
from prep_bot.domain.meeting import falls_in
from prep_bot.domain.month import local_day
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.domain.schedule import CommissionFacts, MeetingFacts, Occasion, occasions
from prep_bot.services.activities import ActivityView, read_activities
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.roster import Listed, roster

_RESTING = timedelta(minutes=5)
"""How far the watermark may lag while nothing is due: not every look is worth a write."""


@dataclass(frozen=True)
class _InForce:
    """A convocation in force."""

    id: int
    meeting_id: int
    sends_at: datetime
    starts_at: datetime


@dataclass(frozen=True)
class _Look:
    """A commission as it stands when we look."""

    commission: Commission
    facts: CommissionFacts
    people: tuple[Listed, ...]
    activities: tuple[ActivityView, ...]
    in_force: dict[int, _InForce]
    """By session."""
    settled: dict[int, frozenset[int]]
    """By convocation: who acknowledged it or was told by other means."""


@dataclass(frozen=True)
class _Found:
    """What is due in a commission."""

    commission_id: int
    after: datetime
    """Up to when it was looked at before."""
    due: bool = False
    """An occasion came, whether or not anybody is to be told of it."""
    notices: tuple[NewNotice, ...] = ()
    latecomers: tuple[NewNotice, ...] = ()
    upcoming: tuple[datetime, ...] = ()

    def worth_noting(self, now: datetime) -> bool:
        """Tell whether there is anything to queue, or the watermark lags too far behind."""
        return self.due or bool(self.latecomers) or now - self.after > _RESTING


_COMMISSIONS = select(Commission).order_by(col(Commission.id))


class Due:
    """Looks for what is due, in every commission."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def queue(self) -> datetime | None:
        """Queue what is due by now. Return when the next occasion is, if the calendar stays as it is.

        Whoever enrols, or comes back, while a session is convened gets that convocation too.
        """
        now = self._clock.now()
        async with self._database.read() as session:
            commissions = (await session.execute(_COMMISSIONS)).scalars().all()
            found = [await _find(session, commission, now) for commission in commissions]
        for each in found:
            if each.worth_noting(now):
                await self._write(each, now)
        return min((instant for each in found for instant in each.upcoming), default=None)

    async def _write(self, found: _Found, now: datetime) -> None:
        async with self._database.write(quietly=True) as session:
            commission = await session.get_one(Commission, found.commission_id)
            if commission.derived_until != found.after:
                return  # somebody else looked meanwhile; the next round sees what they left
            for late in found.latecomers:
                addressee = Addressee(convocation_id=late.convocation_id or 0, person_id=late.person_id or 0)
                if await session.get(Addressee, (addressee.convocation_id, addressee.person_id)) is None:
                    session.add(addressee)
            await queue(session, found.notices, now)
            await queue(session, found.latecomers, now)
            commission.derived_until = now
            await session.commit()


async def _find(session: AsyncSession, commission: Commission, now: datetime) -> _Found:
    """Return what a commission's calendar asks for by now."""
    facts, in_force = await _facts(session, commission)
    if facts is None:
        return _Found(commission.id or 0, after=now)
    after = commission.derived_until
    calendar = list(occasions(facts))
    due = [occasion for occasion in calendar if after < occasion.at <= now]
    notices: list[NewNotice] = []
    latecomers: list[NewNotice] = []
    # Most looks find nothing due, and read no more than they need to know that.
    people = await roster(session, commission.id or 0) if due or in_force else ()
    if due:
        look = await _look(session, commission, facts, people, in_force)
        notices = [notice for occasion in due for notice in _notices(look, occasion)]
    if in_force:
        latecomers = await _latecomers(session, commission, people, in_force, now)
    return _Found(
        commission.id or 0,
        after=after,
        due=bool(due),
        notices=tuple(notices),
        latecomers=tuple(latecomers),
        upcoming=tuple(occasion.at for occasion in calendar if occasion.at > now),
    )


async def _look(
    session: AsyncSession,
    commission: Commission,
    facts: CommissionFacts,
    people: tuple[Listed, ...],
    in_force: dict[int, _InForce],
) -> _Look:
    return _Look(
        commission=commission,
        facts=facts,
        people=people,
        activities=await read_activities(session, [commission.id or 0]),
        in_force=in_force,
        settled=await _settled(session, [convocation.id for convocation in in_force.values()]),
    )


_PLAN = (
    select(col(Activity.month), col(Activity.deadline))
    .where(col(Activity.commission_id) == bindparam("commission_id"), col(Activity.archived_at).is_(None))
    .distinct()
)
_CALENDAR: Any = (
    select(
        col(Meeting.id),
        col(Meeting.kind),
        col(Meeting.month),
        col(Meeting.state),
        col(Meeting.since),
        col(Meeting.starts_at),
        col(Meeting.call),
        col(Convocation.id).label("convocation_id"),
        col(Convocation.sends_at),
        col(Convocation.counts_from),
        col(Convocation.starts_at).label("convened_for"),
    )
    .outerjoin(Convocation, and_(col(Convocation.meeting_id) == Meeting.id, col(Convocation.ended_at).is_(None)))
    .where(col(Meeting.commission_id) == bindparam("commission_id"), col(Meeting.archived_at).is_(None))
    .order_by(col(Meeting.id))
)


async def _facts(session: AsyncSession, commission: Commission) -> tuple[CommissionFacts | None, dict[int, _InForce]]:
    """Return what the calendar of messages is derived from, None without a plan; and the convocations in force."""
    of = {"commission_id": commission.id}
    activities = (await session.execute(_PLAN, of)).all()
    rows = (await session.execute(_CALENDAR, of)).all()
    months = [row.month for row in (*activities, *rows)]
    if not months:
        return None, {}
    facts = CommissionFacts(
        rules=Rules.model_validate(commission.rules),
        first=min(months),
        last=max(months),
        deadlines=frozenset(row.deadline for row in activities),
        meetings=tuple(
            MeetingFacts(row.id, row.kind, row.month, row.state, row.since, row.starts_at, row.counts_from, row.call)
            for row in rows
        ),
    )
    in_force = {
        row.id: _InForce(row.convocation_id, row.id, row.sends_at, row.convened_for)
        for row in rows
        if row.convocation_id is not None
    }
    return facts, in_force


_SETTLED = select(col(Addressee.convocation_id), col(Addressee.person_id)).where(
    col(Addressee.convocation_id).in_(bindparam("convocations", expanding=True)),
    func.coalesce(col(Addressee.acknowledged_at), col(Addressee.told_at)).is_not(None),
)


async def _settled(session: AsyncSession, convocation_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for convocation_id, person_id in (await session.execute(_SETTLED, {"convocations": list(convocation_ids)})).all():
        found.setdefault(convocation_id, set()).add(person_id)
    return {convocation_id: frozenset(people) for convocation_id, people in found.items()}


def _notices(look: _Look, occasion: Occasion) -> Iterator[NewNotice]:
    if not _worth_saying(look, occasion):
        return
    heard = audience(occasion, grouped=look.commission.group_chat_id is not None)
    for person in look.people:
        if person.since is None or person.since > occasion.at or not _wants(look, person, occasion):
            continue
        if occasion.kind is NoticeKind.CHASE:
            yield from _chases(look, occasion, person)
        elif person.role in heard.roles or (heard.convened and person.convened_to(occasion.meeting_id or 0)):
            yield _notice(look, occasion, person.person_id, gets_last=person.hour_reminder)
    linked_at = look.commission.group_linked_at
    if heard.group and linked_at is not None and linked_at <= occasion.at:
        yield _notice(look, occasion, None, gets_last=False)


def _chases(look: _Look, occasion: Occasion, person: Listed) -> Iterator[NewNotice]:
    missing = _missing(look, occasion)
    if person.person_id in missing:
        yield _notice(look, occasion, person.person_id)
    if person.role is Role.TECHNICAL_SECRETARY and missing - {person.person_id}:
        yield _notice(look, occasion, person.person_id, whole_list=True)


def _missing(look: _Look, occasion: Occasion) -> frozenset[int]:
    """Return who was convened and neither acknowledged nor was told by other means."""
    meeting_id = occasion.meeting_id or 0
    convocation = look.in_force[meeting_id]
    convened = {person.person_id for person in look.people if person.convened_to(meeting_id)}
    return frozenset(convened - look.settled.get(convocation.id, frozenset()))


def _worth_saying(look: _Look, occasion: Occasion) -> bool:
    match occasion.kind:
        case NoticeKind.MONTHLY:
            return any(_in_summary(look, occasion, activity) for activity in look.activities) or any(
                _meets_in(look, occasion, meeting) for meeting in look.facts.meetings
            )
        case NoticeKind.DEADLINE:
            return any(a.state.open and a.deadline == occasion.deadline for a in look.activities)
        case NoticeKind.CHASE:
            return bool(_missing(look, occasion))
        case _:
            return True


def _in_summary(look: _Look, occasion: Occasion, activity: ActivityView) -> bool:
    """Tell whether a month's summary names the activity: it is the month's, or overdue since the plan is known."""
    if occasion.month is None or not activity.state.open:
        return False
    activated = local_day(look.commission.activated_at, look.facts.rules.zone)
    return activity.month == occasion.month or activated <= activity.deadline < occasion.month.first


def _meets_in(look: _Look, occasion: Occasion, meeting: MeetingFacts) -> bool:
    if occasion.month is None or meeting.state.ended:
        return False
    return falls_in(occasion.month, meeting.month, meeting.starts_at, look.facts.rules.zone)


def _wants(look: _Look, person: Listed, occasion: Occasion) -> bool:
    if occasion.kind is NoticeKind.MONTHLY:
        return person.monthly_summary or (person.role is Role.TECHNICAL_SECRETARY and _lacks_dates(look, occasion))
    if occasion.kind is NoticeKind.REMINDER and occasion.last:
        return person.hour_reminder
    return True


def _lacks_dates(look: _Look, occasion: Occasion) -> bool:
    """Tell whether the month has a session without a date: that is no summary, and cannot be turned off."""
    return any(m.state.undated and _meets_in(look, occasion, m) for m in look.facts.meetings)


def _notice(
    look: _Look,
    occasion: Occasion,
    person_id: int | None,
    *,
    gets_last: bool = True,
    whole_list: bool = False,
) -> NewNotice:
    convocation = look.in_force.get(occasion.meeting_id or 0)
    data: dict[str, object] = {"last": occasion.last}
    if occasion.month is not None:
        data["month"] = str(occasion.month)
    if occasion.deadline is not None:
        data["deadline"] = occasion.deadline.isoformat()
    if whole_list:
        data["list"] = True
    return NewNotice(
        kind=occasion.kind,
        cause=f"{occasion.cause}:list" if whole_list else occasion.cause,
        commission_id=look.commission.id or 0,
        person_id=person_id,
        due_at=occasion.at,
        useful_until=occasion.useful_until if gets_last else occasion.useful_without_last or occasion.useful_until,
        meeting_id=occasion.meeting_id,
        convocation_id=convocation.id if convocation else None,
        data=data,
    )


_CONVENED = (
    select(
        col(Notice.convocation_id),
        col(Notice.person_id),
        col(Notice.state),
        col(Notice.reason),
        col(Delivery.settled_at),
        col(Person.enrolled_at),
    )
    .join(Person, col(Person.id) == Notice.person_id)
    .outerjoin(Delivery, col(Delivery.id) == Notice.delivery_id)
    .where(
        col(Notice.convocation_id).in_(bindparam("convocations", expanding=True)),
        col(Notice.kind).in_([NoticeKind.CONVOCATION, NoticeKind.CHANGE]),
        col(Notice.state) != NoticeState.CANCELLED,
    )
)


async def _latecomers(
    session: AsyncSession,
    commission: Commission,
    people: tuple[Listed, ...],
    in_force: dict[int, _InForce],
    now: datetime,
) -> list[NewNotice]:
    """Return the convocations in force for whoever can get them by now and has not: enrolled since, or come back."""
    convocations = {convocation.id: convocation for convocation in in_force.values()}
    missed: Counter[tuple[int, int]] = Counter()
    blocked, told = set(), set()
    for row in (await session.execute(_CONVENED, {"convocations": list(convocations)})).all():
        key = (row.convocation_id, row.person_id)
        if row.state is NoticeState.FAILED and row.reason in set(Unreachability):
            missed[key] += 1
            blocked.add(key)
        elif row.settled_at is not None and row.enrolled_at is not None and row.settled_at < row.enrolled_at:
            missed[key] += 1  # in another account's chat, before they enrolled again
        else:
            told.add(key)
    return [
        NewNotice(
            kind=NoticeKind.CONVOCATION,
            cause=f"convocation:{convocation.id}" + (f":again{missed[key]}" if missed[key] else ""),
            commission_id=commission.id or 0,
            person_id=person.person_id,
            due_at=max(now, convocation.sends_at),
            useful_until=convocation.starts_at,
            meeting_id=convocation.meeting_id,
            convocation_id=convocation.id,
        )
        for convocation in convocations.values()
        for person in people
        for key in [(convocation.id, person.person_id)]
        if person.since is not None
        and not (key in blocked and person.unreachable)
        and person.convened_to(convocation.meeting_id)
        and convocation.starts_at > now
        and key not in told
    ]
