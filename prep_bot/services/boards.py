"""The board of a convocation: who was reached, who acknowledged, who was told by other means, and who will come."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Board, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Membership, Person
from prep_bot.domain.answer import Answer
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.particulars import Particulars, differences
from prep_bot.domain.quorum import Forecast
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.services.agenda import particulars_of
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.quorum import forecast_of


class AddresseeState(StrEnum):
    """What is known of one person's notification; the first that applies."""

    ACKNOWLEDGED = "acknowledged"
    TOLD = "told"
    """By other means, as the secretary recorded."""
    ACCEPTED = "accepted"
    """Telegram accepted the message: never that it was read."""
    UNCERTAIN = "uncertain"
    """Telegram's answer was lost, and the message is not sent again."""
    WAITING = "waiting"
    FAILED = "failed"
    EXPIRED = "expired"
    """It could not go out in time."""
    NOT_ENROLLED = "not_enrolled"


@dataclass(frozen=True)
class AddresseeView:
    """A convened person."""

    person_id: int
    name: str
    role: Role | None
    """None: no longer a member."""
    state: AddresseeState
    at: datetime | None
    """When it came to that."""
    remark: str
    """The other means, or why it failed."""
    answer: Answer | None
    """Whether they will come: another thing than their notification."""
    answer_reason: str
    substitute: str
    """Who comes instead."""
    unreachable: str
    """Why the bot cannot write to them now; empty when it can, or never could."""


@dataclass(frozen=True)
class BoardView:
    """A convocation and what became of it."""

    convocation_id: int
    meeting: MeetingView
    version: int
    sends_at: datetime
    in_force: bool
    people: tuple[AddresseeView, ...]
    forecast: Forecast
    """Of the quorum."""
    untold: bool
    """The agenda or the annexes changed since, and that is not told yet."""

    @property
    def to_tell(self) -> tuple[AddresseeView, ...]:
        """Who may have been notified by other means: nobody once it is not in force, or when they acknowledged."""
        return tuple(p for p in self.people if self.in_force and p.state is not AddresseeState.ACKNOWLEDGED)


@dataclass(frozen=True)
class StaleBoard:
    """A board that is to be drawn again, in its secretary's chat."""

    convocation_id: int
    person_id: int
    telegram_id: int
    language: str
    message_id: int
    changes: int
    """How many have come since it was last drawn."""
    zone: ZoneInfo
    view: BoardView


class NoSuchConvocationError(Exception):
    """The commission has no such convocation."""


_STALE = (
    select(Board, Convocation, Meeting, Person)
    .join(Convocation, col(Convocation.id) == Board.convocation_id)
    .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
    .join(Person, col(Person.id) == Board.person_id)
    .where(col(Board.stale) > 0, col(Person.telegram_id).is_not(None))
)


class Boards:
    """Reads boards, and remembers the messages that show them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, seat: Seat, convocation_id: int) -> BoardView:
        """Return a convocation of the seat's commission. Raises NoSuchConvocationError."""
        async with self._database.read() as session:
            return await _board_of(session, seat, convocation_id)

    async def shown_by(self, seat: Seat, message_id: int) -> BoardView | None:
        """Return the board that this message of the secretary's shows, if it shows one."""
        shows = (col(Board.person_id) == seat.person_id, col(Board.message_id) == message_id)
        async with self._database.read() as session:
            convocation_id = (await session.execute(select(col(Board.convocation_id)).where(*shows))).scalar()
            return await _board_of(session, seat, convocation_id) if convocation_id else None

    async def follow(self, seat: Seat, convocation_id: int, message_id: int) -> BoardView:
        """Return the same, and keep that message of the secretary's up to date with it from now on.

        Raises NoSuchConvocationError.
        """
        async with self._database.write() as session:
            view = await _board_of(session, seat, convocation_id)
            await session.merge(
                Board(convocation_id=convocation_id, person_id=seat.person_id, message_id=message_id, stale=0)
            )
            await session.commit()
        return view

    async def watch(self, person_id: int, convocation_id: int, message_id: int) -> None:
        """Keep a message that shows a board, and was just sent, up to date from now on.

        It counts as stale: what changed while it was on its way is not missed.
        """
        async with self._database.write() as session:
            await session.merge(
                Board(convocation_id=convocation_id, person_id=person_id, message_id=message_id, stale=True)
            )
            await session.commit()

    async def stale(self) -> tuple[StaleBoard, ...]:
        """Return the boards to draw again; each stays so until it is said to be `drawn`."""
        async with self._database.read() as session:
            return tuple(
                [
                    StaleBoard(
                        convocation_id=row.Convocation.id or 0,
                        person_id=row.Person.id or 0,
                        telegram_id=row.Person.telegram_id,
                        language=row.Person.language,
                        message_id=row.Board.message_id,
                        changes=row.Board.stale,
                        zone=await _zone(session, row.Meeting.commission_id),
                        view=await _board(session, row.Convocation, row.Meeting),
                    )
                    for row in (await session.execute(_STALE)).all()
                ]
            )

    async def drawn(self, board: StaleBoard) -> None:
        """Note that it shows what was known when it was read; what has changed meanwhile is still to be drawn."""
        async with self._database.write(quietly=True) as session:
            await session.execute(
                update(Board)
                .where(
                    col(Board.convocation_id) == board.convocation_id,
                    col(Board.person_id) == board.person_id,
                    col(Board.message_id) == board.message_id,
                )
                .values(stale=col(Board.stale) - board.changes)
            )
            await session.commit()


