"""What was sent, what failed and what is waiting; and sending again what failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Membership, Person
from prep_bot.domain.delivery import Unreachability
from prep_bot.domain.month import Month
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.announcements import Waiting, waiting
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat

WINDOW = timedelta(days=30)
"""How far back the account goes."""

UNSENT = 50
"""How many of the notices that did not go out the operator is shown."""

_SHOWN = (NoticeState.QUEUED, NoticeState.FAILED, NoticeState.UNCERTAIN, NoticeState.EXPIRED)

_UNSETTLED = {NoticeState.FAILED, NoticeState.UNCERTAIN}
"""What somebody may want to send again."""

_MADE_UP_FOR = {NoticeKind.CONVOCATION, NoticeKind.CHANGE}
"""Whoever could not be reached gets the convocation by itself on coming back: not a second time."""


@dataclass(frozen=True)
class NoticeRecord:
    """A notice that was not simply sent."""

    delivery_id: int | None
    kind: NoticeKind
    recipient: str | None
    """None: the linked group."""
    meeting: str
    """The session that it is about; may be empty."""
    month: Month | None
    due_at: datetime
    state: NoticeState
    reason: str
    may_retry: bool


@dataclass(frozen=True)
class Account:
    """What became of a commission's notices since WINDOW ago."""

    counts: dict[NoticeState, int]
    notices: tuple[NoticeRecord, ...]
    """Those that wait, failed, are uncertain or came too late; the newest first."""
    waiting: tuple[Waiting, ...]
    """The announcements that wait for the morning."""


@dataclass(frozen=True)
class Status:
    """The outbox at a glance, for the operator."""

    counts: dict[NoticeState, int]
    oldest_waiting: datetime | None
    next_attempt: datetime | None
    last_accepted: datetime | None
    unreachable: int
    """People who were enrolled and cannot be written to now."""
    unsent: tuple["Unsent", ...]
    """What did not go out since WINDOW ago, the newest first; no more than UNSENT."""


@dataclass(frozen=True)
class Unsent:
    """A notice that failed, may not have arrived or came too late; for the operator, so without anybody's name."""

    due_at: datetime
    state: NoticeState
    kind: NoticeKind
    commission: str
    """Its key."""
    person_id: int | None
    """None: the linked group."""
    role: Role | None
    """None: no longer a member, or it is the group."""
    reason: str


class TooLateError(Exception):
    """It was sent meanwhile, would help nobody any more, or its person cannot be reached."""


