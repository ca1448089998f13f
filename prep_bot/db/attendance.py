"""Who was at which session: the roll call that the secretary takes."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, one_of
from prep_bot.domain.attendance import Attendance


class AttendanceRecord(SQLModel, table=True):
    """One person's attendance (asistencia) at one convening of a session."""

    __tablename__ = "attendance"
    __table_args__ = (
        one_of("attendance", Attendance),
        CheckConstraint("arrived_at IS NULL OR attendance IN ('present', 'remote')", name="arrived_who_attends"),
    )

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    call: int = Field(primary_key=True)
    """The session's `call`: who came to a first call without quorum stays on record."""
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    attendance: Attendance = Field(sa_column=enum_column(Attendance))
    arrived_at: datetime | None = None
    recorded_at: datetime
    recorded_by: int = Field(foreign_key="person.id")