async def redraw(session: AsyncSession, convocation_ids: Collection[int]) -> None:
    """Let the boards of those convocations be drawn again, in the caller's transaction."""
    await session.execute(
        update(Board).where(col(Board.convocation_id).in_(convocation_ids)).values(stale=col(Board.stale) + 1)
    )


async def redraw_of(session: AsyncSession, meeting_id: int) -> None:
    """Let the boards of a session's convocation in force be drawn again, in the caller's transaction."""
    in_force = select(col(Convocation.id)).where(
        col(Convocation.meeting_id) == meeting_id, col(Convocation.ended_at).is_(None)
    )
    await session.execute(update(Board).where(col(Board.convocation_id).in_(in_force)).values(stale=True))


async def _board_of(session: AsyncSession, seat: Seat, convocation_id: int) -> BoardView:
    convocation = await session.get(Convocation, convocation_id)
    meeting = await session.get(Meeting, convocation.meeting_id) if convocation else None
    if convocation is None or meeting is None or meeting.commission_id != seat.commission_id:
        raise NoSuchConvocationError
    return await _board(session, convocation, meeting)


async def _zone(session: AsyncSession, commission_id: int) -> ZoneInfo:
    commission = await session.get_one(Commission, commission_id)
    return Rules.model_validate(commission.rules).zone


_ADDRESSED = (
    select(Addressee, Person, col(Membership.role))
    .join(Person, col(Person.id) == Addressee.person_id)
    .outerjoin(
        Membership,
        and_(
            col(Membership.person_id) == Person.id,
            col(Membership.commission_id) == bindparam("commission_id"),
            col(Membership.ends_on).is_(None),
        ),
    )
    .where(col(Addressee.convocation_id) == bindparam("convocation_id"))
    .order_by(col(Membership.id))
)
_SENT = (
    select(col(Notice.person_id), col(Notice.state), col(Notice.reason), col(Delivery.settled_at))
    .outerjoin(Delivery, col(Delivery.id) == Notice.delivery_id)
    .where(
        col(Notice.convocation_id) == bindparam("convocation_id"),
        col(Notice.kind).in_([NoticeKind.CONVOCATION, NoticeKind.CHANGE]),
        col(Notice.state) != NoticeState.CANCELLED,
    )
    .order_by(col(Notice.id))
)


async def _board(session: AsyncSession, convocation: Convocation, meeting: Meeting) -> BoardView:
    of = {"convocation_id": convocation.id}
    notices = {row.person_id: row for row in (await session.execute(_SENT, of)).all()}
    people = tuple(
        _addressee(row.Addressee, row.Person, row.role, notices.get(row.Person.id))
        for row in (await session.execute(_ADDRESSED, of | {"commission_id": meeting.commission_id})).all()
    )
    return BoardView(
        convocation_id=convocation.id or 0,
        meeting=replace(view_of(meeting), starts_at=convocation.starts_at),
        version=convocation.version,
        sends_at=convocation.sends_at,
        in_force=convocation.ended_at is None,
        people=people,
        forecast=await forecast_of(session, meeting.commission_id, convocation.id or 0),
        untold=await _untold(session, convocation, meeting),
    )


async def _untold(session: AsyncSession, convocation: Convocation, meeting: Meeting) -> bool:
    if convocation.ended_at is not None or meeting.state is not MeetingState.CONVENED:
        return False
    said = Particulars.model_validate(convocation.particulars)
    return bool(differences(said, await particulars_of(session, meeting)))


_STATES = {
    NoticeState.SENT: AddresseeState.ACCEPTED,
    NoticeState.QUEUED: AddresseeState.WAITING,
    NoticeState.UNCERTAIN: AddresseeState.UNCERTAIN,
    NoticeState.EXPIRED: AddresseeState.EXPIRED,
}


def _addressee(addressee: Addressee, person: Person, role: Role | None, notice: Any) -> AddresseeView:
    state, at, remark = AddresseeState.NOT_ENROLLED, None, ""
    if addressee.acknowledged_at is not None:
        state, at = AddresseeState.ACKNOWLEDGED, addressee.acknowledged_at
    elif addressee.told_at is not None:
        state, at, remark = AddresseeState.TOLD, addressee.told_at, addressee.told_means or ""
    elif notice is not None:
        state = _STATES.get(notice.state, AddresseeState.FAILED)
        at, remark = notice.settled_at, notice.reason
    return AddresseeView(
        person_id=person.id or 0,
        name=person.name,
        role=role,
        state=state,
        at=at,
        remark=remark,
        answer=addressee.answer,
        answer_reason=addressee.answer_reason,
        substitute=addressee.substitute,
        unreachable=(person.unreachable_reason or "") if person.unreachable_since else "",
    )
