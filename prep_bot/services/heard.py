"""What each recipient heard of a session so far, as far as that can be known."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.services.convoking import in_force
from prep_bot.services.roster import Listed, roster

NEWS = (NoticeKind.CONVOCATION, NoticeKind.CHANGE, NoticeKind.CALLED_OFF)
"""What tells somebody whether, when and where a session is."""


@dataclass(frozen=True)
class Heard:
    """The last that somebody heard of a session."""

    convocation_id: int
    """To what they believe to be convened, or to have been."""
    called_off: bool
    """And that this was cancelled or deferred."""


async def heard(session: AsyncSession, meeting_id: int, *which: ColumnElement[bool]) -> dict[int | None, Heard]:
    """Return who heard what of a session; None: the linked group. What may have arrived counts.

    `which` notices are looked at can be narrowed.
    """
    query = (
        select(col(Notice.person_id), col(Notice.convocation_id), col(Notice.kind))
        .outerjoin(Delivery, col(Delivery.id) == Notice.delivery_id)
        .where(
            col(Notice.meeting_id) == meeting_id,
            col(Notice.kind).in_(NEWS),
            *which,
            col(Notice.state).in_([NoticeState.SENT, NoticeState.UNCERTAIN])
            | (col(Delivery.uncertain) > 0)
            | (col(Delivery.state) == DeliveryState.LEASED),
        )
        .order_by(col(Notice.id))
    )
    found: dict[int | None, Heard] = {}
    for row in (await session.execute(query)).all():
        if row.kind is not NoticeKind.CALLED_OFF:
            found[row.person_id] = Heard(row.convocation_id, called_off=False)
        elif row.person_id in found:
            found[row.person_id] = replace(found[row.person_id], called_off=True)
    return found


async def to_be_told(
    session: AsyncSession, commission_id: int, meeting_id: int, *, deferred: bool
) -> tuple[tuple[Listed, ...], bool]:
    """Return who must learn that a session is deferred or cancelled, and whether the linked group must, too.

    That is whoever heard that it would be held; of a cancellation also whoever heard that it would get another date.
    """
    if deferred and await in_force(session, meeting_id) is None:
        return (), False  # of the date that it has had since, nobody heard
    known = {
        recipient
        for recipient, last in (await heard(session, meeting_id)).items()
        if not (deferred and last.called_off)
    }
    people = [p for p in await roster(session, commission_id) if p.since is not None and p.convened_to(meeting_id)]
    grouped = (await session.get_one(Commission, commission_id)).group_chat_id is not None
    return tuple(p for p in people if p.person_id in known), grouped and None in known


def still_off(state: MeetingState, *, deferred: bool) -> bool:
    """Tell whether it is still news that a session was cancelled or deferred.

    Once it is convened anew, or cancelled, there is something newer to say than that it is deferred.
    """
    return state in {MeetingState.DEFERRED, MeetingState.SCHEDULED} if deferred else state is MeetingState.CANCELLED
