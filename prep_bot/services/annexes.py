"""The annexes of a session: every version is kept, and each content once, whatever it is called."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.agenda import Annex
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.file import StoredFile
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Person
from prep_bot.domain.annex import MOST_ANNEXES
from prep_bot.domain.particulars import Paper
from prep_bot.domain.role import Permission
from prep_bot.services.agenda import (
    ClosedAgendaError,
    NoSuchAgendaError,
    accepts_changes,
    convened_to,
    items_of,
    meeting_of,
    papers_in_force,
)
from prep_bot.services.audit import record
from prep_bot.services.boards import redraw_of
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of


@dataclass(frozen=True)
class NewFile:
    """A file that somebody sent, downloaded."""

    name: str
    media_type: str
    content: bytes
    file_id: str | None
    """Under which Telegram can send it again as a document."""


@dataclass(frozen=True)
class AnnexVersion:
    """One version of an annex, for the record."""

    paper: Paper
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class AnnexView:
    """An annex with all its versions, the newest first."""

    meeting: MeetingView
    item_id: int | None
    number: int | None
    """Of its point; None: it is the session's."""
    versions: tuple[AnnexVersion, ...]

    @property
    def paper(self) -> Paper:
        """The version in force."""
        return self.versions[0].paper


@dataclass(frozen=True)
class OpenedFile:
    """A version of an annex with its content."""

    meeting: MeetingView
    number: int | None
    """Of its point; None: it is the session's."""
    paper: Paper
    content: bytes
    file_id: str | None


class NoSuchAnnexError(Exception):
    """There is no such annex that this person may see."""


class SupersededAnnexError(Exception):
    """Another version is in force."""

    def __init__(self, meeting: MeetingView, paper: Paper) -> None:
        super().__init__(paper.name)
        self.meeting = meeting
        self.paper = paper


class SameContentError(Exception):
    """The version in force has that very content."""


class TooManyAnnexesError(Exception):
    """The session has MOST_ANNEXES."""


class Annexes:
    """Takes in, hands out and withdraws annexes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self, seat: Seat, meeting_id: int, item_id: int | None, series: int | None, file: NewFile
    ) -> AnnexView:
        """Add a file to a point or (None) to the session: as a new annex, or as the next version of `series`.

        Raises NoSuchAgendaError, ClosedAgendaError, NoSuchAnnexError, SameContentError, TooManyAnnexesError.
        """
        now = self._clock.now()
        sha256 = hashlib.sha256(file.content).hexdigest()
        async with self._database.write() as session:
            meeting = await self._opened(session, seat, meeting_id)
            if item_id is not None and all(item.id != item_id for item in await items_of(session, meeting_id)):
                raise NoSuchAgendaError
            papers = await papers_in_force(session, meeting_id)
            if series is None:
                if sum(map(len, papers.values())) >= MOST_ANNEXES:
                    raise TooManyAnnexesError
            else:
                paper = next((paper for paper in papers.get(item_id, ()) if paper.series == series), None)
                if paper is None:
                    raise NoSuchAnnexError
                if paper.sha256 == sha256:
                    raise SameContentError
            await keep(session, sha256, file)
            annex = Annex(
                meeting_id=meeting_id,
                item_id=item_id,
                series=series or await _next(session, meeting_id),
                version=await _next(session, meeting_id, series) if series else 1,
                name=file.name,
                sha256=sha256,
                added_at=now,
                added_by=seat.person_id,
            )
            session.add(annex)
            await self._record(
                session,
                seat,
                meeting_id,
                "annex.added",
                series=annex.series,
                version=annex.version,
                point=item_id,
                name=file.name,
                sha256=sha256,
                size=len(file.content),
            )
            await session.flush()
            view = await _annex(session, meeting, annex.series)
            await session.commit()
        return view

    async def one(self, seat: Seat, meeting_id: int, series: int) -> AnnexView:
        """Return an annex that is not withdrawn, with all its versions. Raises NoSuchAgendaError, NoSuchAnnexError."""
        async with self._database.read() as session:
            return await _annex(session, await meeting_of(session, seat, meeting_id), series)

    async def withdraw(self, seat: Seat, meeting_id: int, series: int, version: int) -> AnnexView:
        """Withdraw an annex, whose newest version that is, with all its versions; they stay on record. Return it.

        Raises NoSuchAgendaError, ClosedAgendaError, NoSuchAnnexError.
        """
        async with self._database.write() as session:
            view = await _annex(session, await self._opened(session, seat, meeting_id), series)
            if view.paper.version != version:
                raise NoSuchAnnexError
            await session.execute(
                update(Annex)
                .where(col(Annex.meeting_id) == meeting_id, col(Annex.series) == series)
                .values(withdrawn_at=self._clock.now())
            )
            await self._record(session, seat, meeting_id, "annex.withdrawn", series=series, version=version)
            await session.commit()
        return view

    async def open(self, seat: Seat, view: MeetingView, series: int, version: int) -> OpenedFile:
        """Return a version of an annex of a session that the seat may see.

        Whoever convenes may open every version; everyone else, the one that they were told is in force. Raises
        NoSuchAnnexError, SupersededAnnexError.
        """
        async with self._database.read() as session:
            meeting = await session.get_one(Meeting, view.id)
            if not seat.may(Permission.CONVENE):
                await _check_in_force(session, meeting, series, version)
            query = (
                select(Annex, StoredFile)
                .join(StoredFile, col(StoredFile.sha256) == Annex.sha256)
                .where(col(Annex.meeting_id) == view.id, col(Annex.series) == series, col(Annex.version) == version)
            )
            row = (await session.execute(query)).first()
            if row is None:
                raise NoSuchAnnexError
            number = await _number_of(session, view.id, row.Annex.item_id)
        return OpenedFile(
            view_of(meeting),
            number,
            _paper(row.Annex, row.StoredFile.size),
            row.StoredFile.content,
            row.StoredFile.file_id,
        )

    async def known_as(self, sha256: str, file_id: str) -> None:
        """Remember under which id Telegram keeps that content now."""
        async with self._database.write(quietly=True) as session:
            await rows_changed(
                session, update(StoredFile).where(col(StoredFile.sha256) == sha256).values(file_id=file_id)
            )
            await session.commit()

    async def _opened(self, session: AsyncSession, seat: Seat, meeting_id: int) -> Meeting:
        meeting = await meeting_of(session, seat, meeting_id)
        if not accepts_changes(meeting, self._clock.now()):
            raise ClosedAgendaError
        return meeting

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


async def keep(session: AsyncSession, sha256: str, file: NewFile) -> None:
    """Keep a content under its hash, once, in the caller's transaction."""
    known = update(StoredFile).where(col(StoredFile.sha256) == sha256)
    if not await rows_changed(session, known.values(file_id=func.coalesce(file.file_id, col(StoredFile.file_id)))):
        session.add(
            StoredFile(
                sha256=sha256,
                size=len(file.content),
                media_type=file.media_type,
                content=file.content,
                file_id=file.file_id,
            )
        )
        await session.flush()


