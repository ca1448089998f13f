"""What becomes of a delivery and of its notices: decided after each attempt, and noted where it must be proved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.outbox import Delivery, Notice
from prep_bot.domain.delivery import (
    Accepted,
    Decision,
    Migrated,
    NotDelivered,
    Outcome,
    Refused,
    RetryPolicy,
    Uncertain,
    Unreachable,
    Verdict,
)
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw

_POLICY = RetryPolicy()

_SETTLED = {
    Verdict.SENT: (DeliveryState.SENT, NoticeState.SENT),
    Verdict.FAILED: (DeliveryState.FAILED, NoticeState.FAILED),
    Verdict.UNCERTAIN: (DeliveryState.UNCERTAIN, NoticeState.UNCERTAIN),
    Verdict.EXPIRED: (DeliveryState.EXPIRED, NoticeState.EXPIRED),
}

_SHOWN_ON_BOARDS = {NoticeKind.CONVOCATION, NoticeKind.CHANGE}

_ON_RECORD = {NoticeKind.CONVOCATION, NoticeKind.CHANGE, NoticeKind.CALLED_OFF}
"""Each attempt to tell them, and what became of it, enters the log: a constancia is made of that."""

_OUTCOMES: dict[type[Outcome], str] = {
    Accepted: "accepted",
    NotDelivered: "not_delivered",
    Uncertain: "uncertain",
    Unreachable: "unreachable",
    Migrated: "migrated",
    Refused: "refused",
}

_QUEUED = (
    select(Notice)
    .where(col(Notice.delivery_id) == bindparam("delivery_id"), col(Notice.state) == NoticeState.QUEUED)
    .order_by(col(Notice.due_at), col(Notice.id))
)


async def decide(session: AsyncSession, delivery_id: int, attempt: int, outcome: Outcome, now: datetime) -> None:
    """Decide what becomes of a delivery after that attempt; nothing, when it was taken over meanwhile."""
    delivery = await session.get_one(Delivery, delivery_id, with_for_update=True)
    if delivery.state is not DeliveryState.LEASED or delivery.attempts != attempt:
        return
    notices = await queued(session, delivery)
    again = [notice for notice in notices if notice.kind.resent_when_uncertain]
    if isinstance(outcome, Uncertain):
        delivery.uncertain += 1
        if again:
            # What is not sent twice stays behind; the rest of the message goes out again.
            for notice in notices:
                if not notice.kind.resent_when_uncertain:
                    notice.state, notice.reason = NoticeState.UNCERTAIN, outcome.reason
            notices = again
    decision = _POLICY.decide(
        outcome,
        attempt,
        uncertain=delivery.uncertain,
        resend_when_uncertain=bool(again),
        now=now,
        useful_until=_useful_until(notices),
    )
    if isinstance(outcome, Accepted):
        delivery.message_id = outcome.message_id
    for notice in notices:
        if notice.kind in _ON_RECORD:
            attempted = {"attempt": attempt, "outcome": _OUTCOMES[type(outcome)], "then": decision.verdict.value}
            await _log(session, notice, "notice.attempted", now, **attempted, reason=getattr(outcome, "reason", ""))
    await settle(session, delivery, notices, decision, now)


async def queued(session: AsyncSession, delivery: Delivery) -> Sequence[Notice]:
    """Return the notices that the delivery still has to tell, in their order."""
    return (await session.execute(_QUEUED, {"delivery_id": delivery.id})).scalars().all()


async def settle(
    session: AsyncSession, delivery: Delivery, notices: Sequence[Notice], decision: Decision, now: datetime
) -> None:
    """Note what became of a delivery, and of the notices that it still carried."""
    delivery.lease_until = None
    delivery.reason = decision.reason
    if decision.verdict is Verdict.RETRY:
        delivery.state = DeliveryState.QUEUED
        delivery.next_attempt_at = decision.at or now
        return
    delivery.state, settled = _SETTLED[decision.verdict]
    delivery.settled_at = now
    for notice in notices:
        notice.state, notice.reason = settled, decision.reason
    convocations = {n.convocation_id for n in notices if n.convocation_id and n.kind in _SHOWN_ON_BOARDS}
    if convocations:
        await redraw(session, convocations)


async def unsent(session: AsyncSession, notice: Notice, outcome: str, reason: str, now: datetime) -> None:
    """Let the log tell, of what it is to tell, that it was given up before it was tried (again)."""
    if notice.kind in _ON_RECORD:
        await _log(session, notice, "notice.unsent", now, outcome=outcome, reason=reason)


async def _log(session: AsyncSession, notice: Notice, act: str, now: datetime, **details: Any) -> None:
    await record(
        session,
        commission_id=notice.commission_id,
        at=now,
        actor_id=None,
        act=act,
        subject=f"convocation:{notice.convocation_id}",
        notice=notice.id,
        kind=notice.kind.value,
        # Nobody: the linked group. Never under which account or chat: that can be deleted, the log cannot.
        person=notice.person_id,
        delivery=notice.delivery_id,
        **details,
    )


def _useful_until(notices: Sequence[Notice]) -> datetime | None:
    ends = [notice.useful_until for notice in notices]
    return None if None in ends else max((end for end in ends if end is not None), default=None)
