"""Petitions of an extraordinary session, and who signed them."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Petition(SQLModel, table=True):
    """A request of voting members for an extraordinary session (solicitud de sesión extraordinaria)."""

    __table_args__ = (CheckConstraint("reached_at IS NULL OR withdrawn_at IS NULL", name="reached_or_withdrawn"),)

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id", index=True)
    topic: str
    reason: str
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    lapses_at: datetime
    needed: int
    """Signatures that made the majority; until it is reached, as many as when it was made."""
    reached_at: datetime | None = None
    withdrawn_at: datetime | None = None
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """The session that was made of it."""


class PetitionSignature(SQLModel, table=True):
    """One voting member's signature."""

    __tablename__ = "petition_signature"

    petition_id: int = Field(foreign_key="petition.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    signed_at: datetime
