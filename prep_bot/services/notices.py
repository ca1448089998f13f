"""Putting notices into the outbox, one cause and one recipient each, and dropping those whose cause went away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Membership, Person
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.role import Role


@dataclass(frozen=True)
class NewNotice:
    """A notice to be queued."""

    kind: NoticeKind
    cause: str
    """Names the cause within its commission; the recipient is added to it."""
    commission_id: int
    person_id: int | None
    """None: the linked group."""
    due_at: datetime
    useful_until: datetime | None = None
    meeting_id: int | None = None
    convocation_id: int | None = None
    announcement_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def row(self, now: datetime) -> dict[str, Any]:
        """Return the columns. What helps nobody any more is kept too, as expired: it shows why nothing was sent."""
        late = self.useful_until is not None and self.useful_until <= now
        recipient = "group" if self.person_id is None else self.person_id
        return {
            "cause": f"{self.cause}:c{self.commission_id}:{recipient}",
            "kind": self.kind,
            "commission_id": self.commission_id,
            "person_id": self.person_id,
            "due_at": self.due_at,
            "useful_until": self.useful_until,
            "meeting_id": self.meeting_id,
            "convocation_id": self.convocation_id,
            "announcement_id": self.announcement_id,
            "state": NoticeState.EXPIRED if late else NoticeState.QUEUED,
            "data": self.data,
            "delivery_id": None,
            "reason": "late" if late else "",
        }


async def queue(session: AsyncSession, notices: Sequence[NewNotice], now: datetime) -> None:
    """Queue those whose cause is new, in the caller's transaction; one that was cancelled unsent revives."""
    if not notices:
        return
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Notice)
    statement = statement.on_conflict_do_update(
        index_elements=["cause"],
        set_={name: statement.excluded[name] for name in notices[0].row(now)},
        where=col(Notice.state) == NoticeState.CANCELLED,
    )
    await session.execute(statement, [notice.row(now) for notice in notices])


_OUTLIVES = frozenset({NoticeKind.CALLED_OFF, NoticeKind.POSTPONED})
"""What may hold although the session changed: whether it does shows when it is to be sent."""


async def drop(
    session: AsyncSession, meeting_id: int, reason: str, *, keep: frozenset[NoticeKind] = frozenset()
) -> None:
    """Cancel what is queued about a session and not on its way, in the caller's transaction; `keep` holds still."""
    on_its_way = select(col(Delivery.id)).where(col(Delivery.state) != DeliveryState.QUEUED)
    await session.execute(
        update(Notice)
        .where(
            col(Notice.meeting_id) == meeting_id,
            col(Notice.state) == NoticeState.QUEUED,
            col(Notice.kind).not_in(_OUTLIVES | keep),
            col(Notice.delivery_id).is_(None) | col(Notice.delivery_id).not_in(on_its_way),
        )
        .values(state=NoticeState.CANCELLED, reason=reason)
    )
    carrying = select(col(Notice.delivery_id)).where(
        col(Notice.state) == NoticeState.QUEUED, col(Notice.delivery_id).is_not(None)
    )
    await session.execute(
        update(Delivery)
        .where(col(Delivery.state) == DeliveryState.QUEUED, col(Delivery.id).not_in(carrying))
        .values(state=DeliveryState.CANCELLED, reason=reason)
    )


async def tell_secretaries(session: AsyncSession, kind: NoticeKind, about: Person, now: datetime) -> None:
    """Queue a notice about a person to the secretaries of each commission in which that person is."""
    theirs = select(col(Membership.commission_id)).where(
        col(Membership.person_id) == about.id, col(Membership.ends_on).is_(None)
    )
    for commission_id in set((await session.execute(theirs)).scalars()):
        await tell_secretaries_of(session, commission_id, kind, {"person_id": about.id}, now)


async def tell_secretaries_of(
    session: AsyncSession, commission_id: int, kind: NoticeKind, data: dict[str, Any], now: datetime
) -> None:
    """Queue a notice to each enrolled secretary of a commission, but not to the person whom it is about."""
    query = (
        select(col(Membership.person_id))
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(Membership.commission_id) == commission_id,
            col(Membership.role) == Role.TECHNICAL_SECRETARY,
            col(Membership.ends_on).is_(None),
            col(Membership.person_id) != data.get("person_id", 0),
            col(Person.telegram_id).is_not(None),
        )
    )
    cause = f"{kind}:{data.get('person_id', 'group')}:{now:%Y%m%dT%H%M%S.%f}"
    secretaries = (await session.execute(query)).scalars().all()
    await queue(
        session,
        [NewNotice(kind, cause, commission_id, person_id, due_at=now, data=data) for person_id in secretaries],
        now,
    )
