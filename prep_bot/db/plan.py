"""The activities of the plan, and what was recorded of each."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, month_column, one_of
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month


class Activity(SQLModel, table=True):
    """One activity of the plan. Its state is that of its last progress entry that was not undone."""

    __table_args__ = (UniqueConstraint("commission_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id")
    key: str
    number: int
    """The number shown; an archived activity keeps its last one."""
    month: Month = Field(sa_column=month_column())
    text: str
    deadline: date
    archived_at: datetime | None = None


class ProgressEntry(SQLModel, table=True):
    """What somebody recorded of an activity. Never changed: at most marked as undone."""

    __tablename__ = "progress_entry"
    __table_args__ = (
        one_of("state", ActivityState),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id", index=True)
    state: ActivityState = Field(sa_column=enum_column(ActivityState))
    note: str = ""
    recorded_at: datetime
    recorded_by: int = Field(foreign_key="person.id")
    undone_at: datetime | None = None
    undone_by: int | None = Field(default=None, foreign_key="person.id")
