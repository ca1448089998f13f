"""The agenda of a session: its points, in their order, and which annexes are in force.

Until somebody draws it up, its points are the topics that the plan gives the session. What is convened is what the
convocation says: changes made after it are known to whoever convenes, and to everyone once they are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.agenda import AgendaItem, Annex
from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database
from prep_bot.db.file import StoredFile
from prep_bot.db.meeting import Meeting
from prep_bot.domain.agenda import StandardPoint, standing_for, usual
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.particulars import Paper, Particulars, Point, differences
from prep_bot.domain.role import Permission
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of

_CONVENED = frozenset({MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.NO_QUORUM})
"""Whose last convocation still says what was convened, though it is no longer in force."""


@dataclass(frozen=True)
class AgendaView:
    """A session's agenda, as whoever asked may see it."""

    meeting: MeetingView
    points: tuple[Point, ...]
    papers: tuple[Paper, ...]
    """Annexes of the session itself."""
    drawn_up: bool
    """Otherwise its points are the plan's topics."""
    convened: bool
    """It is what the convocation says; otherwise it is still being prepared."""
    editable: bool
    """By this person, now."""
    keeps_record: bool
    """The session was held, and this person says which points it left unfinished."""
    untold: bool
    """It is not what was convened: changes wait to be told. Only whoever convenes learns of it."""


@dataclass(frozen=True)
class PointView:
    """A point as whoever draws up the agenda sees it."""

    id: int
    number: int
    """From 1."""
    last: bool
    text: str
    papers: tuple[Paper, ...]
    meeting: MeetingView


@dataclass(frozen=True)
class UnfinishedPoint:
    """A point that an earlier session left unfinished, or may have."""

    id: int
    number: int
    text: str
    unfinished: bool
    meeting_number: int


@dataclass(frozen=True)
class Offer:
    """What may be added to an agenda with a tap."""

    meeting: MeetingView
    standard: tuple[StandardPoint, ...]
    unfinished: tuple[UnfinishedPoint, ...]
    """Of earlier sessions, and not taken up by any other."""


class NoSuchAgendaError(Exception):
    """The seat's commission has no such session or point, or it was removed."""


class ClosedAgendaError(Exception):
    """The session has begun, or is over: its agenda stays as it is."""


class Agendas:
    """Reads agendas."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, seat: Seat, view: MeetingView, *, publicly: bool = False) -> AgendaView:
        """Return the agenda of a session that the seat may see; `publicly`, what everyone may see of it."""
        now = self._clock.now()
        convenes = seat.may(Permission.CONVENE) and not publicly
        async with self._database.read() as session:
            meeting = await session.get_one(Meeting, view.id)
            points, papers, drawn = await as_it_stands(session, meeting)
            said = await convened_to(session, meeting)
            untold = False
            editable = convenes and accepts_changes(meeting, now)
            if said is not None and editable and meeting.state is MeetingState.CONVENED:
                untold = bool(differences(said, await particulars_of(session, meeting)))
            if said is not None and not editable:
                points, papers = said.points, said.papers
        return AgendaView(
            meeting=view_of(meeting),
            points=points,
            papers=papers,
            drawn_up=drawn,
            convened=said is not None,
            editable=editable,
            keeps_record=convenes and meeting.state is MeetingState.HELD,
            untold=untold,
        )

    async def point(self, seat: Seat, item_id: int) -> PointView:
        """Return a point, to change it. Raises NoSuchAgendaError, ClosedAgendaError."""
        async with self._database.read() as session:
            meeting, item = await item_of(session, seat, item_id)
            if not accepts_changes(meeting, self._clock.now()):
                raise ClosedAgendaError
            points, _, _ = await as_it_stands(session, meeting)
        return point_view(meeting, item, points)

    async def offer(self, seat: Seat, meeting_id: int) -> Offer:
        """Return what may be added to a session's agenda. Raises NoSuchAgendaError, ClosedAgendaError."""
        async with self._database.read() as session:
            meeting = await meeting_of(session, seat, meeting_id)
            if not accepts_changes(meeting, self._clock.now()):
                raise ClosedAgendaError
            items = await items_of(session, meeting_id)
            there = {item.standard for item in items} or {standing_for(topic) for topic in meeting.topics}
            unfinished = await left_unfinished(session, meeting)
        missing = tuple(point for point in usual(meeting.kind) if point not in there)
        return Offer(view_of(meeting), missing, unfinished)


async def particulars_of(session: AsyncSession, meeting: Meeting) -> Particulars:
    """Return to what a dated session would be convened as it stands, in the caller's transaction.

    Until the secretary draws up the agenda, its points are the plan's topics. Raises ValueError without a date.
    """
    if meeting.starts_at is None:
        raise ValueError("only a dated session can be convened")
    points, papers, _ = await as_it_stands(session, meeting)
    return Particulars(
        kind=meeting.kind,
        name=meeting.name,
        call=meeting.call,
        urgency=meeting.urgency,
        starts_at=meeting.starts_at,
        modality=meeting.modality,
        place=meeting.place,
        link=meeting.link,
        points=points,
        papers=papers,
    )


async def convened_to(session: AsyncSession, meeting: Meeting) -> Particulars | None:
    """Return to what a session is or was convened; None while it is not, or not any more."""
    query = (
        select(Convocation)
        .where(col(Convocation.meeting_id) == meeting.id)
        .order_by(col(Convocation.version).desc())
        .limit(1)
    )
    latest = (await session.execute(query)).scalar_one_or_none()
    if latest is None or (latest.ended_at is not None and meeting.state not in _CONVENED):
        return None
    return Particulars.model_validate(latest.particulars)


