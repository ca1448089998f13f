"""Who is who in a commission."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import case, select, update
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.person import Invitation, Membership, Person
from prep_bot.domain.month import local_day
from prep_bot.domain.role import Role
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat
from prep_bot.services.petitions import recount


class Reach(StrEnum):
    """Whether the bot can write to a person."""

    REACHABLE = "reachable"
    NOT_ENROLLED = "not_enrolled"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Member:
    """A person's seat, current or ended."""

    membership_id: int
    person_id: int
    name: str
    title: str
    role: Role
    position: str
    starts_on: date
    ends_on: date | None
    reach: Reach
    enrolled_at: datetime | None

    @property
    def full_name(self) -> str:
        """The name with its title, as the plan writes it."""
        return f"{self.title} {self.name}".strip()


class BadDateError(Exception):
    """A membership cannot end before it began, nor in the future."""


class EndedError(Exception):
    """The membership has already ended, or is not of this commission."""


class Members:
    """Lists the people of a commission and ends memberships."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, commission_id: int) -> tuple[Member, ...]:
        """Return the current members in the order of their roles."""
        return tuple(m for m in await self._read(commission_id) if m.ends_on is None)

    async def former(self, commission_id: int) -> tuple[Member, ...]:
        """Return the ended memberships, the last one first."""
        ended = [m for m in await self._read(commission_id) if m.ends_on is not None]
        return tuple(sorted(ended, key=lambda m: m.ends_on or m.starts_on, reverse=True))

    async def one(self, commission_id: int, membership_id: int) -> Member | None:
        """Return that current member, or None."""
        return next((m for m in await self.of(commission_id) if m.membership_id == membership_id), None)

    async def end(self, seat: Seat, membership_id: int, on: date) -> Member:
        """End a membership on a day (in the commission's zone, today at the latest); its history stays.

        One that is still to begin never does, whatever the day.

        Raises BadDateError, EndedError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            member = await self.one(seat.commission_id, membership_id)
            if member is None:
                raise EndedError
            today = local_day(now, seat.rules.zone)
            if member.starts_on > today:
                on = member.starts_on  # it has not begun: it ends as it would begin
            elif not member.starts_on <= on <= today:
                raise BadDateError
            ended = await rows_changed(
                session,
                update(Membership)
                .where(col(Membership.id) == membership_id, col(Membership.ends_on).is_(None))
                .values(ends_on=on),
            )
            if not ended:
                raise EndedError
            await session.execute(
                update(Invitation)
                .where(
                    col(Invitation.membership_id) == membership_id,
                    col(Invitation.used_at).is_(None),
                    col(Invitation.revoked_at).is_(None),
                )
                .values(revoked_at=now)
            )
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="membership.ended",
                subject=f"membership:{membership_id}",
                on=on.isoformat(),
            )
            await recount(session, seat.commission_id, now)
            await session.commit()
        return member

    async def _read(self, commission_id: int) -> list[Member]:
        order = case({role.value: place for place, role in enumerate(Role)}, value=col(Membership.role))
        query = (
            select(Membership, Person)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(col(Membership.commission_id) == commission_id)
            .order_by(order, col(Membership.id))
        )
        async with self._database.read() as session:
            return [_member(row.Membership, row.Person) for row in (await session.execute(query)).all()]


def _member(membership: Membership, person: Person) -> Member:
    if person.telegram_id is None:
        reach = Reach.NOT_ENROLLED
    else:
        reach = Reach.REACHABLE if person.unreachable_since is None else Reach.UNREACHABLE
    return Member(
        membership_id=membership.id or 0,
        person_id=membership.person_id,
        name=person.name,
        title=person.title,
        role=membership.role,
        position=membership.position,
        starts_on=membership.starts_on,
        ends_on=membership.ends_on,
        reach=reach,
        enrolled_at=person.enrolled_at,
    )
