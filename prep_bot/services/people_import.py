"""Bringing the people whom a plan names into the database."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Membership, Person
from prep_bot.domain.month import local_day
from prep_bot.domain.name import same_key
from prep_bot.plans.document import PersonEntry, PlanDocument
from prep_bot.services.import_conflict import ImportConflictError
from prep_bot.services.petitions import recount
from prep_bot.services.references import referenced

Difference = tuple[str, str, tuple[tuple[str, str, str], ...]]
"""What happened (`added`, `changed`, `archived`, `deleted`), to whom, and the fields."""


async def import_people(
    session: AsyncSession, commission_id: int, document: PlanDocument, now: datetime, warnings: list[str]
) -> list[Difference]:
    """Make the commission's people agree with the plan; those invited by name alone are left as they are.

    A person is found by key, in any commission; failing that, by name among those of this one. A key that is somebody
    else's in another commission is refused: an account never changes hands. Whoever was dismissed in chat stays so,
    until the plan says that they are back since a later day. A name that has another key in another commission is told
    in `warnings`.

    A role that changed on a later day ends the membership and begins another. One that the plan says to have been so
    from the start corrects it; but if the person was convened or acted in the old role, that stays on record: the new
    one begins today, and `warnings` tell it.
    """
    current = await _current(session, commission_id)
    differences: list[Difference] = []
    for entry in document.people:
        person = await _person(session, commission_id, entry, current)
        if person is None:
            warnings += await _namesakes(session, entry)
            person = Person(key=entry.key, name=entry.name, title=entry.title or "")
            session.add(person)
            await session.flush()
        renamed = tuple(_assigned(person, key=entry.key, name=entry.name, title=entry.title or ""))
        seat = next((m for m, p in current if p.id == person.id), None)
        outdated = (seat is None or seat.role is not entry.role) and await _dismissed(
            session, commission_id, person, entry.since
        )
        today = local_day(now, document.rules.zone)
        moved = () if outdated else await _reseated(session, commission_id, person, seat, entry, now, today, warnings)
        if seat is None and not outdated:
            differences.append(("added", f"person {entry.key}", renamed))
        elif renamed or moved:
            differences.append(("changed", f"person {entry.key}", (*renamed, *moved)))
    named = {entry.key for entry in document.people}
    for seat, person in current:
        if seat.from_plan and person.key not in named:
            differences.append(
                (await _left(session, seat, person, local_day(now, document.rules.zone)), f"person {person.key}", ())
            )
    await session.flush()
    await recount(session, commission_id, now)
    return differences


async def _current(session: AsyncSession, commission_id: int) -> list[tuple[Membership, Person]]:
    query = (
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.commission_id) == commission_id, col(Membership.ends_on).is_(None))
    )
    return [(row.Membership, row.Person) for row in (await session.execute(query)).all()]


async def _person(
    session: AsyncSession, commission_id: int, entry: PersonEntry, current: list[tuple[Membership, Person]]
) -> Person | None:
    """Return whom the entry means, if they are known. Raises ImportConflictError when its key is another person's."""
    query = select(Person).where(col(Person.key) == entry.key)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is not None and same_key(found.name) != same_key(entry.name):
        seats = select(col(Membership.id)).where(
            col(Membership.person_id) == found.id, col(Membership.commission_id) == commission_id
        )
        if (await session.execute(seats.limit(1))).first() is None:
            raise ImportConflictError(
                f"person {entry.key} is {found.name} in another commission, and {entry.name} in this file: give "
                f"{entry.name} another key; if both are one person, write the name as it is there"
            )
    unkeyed = (p for _, p in current if p.key is None and same_key(p.name) == same_key(entry.name))
    return found or next(unkeyed, None)


async def _namesakes(session: AsyncSession, entry: PersonEntry) -> list[str]:
    query = select(Person).where(col(Person.key).is_not(None), col(Person.key) != entry.key)
    return [
        f"person {entry.key} has the same name as {person.key} of another commission: if both are one person, give "
        f"them the key {person.key} before they enrol"
        for person in (await session.execute(query)).scalars()
        if same_key(person.name) == same_key(entry.name)
    ]


