"""The outbox: what is to be told goes out once, whatever happens in between.

Each step is a transaction of its own, and none is open while Telegram is called: notices that are due are bundled into
deliveries, a delivery is claimed with a lease, it is sent, and the outcome is recorded. A lease that ran out is that of
a process which died on the way: the message may have been sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, bindparam, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Membership, Person
from prep_bot.domain.delivery import (
    Decision,
    Migrated,
    Outcome,
    Uncertain,
    Unreachability,
    Unreachable,
    Verdict,
)
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.quiet import after_quiet
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.services.contents import Content, content_of
from prep_bot.services.groups import Groups
from prep_bot.services.reachability import Reachability
from prep_bot.services.settling import decide, queued, settle, unsent

log = structlog.get_logger()

UNSPEAKABLE = "defect"
"""The reason of what could not be put into words: the program's fault, which its log describes."""

LEASE = timedelta(minutes=2)
"""How long a process may take to send one message before it is taken for dead."""


@dataclass(frozen=True)
class Claim:
    """A delivery that this process is to send now."""

    delivery_id: int
    attempt: int
    chat_id: int
    to_group: bool
    language: str
    several: bool
    """The person is in several commissions, so the message says of which it speaks."""
    contents: tuple[Content, ...]


@dataclass(frozen=True)
class _Recipient:
    chat_id: int | None
    """None: there is no way to reach them."""
    language: str
    roles: Mapping[int, Role]
    """What they are now, by commission; of a group, nothing."""
    unreachable: str
    """Why there is none, if so."""


@dataclass(frozen=True)
class NoticeRecord:
    """What is on record of one notice."""

    cause: str
    kind: NoticeKind
    meeting: int | None
    """The number of the session that it is about."""
    data: dict[str, Any]
    """What else names its subject: a month or a deadline."""
    recipient: str | None
    """The person's name; None for the group that the commission linked."""
    due_at: datetime
    state: NoticeState
    delivery_id: int | None
    """The message that carries it; None until it is due."""
    message_id: int | None
    """That message's id, once Telegram accepted it and the program learned of it."""
    uncertain: int
    """How many attempts may have been accepted without the program learning of it."""


# Looked up at every round, or at every tap, so built once (docs/decisions/0020).
_NEXT: Any = union_all(
    select(func.min(col(Notice.due_at))).where(
        col(Notice.state) == NoticeState.QUEUED, col(Notice.delivery_id).is_(None)
    ),
    select(func.min(col(Delivery.next_attempt_at))).where(col(Delivery.state) == DeliveryState.QUEUED),
    select(func.min(col(Delivery.lease_until))).where(col(Delivery.state) == DeliveryState.LEASED),
)
_RECIPIENT = (
    select(Person, col(Membership.commission_id), col(Membership.role))
    .outerjoin(Membership, and_(col(Membership.person_id) == Person.id, col(Membership.ends_on).is_(None)))
    .where(col(Person.id) == bindparam("person_id"))
)

_SENT = select(col(Delivery.id)).where(col(Delivery.message_id) == bindparam("message_id")).limit(1)
_SENT_TO = _SENT.where(col(Delivery.person_id) == bindparam("chat"))
_SENT_TO_GROUP = _SENT.where(col(Delivery.group_of) == bindparam("chat"))


