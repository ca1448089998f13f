"""Whether the log (bitácora) is as it was written, and the tables say what it says: all recomputed, entry by entry."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.file import StoredFile
from prep_bot.domain.chain import Entry, first_broken
from prep_bot.services.audit import entries, head
from prep_bot.services.contradictions import first_contradiction


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written, or that a table contradicts."""

    sequence: int
    found: str
    """What stands in its place: an act and its subject; empty when the entry is missing."""
    contradicted: str = ""
    """What a table says otherwise than the entry, which itself is as it was written."""


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
        """Recompute every commission's chain, and compare with it what the tables say."""
        query = select(Commission).order_by(col(Commission.id))
        async with self._database.read() as session:
            commissions = (await session.execute(query)).scalars().all()
            return tuple([await _report(session, commission) for commission in commissions])

    async def altered_files(self) -> tuple[str, ...]:
        """Return the hashes under which something else is kept than what was stored: annexes, signed documents."""
        async with self._database.read() as session:
            rows = await session.stream(
                select(col(StoredFile.sha256), col(StoredFile.content)).execution_options(yield_per=1)
            )
            return tuple([row.sha256 async for row in rows if hashlib.sha256(row.content).hexdigest() != row.sha256])

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
    return ChainReport(commission.key, sequence, last, broken or await _contradicted(session, commission_id))


async def _contradicted(session: AsyncSession, commission_id: int) -> Broken | None:
    """Return the first act of which a table says otherwise."""
    log = [entry async for entry, _ in entries(session, commission_id)]
    found = await first_contradiction(session, commission_id, log)
    if found is None:
        return None
    return Broken(found.entry.sequence, f"{found.entry.act}, {found.entry.subject}", found.what)


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
