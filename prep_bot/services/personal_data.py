"""What is stored about a person, and the deletion of what may be deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.dialogue import Dialogue
from prep_bot.db.engine import Database
from prep_bot.db.person import Membership, Person
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Privacy, Rules
from prep_bot.services.audit import record


@dataclass(frozen=True)
class StoredRole:
    """A role that a person has or had."""

    commission: str
    role: Role
    position: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class StoredData:
    """All that the program keeps about a person."""

    name: str
    """With its title."""
    telegram_id: int
    language: str
    hour_reminder: bool
    monthly_summary: bool
    enrolled_at: datetime
    roles: tuple[StoredRole, ...]


@dataclass(frozen=True)
class PrivacyNotice:
    """An institution's privacy notice."""

    institution: str
    privacy: Privacy


class PersonalData:
    """Shows and deletes a person's data."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, person_id: int) -> StoredData:
        """Return what is stored about an enrolled person."""
        query = (
            select(
                col(Commission.short_name),
                col(Membership.role),
                col(Membership.position),
                col(Membership.starts_on),
                col(Membership.ends_on),
            )
            .join(Membership, col(Membership.commission_id) == col(Commission.id))
            .where(col(Membership.person_id) == person_id)
            .order_by(col(Membership.id))
        )
        async with self._database.read() as session:
            person = await session.get_one(Person, person_id)
            rows = (await session.execute(query)).all()
        if person.telegram_id is None or person.enrolled_at is None:
            raise LookupError("that person is not enrolled")
        roles = tuple(StoredRole(*row) for row in rows)
        return StoredData(
            name=f"{person.title} {person.name}".strip(),
            telegram_id=person.telegram_id,
            language=person.language,
            hour_reminder=person.hour_reminder,
            monthly_summary=person.monthly_summary,
            enrolled_at=person.enrolled_at,
            roles=roles,
        )

    async def notices(self, person_id: int) -> tuple[PrivacyNotice, ...]:
        """Return the privacy notice of each institution whose commissions have or had that person."""
        query = (
            select(col(Commission.institution), col(Commission.rules))
            .join(Membership, col(Membership.commission_id) == col(Commission.id))
            .where(col(Membership.person_id) == person_id)
            .order_by(col(Commission.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        notices = (PrivacyNotice(row.institution, Rules.model_validate(row.rules).privacy) for row in rows)
        return tuple(dict.fromkeys(notices))

    async def delete_contact(self, person_id: int) -> None:
        """Forget the Telegram account, what the person chose and what was being asked; name and roles in acts stay."""
        now = self._clock.now()
        async with self._database.write() as session:
            person = await session.get_one(Person, person_id)
            person.telegram_id = None
            person.enrolled_at = None
            person.unreachable_since = None
            person.unreachable_reason = None
            for chosen in ("language", "hour_reminder", "monthly_summary"):
                setattr(person, chosen, Person.model_fields[chosen].default)
            await session.execute(delete(Dialogue).where(col(Dialogue.person_id) == person_id))
            commissions = select(col(Membership.commission_id)).where(col(Membership.person_id) == person_id)
            for commission_id in set((await session.execute(commissions)).scalars()):
                await record(
                    session,
                    commission_id=commission_id,
                    at=now,
                    actor_id=person_id,
                    act="person.contact_deleted",
                    subject=f"person:{person_id}",
                )
            await session.commit()
