"""Convocations: who was convened to what, by whom and when, and who acknowledged it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, json_column, one_of
from prep_bot.domain.answer import Answer


class Convocation(SQLModel, table=True):
    """One convening of a session; when it changes, that is the next version: a correction, or a new convocation."""

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
    call: int = 1
    """The session's `call`: 2 is a second convocation, for want of quorum."""
    correction: bool = False
    """It only corrects the version before: acknowledgements and the term of that one stand."""
    starts_at: datetime
    """For when it convenes."""
    made_at: datetime
    made_by: int = Field(foreign_key="person.id")
    sends_at: datetime
    """The chosen sending instant."""
    counts_from: datetime
    """Convened means from here on: its own sending instant; of a correction, that of what it corrects,
    unless it brings the session forward."""
    particulars: dict[str, Any] = Field(sa_column=json_column())
    """To what exactly it convenes, as it was then: `prep_bot.domain.particulars`."""
    letter: dict[str, Any] = Field(sa_column=json_column())
    """Whose it is and whom it names, as they were then: `prep_bot.domain.letter`."""
    term: dict[str, Any] = Field(sa_column=json_column())
    """How it stood with the notice term: `prep_bot.domain.term`."""
    term_reason: str = ""
    """Why it convenes with less notice than the term, or urgently; as the secretary gave it."""
    signed: str | None = Field(default=None, foreign_key="stored_file.sha256")
    """The signed document that the secretary uploaded."""
    reason: str = ""
    """Why the session was changed; of the first version, nothing."""
    ended_at: datetime | None = None
    """When it ceased to be in force: moved, called off or held."""


class Addressee(SQLModel, table=True):
    """A person who is convened, and what is known of their notification."""

    __table_args__ = (
        CheckConstraint("(told_at IS NULL) = (told_means IS NULL)", name="told_by_some_means"),
        CheckConstraint("(told_at IS NULL) = (told_recorded_by IS NULL)", name="told_recorded_by_somebody"),
        one_of("answer", Answer),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_some_time"),
    )

    convocation_id: int = Field(foreign_key="convocation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    acknowledged_at: datetime | None = None
    told_at: datetime | None = None
    """When they were notified by other means, as the secretary recorded."""
    told_means: str | None = None
    told_recorded_by: int | None = Field(default=None, foreign_key="person.id")
    answer: Answer | None = Field(default=None, sa_column=enum_column(Answer, nullable=True))
    """Whether they will come: another thing than having acknowledged."""
    answered_at: datetime | None = None
    answer_reason: str = ""
    substitute: str = ""
    """Who comes instead, by name, where the role allows it."""


class Board(SQLModel, table=True):
    """The message in a secretary's chat that shows who has acknowledged, and is kept up to date in place."""

    convocation_id: int = Field(foreign_key="convocation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    stale: int = 0
    """How many times something changed since it was last drawn."""
