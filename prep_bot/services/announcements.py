"""Announcements (avisos): broadcast once, with an account of what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.announcement import Announcement
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.dialogue import Dialogue
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Person
from prep_bot.domain.announcement import Attachment, Audience
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.roster import Listed, roster


@dataclass(frozen=True)
class Draft:
    """An announcement that is not sent yet."""

    text: str
    file_id: str | None = None
    attachment: Attachment | None = None
    file_name: str = ""
    """As its sender called it; a photo has none."""


@dataclass(frozen=True)
class Recipients:
    """To whom an announcement would go."""

    reached: tuple[Listed, ...]
    not_reached: tuple[Listed, ...]
    """Not enrolled, or unreachable."""
    group: bool

    @property
    def anybody(self) -> bool:
        """Whether anybody would get it."""
        return bool(self.reached) or self.group


@dataclass(frozen=True)
class Receipt:
    """What became of an announcement for one recipient."""

    name: str | None
    """None: the linked group."""
    state: NoticeState
    reason: str
    due_at: datetime
    """When it was, or is, to go out."""
    at: datetime | None
    """When Telegram accepted it, or it was given up."""


@dataclass(frozen=True)
class Waiting:
    """An announcement that waits for the morning, and can still be cancelled."""

    announcement_id: int
    text: str
    due_at: datetime


WITHDRAWN = "withdrawn"
"""Why a notice was not sent: the secretary cancelled the announcement."""


class OnItsWayError(Exception):
    """The announcement went out, or was cancelled before."""


class AlreadySentError(Exception):
    """The draft is gone: it was sent from another tap, or dropped."""


class NobodyError(Exception):
    """The audience is empty."""


class NoSuchAnnouncementError(Exception):
    """The commission has no such announcement."""


class Announcements:
    """Prepares, broadcasts and accounts for announcements."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def audiences(self, seat: Seat) -> tuple[Audience | Role, ...]:
        """Return the audiences that have anybody: everyone, each role, and whoever has not acknowledged."""
        async with self._database.read() as session:
            people = await _others(session, seat)
            waiting = await _unacknowledged(session, seat.commission_id, self._clock.now())
        roles = tuple(role for role in Role if any(person.role is role for person in people))
        waiting &= {person.person_id for person in people}
        return (Audience.EVERYONE, *roles, *((Audience.UNACKNOWLEDGED,) if waiting else ()))

    async def recipients(self, seat: Seat, audience: Audience | Role) -> Recipients:
        """Return to whom an announcement to that audience would go."""
        async with self._database.read() as session:
            return await _recipients(session, seat, audience, self._clock.now())

    async def publish(
        self, seat: Seat, topic: str, draft: Draft, audience: Audience | Role, sends_at: datetime | None = None
    ) -> int:
        """Broadcast a draft, and end the dialogue on `topic` that prepared it. Return the announcement's id.

        It goes out now, or at the aware instant `sends_at`, to those who belong to the audience now. Both happen or
        neither: a second tap finds no dialogue. Raises AlreadySentError, NobodyError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            ended = await rows_changed(
                session,
                delete(Dialogue).where(col(Dialogue.person_id) == seat.person_id, col(Dialogue.topic) == topic),
            )
            if not ended:
                raise AlreadySentError
            recipients = await _recipients(session, seat, audience, now)
            if not recipients.anybody:
                raise NobodyError
            announcement = Announcement(
                commission_id=seat.commission_id,
                text=draft.text,
                file_id=draft.file_id,
                attachment=draft.attachment,
                made_at=now,
                made_by=seat.person_id,
            )
            session.add(announcement)
            await session.flush()
            await queue(session, _notices(seat, announcement, recipients, sends_at or now), now)
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="announcement.sent",
                subject=f"announcement:{announcement.id}",
                audience=audience,
                **({} if sends_at is None else {"sends_at": sends_at.isoformat()}),
            )
            await session.commit()
        return announcement.id or 0

    async def cancel(self, seat: Seat, announcement_id: int) -> str:
        """Do not send an announcement that waits for the morning, and return its text. Raises OnItsWayError."""
        now = self._clock.now()
        async with self._database.write() as session:
            withdrawn = await rows_changed(
                session,
                update(Notice)
                .where(col(Notice.announcement_id) == announcement_id, *_waits(seat, now))
                .values(state=NoticeState.CANCELLED, reason=WITHDRAWN),
            )
            if not withdrawn:
                raise OnItsWayError
            announcement = await session.get_one(Announcement, announcement_id)
            await record(
                session,
                commission_id=seat.commission_id,
                at=now,
                actor_id=seat.person_id,
                act="announcement.cancelled",
                subject=f"announcement:{announcement_id}",
            )
            await session.commit()
        return announcement.text

    async def receipts(self, seat: Seat, announcement_id: int) -> tuple[Receipt, ...]:
        """Return what became of an announcement. Raises NoSuchAnnouncementError."""
        query = (
            select(
                col(Person.name), col(Notice.state), col(Notice.reason), col(Notice.due_at), col(Delivery.settled_at)
            )
            .outerjoin(Person, col(Person.id) == Notice.person_id)
            .outerjoin(Delivery, col(Delivery.id) == Notice.delivery_id)
            .where(col(Notice.announcement_id) == announcement_id, col(Notice.commission_id) == seat.commission_id)
            .order_by(col(Notice.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        if not rows:
            raise NoSuchAnnouncementError
        return tuple(Receipt(*row) for row in rows)


async def waiting(session: AsyncSession, seat: Seat, now: datetime) -> tuple[Waiting, ...]:
    """Return what waits for the morning in the seat's commission, whoever sent it; first what goes out first."""
    query = (
        select(col(Announcement.id), col(Announcement.text), func.max(col(Notice.due_at)).label("due_at"))
        .join(Notice, col(Notice.announcement_id) == Announcement.id)
        .where(*_waits(seat, now))
        .group_by(col(Announcement.id), col(Announcement.text))
        .order_by("due_at", col(Announcement.id))
    )
    return tuple(Waiting(row.id, row.text, row.due_at) for row in (await session.execute(query)).all())


