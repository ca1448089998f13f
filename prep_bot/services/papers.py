"""The papers of a convocation: what its document says, and the signed one that the secretary uploaded."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database
from prep_bot.db.file import StoredFile
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import MeetingGuest
from prep_bot.domain.letter import Letter, LetterPerson
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import local_day
from prep_bot.domain.particulars import Particulars
from prep_bot.domain.role import Permission, Role
from prep_bot.domain.rules import Rules
from prep_bot.services.audit import record
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.files import keep
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView, view_of

PDF = "application/pdf"
SIGNED_LIMIT = 20 * 1024 * 1024
"""Bytes of a signed document: Telegram lets no bot download more."""


@dataclass(frozen=True)
class Named:
    """A person as a document names them."""

    name: str
    """With its title."""
    role: Role
    position: str
    """As the plan calls it; may be empty."""


@dataclass(frozen=True)
class Signed:
    """The signed document of a convocation: it counts, not what is made of the same data."""

    sha256: str
    size: int
    """Bytes."""


class Standing(StrEnum):
    """What became of a convocation."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    """There is a later version of it."""
    CALLED_OFF = "called_off"
    """Its session was cancelled or deferred."""
    OVER = "over"


@dataclass(frozen=True)
class ConvocationPaper:
    """All that the document of a convocation says."""

    convocation_id: int
    commission_id: int
    meeting_id: int
    meeting_number: int
    institution: str
    commission: str
    process: str
    city: str
    """Where the institution sits; may be empty."""
    number: int
    """Of the commission's convocations in that year."""
    year: int
    version: int
    """Of the session's convocations."""
    correction: bool
    reason: str
    """Why the session was changed; of the first version, nothing."""
    made_at: datetime
    sends_at: datetime
    zone: ZoneInfo
    particulars: Particulars
    addressees: tuple[Named, ...]
    legal_basis: str
    """The act that created the commission; may be empty."""
    convening: str
    """What the plan says about who convenes such a session; may be empty."""
    term: dict[str, Any]
    term_reason: str
    made_by: Named
    standing: Standing
    ended_at: datetime | None
    signed: Signed | None
    uid: str
    """Names the session to calendars, whatever becomes of it."""
    simulated: bool
    """It comes from a simulation or a rehearsal: it is worth nothing, and says so."""


class NotPdfError(Exception):
    """What was sent as the signed document is no PDF."""


class ReplacedError(Exception):
    """There is a later version of that convocation, or it was called off: it is not to be signed any more."""


