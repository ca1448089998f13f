"""The agenda of a session: its points and their annexes, as they stand."""

from sqlalchemy.ext.asyncio import AsyncSession

from prep_bot.db.meeting import Meeting
from prep_bot.domain.particulars import Particulars, Point


async def particulars_of(session: AsyncSession, meeting: Meeting) -> Particulars:  # noqa: ARG001
    """Return to what a dated session would be convened as it stands, in the caller's transaction.

    Until the secretary draws up the agenda, its points are the plan's topics. Raises ValueError without a date.
    """
    if meeting.starts_at is None:
        raise ValueError("only a dated session can be convened")
    return Particulars(
        kind=meeting.kind,
        name=meeting.name,
        call=meeting.call,
        starts_at=meeting.starts_at,
        modality=meeting.modality,
        place=meeting.place,
        link=meeting.link,
        points=tuple(Point(text=topic) for topic in meeting.topics),
    )
