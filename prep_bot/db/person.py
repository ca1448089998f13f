"""People, their part in each commission, and the invitations that enrol them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from prep_bot.db.columns import enum_column, one_of
from prep_bot.domain.role import Role


class Person(SQLModel, table=True):
    """A human being, in as many commissions as there are memberships."""

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)
    """The plan's key; people who were invited by name alone have none."""
    name: str
    title: str = ""
    telegram_id: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True))
    language: str = "es_MX"
    enrolled_at: datetime | None = None
    """When this person accepted the privacy notice, which is when the Telegram id was stored."""
    unreachable_since: datetime | None = None
    unreachable_reason: str | None = None
    hour_reminder: bool = True
    """Whether they want the last reminder before a session."""
    monthly_summary: bool = True


class Membership(SQLModel, table=True):
    """A person's role in a commission, with its dates: ended ones stay as history."""

    __table_args__ = (
        Index(
            "ix_membership_current",
            "commission_id",
            "person_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        one_of("role", Role),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    commission_id: int = Field(foreign_key="commission.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_column=enum_column(Role))
    position: str = ""
    from_plan: bool = False
    created_at: datetime
    """When the program learned of it, which may be long after it began."""
    starts_on: date
    ends_on: date | None = None


class MeetingGuest(SQLModel, table=True):
    """A session to which a guest was invited: the only ones that a guest sees."""

    __tablename__ = "meeting_guest"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    membership_id: int = Field(foreign_key="membership.id", primary_key=True)


class Invitation(SQLModel, table=True):
    """A single-use code that binds a Telegram account to a membership; only its hash is stored."""

    __table_args__ = (CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="used_or_revoked"),)

    id: int | None = Field(default=None, primary_key=True)
    membership_id: int = Field(foreign_key="membership.id", index=True)
    code_hash: str = Field(unique=True)
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="person.id")
    """Nobody: the operator, from the command line."""
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
