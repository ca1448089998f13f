"""Drawing up the agenda of a session: its points are added, worded, ordered and removed, one act after the other.

Each act is conditional on what whoever does it was shown; writers take turns: what they read is what they change.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from prep_bot.clock import Clock
from prep_bot.db.agenda import AgendaItem
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.domain.agenda import MOST_POINTS, StandardPoint, drawn_up, place_for, standing_for
from prep_bot.domain.meeting import MeetingState
from prep_bot.services.agenda import (
    ClosedAgendaError,
    PointView,
    UnfinishedPoint,
    accepts_changes,
    as_it_stands,
    begun,
    item_of,
    items_of,
    left_unfinished,
    meeting_of,
    point_view,
    seeded,
)
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw_of
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of


class AgendaChangedError(Exception):
    """The agenda is no longer as it was shown."""


class TooManyPointsError(Exception):
    """The agenda would have more points than MOST_POINTS."""


class Points:
    """Draws up agendas."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def draw_up(self, seat: Seat, meeting_id: int, words: Mapping[StandardPoint, str]) -> None:
        """Begin the agenda with the standard points, in these words, and the plan's topics.

        Raises NoSuchAgendaError, ClosedAgendaError; AgendaChangedError when it has been begun.
        """
        async with self._database.write() as session:
            meeting = await self._opened(session, seat, meeting_id)
            if await begun(session, meeting_id):
                raise AgendaChangedError
            points = [
                (words[point], point) if isinstance(point, StandardPoint) else (point, standing_for(point))
                for point in drawn_up(meeting.kind, meeting.topics)
            ]
            for place, (text, standard) in enumerate(points):
                session.add(AgendaItem(meeting_id=meeting_id, position=place, text=text, standard=standard))
            await self._record(session, seat, meeting_id, "agenda.drawn_up", points=[text for text, _ in points])
            await session.commit()

    async def add(
        self,
        seat: Seat,
        meeting_id: int,
        texts: Sequence[str],
        *,
        standard: StandardPoint | None = None,
        carried_from: int | None = None,
    ) -> None:
        """Add points where they belong, all or none. A standard one is added once, and so is one carried over.

        Raises NoSuchAgendaError, ClosedAgendaError, AgendaChangedError, TooManyPointsError.
        """
        async with self._database.write() as session:
            meeting = await self._opened(session, seat, meeting_id)
            items = await seeded(session, meeting)
            if standard is not None and any(item.standard is standard for item in items):
                raise AgendaChangedError
            await self._insert(session, seat, meeting_id, items, texts, standard, carried_from)
            await session.commit()

    async def carry(self, seat: Seat, meeting_id: int, item_id: int) -> None:
        """Take up a point that an earlier session left unfinished. Raises what `add` raises."""
        async with self._database.write() as session:
            meeting = await self._opened(session, seat, meeting_id)
            left = next((p for p in await left_unfinished(session, meeting) if p.id == item_id), None)
            if left is None:
                raise AgendaChangedError
            items = await seeded(session, meeting)
            await self._insert(session, seat, meeting_id, items, [left.text], None, item_id)
            await session.commit()

    async def _insert(
        self,
        session: AsyncSession,
        seat: Seat,
        meeting_id: int,
        items: list[AgendaItem],
        texts: Sequence[str],
        standard: StandardPoint | None,
        carried_from: int | None,
    ) -> None:
        if len(items) + len(texts) > MOST_POINTS:
            raise TooManyPointsError
        place = place_for(standard, [item.standard for item in items])
        items[place:place] = [
            AgendaItem(meeting_id=meeting_id, position=0, text=text, standard=standard, carried_from=carried_from)
            for text in texts
        ]
        _number(items)
        session.add_all(items)
        await session.flush()
        for item in items[place : place + len(texts)]:
            await self._record(
                session, seat, meeting_id, "agenda.point_added", point=item.id, text=item.text, place=item.position + 1
            )

    async def edit(self, seat: Seat, item_id: int, seen: str, text: str) -> PointView:
        """Give a point other words, if it still has those that were `seen`.

        Raises NoSuchAgendaError, ClosedAgendaError, AgendaChangedError.
        """
        async with self._database.write() as session:
            meeting, item = await self._opened_item(session, seat, item_id)
            if item.text != seen:
                raise AgendaChangedError
            item.text = text
            await self._record(
                session, seat, item.meeting_id, "agenda.point_edited", point=item_id, was=seen, text=text
            )
            points, _, _ = await as_it_stands(session, meeting)
            await session.commit()
        return point_view(meeting, item, points)

    async def shift(self, seat: Seat, item_id: int, number: int, *, up: bool) -> PointView:
        """Move a point one place up or down, if it is still the one with that number.

        Raises NoSuchAgendaError, ClosedAgendaError, AgendaChangedError.
        """
        async with self._database.write() as session:
            meeting, item = await self._opened_item(session, seat, item_id)
            items = await items_of(session, meeting.id or 0)
            place, other = items.index(item), items.index(item) + (-1 if up else 1)
            if place != number - 1 or not 0 <= other < len(items):
                raise AgendaChangedError
            items[place], items[other] = items[other], items[place]
            _number(items)
            await self._record(session, seat, item.meeting_id, "agenda.point_moved", point=item_id, place=other + 1)
            points, _, _ = await as_it_stands(session, meeting)
            await session.commit()
        return point_view(meeting, item, points)

    async def remove(self, seat: Seat, item_id: int) -> PointView:
        """Take a point, with its annexes, off the agenda; it stays on record, and can be put back.

        Raises NoSuchAgendaError, ClosedAgendaError.
        """
        async with self._database.write() as session:
            meeting, item = await self._opened_item(session, seat, item_id)
            points, _, _ = await as_it_stands(session, meeting)
            item.removed_at = self._clock.now()
            await self._record(session, seat, item.meeting_id, "agenda.point_removed", point=item_id, text=item.text)
            await session.commit()
        return point_view(meeting, item, points)

    async def restore(self, seat: Seat, item_id: int) -> PointView:
        """Put a point that was removed back where it was.

        Raises NoSuchAgendaError, ClosedAgendaError; AgendaChangedError when it is there, TooManyPointsError.
        """
        async with self._database.write() as session:
            meeting, item = await item_of(session, seat, item_id, removed=True)
            if not accepts_changes(meeting, self._clock.now()):
                raise ClosedAgendaError
            items = await items_of(session, meeting.id or 0)
            if item.removed_at is None or any(i.standard is item.standard for i in items if item.standard):
                raise AgendaChangedError
            if len(items) >= MOST_POINTS:
                raise TooManyPointsError
            items.insert(min(item.position, len(items)), item)
            item.removed_at = None
            _number(items)
            await self._record(session, seat, item.meeting_id, "agenda.point_restored", point=item_id)
            points, _, _ = await as_it_stands(session, meeting)
            await session.commit()
        return point_view(meeting, item, points)

    async def held_points(self, seat: Seat, meeting_id: int) -> tuple[MeetingView, tuple[UnfinishedPoint, ...]]:
        """Return a session that was held and its points, to say which it left unfinished.

        Raises NoSuchAgendaError; ClosedAgendaError when it was not held.
        """
        async with self._database.write() as session:
            meeting = await meeting_of(session, seat, meeting_id)
            if meeting.state is not MeetingState.HELD:
                raise ClosedAgendaError
            items = await seeded(session, meeting)
            await session.commit()
        return view_of(meeting), _numbered(items, meeting.number)

    async def mark(
        self, seat: Seat, item_id: int, *, unfinished: bool
    ) -> tuple[MeetingView, tuple[UnfinishedPoint, ...]]:
        """Note that a session that was held left a point unfinished, or not. Raises what `held_points` raises."""
        async with self._database.write() as session:
            meeting, item = await item_of(session, seat, item_id)
            if meeting.state is not MeetingState.HELD:
                raise ClosedAgendaError
            if item.unfinished is not unfinished:
                item.unfinished = unfinished
                act = "agenda.point_unfinished" if unfinished else "agenda.point_finished"
                await self._record(session, seat, item.meeting_id, act, point=item_id)
            items = await items_of(session, meeting.id or 0)
            await session.commit()
        return view_of(meeting), _numbered(items, meeting.number)

    async def _opened(self, session: AsyncSession, seat: Seat, meeting_id: int) -> Meeting:
        meeting = await meeting_of(session, seat, meeting_id)
        if not accepts_changes(meeting, self._clock.now()):
            raise ClosedAgendaError
        return meeting

    async def _opened_item(self, session: AsyncSession, seat: Seat, item_id: int) -> tuple[Meeting, AgendaItem]:
        meeting, item = await item_of(session, seat, item_id)
        if not accepts_changes(meeting, self._clock.now()):
            raise ClosedAgendaError
        return meeting, item

    async def _record(self, session: AsyncSession, seat: Seat, meeting_id: int, act: str, **details: Any) -> None:
        await record(
            session,
            commission_id=seat.commission_id,
            at=self._clock.now(),
            actor_id=seat.person_id,
            act=act,
            subject=f"meeting:{meeting_id}",
            **details,
        )
        await redraw_of(session, meeting_id)


def _number(items: Sequence[AgendaItem]) -> None:
    for place, item in enumerate(items):
        item.position = place


def _numbered(items: Sequence[AgendaItem], meeting_number: int) -> tuple[UnfinishedPoint, ...]:
    return tuple(
        UnfinishedPoint(item.id or 0, number, item.text, item.unfinished, meeting_number)
        for number, item in enumerate(items, start=1)
    )
