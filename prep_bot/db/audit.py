"""The log of acts: who did what to what, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import json_column


class AuditEvent(SQLModel, table=True):
    """One act (entrada de bitácora). Holds keys and ids, never contact data, which can be deleted."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("commission_id", "sequence"),)

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id")
    sequence: int
    """Its place in the commission's chain, from 1."""
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    """Nobody: the operator, or the bot itself."""
    act: str
    subject: str = Field(index=True)
    details: dict[str, Any] = Field(sa_column=json_column())
    previous: str
    """The hash of the entry before, in the same commission."""
    hash: str
    """Of this entry, with `previous` in it."""
