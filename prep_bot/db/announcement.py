"""Announcements: a text that the secretary broadcasts."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, one_of
from prep_bot.domain.announcement import Attachment


class Announcement(SQLModel, table=True):
    """One broadcast (aviso): its recipients are its notices."""

    __table_args__ = (
        one_of("attachment", Attachment),
        CheckConstraint("(file_id IS NULL) = (attachment IS NULL)", name="file_of_a_kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id", index=True)
    text: str
    file_id: str | None = None
    """Telegram's own id of a file that was sent to the bot: it need not be stored here."""
    attachment: Attachment | None = Field(default=None, sa_column=enum_column(Attachment, nullable=True))
    made_at: datetime
    made_by: int = Field(foreign_key="person.id")