class Deliveries:
    """Accounts for the outbox."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, seat: Seat) -> Account:
        """Return the account of the seat's commission."""
        now = self._clock.now()
        recent = (col(Notice.commission_id) == seat.commission_id, col(Notice.due_at) > now - WINDOW)
        counts = select(col(Notice.state), func.count()).where(*recent).group_by(col(Notice.state))
        query = (
            select(Notice, Person, Meeting)
            .outerjoin(Person, col(Person.id) == Notice.person_id)
            .outerjoin(Meeting, col(Meeting.id) == Notice.meeting_id)
            .where(*recent, col(Notice.state).in_(_SHOWN), col(Notice.due_at) <= now)
            .order_by(col(Notice.due_at).desc(), col(Notice.id).desc())
        )
        async with self._database.read() as session:
            counted = {row.state: row[1] for row in (await session.execute(counts)).all()}
            rows = (await session.execute(query)).all()
            grouped = await _grouped(session, seat)
            unsent = await waiting(session, seat, now)
        records = tuple(_record(row.Notice, row.Person, row.Meeting, now, grouped=grouped) for row in rows)
        return Account(counted, records, unsent)

    async def retry(self, seat: Seat, delivery_id: int) -> None:
        """Send again a message that did not go out for certain, with something of the seat's commission.

        Two taps send it once.

        Raises TooLateError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            query = (
                select(Notice, Person)
                .outerjoin(Person, col(Person.id) == Notice.person_id)
                .where(col(Notice.delivery_id) == delivery_id, col(Notice.state).in_(_UNSETTLED))
            )
            rows = (await session.execute(query)).all()
            grouped = await _grouped(session, seat)
            again = [row for row in rows if _may_retry(row.Notice, row.Person, now, grouped=grouped)]
            if all(row.Notice.commission_id != seat.commission_id for row in again):
                raise TooLateError
            changed = await rows_changed(
                session,
                update(Delivery)
                .where(
                    col(Delivery.id) == delivery_id,
                    col(Delivery.state).in_([DeliveryState.FAILED, DeliveryState.UNCERTAIN]),
                )
                .values(state=DeliveryState.QUEUED, next_attempt_at=now, settled_at=None, reason="", attempts=0),
            )
            if not changed:
                raise TooLateError
            for row in again:
                row.Notice.state, row.Notice.reason = NoticeState.QUEUED, ""
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="delivery.retried",
                subject=f"delivery:{delivery_id}",
            )
            await session.commit()

    async def status(self) -> Status:
        """Return the state of the whole outbox."""
        unsent: Any = (
            select(
                col(Notice.due_at),
                col(Notice.state),
                col(Notice.kind),
                col(Commission.key),
                col(Notice.person_id),
                col(Membership.role),
                col(Notice.reason),
            )
            .join(Commission, col(Commission.id) == Notice.commission_id)
            .outerjoin(
                Membership,
                and_(
                    col(Membership.person_id) == Notice.person_id,
                    col(Membership.commission_id) == Notice.commission_id,
                    col(Membership.ends_on).is_(None),
                ),
            )
            .where(
                col(Notice.state).in_([*_UNSETTLED, NoticeState.EXPIRED]),
                col(Notice.due_at) > self._clock.now() - WINDOW,
            )
            .order_by(col(Notice.due_at).desc(), col(Notice.id).desc())
            .limit(UNSENT)
        )
        async with self._database.read() as session:
            counts = select(col(Notice.state), func.count()).group_by(col(Notice.state))
            waiting = select(func.min(col(Notice.due_at))).where(col(Notice.state) == NoticeState.QUEUED)
            attempt = select(func.min(col(Delivery.next_attempt_at))).where(col(Delivery.state) == DeliveryState.QUEUED)
            accepted = select(func.max(col(Delivery.settled_at))).where(col(Delivery.state) == DeliveryState.SENT)
            lost = select(func.count()).where(
                col(Person.telegram_id).is_not(None), col(Person.unreachable_since).is_not(None)
            )
            return Status(
                counts={row.state: row[1] for row in (await session.execute(counts)).all()},
                oldest_waiting=(await session.execute(waiting)).scalar_one_or_none(),
                next_attempt=(await session.execute(attempt)).scalar_one_or_none(),
                last_accepted=(await session.execute(accepted)).scalar_one_or_none(),
                unreachable=(await session.execute(lost)).scalar_one(),
                unsent=tuple(Unsent(*row) for row in (await session.execute(unsent)).all()),
            )


async def _grouped(session: AsyncSession, seat: Seat) -> bool:
    return (await session.get_one(Commission, seat.commission_id)).group_chat_id is not None


def _record(
    notice: Notice, person: Person | None, meeting: Meeting | None, now: datetime, *, grouped: bool
) -> NoticeRecord:
    return NoticeRecord(
        delivery_id=notice.delivery_id,
        kind=notice.kind,
        recipient=person.name if person else None,
        meeting=meeting.name if meeting else "",
        month=_month(notice.data.get(key) for key in ("month", "deadline")),
        due_at=notice.due_at,
        state=notice.state,
        reason=notice.reason,
        may_retry=_may_retry(notice, person, now, grouped=grouped),
    )


def _month(values: Iterable[str | None]) -> Month | None:
    found = next((value for value in values if value), None)
    if found is None:
        return None
    return Month.parse(found) if len(found) == len("2022-02") else Month.of(date.fromisoformat(found))


def _may_retry(notice: Notice, person: Person | None, now: datetime, *, grouped: bool) -> bool:
    """Tell whether sending it again may help; `grouped`: the commission has a linked group."""
    if notice.state not in _UNSETTLED:
        return False
    if notice.state is NoticeState.UNCERTAIN and not notice.kind.resent_when_uncertain:
        return False
    if notice.useful_until is not None and notice.useful_until <= now:
        return False
    if person is None:
        return grouped
    if notice.kind in _MADE_UP_FOR and notice.reason in set(Unreachability):
        return False
    return person.telegram_id is not None and person.unreachable_since is None
