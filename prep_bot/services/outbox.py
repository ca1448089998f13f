"""The outbox: what is to be told goes out once, whatever happens in between.

Each step is a transaction of its own, and none is open while Telegram is called: notices that are due are bundled into
deliveries, a delivery is claimed with a lease, it is sent, and the outcome is recorded. A lease that ran out is that of
a process which died on the way: the message may have been sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Person
from prep_bot.domain.delivery import Accepted, Decision, Outcome, RetryPolicy, Uncertain, Unreachable, Verdict
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.services.reachability import Reachability

LEASE = timedelta(minutes=2)
"""How long a process may take to send one message before it is taken for dead."""

_SETTLED = {
    Verdict.SENT: (DeliveryState.SENT, NoticeState.SENT),
    Verdict.FAILED: (DeliveryState.FAILED, NoticeState.FAILED),
    Verdict.UNCERTAIN: (DeliveryState.UNCERTAIN, NoticeState.UNCERTAIN),
    Verdict.EXPIRED: (DeliveryState.EXPIRED, NoticeState.EXPIRED),
}


@dataclass(frozen=True)
class NoticeContent:
    """What a notice tells."""

    cause: str
    kind: NoticeKind
    commission: str
    about: str
    """The name of the person whom it concerns; may be empty."""


@dataclass(frozen=True)
class Claim:
    """A delivery that this process is to send now."""

    delivery_id: int
    attempt: int
    telegram_id: int
    language: str
    notices: tuple[NoticeContent, ...]


class Outbox:
    """Bundles, claims and settles deliveries."""

    def __init__(self, database: Database, clock: Clock, reachability: Reachability) -> None:
        self._database = database
        self._clock = clock
        self._reachability = reachability
        self._policy = RetryPolicy()

    async def next_due(self) -> datetime | None:
        """Return the next instant at which something is to be done, past ones included; None when nothing waits."""
        notices = select(func.min(col(Notice.due_at))).where(
            col(Notice.state) == NoticeState.QUEUED, col(Notice.delivery_id).is_(None)
        )
        attempts = select(func.min(col(Delivery.next_attempt_at))).where(col(Delivery.state) == DeliveryState.QUEUED)
        leases = select(func.min(col(Delivery.lease_until))).where(col(Delivery.state) == DeliveryState.LEASED)
        async with self._database.read() as session:
            found = [(await session.execute(query)).scalar_one_or_none() for query in (notices, attempts, leases)]
        return min((instant for instant in found if instant is not None), default=None)

    async def bundle(self) -> None:
        """Make one delivery of all the notices that are due to one person."""
        now = self._clock.now()
        query = (
            select(Notice)
            .where(
                col(Notice.state) == NoticeState.QUEUED, col(Notice.delivery_id).is_(None), col(Notice.due_at) <= now
            )
            .order_by(col(Notice.id))
        )
        async with self._database.write() as session:
            bundles: dict[tuple[int, int | None], Delivery] = {}
            for notice in (await session.execute(query)).scalars():
                delivery = bundles.get((notice.commission_id, notice.person_id))
                if delivery is None:
                    delivery = Delivery(
                        person_id=notice.person_id,
                        commission_id=notice.commission_id,
                        state=DeliveryState.QUEUED,
                        next_attempt_at=now,
                    )
                    session.add(delivery)
                    await session.flush()
                    bundles[notice.commission_id, notice.person_id] = delivery
                notice.delivery_id = delivery.id
            if bundles:
                await session.commit()

    async def claim(self, limit: int) -> tuple[Claim, ...]:
        """Take up to `limit` deliveries to send now; nobody else will, until their leases end.

        Those whose person can no longer be reached are settled instead.
        """
        now = self._clock.now()
        query = (
            select(Delivery, Person)
            .join(Person, col(Person.id) == Delivery.person_id)
            .where(col(Delivery.state) == DeliveryState.QUEUED, col(Delivery.next_attempt_at) <= now)
            .order_by(col(Delivery.id))
            .limit(limit)
        )
        claims = []
        async with self._database.write() as session:
            for delivery, person in (await session.execute(query)).all():
                if person.telegram_id is None or person.unreachable_since is not None:
                    await _settle(session, delivery, Decision(Verdict.FAILED, reason="unreachable"), now)
                    continue
                delivery.state = DeliveryState.LEASED
                delivery.attempts += 1
                delivery.lease_until = now + LEASE
                contents = await _contents(session, delivery)
                claims.append(Claim(delivery.id or 0, delivery.attempts, person.telegram_id, person.language, contents))
            await session.commit()
        return tuple(claims)

    async def settle(self, claim: Claim, outcome: Outcome) -> None:
        """Record what became of an attempt. A process that was taken for dead meanwhile records nothing."""
        if isinstance(outcome, Unreachable):
            await self._reachability.lost(claim.telegram_id, outcome.reason)
        async with self._database.write() as session:
            await self._decide(session, claim.delivery_id, claim.attempt, outcome)
            await session.commit()

    async def reclaim(self) -> None:
        """Decide on the deliveries of a process that died: they may have been sent."""
        now = self._clock.now()
        query = select(Delivery).where(col(Delivery.state) == DeliveryState.LEASED, col(Delivery.lease_until) <= now)
        async with self._database.write() as session:
            stranded = (await session.execute(query)).scalars().all()
            for delivery in stranded:
                await self._decide(session, delivery.id or 0, delivery.attempts, Uncertain("interrupted"))
            if stranded:
                await session.commit()

    async def _decide(self, session: AsyncSession, delivery_id: int, attempt: int, outcome: Outcome) -> None:
        delivery = await session.get_one(Delivery, delivery_id)
        if delivery.state is not DeliveryState.LEASED or delivery.attempts != attempt:
            return
        now = self._clock.now()
        delivery.uncertain += isinstance(outcome, Uncertain)
        decision = self._policy.decide(
            outcome,
            attempt,
            uncertain=delivery.uncertain,
            resend_when_uncertain=True,
            now=now,
            useful_until=None,
        )
        if isinstance(outcome, Accepted):
            delivery.message_id = outcome.message_id
        await _settle(session, delivery, decision, now)


async def _settle(session: AsyncSession, delivery: Delivery, decision: Decision, now: datetime) -> None:
    delivery.lease_until = None
    delivery.reason = decision.reason
    if decision.verdict is Verdict.RETRY:
        delivery.state = DeliveryState.QUEUED
        delivery.next_attempt_at = decision.at or now
        return
    delivery.state, settled = _SETTLED[decision.verdict]
    delivery.settled_at = now
    await rows_changed(
        session,
        update(Notice).where(col(Notice.delivery_id) == delivery.id).values(state=settled, reason=decision.reason),
    )


async def _contents(session: AsyncSession, delivery: Delivery) -> tuple[NoticeContent, ...]:
    query = (
        select(Notice, col(Commission.short_name))
        .join(Commission, col(Commission.id) == Notice.commission_id)
        .where(col(Notice.delivery_id) == delivery.id)
        .order_by(col(Notice.id))
    )
    contents = []
    for notice, commission in (await session.execute(query)).all():
        contents.append(NoticeContent(notice.cause, notice.kind, commission, await _about(session, notice.data)))
    return tuple(contents)


async def _about(session: AsyncSession, data: dict[str, Any]) -> str:
    person = await session.get(Person, data.get("person_id"))
    return person.name if person else ""
