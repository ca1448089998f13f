"""The agenda of a session as it stands, and its annexes with all their versions."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, one_of
from prep_bot.domain.agenda import StandardPoint


class AgendaItem(SQLModel, table=True):
    """A point of the agenda (punto del orden del día)."""

    __tablename__ = "agenda_item"
    __table_args__ = (one_of("standard", StandardPoint),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    position: int
    """Its order among the session's points."""
    text: str
    standard: StandardPoint | None = Field(default=None, sa_column=enum_column(StandardPoint, nullable=True))
    """Which of the usual points it is, whatever its words; it keeps its place among them."""
    unfinished: bool = False
    """The session ended without dealing with it: the next one is offered it."""
    carried_from: int | None = Field(default=None, foreign_key="agenda_item.id")
    """The unfinished point of an earlier session that it takes up."""
    removed_at: datetime | None = None


class Annex(SQLModel, table=True):
    """One version of an annex (anexo): the newest that is not withdrawn is in force."""

    __table_args__ = (UniqueConstraint("meeting_id", "series", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    """The point to which it belongs; none: to the session."""
    series: int
    """The annex itself, numbered within the session; its versions replace one another."""
    version: int
    name: str
    sha256: str = Field(foreign_key="stored_file.sha256")
    added_at: datetime
    added_by: int = Field(foreign_key="person.id")
    withdrawn_at: datetime | None = None
