"""Whether the log (bitácora) is as it was written: its chain recomputed, entry by entry."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.domain.chain import Entry, first_broken
from prep_bot.domain.particulars import digest
from prep_bot.services.audit import entries, head


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written."""

    sequence: int
    found: str
    """What stands in its place: an act and its subject; empty when the entry is missing."""


@dataclass(frozen=True)
class ChainReport:
    """How a commission's chain stands."""

    commission: str
    """The commission's key."""
    sequence: int
    """Of the last entry; 0 when there is none."""
    hash: str
    broken: Broken | None


class Ledger:
    """Reads the log to check it, and never writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> tuple[ChainReport, ...]:
        """Recompute every commission's chain."""
        query = select(Commission).order_by(col(Commission.id))
        async with self._database.read() as session:
            commissions = (await session.execute(query)).scalars().all()
            return tuple([await _report(session, commission) for commission in commissions])

    async def hashes(self, commission: str) -> dict[int, str] | None:
        """Return the hash of each entry of the commission with that key by its number; None: there is no such one."""
        query = (
            select(col(AuditEvent.sequence), col(AuditEvent.hash))
            .select_from(Commission)
            .outerjoin(AuditEvent, col(AuditEvent.commission_id) == Commission.id)
            .where(col(Commission.key) == commission)
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return {row.sequence: row.hash for row in rows if row.sequence is not None} if rows else None


async def _report(session: AsyncSession, commission: Commission) -> ChainReport:
    commission_id = commission.id or 0
    sequence, last = await head(session, commission_id)
    try:
        found = first_broken([row async for row in entries(session, commission_id)])
    except (TypeError, ValueError):  # something that is no entry at all was written over one
        found = await _first_unreadable(session, commission_id)
    broken = None
    if found is not None:
        query = select(col(AuditEvent.act), col(AuditEvent.subject)).where(
            col(AuditEvent.commission_id) == commission_id, col(AuditEvent.sequence) == found
        )
        row = (await session.execute(query)).first()
        broken = Broken(found, f"{row.act}, {row.subject}" if row else "")
    return ChainReport(commission.key, sequence, last, broken or await _rewritten(session, commission_id))


async def _rewritten(session: AsyncSession, commission_id: int) -> Broken | None:
    """Return the first act of convening whose convocation no longer says to what it convened then."""
    query = (
        select(col(Convocation.id), col(Convocation.particulars))
        .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
        .where(col(Meeting.commission_id) == commission_id)
    )
    kept = {row.id: row.particulars for row in (await session.execute(query)).all()}
    async for entry, _ in entries(session, commission_id):
        convocation = entry.details.get("convocation")
        told = entry.details.get("particulars")
        if told is not None and told != digest(kept.get(convocation) or {}):
            return Broken(entry.sequence, f"{entry.act}, {entry.subject}: the particulars of convocation {convocation}")
    return None


async def _first_unreadable(session: AsyncSession, commission_id: int) -> int:
    """Return the first entry that is broken, where one of them cannot even be read."""
    read: list[tuple[Entry, str]] = []
    try:
        async for entry, written in entries(session, commission_id, batch=1):
            _ = entry.hash
            read.append((entry, written))
    except (TypeError, ValueError):
        pass
    return first_broken(read) or len(read) + 1
