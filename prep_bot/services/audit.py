"""The log of acts (bitácora)."""

import json
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.domain.chain import ORIGIN, Entry

_LAST = (
    select(col(Commission.key), col(AuditEvent.sequence), col(AuditEvent.hash))
    .outerjoin(AuditEvent, col(AuditEvent.commission_id) == Commission.id)
    .where(col(Commission.id) == bindparam("commission_id"))
    .order_by(col(AuditEvent.sequence).desc())
    .limit(1)
)
"""Where the chain of a commission ends."""


async def record(
    session: AsyncSession,
    *,
    commission_id: int,
    at: datetime,
    actor_id: int | None,
    act: str,
    subject: str,
    **details: Any,
) -> Entry:
    """Add an act to the log, in the caller's transaction: an act without its entry cannot be committed.

    `actor_id` is a person's id; None is the operator or the bot itself. `act` is a verb such as
    `progress.recorded`; `subject` names what it was done to, such as `activity:12`. Writers take turns, so the entry
    before this one is the one that it finds. Return the entry.
    """
    last = (await session.execute(_LAST, {"commission_id": commission_id})).one()
    entry = Entry(
        sequence=(last.sequence or 0) + 1,
        commission=last.key,
        at=at,
        actor=actor_id,
        act=act,
        subject=subject,
        # As the database will give it back: what is hashed is what can be read.
        details=json.loads(json.dumps(details)),
        previous=last.hash or ORIGIN,
    )
    session.add(
        AuditEvent(
            commission_id=commission_id,
            sequence=entry.sequence,
            at=at,
            actor_id=actor_id,
            act=act,
            subject=subject,
            details=entry.details,
            previous=entry.previous,
            hash=entry.hash,
        )
    )
    return entry


async def head(session: AsyncSession, commission_id: int) -> tuple[int, str]:
    """Return the sequence number and the hash of the commission's last entry: 0 and ORIGIN when there is none."""
    query = (
        select(col(AuditEvent.sequence), col(AuditEvent.hash))
        .where(col(AuditEvent.commission_id) == commission_id)
        .order_by(col(AuditEvent.sequence).desc())
        .limit(1)
    )
    last = (await session.execute(query)).first()
    return (last.sequence, last.hash) if last else (0, ORIGIN)


async def entries(
    session: AsyncSession, commission_id: int, *, subjects: Collection[str] | None = None, batch: int = 500
) -> AsyncIterator[tuple[Entry, str]]:
    """Yield the commission's log in its order, each entry with the hash that stands beside it.

    Of given `subjects`, only what was done to them. `batch` entries are read at a time.
    """
    commission = await session.get_one(Commission, commission_id)
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.commission_id) == commission_id)
        .order_by(col(AuditEvent.sequence))
        .execution_options(yield_per=batch)
    )
    if subjects is not None:
        query = query.where(col(AuditEvent.subject).in_(subjects))
    async for event in await session.stream_scalars(query):
        yield (
            Entry(
                sequence=event.sequence,
                commission=commission.key,
                at=event.at,
                actor=event.actor_id,
                act=event.act,
                subject=event.subject,
                details=event.details,
                previous=event.previous,
            ),
            event.hash,
        )