def accepts_changes(meeting: Meeting, now: datetime) -> bool:
    """Tell whether a session's agenda and annexes may still change: it is not over, nor has it begun."""
    if meeting.state.ended or meeting.state is MeetingState.IN_SESSION or meeting.archived_at is not None:
        return False
    return meeting.state is not MeetingState.CONVENED or (meeting.starts_at is not None and now < meeting.starts_at)


async def meeting_of(session: AsyncSession, seat: Seat, meeting_id: int) -> Meeting:
    """Return a session of the seat's commission. Raises NoSuchAgendaError."""
    meeting = await session.get(Meeting, meeting_id)
    if meeting is None or meeting.commission_id != seat.commission_id or meeting.archived_at is not None:
        raise NoSuchAgendaError
    return meeting


async def item_of(
    session: AsyncSession, seat: Seat, item_id: int, *, removed: bool = False
) -> tuple[Meeting, AgendaItem]:
    """Return a point and its session; with `removed`, one that was removed too. Raises NoSuchAgendaError."""
    item = await session.get(AgendaItem, item_id)
    if item is None or (item.removed_at is not None and not removed):
        raise NoSuchAgendaError
    return await meeting_of(session, seat, item.meeting_id), item


_ITEMS = (
    select(AgendaItem)
    .where(col(AgendaItem.meeting_id) == bindparam("meeting_id"), col(AgendaItem.removed_at).is_(None))
    .order_by(col(AgendaItem.position), col(AgendaItem.id))
)
_ANY_ITEM = select(col(AgendaItem.id)).where(col(AgendaItem.meeting_id) == bindparam("meeting_id")).limit(1)


async def items_of(session: AsyncSession, meeting_id: int) -> list[AgendaItem]:
    """Return the points that are on the agenda, in their order."""
    return list((await session.execute(_ITEMS, {"meeting_id": meeting_id})).scalars())


async def begun(session: AsyncSession, meeting_id: int) -> bool:
    """Tell whether anybody has begun to draw up the agenda, even if all its points were removed since."""
    return (await session.execute(_ANY_ITEM, {"meeting_id": meeting_id})).first() is not None


async def seeded(session: AsyncSession, meeting: Meeting) -> list[AgendaItem]:
    """Return the points, which the plan's topics become with the first thing that is done to the agenda."""
    if not await begun(session, meeting.id or 0):
        topics = enumerate(meeting.topics)
        session.add_all(
            AgendaItem(meeting_id=meeting.id or 0, position=place, text=topic, standard=standing_for(topic))
            for place, topic in topics
        )
        await session.flush()
    return await items_of(session, meeting.id or 0)


async def as_it_stands(session: AsyncSession, meeting: Meeting) -> tuple[tuple[Point, ...], tuple[Paper, ...], bool]:
    """Return the points with their annexes in force, the annexes of the session itself, and whether it is drawn up."""
    papers = await papers_in_force(session, meeting.id or 0)
    items = await items_of(session, meeting.id or 0)
    own = papers.get(None, ())
    if not items and not await begun(session, meeting.id or 0):
        return tuple(Point(text=topic) for topic in meeting.topics), own, False
    return tuple(Point(item=item.id, text=item.text, papers=papers.get(item.id, ())) for item in items), own, True


_PAPERS = (
    select(
        col(Annex.item_id),
        col(Annex.series),
        col(Annex.version),
        col(Annex.name),
        col(Annex.sha256),
        col(StoredFile.size),
    )
    .join(StoredFile, col(StoredFile.sha256) == Annex.sha256)
    .where(col(Annex.meeting_id) == bindparam("meeting_id"), col(Annex.withdrawn_at).is_(None))
    .order_by(col(Annex.series), col(Annex.version))
)


async def papers_in_force(session: AsyncSession, meeting_id: int) -> dict[int | None, tuple[Paper, ...]]:
    """Return the newest version of each annex that is not withdrawn, by its point; None: of the session."""
    newest = {row.series: row for row in (await session.execute(_PAPERS, {"meeting_id": meeting_id})).all()}
    found: dict[int | None, tuple[Paper, ...]] = {}
    for row in newest.values():
        paper = Paper(series=row.series, version=row.version, name=row.name, sha256=row.sha256, size=row.size)
        found[row.item_id] = (*found.get(row.item_id, ()), paper)
    return found


async def left_unfinished(session: AsyncSession, meeting: Meeting) -> tuple[UnfinishedPoint, ...]:
    """Return what earlier sessions left unfinished and none has taken up since, the latest session first."""
    taken = select(col(AgendaItem.carried_from)).where(
        col(AgendaItem.carried_from).is_not(None), col(AgendaItem.removed_at).is_(None)
    )
    query = (
        select(AgendaItem, col(Meeting.number))
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            col(Meeting.commission_id) == meeting.commission_id,
            col(Meeting.id) != meeting.id,
            col(Meeting.state) == MeetingState.HELD,
            col(Meeting.archived_at).is_(None),
            col(AgendaItem.unfinished),
            col(AgendaItem.removed_at).is_(None),
            col(AgendaItem.id).not_in(taken),
        )
        .order_by(col(Meeting.held_on).desc(), col(Meeting.number).desc(), col(AgendaItem.position))
    )
    rows = (await session.execute(query)).all()
    return tuple(
        UnfinishedPoint(row.AgendaItem.id or 0, row.AgendaItem.position + 1, row.AgendaItem.text, True, row.number)
        for row in rows
    )


def point_view(meeting: Meeting, item: AgendaItem, points: Sequence[Point]) -> PointView:
    """Return a point that is among `points`, the agenda as it stands."""
    place = next(place for place, point in enumerate(points) if point.item == item.id)
    return PointView(
        id=item.id or 0,
        number=place + 1,
        last=place == len(points) - 1,
        text=item.text,
        papers=points[place].papers,
        meeting=view_of(meeting),
    )
