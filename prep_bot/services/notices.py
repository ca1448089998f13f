"""Putting a notice into the outbox: one cause, one recipient, never twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.outbox import Notice
from prep_bot.db.person import Membership, Person
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role


async def insert_notices(session: AsyncSession, notices: Sequence[dict[str, Any]]) -> None:
    """Insert those whose cause is not known yet, in the caller's transaction."""
    if not notices:
        return
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: Insert = insert(Notice).on_conflict_do_nothing(index_elements=["cause"])
    await session.execute(statement, list(notices))


async def tell_secretaries(session: AsyncSession, kind: NoticeKind, about: Person, now: datetime) -> None:
    """Queue a notice about a person to each enrolled secretary of each commission in which that person is."""
    theirs = select(col(Membership.commission_id)).where(
        col(Membership.person_id) == about.id, col(Membership.ends_on).is_(None)
    )
    query = (
        select(col(Membership.commission_id), col(Membership.person_id))
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(Membership.commission_id).in_(theirs),
            col(Membership.role) == Role.TECHNICAL_SECRETARY,
            col(Membership.ends_on).is_(None),
            col(Membership.person_id) != about.id,
            col(Person.telegram_id).is_not(None),
        )
    )
    rows = (await session.execute(query)).all()
    await insert_notices(
        session,
        [
            {
                "cause": f"{kind}:{about.id}:{now.isoformat()}:{row.commission_id}:{row.person_id}",
                "kind": kind,
                "commission_id": row.commission_id,
                "person_id": row.person_id,
                "due_at": now,
                "state": NoticeState.QUEUED,
                "data": {"person_id": about.id},
                "reason": "",
            }
            for row in rows
        ],
    )
