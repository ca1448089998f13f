"""Petitions of an extraordinary session: proposed and signed by voting members, until a majority has asked for it.

While a petition is open, the count follows the commission: the signature of whoever no longer votes does not count,
and the majority is that of the present voting members. Once reached it stays, with the signatures that made it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.dialogue import Dialogue
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Person
from prep_bot.db.petition import Petition, PetitionSignature
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.petition import PetitionState, Proposal, lapse, majority, reaches, state_of
from prep_bot.domain.role import VOTING, Role
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.roster import Listed, roster


@dataclass(frozen=True)
class Signature:
    """Who signed, and when."""

    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True)
class PetitionView:
    """A petition as it stands."""

    id: int
    commission_id: int
    topic: str
    reason: str
    made_by: int
    proposer: str
    made_at: datetime
    lapses_at: datetime
    state: PetitionState
    needed: int
    """Signatures that make the majority: of an open one, by who votes now."""
    signatures: tuple[Signature, ...]
    """Those that count, the first one first."""
    reached_at: datetime | None
    withdrawn_at: datetime | None
    meeting: int | None
    """The number of the session that was made of it."""

    def signed_by(self, person_id: int) -> bool:
        """Tell whether that person's signature is among those that count."""
        return any(signature.person_id == person_id for signature in self.signatures)


@dataclass(frozen=True)
class Proposed:
    """A petition that was just presented, and who is asked to sign it."""

    petition: PetitionView
    asked: tuple[Listed, ...]
    not_reached: tuple[Listed, ...]
    """They vote too, but are not enrolled or unreachable."""


class NoSuchPetitionError(Exception):
    """The commission has no such petition."""


class NotVotingError(Exception):
    """The person has no vote in the commission (any more)."""


class NotTheirsError(Exception):
    """Only whoever proposed a petition withdraws it, and they do not withdraw only their signature."""


class AlreadyPresentedError(Exception):
    """The proposal is gone: it was presented from another tap, or dropped."""


class OpenPetitionError(Exception):
    """The person has an open petition already: one at a time."""

    def __init__(self, petition: PetitionView) -> None:
        super().__init__(f"petition {petition.id} is open")
        self.petition = petition


class PetitionClosedError(Exception):
    """The petition has its majority, was withdrawn or has lapsed."""

    def __init__(self, petition: PetitionView) -> None:
        super().__init__(f"petition {petition.id} is {petition.state}")
        self.petition = petition


class NotForConveningError(Exception):
    """The petition has no majority, or a session was made of it already."""


