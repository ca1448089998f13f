"""The sessions of a commission."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, json_column, month_column, one_of
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month


class Meeting(SQLModel, table=True):
    """One session (sesión): never called Session, which is the database's word."""

    __table_args__ = (
        UniqueConstraint("commission_id", "key"),
        one_of("kind", MeetingKind),
        one_of("state", MeetingState),
        one_of("modality", Modality),
        CheckConstraint(
            "state NOT IN ('scheduled', 'convened', 'in_session', 'no_quorum') OR starts_at IS NOT NULL",
            name="dated_before_convened",
        ),
        CheckConstraint("state NOT IN ('unscheduled', 'deferred') OR starts_at IS NULL", name="undated_has_no_date"),
        CheckConstraint("state <> 'held' OR held_on IS NOT NULL", name="held_on_a_day"),
        CheckConstraint("(kind = 'urgent') = (urgency <> '')", name="urgent_for_a_reason"),
        CheckConstraint("state <> 'in_session' OR quorum_at IS NOT NULL", name="in_session_with_quorum"),
        # An id is never used again: what was said of a session that is gone must not seem said of another.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id")
    key: str
    number: int
    kind: MeetingKind = Field(sa_column=enum_column(MeetingKind))
    name: str
    urgency: str = ""
    """Why it is urgent, as the secretary gave it; of any other kind, nothing."""
    month: Month = Field(sa_column=month_column())
    state: MeetingState = Field(sa_column=enum_column(MeetingState))
    since: datetime
    """When it came to this state and date."""
    starts_at: datetime | None = Field(default=None, index=True)
    call: int = 1
    """Which convening of it this is: the second one after a first that had no quorum."""
    quorum_at: datetime | None = None
    """When its quorum was declared."""
    held_on: date | None = None
    """The day on which it took place: the plan may give the day of a past session without its hour."""
    modality: Modality | None = Field(default=None, sa_column=enum_column(Modality, nullable=True))
    place: str = ""
    link: str = ""
    topics: list[str] = Field(sa_column=json_column())
    note: str = ""
    added: bool = False
    """Not the plan's: the secretary added it, so no plan file can take it away."""
    archived_at: datetime | None = None
