"""What the bot has to tell, to whom, and what became of each message."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, json_column, one_of
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState


class Delivery(SQLModel, table=True):
    """One message to one chat: a person's, or a commission's linked group.

    The chat's id is looked up when it is sent, never kept here: contact data can be deleted.
    """

    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint("(person_id IS NULL) <> (group_of IS NULL)", name="to_a_person_or_a_group"),
        CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="leased_until"),
        CheckConstraint("state <> 'sent' OR message_id IS NOT NULL", name="sent_as_message"),
        Index("ix_delivery_waiting", "state", "priority", "next_attempt_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    group_of: int | None = Field(default=None, foreign_key="commission.id")
    """The commission to whose linked group it goes, when it goes to no person."""
    priority: int
    state: DeliveryState = Field(sa_column=enum_column(DeliveryState))
    attempts: int = 0
    uncertain: int = 0
    """How many of the attempts may have been delivered."""
    next_attempt_at: datetime
    lease_until: datetime | None = None
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    settled_at: datetime | None = None
    reason: str = ""


class Notice(SQLModel, table=True):
    """One cause, one recipient (notificación)."""

    __table_args__ = (one_of("state", NoticeState), one_of("kind", NoticeKind))

    id: int | None = Field(default=None, primary_key=True)
    cause: str = Field(unique=True)
    """Names the cause and the recipient: asking twice what is due inserts nothing twice."""
    kind: NoticeKind = Field(sa_column=enum_column(NoticeKind))
    commission_id: int = Field(foreign_key="commission.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Nobody: the commission's linked group."""
    due_at: datetime
    useful_until: datetime | None = None
    """From then on it helps nobody; there is no such moment for some."""
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    convocation_id: int | None = Field(default=None, foreign_key="convocation.id")
    announcement_id: int | None = Field(default=None, foreign_key="announcement.id")
    state: NoticeState = Field(sa_column=enum_column(NoticeState))
    data: dict[str, Any] = Field(sa_column=json_column())
    """What else its message needs: ids and dates."""
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    reason: str = ""