class Petitions:
    """Takes petitions, signatures and their withdrawal."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def current(self, seat: Seat) -> tuple[PetitionView, ...]:
        """Return the commission's petitions that wait: for signatures, or for the session; the oldest first."""
        now = self._clock.now()
        waits = col(Petition.meeting_id).is_(None) & col(Petition.withdrawn_at).is_(None)
        still = col(Petition.reached_at).is_not(None) | (col(Petition.lapses_at) > now)
        async with self._database.read() as session:
            return await _read(session, seat.commission_id, now, waits, still)

    async def one(self, seat: Seat, petition_id: int) -> PetitionView:
        """Return that petition of the commission. Raises NoSuchPetitionError."""
        async with self._database.read() as session:
            return await read_petition(session, seat.commission_id, petition_id, self._clock.now())

    async def open_of(self, seat: Seat) -> PetitionView | None:
        """Return the open petition of that person in the commission, if there is one."""
        return next((p for p in await self.current(seat) if _open_of(p, seat.person_id)), None)

    async def propose(self, seat: Seat, topic: str, proposal: Proposal) -> Proposed:
        """Present a petition, with its proposer's signature as the first; end the dialogue on `topic`.

        Both happen or neither: a second tap finds no dialogue. The other voting members are asked to sign. Raises
        AlreadyPresentedError, NotVotingError, OpenPetitionError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            mine = delete(Dialogue).where(col(Dialogue.person_id) == seat.person_id, col(Dialogue.topic) == topic)
            if not await rows_changed(session, mine):
                raise AlreadyPresentedError
            voting = await _voting(session, seat.commission_id)
            _check_votes(seat, voting)
            theirs = await _read(session, seat.commission_id, now, col(Petition.made_by) == seat.person_id)
            for petition in theirs:
                if _open_of(petition, seat.person_id):
                    raise OpenPetitionError(petition)
            made = Petition(
                commission_id=seat.commission_id,
                topic=proposal.topic,
                reason=proposal.reason,
                made_by=seat.person_id,
                made_at=now,
                lapses_at=lapse(now, seat.rules.petition_days, seat.rules.zone),
                needed=majority(len(voting)),
            )
            session.add(made)
            await session.flush()
            session.add(PetitionSignature(petition_id=made.id or 0, person_id=seat.person_id, signed_at=now))
            await session.flush()
            await _record(
                session,
                made,
                now,
                seat.person_id,
                "proposed",
                topic=made.topic,
                reason=made.reason,
                lapses_at=made.lapses_at.isoformat(),
            )
            others = tuple(person for person in voting if person.person_id != seat.person_id)
            if not await _settle(session, made, now):
                await _tell(session, made, (p.person_id for p in others if p.since), now, NoticeKind.PETITION)
            view = await read_petition(session, seat.commission_id, made.id or 0, now)
            await session.commit()
        return Proposed(
            petition=view,
            asked=tuple(p for p in others if p.since is not None and not p.unreachable),
            not_reached=tuple(p for p in others if p.since is None or p.unreachable),
        )

    async def sign(self, seat: Seat, petition_id: int) -> PetitionView:
        """Sign; who has signed keeps the first hour. At the majority, secretary and presidency are told.

        Raises NoSuchPetitionError, NotVotingError, PetitionClosedError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            petition, view = await self._open(session, seat, petition_id, now)
            _check_votes(seat, await _voting(session, seat.commission_id))
            if view.signed_by(seat.person_id):
                return view
            session.add(PetitionSignature(petition_id=petition_id, person_id=seat.person_id, signed_at=now))
            await session.flush()
            await _record(session, petition, now, seat.person_id, "signed")
            await _settle(session, petition, now)
            view = await read_petition(session, seat.commission_id, petition_id, now)
            await session.commit()
        return view

    async def unsign(self, seat: Seat, petition_id: int) -> PetitionView:
        """Take back one's signature while there is no majority; without one, nothing happens.

        Raises NoSuchPetitionError, NotTheirsError for whoever proposed it, PetitionClosedError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            petition, view = await self._open(session, seat, petition_id, now)
            if petition.made_by == seat.person_id:
                raise NotTheirsError
            taken_back = delete(PetitionSignature).where(
                col(PetitionSignature.petition_id) == petition_id, col(PetitionSignature.person_id) == seat.person_id
            )
            if not await rows_changed(session, taken_back):
                return view
            await _record(session, petition, now, seat.person_id, "unsigned")
            view = await read_petition(session, seat.commission_id, petition_id, now)
            await session.commit()
        return view

    async def withdraw(self, seat: Seat, petition_id: int) -> PetitionView:
        """Withdraw one's petition while it has no majority; whoever had signed it is told.

        Raises NoSuchPetitionError, NotTheirsError, PetitionClosedError.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            petition, view = await self._open(session, seat, petition_id, now)
            if petition.made_by != seat.person_id:
                raise NotTheirsError
            petition.withdrawn_at = now
            await session.flush()
            await _record(session, petition, now, seat.person_id, "withdrawn")
            signers = {s.person_id for s in view.signatures} - {seat.person_id}
            enrolled = (p for p in await _voting(session, seat.commission_id) if p.since)
            told = (p.person_id for p in enrolled if p.person_id in signers)
            await _tell(session, petition, told, now, NoticeKind.PETITION, withdrawn=True)
            view = await read_petition(session, seat.commission_id, petition_id, now)
            await session.commit()
        return view

    async def _open(
        self, session: AsyncSession, seat: Seat, petition_id: int, now: datetime
    ) -> tuple[Petition, PetitionView]:
        """Return an open petition of the commission. Raises NoSuchPetitionError, PetitionClosedError."""
        view = await read_petition(session, seat.commission_id, petition_id, now)
        if view.state is not PetitionState.OPEN:
            raise PetitionClosedError(view)
        return await session.get_one(Petition, petition_id), view


async def recount(session: AsyncSession, commission_id: int, now: datetime) -> None:
    """See whether an open petition has its majority now that the commission has other members, in their transaction."""
    query = select(Petition).where(
        col(Petition.commission_id) == commission_id,
        col(Petition.reached_at).is_(None),
        col(Petition.withdrawn_at).is_(None),
        col(Petition.lapses_at) > now,
    )
    for petition in (await session.execute(query)).scalars().all():
        await _settle(session, petition, now)


async def met(session: AsyncSession, seat: Seat, petition_id: int, meeting_id: int) -> None:
    """Note which session was made of a petition, only one, in the caller's transaction. Raises NotForConveningError."""
    changed = await rows_changed(
        session,
        update(Petition)
        .where(
            col(Petition.id) == petition_id,
            col(Petition.commission_id) == seat.commission_id,
            col(Petition.reached_at).is_not(None),
            col(Petition.meeting_id).is_(None),
        )
        .values(meeting_id=meeting_id),
    )
    if not changed:
        raise NotForConveningError


async def read_petition(session: AsyncSession, commission_id: int, petition_id: int, now: datetime) -> PetitionView:
    """Return a petition of the commission, in the caller's transaction. Raises NoSuchPetitionError."""
    found = await _read(session, commission_id, now, col(Petition.id) == petition_id)
    if not found:
        raise NoSuchPetitionError
    return found[0]