class Outbox:
    """Bundles, claims and settles deliveries."""

    def __init__(self, database: Database, clock: Clock, reachability: Reachability, groups: Groups) -> None:
        self._database = database
        self._clock = clock
        self._reachability = reachability
        self._groups = groups

    async def next_due(self) -> datetime | None:
        """Return the next instant at which something is to be done, past ones included; None when nothing waits."""
        async with self._database.read() as session:
            found = (await session.execute(_NEXT)).scalars().all()
        return min((instant for instant in found if instant is not None), default=None)

    async def records(self) -> tuple[NoticeRecord, ...]:
        """Return what is on record of every notice, in the order in which they were queued."""
        query = (
            select(
                col(Notice.cause),
                col(Notice.kind),
                col(Meeting.number),
                col(Notice.data),
                col(Person.name),
                col(Notice.due_at),
                col(Notice.state),
                col(Notice.delivery_id),
                col(Delivery.message_id),
                func.coalesce(col(Delivery.uncertain), 0).label("uncertain"),
            )
            .outerjoin(Meeting, col(Meeting.id) == Notice.meeting_id)
            .outerjoin(Person, col(Person.id) == Notice.person_id)
            .outerjoin(Delivery, col(Delivery.id) == Notice.delivery_id)
            .order_by(col(Notice.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return tuple(NoticeRecord(*row) for row in rows)

    async def sent(self, person_id: int, commission_id: int | None, message_id: int) -> bool:
        """Tell whether that message, in a person's chat or in a commission's group, is one that the bot began."""
        query, chat = (_SENT_TO, person_id) if commission_id is None else (_SENT_TO_GROUP, commission_id)
        async with self._database.read() as session:
            return (await session.execute(query, {"chat": chat, "message_id": message_id})).first() is not None

    async def bundle(self) -> None:
        """Make one delivery of all the notices that are due to one recipient; an announcement goes by itself."""
        now = self._clock.now()
        query = (
            select(Notice)
            .where(
                col(Notice.state) == NoticeState.QUEUED, col(Notice.delivery_id).is_(None), col(Notice.due_at) <= now
            )
            .order_by(col(Notice.due_at), col(Notice.id))
        )
        async with self._database.read() as session:
            if (await session.execute(query.limit(1))).first() is None:
                return
        async with self._database.write(quietly=True) as session:
            bundles: dict[tuple[int | None, int | None, int | None], list[Notice]] = {}
            made: list[tuple[Delivery, list[Notice]]] = []
            for notice in (await session.execute(query)).scalars():
                group_of = notice.commission_id if notice.person_id is None else None
                bundles.setdefault((notice.person_id, group_of, notice.announcement_id), []).append(notice)
            waits = await _waiting(session)
            for (person_id, group_of, announcement_id), notices in bundles.items():
                at = await _not_in_quiet_hours(session, notices, now)
                theirs = [] if announcement_id else waits.get((person_id, group_of), [])
                waiting = next((delivery for delivery in theirs if delivery.next_attempt_at <= at), None)
                urgency = min(notice.kind.priority for notice in notices)
                delivery = waiting or Delivery(
                    person_id=person_id,
                    group_of=group_of,
                    priority=urgency,
                    state=DeliveryState.QUEUED,
                    next_attempt_at=at,
                )
                delivery.priority = min(delivery.priority, urgency)
                session.add(delivery)
                made.append((delivery, notices))
            await session.flush()  # all at once: from here on they have their ids
            for delivery, notices in made:
                for notice in notices:
                    notice.delivery_id = delivery.id
            await session.commit()

    async def claim(self, limit: int) -> tuple[Claim, ...]:
        """Take up to `limit` deliveries to send now, the most urgent first; nobody else will until their leases end.

        What helps nobody any more, has nothing left to say or cannot reach its recipient is settled instead.
        """
        now = self._clock.now()
        query = (
            select(Delivery)
            .where(col(Delivery.state) == DeliveryState.QUEUED, col(Delivery.next_attempt_at) <= now)
            .order_by(col(Delivery.priority), col(Delivery.next_attempt_at), col(Delivery.id))
            .limit(limit)
        )
        async with self._database.read() as session:
            if (await session.execute(query.limit(1))).first() is None:
                return ()
        claims = []
        async with self._database.write(quietly=True) as session:
            locked = query.with_for_update(skip_locked=True)
            deliveries = (await session.execute(locked)).scalars().all()
            for delivery in deliveries:
                claim = await self._claimed(session, delivery, now)
                if claim is not None:
                    claims.append(claim)
            await session.commit()
        return tuple(claims) if claims or not deliveries else await self.claim(limit)

    async def _claimed(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Claim | None:
        """Claim one of them. Whatever is wrong with it holds up nobody else: it is set aside, and reported."""
        try:
            async with session.begin_nested():
                return await self._claim(session, delivery, now)
        except Exception:
            log.exception("delivery.unspeakable", delivery=delivery.id)
        await session.refresh(delivery)
        notices = await queued(session, delivery)
        for notice in notices:
            await unsent(session, notice, "failed", UNSPEAKABLE, now)
        await settle(session, delivery, notices, Decision(Verdict.FAILED, reason=UNSPEAKABLE), now)
        return None

    async def _claim(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Claim | None:
        notices = await queued(session, delivery)
        at = await _not_in_quiet_hours(session, notices, now) if notices else now
        if at > now:
            delivery.next_attempt_at = at  # tried before and not sent: night has fallen meanwhile
            return None
        recipient = await _recipient(session, delivery)
        contents = await _contents(session, notices, recipient.roles, now)
        if not contents:
            delivery.state, delivery.settled_at = DeliveryState.CANCELLED, now
            delivery.reason = "nothing left to say"
            return None
        if recipient.chat_id is None:
            left = [notice for notice in notices if notice.state is NoticeState.QUEUED]
            for notice in left:
                await unsent(session, notice, "unreachable", recipient.unreachable, now)
            await settle(session, delivery, left, Decision(Verdict.FAILED, reason=recipient.unreachable), now)
            return None
        delivery.state = DeliveryState.LEASED
        delivery.attempts += 1
        delivery.lease_until = now + LEASE
        return Claim(
            delivery_id=delivery.id or 0,
            attempt=delivery.attempts,
            chat_id=recipient.chat_id,
            to_group=delivery.person_id is None,
            language=recipient.language,
            several=len(recipient.roles) > 1,
            contents=contents,
        )

    async def settle(self, claim: Claim, outcome: Outcome) -> None:
        """Record what became of an attempt. A process that was taken for dead meanwhile records nothing."""
        if isinstance(outcome, Unreachable):
            if claim.to_group:
                await self._groups.unlink(claim.chat_id)
            else:
                await self._reachability.lost(claim.chat_id, outcome.reason)
        if isinstance(outcome, Migrated):
            await self._groups.migrate(claim.chat_id, outcome.chat_id)
        async with self._database.write(quietly=True) as session:
            await decide(session, claim.delivery_id, claim.attempt, outcome, self._clock.now())
            await session.commit()

    async def reclaim(self) -> None:
        """Decide on the deliveries of a process that died: they may have been sent."""
        now = self._clock.now()
        query = select(Delivery).where(col(Delivery.state) == DeliveryState.LEASED, col(Delivery.lease_until) <= now)
        async with self._database.read() as session:
            if (await session.execute(query.limit(1))).first() is None:
                return
        async with self._database.write(quietly=True) as session:
            for delivery in (await session.execute(query)).scalars().all():
                await decide(session, delivery.id or 0, delivery.attempts, Uncertain("interrupted"), now)
            await session.commit()


_ALONE = select(col(Notice.delivery_id)).where(
    col(Notice.announcement_id).is_not(None), col(Notice.delivery_id).is_not(None)
)
_WAITING = (
    select(Delivery)
    .where(
        col(Delivery.state) == DeliveryState.QUEUED,
        col(Delivery.attempts) == 0,
        col(Delivery.id).not_in(_ALONE),
    )
    .order_by(col(Delivery.id))
)


async def _waiting(session: AsyncSession) -> dict[tuple[int | None, int | None], list[Delivery]]:
    """Return, by recipient, the messages that were not tried yet: what is due before they go joins them."""
    found: dict[tuple[int | None, int | None], list[Delivery]] = {}
    for delivery in (await session.execute(_WAITING)).scalars():
        found.setdefault((delivery.person_id, delivery.group_of), []).append(delivery)
    return found


async def _not_in_quiet_hours(session: AsyncSession, notices: Sequence[Notice], now: datetime) -> datetime:
    """Return when to send: what comes late, after an outage, waits for the morning unless it would be too late then."""
    if any(notice.kind.breaks_silence for notice in notices):
        return now
    commission = await session.get_one(Commission, notices[0].commission_id)
    rules = Rules.model_validate(commission.rules)
    morning = after_quiet(now, rules.quiet_hours, rules.zone)
    too_late = any(notice.useful_until is not None and notice.useful_until <= morning for notice in notices)
    return now if too_late else morning


async def _contents(
    session: AsyncSession, notices: Sequence[Notice], roles: Mapping[int, Role], now: datetime
) -> tuple[Content, ...]:
    contents = []
    for notice in notices:
        if notice.useful_until is not None and notice.useful_until <= now:
            notice.state, notice.reason = NoticeState.EXPIRED, "late"
            await unsent(session, notice, "expired", "late", now)
            continue
        content = await content_of(session, notice, roles.get(notice.commission_id), now)
        if content is None:
            notice.state, notice.reason = NoticeState.CANCELLED, "nothing left to say"
            await unsent(session, notice, "cancelled", notice.reason, now)
        else:
            contents.append(content)
    return tuple(contents)


async def _recipient(session: AsyncSession, delivery: Delivery) -> _Recipient:
    if delivery.person_id is None:
        commission = await session.get_one(Commission, delivery.group_of)
        language = Person.model_fields["language"].default
        return _Recipient(commission.group_chat_id, language, {}, Unreachability.KICKED)
    rows = (await session.execute(_RECIPIENT, {"person_id": delivery.person_id})).all()
    person: Person = rows[0].Person
    roles = {row.commission_id: row.role for row in rows if row.commission_id is not None}
    chat_id = None if person.unreachable_since else person.telegram_id
    return _Recipient(chat_id, person.language, roles, person.unreachable_reason or Unreachability.BLOCKED)