class Papers:
    """Gathers what documents say. Those of a simulation say that they are."""

    def __init__(self, database: Database, clock: Clock, *, simulated: bool) -> None:
        self._database = database
        self._clock = clock
        self._simulated = simulated

    async def of(self, seat: Seat, convocation_id: int) -> ConvocationPaper:
        """Return what the document of a convocation says, to whoever it is meant for.

        Raises NoSuchConvocationError: also when it has not gone out yet, to who does not convene.
        """
        async with self._database.read() as session:
            convocation, meeting = await self._seen(session, seat, convocation_id)
            return await gather(session, convocation, meeting, simulated=self._simulated)

    async def newest(self, seat: Seat, convocation_id: int) -> ConvocationPaper:
        """Return the same of the newest version of that convocation: what calendars want to know."""
        async with self._database.read() as session:
            _, meeting = await self._seen(session, seat, convocation_id)
            newest = await self._shown(session, seat, meeting.id or 0)
            convocation, _ = await self._seen(session, seat, newest or convocation_id)
            return await gather(session, convocation, meeting, simulated=self._simulated)

    async def shown(self, seat: Seat, meeting_id: int) -> int | None:
        """Return the newest convocation of a session that the seat may see, if it may see one of it."""
        async with self._database.read() as session:
            return await self._shown(session, seat, meeting_id)

    async def _shown(self, session: AsyncSession, seat: Seat, meeting_id: int) -> int | None:
        query = select(col(Convocation.id)).where(col(Convocation.meeting_id) == meeting_id)
        if not seat.may(Permission.CONVENE):
            query = query.where(col(Convocation.sends_at) <= self._clock.now())
        query = query.order_by(col(Convocation.version).desc()).limit(1)
        return (await session.execute(query)).scalar_one_or_none()

    async def signed(self, seat: Seat, convocation_id: int) -> bytes | None:
        """Return the signed document, None while there is none. Raises NoSuchConvocationError."""
        async with self._database.read() as session:
            convocation, _ = await self._seen(session, seat, convocation_id)
            query = select(col(StoredFile.content)).where(col(StoredFile.sha256) == convocation.signed)
            return (await session.execute(query)).scalar_one_or_none()

    async def unsigned(self, seats: Collection[Seat]) -> tuple[tuple[MeetingView, int], ...]:
        """Return the convened sessions of those seats that lack their signed document, each with its convocation."""
        query = (
            select(Meeting, Convocation)
            .join(Convocation, col(Convocation.meeting_id) == Meeting.id)
            .where(
                col(Meeting.commission_id).in_([seat.commission_id for seat in seats]),
                col(Meeting.archived_at).is_(None),
                col(Convocation.ended_at).is_(None),
                col(Convocation.signed).is_(None),
            )
            .order_by(col(Meeting.starts_at), col(Meeting.id))
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
            return tuple((view_of(row.Meeting), row.Convocation.id) for row in rows)

    async def sign(self, seat: Seat, convocation_id: int, content: bytes) -> Signed:
        """Keep the signed document of a convocation: from now on it counts, in place of an earlier one.

        Raises NoSuchConvocationError, ReplacedError, NotPdfError.
        """
        if not is_pdf(content):
            raise NotPdfError
        now, digest = self._clock.now(), hashlib.sha256(content).hexdigest()
        async with self._database.write() as session:
            convocation, meeting = await self._seen(session, seat, convocation_id)
            standing = await _standing(session, convocation, meeting)
            if standing in {Standing.REPLACED, Standing.CALLED_OFF}:
                raise ReplacedError
            replaces = convocation.signed
            if replaces != digest:
                await keep(session, content, PDF)
                await session.execute(
                    update(Convocation).where(col(Convocation.id) == convocation_id).values(signed=digest)
                )
                await record(
                    session,
                    commission_id=seat.commission_id,
                    at=now,
                    actor_id=seat.person_id,
                    act="convocation.signed",
                    subject=f"convocation:{convocation_id}",
                    sha256=digest,
                    size=len(content),
                    replaces=replaces,
                )
                await session.commit()
        return Signed(digest, len(content))

    async def _seen(self, session: AsyncSession, seat: Seat, convocation_id: int) -> tuple[Convocation, Meeting]:
        convocation = await session.get(Convocation, convocation_id)
        meeting = await session.get(Meeting, convocation.meeting_id) if convocation else None
        if convocation is None or meeting is None or meeting.commission_id != seat.commission_id:
            raise NoSuchConvocationError
        if not seat.may(Permission.CONVENE):
            guest = await session.get(MeetingGuest, (meeting.id, seat.membership_id))
            invited = guest is not None or seat.may(Permission.READ_CALENDAR)
            if not invited or convocation.sends_at > self._clock.now():
                raise NoSuchConvocationError
        return convocation, meeting


def is_pdf(content: bytes) -> bool:
    """Tell whether a file says of itself that it is a PDF: within its first kilobyte, by the format's rule."""
    return b"%PDF-" in content[:1024]


async def gather(
    session: AsyncSession, convocation: Convocation, meeting: Meeting, *, simulated: bool
) -> ConvocationPaper:
    """Return what the document of a convocation says, as it was when it was made; in the caller's transaction."""
    commission = await session.get_one(Commission, meeting.commission_id)
    zone = Rules.model_validate(commission.rules).zone
    year = local_day(convocation.made_at, zone).year
    letter = Letter.model_validate(convocation.letter)
    return ConvocationPaper(
        convocation_id=convocation.id or 0,
        commission_id=meeting.commission_id,
        meeting_id=convocation.meeting_id,
        meeting_number=meeting.number,
        institution=letter.institution,
        commission=letter.commission,
        process=letter.process,
        city=letter.city,
        number=await _number(session, convocation, commission, year, zone),
        year=year,
        version=convocation.version,
        correction=convocation.correction,
        reason=convocation.reason,
        made_at=convocation.made_at,
        sends_at=convocation.sends_at,
        zone=zone,
        particulars=Particulars.model_validate(convocation.particulars),
        addressees=tuple(named(person) for person in letter.addressees),
        legal_basis=letter.legal_basis,
        convening=letter.convening,
        term=convocation.term,
        term_reason=convocation.term_reason,
        made_by=named(letter.made_by),
        standing=await _standing(session, convocation, meeting),
        ended_at=convocation.ended_at,
        signed=await _signed(session, convocation),
        uid=f"{commission.key}.{meeting.key}",
        simulated=simulated,
    )


async def _number(
    session: AsyncSession, convocation: Convocation, commission: Commission, year: int, zone: ZoneInfo
) -> int:
    """Return its place among the commission's convocations of that year: none is ever taken away."""
    begins = datetime(year, 1, 1, tzinfo=zone)
    query = (
        select(func.count(col(Convocation.id)))
        .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
        .where(
            col(Meeting.commission_id) == commission.id,
            col(Convocation.made_at) >= begins,
            col(Convocation.id) <= convocation.id,
        )
    )
    return (await session.execute(query)).scalar_one()


def named(person: LetterPerson) -> Named:
    """Return a person as documents are given them."""
    return Named(person.name, person.role, person.position)


async def _standing(session: AsyncSession, convocation: Convocation, meeting: Meeting) -> Standing:
    if convocation.ended_at is None:
        return Standing.IN_FORCE
    newest = select(func.max(col(Convocation.version))).where(col(Convocation.meeting_id) == meeting.id)
    if (await session.execute(newest)).scalar_one() != convocation.version:
        return Standing.REPLACED
    over = {MeetingState.HELD, MeetingState.IN_SESSION, MeetingState.NO_QUORUM}
    # Of a session that has a later call, this one ended for want of quorum.
    return Standing.OVER if meeting.state in over or convocation.call < meeting.call else Standing.CALLED_OFF


async def _signed(session: AsyncSession, convocation: Convocation) -> Signed | None:
    query = select(col(StoredFile.sha256), col(StoredFile.size)).where(col(StoredFile.sha256) == convocation.signed)
    row = (await session.execute(query)).first()
    return Signed(row.sha256, row.size) if row else None