async def _read(
    session: AsyncSession, commission_id: int, now: datetime, *where: ColumnElement[bool]
) -> tuple[PetitionView, ...]:
    query = (
        select(Petition, col(Person.name), col(Meeting.number))
        .join(Person, col(Person.id) == Petition.made_by)
        .outerjoin(Meeting, col(Meeting.id) == Petition.meeting_id)
        .where(col(Petition.commission_id) == commission_id, *where)
        .order_by(col(Petition.id))
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return ()
    voting = frozenset(person.person_id for person in await _voting(session, commission_id))
    signatures = await _signatures(session, [row.Petition.id for row in rows])
    return tuple(
        _view(row.Petition, row.name, row.number, signatures.get(row.Petition.id, ()), voting, now) for row in rows
    )


async def _signatures(session: AsyncSession, petitions: Collection[int]) -> dict[int, Sequence[Signature]]:
    query = (
        select(PetitionSignature, col(Person.name))
        .join(Person, col(Person.id) == PetitionSignature.person_id)
        .where(col(PetitionSignature.petition_id).in_(petitions))
        .order_by(col(PetitionSignature.signed_at), col(PetitionSignature.person_id))
    )
    found: dict[int, list[Signature]] = {}
    for signature, name in (await session.execute(query)).all():
        signed = Signature(signature.person_id, name, signature.signed_at)
        found.setdefault(signature.petition_id, []).append(signed)
    return dict(found)


def _view(
    petition: Petition,
    proposer: str,
    meeting: int | None,
    signatures: Sequence[Signature],
    voting: frozenset[int],
    now: datetime,
) -> PetitionView:
    reached = petition.reached_at is not None
    return PetitionView(
        id=petition.id or 0,
        commission_id=petition.commission_id,
        topic=petition.topic,
        reason=petition.reason,
        made_by=petition.made_by,
        proposer=proposer,
        made_at=petition.made_at,
        lapses_at=petition.lapses_at,
        state=state_of(petition.reached_at, petition.withdrawn_at, petition.lapses_at, now),
        needed=petition.needed if reached else majority(len(voting)),
        signatures=tuple(s for s in signatures if reached or s.person_id in voting),
        reached_at=petition.reached_at,
        withdrawn_at=petition.withdrawn_at,
        meeting=meeting,
    )


def _open_of(petition: PetitionView, person_id: int) -> bool:
    return petition.state is PetitionState.OPEN and petition.made_by == person_id


async def _voting(session: AsyncSession, commission_id: int) -> tuple[Listed, ...]:
    return tuple(person for person in await roster(session, commission_id) if person.role in VOTING)


def _check_votes(seat: Seat, voting: Iterable[Listed]) -> None:
    if all(person.person_id != seat.person_id for person in voting):
        raise NotVotingError


async def _settle(session: AsyncSession, petition: Petition, now: datetime) -> bool:
    """Close the petition if it has its majority, and tell so. Return whether it has."""
    people = await roster(session, petition.commission_id)
    voting = {person.person_id for person in people if person.role in VOTING}
    theirs = col(PetitionSignature.petition_id) == petition.id
    signed = set((await session.execute(select(col(PetitionSignature.person_id)).where(theirs))).scalars())
    if not reaches(signed, voting):
        return False
    # What stays on record is what made the majority.
    await session.execute(delete(PetitionSignature).where(theirs, col(PetitionSignature.person_id).not_in(voting)))
    petition.reached_at, petition.needed = now, majority(len(voting))
    await session.flush()
    counted = sorted(signed & voting)
    await _record(session, petition, now, None, "reached", signers=counted, needed=petition.needed, voting=len(voting))
    told = {Role.TECHNICAL_SECRETARY, Role.PRESIDENCY}
    recipients = (p.person_id for p in people if p.since and (p.role in told or p.person_id == petition.made_by))
    await _tell(session, petition, recipients, now, NoticeKind.PETITION_MAJORITY)
    return True


async def _tell(
    session: AsyncSession,
    petition: Petition,
    people: Iterable[int],
    now: datetime,
    kind: NoticeKind,
    *,
    withdrawn: bool = False,
) -> None:
    asks = kind is NoticeKind.PETITION and not withdrawn
    notices = [
        NewNotice(
            kind=kind,
            cause=f"{kind}:{petition.id}{':withdrawn' if withdrawn else ''}",
            commission_id=petition.commission_id,
            person_id=person_id,
            due_at=now,
            useful_until=petition.lapses_at if asks else None,
            data={"petition": petition.id, "withdrawn": withdrawn},
        )
        for person_id in people
    ]
    await queue(session, notices, now)


async def _record(
    session: AsyncSession, petition: Petition, now: datetime, actor_id: int | None, act: str, **details: object
) -> None:
    await record(
        session,
        commission_id=petition.commission_id,
        at=now,
        actor_id=actor_id,
        act=f"petition.{act}",
        subject=f"petition:{petition.id}",
        **details,
    )
