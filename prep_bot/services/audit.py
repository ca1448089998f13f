"""The log of acts (bitácora)."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from prep_bot.db.audit import AuditEvent


def record(
    session: AsyncSession,
    *,
    commission_id: int,
    at: datetime,
    actor_id: int | None,
    act: str,
    subject: str,
    **details: Any,
) -> None:
    """Add an act to the log, in the caller's transaction: an act without its entry cannot be committed.

    `actor_id` is a person's id; None is the operator or the bot itself. `act` is a verb such as
    `progress.recorded`; `subject` names what it was done to, such as `activity:12`.
    """
    session.add(
        AuditEvent(commission_id=commission_id, at=at, actor_id=actor_id, act=act, subject=subject, details=details)
    )