def _waits(seat: Seat, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Tell of a notice in the seat's commission that nothing has been done about it, and that it is not due yet."""
    return (
        col(Notice.commission_id) == seat.commission_id,
        col(Notice.state) == NoticeState.QUEUED,
        col(Notice.delivery_id).is_(None),
        col(Notice.due_at) > now,
    )


def _notices(seat: Seat, announcement: Announcement, recipients: Recipients, due_at: datetime) -> Sequence[NewNotice]:
    people: list[int | None] = [person.person_id for person in recipients.reached]
    return [
        NewNotice(
            kind=NoticeKind.ANNOUNCEMENT,
            cause=f"announcement:{announcement.id}",
            commission_id=seat.commission_id,
            person_id=person_id,
            due_at=due_at,
            announcement_id=announcement.id,
        )
        for person_id in [*people, *([None] if recipients.group else [])]
    ]


async def _others(session: AsyncSession, seat: Seat) -> tuple[Listed, ...]:
    """Return the commission's people without whoever broadcasts: they have just read it."""
    people = await roster(session, seat.commission_id)
    return tuple(person for person in people if person.person_id != seat.person_id)


async def _recipients(session: AsyncSession, seat: Seat, audience: Audience | Role, now: datetime) -> Recipients:
    people = await _others(session, seat)
    if isinstance(audience, Role):
        people = tuple(person for person in people if person.role is audience)
    elif audience is Audience.UNACKNOWLEDGED:
        waiting = await _unacknowledged(session, seat.commission_id, now)
        people = tuple(person for person in people if person.person_id in waiting)
    grouped = (await session.get_one(Commission, seat.commission_id)).group_chat_id is not None
    return Recipients(
        reached=tuple(p for p in people if p.since is not None and not p.unreachable),
        not_reached=tuple(p for p in people if p.since is None or p.unreachable),
        group=grouped and audience is Audience.EVERYONE,
    )


async def _unacknowledged(session: AsyncSession, commission_id: int, now: datetime) -> frozenset[int]:
    """Return who has not acknowledged the convocation to a session that is still to come."""
    query = (
        select(col(Addressee.person_id))
        .join(Convocation, col(Convocation.id) == Addressee.convocation_id)
        .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
        .where(
            col(Meeting.commission_id) == commission_id,
            col(Convocation.ended_at).is_(None),
            col(Convocation.starts_at) > now,
            col(Addressee.acknowledged_at).is_(None),
            col(Addressee.told_at).is_(None),
        )
    )
    return frozenset((await session.execute(query)).scalars())
