"""Who belongs to a commission now, as far as telling them something is concerned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.person import MeetingGuest, Membership, Person
from prep_bot.domain.role import Role

_MEMBERS = (
    select(Membership, Person)
    .join(Person, col(Person.id) == Membership.person_id)
    .where(col(Membership.commission_id) == bindparam("commission_id"), col(Membership.ends_on).is_(None))
    .order_by(col(Membership.id))
)
_GUESTS = (
    select(col(MeetingGuest.membership_id), col(MeetingGuest.meeting_id))
    .join(Membership, col(Membership.id) == MeetingGuest.membership_id)
    .where(col(Membership.commission_id) == bindparam("commission_id"))
)


@dataclass(frozen=True)
class Listed:
    """A current member."""

    person_id: int
    name: str
    role: Role
    since: datetime | None
    """From when on the bot tells them things: enrolled, and known as a member. None: not enrolled."""
    unreachable: bool
    hour_reminder: bool
    monthly_summary: bool
    guest_of: frozenset[int]
    """The sessions to which a guest was invited."""
    unreachable_reason: str = ""
    """Of whoever is unreachable: an Unreachability."""

    def convened_to(self, meeting_id: int) -> bool:
        """Tell whether this person is convened to that session: everybody is, a guest only by invitation."""
        return self.role is not Role.GUEST or meeting_id in self.guest_of


async def roster(session: AsyncSession, commission_id: int) -> tuple[Listed, ...]:
    """Return the current members of a commission, in the caller's transaction."""
    of = {"commission_id": commission_id}
    invited: dict[int, set[int]] = {}
    for membership_id, meeting_id in (await session.execute(_GUESTS, of)).all():
        invited.setdefault(membership_id, set()).add(meeting_id)
    return tuple(
        Listed(
            person_id=row.Membership.person_id,
            name=row.Person.name,
            role=row.Membership.role,
            since=_since(row.Membership, row.Person),
            unreachable=row.Person.unreachable_since is not None,
            hour_reminder=row.Person.hour_reminder,
            monthly_summary=row.Person.monthly_summary,
            guest_of=frozenset(invited.get(row.Membership.id, ())),
            unreachable_reason=row.Person.unreachable_reason or "",
        )
        for row in (await session.execute(_MEMBERS, of)).all()
    )


def _since(membership: Membership, person: Person) -> datetime | None:
    if person.telegram_id is None or person.enrolled_at is None:
        return None
    return max(person.enrolled_at, membership.created_at)