async def _dismissed(session: AsyncSession, commission_id: int, person: Person, since: date) -> bool:
    """Tell whether somebody ended that person's seat, other than by editing the plan, on the day `since` or later."""
    query = select(col(Membership.id)).where(
        col(Membership.commission_id) == commission_id,
        col(Membership.person_id) == person.id,
        col(Membership.ends_on) >= since,
    )
    subjects = [f"membership:{membership_id}" for membership_id in (await session.execute(query)).scalars()]
    acts = select(col(AuditEvent.id)).where(
        col(AuditEvent.act) == "membership.ended", col(AuditEvent.subject).in_(subjects)
    )
    return (await session.execute(acts.limit(1))).first() is not None


async def _reseated(
    session: AsyncSession,
    commission_id: int,
    person: Person,
    seat: Membership | None,
    entry: PersonEntry,
    now: datetime,
    today: date,
    warnings: list[str],
) -> tuple[tuple[str, str, str], ...]:
    since = entry.since
    if seat is not None:
        same = seat.role is entry.role
        rewrites = since < seat.starts_on or (since == seat.starts_on and not same)
        acted = rewrites and await _acted(session, seat)
        if same or (rewrites and not acted):
            if acted:
                since = max(since, await _other_role_until(session, seat) or since)
            return tuple(
                _assigned(seat, role=entry.role, position=entry.position or "", starts_on=since, from_plan=True)
            )
        if acted:
            since = max(seat.starts_on, today)
            warnings.append(
                f"person {entry.key} was convened or acted as {seat.role}, so is {entry.role} from {since} on: if the "
                "role changed on another day, write that day as their since"
            )
        seat.ends_on = since
        await session.flush()  # before the new one begins: one current membership a person
    session.add(
        Membership(
            commission_id=commission_id,
            person_id=person.id or 0,
            role=entry.role,
            position=entry.position or "",
            from_plan=True,
            created_at=now,
            starts_on=since,
        )
    )
    return () if seat is None else (("role", seat.role.value, entry.role.value),)


async def _acted(session: AsyncSession, seat: Membership) -> bool:
    """Tell whether the person was convened by that commission, or did anything in it that is not about themselves."""
    convened = (
        select(col(Addressee.person_id))
        .join(Convocation, col(Convocation.id) == Addressee.convocation_id)
        .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
        .where(col(Meeting.commission_id) == seat.commission_id, col(Addressee.person_id) == seat.person_id)
    )
    acts = select(col(AuditEvent.actor_id)).where(
        col(AuditEvent.commission_id) == seat.commission_id,
        col(AuditEvent.actor_id) == seat.person_id,
        col(AuditEvent.subject) != f"person:{seat.person_id}",
    )
    return any([(await session.execute(query.limit(1))).first() is not None for query in (convened, acts)])


async def _other_role_until(session: AsyncSession, seat: Membership) -> date | None:
    """Return until when that person last had another role in the commission."""
    query = select(func.max(col(Membership.ends_on))).where(
        col(Membership.commission_id) == seat.commission_id,
        col(Membership.person_id) == seat.person_id,
        col(Membership.role) != seat.role,
    )
    return (await session.execute(query)).scalar_one()


def _assigned(row: Person | Membership, **values: object) -> Iterator[tuple[str, str, str]]:
    for name, after in values.items():
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            yield name, str(before), str(after)


async def _left(session: AsyncSession, seat: Membership, person: Person, today: date) -> str:
    """End the membership of somebody who left the plan, or delete it when nothing ever came of it."""
    seated = await referenced(session, Membership, seat.id)
    if seated or person.enrolled_at is not None or await referenced(session, Person, person.id, besides="membership"):
        seat.ends_on = max(seat.starts_on, today)
        return "archived"
    await session.delete(seat)
    await session.flush()
    others = select(col(Membership.id)).where(col(Membership.person_id) == person.id).limit(1)
    if (await session.execute(others)).first() is None:
        await session.delete(person)
    return "deleted"
