"""Who is speaking: a Telegram account, the person behind it and that person's seats."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.person import Membership, Person
from prep_bot.domain.role import Permission, Role, may
from prep_bot.domain.rules import Rules


@dataclass(frozen=True)
class Seat:
    """A person's current part in one commission."""

    membership_id: int
    person_id: int
    commission_id: int
    commission: str
    """The commission's short name."""
    role: Role
    rules: Rules

    def may(self, permission: Permission) -> bool:
        """Tell whether this seat holds `permission` under its commission's own rules."""
        return may(self.role, permission, presidency_convenes=self.rules.presidency_convenes)


@dataclass(frozen=True)
class Actor:
    """An enrolled person who speaks to the bot. Without seats: a former member, who keeps only their own data."""

    person_id: int
    name: str
    language: str
    unreachable: bool
    seats: tuple[Seat, ...]

    def seats_with(self, permission: Permission) -> tuple[Seat, ...]:
        """Return the seats that hold `permission`, in the order of their commissions."""
        return tuple(seat for seat in self.seats if seat.may(permission))

    def seat(self, commission_id: int, permission: Permission) -> Seat | None:
        """Return the seat in that commission if it holds `permission`."""
        return next((s for s in self.seats_with(permission) if s.commission_id == commission_id), None)


# Asked at every message and every tap, so built once (docs/decisions/0020).
_WHO = (
    select(
        col(Person.id).label("person_id"),
        col(Person.name),
        col(Person.language),
        col(Person.unreachable_since),
        col(Membership.id).label("membership_id"),
        col(Membership.role),
        col(Commission.id).label("commission_id"),
        col(Commission.short_name),
        col(Commission.rules),
    )
    .outerjoin(Membership, and_(col(Membership.person_id) == Person.id, col(Membership.ends_on).is_(None)))
    .outerjoin(Commission, col(Commission.id) == Membership.commission_id)
    .where(col(Person.telegram_id) == bindparam("telegram_id"))
    .order_by(col(Commission.id))
)


class Identity:
    """Finds who is behind a Telegram account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, telegram_id: int) -> Actor | None:
        """Return the enrolled person with that account, or None for a stranger."""
        async with self._database.read() as session:
            rows = (await session.execute(_WHO, {"telegram_id": telegram_id})).all()
        if not rows:
            return None
        person = rows[0]
        return Actor(
            person_id=person.person_id,
            name=person.name,
            language=person.language,
            unreachable=person.unreachable_since is not None,
            seats=tuple(_seat(row) for row in rows if row.membership_id is not None),
        )

    async def account(self, person_id: int) -> int | None:
        """Return the person's Telegram account, or None when they have none."""
        query = select(col(Person.telegram_id)).where(col(Person.id) == person_id)
        async with self._database.read() as session:
            return (await session.execute(query)).scalar_one_or_none()

    async def former(self) -> tuple[int, ...]:
        """Return the Telegram accounts of those who no longer have any seat."""
        seated = select(col(Membership.person_id)).where(col(Membership.ends_on).is_(None))
        query = (
            select(col(Person.telegram_id))
            .where(col(Person.telegram_id).is_not(None), col(Person.id).not_in(seated))
            .order_by(col(Person.id))
        )
        async with self._database.read() as session:
            return tuple(account for account in (await session.execute(query)).scalars() if account is not None)


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        membership_id=row.membership_id,
        person_id=row.person_id,
        commission_id=row.commission_id,
        commission=row.short_name,
        role=row.role,
        rules=Rules.model_validate(row.rules),
    )
