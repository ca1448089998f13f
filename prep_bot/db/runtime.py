"""What the running program notes about itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class ClockStamp(SQLModel, table=True):
    """The rehearsal clock of this database; none in a real one."""

    __tablename__ = "clock_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    start: datetime
    origin: datetime
    rate: float


class Heartbeat(SQLModel, table=True):
    """When a part of the running program last showed life, by the machine's clock."""

    part: str = Field(primary_key=True)
    at: datetime
