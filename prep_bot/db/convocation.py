"""Convocations: who was convened to what, by whom and when, and who acknowledged it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Convocation(SQLModel, table=True):
    """One convening of a session; one that moves is convened anew, as the next version."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        Index(
            "ix_convocation_in_force",
            "meeting_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    version: int
    starts_at: datetime
    """For when it convenes."""
    made_at: datetime
    made_by: int = Field(foreign_key="person.id")
    sends_at: datetime
    """The chosen sending instant: convened means from here on."""
    reason: str = ""
    """Why the session was changed; of the first version, nothing."""
    ended_at: datetime | None = None
    """When it ceased to be in force: moved, called off or held."""


class Addressee(SQLModel, table=True):
    """A person who is convened, and what is known of their notification."""

    __table_args__ = (
        CheckConstraint("(told_at IS NULL) = (told_means IS NULL)", name="told_by_some_means"),
        CheckConstraint("(told_at IS NULL) = (told_recorded_by IS NULL)", name="told_recorded_by_somebody"),
    )

    convocation_id: int = Field(foreign_key="convocation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    acknowledged_at: datetime | None = None
    told_at: datetime | None = None
    """When they were notified by other means, as the secretary recorded."""
    told_means: str | None = None
    told_recorded_by: int | None = Field(default=None, foreign_key="person.id")


class Board(SQLModel, table=True):
    """The message in a secretary's chat that shows who has acknowledged, and is kept up to date in place."""

    convocation_id: int = Field(foreign_key="convocation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    stale: bool = False
    """Something changed since it was last drawn."""
