"""A conversation in course: in the database, so that a restart does not forget what was being asked."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from prep_bot.db.columns import json_column


class Dialogue(SQLModel, table=True):
    """What the bot is waiting for a person to write; at most one a person."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    topic: str
    data: dict[str, Any] = Field(sa_column=json_column())
    expires_at: datetime
