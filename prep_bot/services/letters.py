"""Whose a convocation is and whom it names, gathered when it is made."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.person import Membership, Person
from prep_bot.domain.letter import Letter, LetterPerson
from prep_bot.domain.meeting import MeetingKind


async def letter_of(
    session: AsyncSession, commission_id: int, kind: MeetingKind, people: Collection[int], by: int, at: datetime
) -> Letter:
    """Return what the document of a convocation to a session of that kind says of everybody, made by `by` at `at`."""
    commission = await session.get_one(Commission, commission_id)
    details = commission.details
    return Letter(
        institution=commission.institution,
        commission=commission.name,
        process=details.get("process") or "",
        city=details.get("city") or "",
        legal_basis=(details.get("legal_basis") or {}).get("text") or "",
        convening=_convening(commission, kind),
        addressees=tuple((await _named(session, commission_id, people, at)).values()),
        made_by=await named(session, commission_id, by, at),
    )


async def named(session: AsyncSession, commission_id: int, person_id: int, at: datetime) -> LetterPerson:
    """Return a person as a document of the commission names them at that instant, in the caller's transaction."""
    return (await _named(session, commission_id, {person_id}, at))[person_id]


async def _named(
    session: AsyncSession, commission_id: int, people: Collection[int], at: datetime
) -> dict[int, LetterPerson]:
    """Return them by id, those who were members first before others."""
    query = (
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(Membership.commission_id) == commission_id,
            col(Membership.person_id).in_(people),
            col(Membership.created_at) <= at,
        )
        .order_by(col(Membership.id))
    )
    return {
        row.Membership.person_id: LetterPerson(
            person=row.Membership.person_id,
            name=f"{row.Person.title} {row.Person.name}".strip(),
            role=row.Membership.role,
            position=row.Membership.position,
        )
        for row in (await session.execute(query)).all()
    }


def _convening(commission: Commission, kind: MeetingKind) -> str:
    said = commission.details.get("convening") or {}
    extraordinary = kind in {MeetingKind.EXTRAORDINARY, MeetingKind.URGENT}
    return said.get("extraordinary" if extraordinary else "ordinary") or ""