async def _next(session: AsyncSession, meeting_id: int, series: int | None = None) -> int:
    """Return the number of the session's next annex, or of the next version of an annex."""
    counted = select(func.max(col(Annex.series) if series is None else col(Annex.version))).where(
        col(Annex.meeting_id) == meeting_id, *([] if series is None else [col(Annex.series) == series])
    )
    return ((await session.execute(counted)).scalar_one() or 0) + 1


async def _check_in_force(session: AsyncSession, meeting: Meeting, series: int, version: int) -> None:
    said = await convened_to(session, meeting)
    if said is not None:
        papers = [paper for _, paper in said.all_papers()]
    else:
        live = {None, *(item.id for item in await items_of(session, meeting.id or 0))}
        by_point = await papers_in_force(session, meeting.id or 0)
        papers = [paper for item_id, own in by_point.items() if item_id in live for paper in own]
    paper = next((paper for paper in papers if paper.series == series), None)
    if paper is None:
        raise NoSuchAnnexError
    if paper.version > version:
        raise SupersededAnnexError(view_of(meeting), paper)
    if paper.version < version:
        raise NoSuchAnnexError  # it is not told yet


async def _annex(session: AsyncSession, meeting: Meeting, series: int) -> AnnexView:
    query = (
        select(Annex, col(StoredFile.size), col(Person.name))
        .join(StoredFile, col(StoredFile.sha256) == Annex.sha256)
        .join(Person, col(Person.id) == Annex.added_by)
        .where(col(Annex.meeting_id) == meeting.id, col(Annex.series) == series, col(Annex.withdrawn_at).is_(None))
        .order_by(col(Annex.version).desc())
    )
    rows = (await session.execute(query)).all()
    if not rows:
        raise NoSuchAnnexError
    item_id = rows[0].Annex.item_id
    return AnnexView(
        meeting=view_of(meeting),
        item_id=item_id,
        number=await _number_of(session, meeting.id or 0, item_id),
        versions=tuple(AnnexVersion(_paper(row.Annex, row.size), row.Annex.added_at, row.name) for row in rows),
    )


async def _number_of(session: AsyncSession, meeting_id: int, item_id: int | None) -> int | None:
    items = await items_of(session, meeting_id)
    return next((number for number, item in enumerate(items, start=1) if item.id == item_id), None)


def _paper(annex: Annex, size: int) -> Paper:
    return Paper(series=annex.series, version=annex.version, name=annex.name, sha256=annex.sha256, size=size)
