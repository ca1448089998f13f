"""A commission and its rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import json_column


class Commission(SQLModel, table=True):
    """One commission of an institution, for one electoral process."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    short_name: str
    institution: str
    details: dict[str, Any] = Field(sa_column=json_column())
    """What its plan says of it: objective, legal basis, lead-ins; shown, never computed with."""
    rules: dict[str, Any] = Field(sa_column=json_column())
    activated_at: datetime
    """The first successful import: nothing due before it is ever announced."""
    derived_until: datetime
    """Up to when what is due has been looked for: nothing before it is ever looked for again."""
    group_chat_id: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True))
    group_title: str | None = None
    group_linked_at: datetime | None = None
