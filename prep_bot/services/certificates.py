"""The constancia of a convocation: what the log tells of its notification, issued as files that can be checked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.file import StoredFile
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Membership, Person
from prep_bot.domain.answer import Answer
from prep_bot.domain.chain import Entry
from prep_bot.domain.history import GROUP, Happening, histories
from prep_bot.domain.letter import Letter
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Permission, Role, may
from prep_bot.services.audit import entries, head, record
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.files import keep
from prep_bot.services.identity import Seat
from prep_bot.services.letters import named as named_now
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.papers import PDF, ConvocationPaper, Named, gather, named

JSON = "application/json"
_ISSUED = "certificate.issued"


@dataclass(frozen=True)
class Head:
    """An entry of the log that stands for all before it."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Notified:
    """A convened person, or the linked group, and all that happened with their notification."""

    person_id: int
    """GROUP: the linked group."""
    name: str
    role: Role | None
    """None: it is the group."""
    happened: tuple[Happening, ...]
    told_means: str
    """By which other means they were notified; may be empty."""
    answer: Answer | None
    substitute: str
    convened: bool = False
    """It is who convened, and knows of it by that."""
    enrolled: bool = True
    """There is a Telegram account to write to."""


@dataclass(frozen=True)
class Certificate:
    """A constancia that is about to be issued."""

    number: int
    """Of the constancias of that convocation."""
    commission: str
    """The commission's key."""
    issued_at: datetime
    issued_by: Named
    paper: ConvocationPaper
    people: tuple[Notified, ...]
    versions: dict[int, int]
    """Of the convocation and of those that it corrects, by their ids: all of which the constancia tells."""
    entries: tuple[tuple[Entry, str], ...]
    """Those of the log that concern the convocation or its session, each with its hash."""
    head: Head
    """The log, as far as it went."""


@dataclass(frozen=True)
class Issued:
    """A constancia that was issued: its files are kept."""

    commission_id: int
    convocation_id: int
    meeting: str
    convocation: str
    """The convocation's number, such as `3/2022`."""
    number: int
    at: datetime
    head: Head
    """The entry of its issuing, which holds the hashes of its files."""
    pdf: bytes
    json: bytes


class NoSuchCertificateError(Exception):
    """The commission has no such constancia."""


class Certificates:
    """Issues constancias."""

    def __init__(self, database: Database, clock: Clock, *, simulated: bool) -> None:
        self._database = database
        self._clock = clock
        self._simulated = simulated

    async def current(self, seat: Seat, convocation_id: int) -> Issued | None:
        """Return the newest constancia of a convocation if nothing that concerns it has happened since.

        Raises NoSuchConvocationError.
        """
        async with self._database.read() as session:
            convocation, _ = await _of(session, seat, convocation_id)
            versions = await _versions(session, convocation)
            last, _ = (await _concerning(session, seat.commission_id, convocation.meeting_id, versions))[-1]
            if last.act != _ISSUED or last.subject != f"convocation:{convocation_id}":
                return None
            return await issued_by(session, seat.commission_id, last.sequence)

    async def prepare(self, seat: Seat, convocation_id: int) -> Certificate:
        """Return what a constancia of the convocation says now. Raises NoSuchConvocationError."""
        now = self._clock.now()
        async with self._database.read() as session:
            convocation, meeting = await _of(session, seat, convocation_id)
            commission = await session.get_one(Commission, seat.commission_id)
            versions = await _versions(session, convocation)
            concerning = await _concerning(session, seat.commission_id, convocation.meeting_id, versions)
            own = f"convocation:{convocation_id}"
            earlier = [entry for entry, _ in concerning if (entry.act, entry.subject) == (_ISSUED, own)]
            return Certificate(
                number=len(earlier) + 1,
                commission=commission.key,
                issued_at=now,
                issued_by=named(await named_now(session, seat.commission_id, seat.person_id, now)),
                paper=await gather(session, convocation, meeting, simulated=self._simulated),
                people=await _people(session, convocation, meeting, [entry for entry, _ in concerning]),
                versions=versions,
                entries=tuple(concerning),
                head=Head(*await head(session, seat.commission_id)),
            )

    async def issue(self, seat: Seat, certificate: Certificate, pdf: bytes, json: bytes) -> Issued:
        """Keep the files of a constancia and tell presidency and secretary the log's head, which holds their hashes.

        Of two that were prepared at once, the first one is issued and returned for both.
        """
        now, paper = self._clock.now(), certificate.paper
        subject = f"convocation:{paper.convocation_id}"
        async with self._database.write() as session:
            quicker = select(col(AuditEvent.sequence)).where(
                col(AuditEvent.commission_id) == seat.commission_id,
                col(AuditEvent.sequence) > certificate.head.sequence,
                col(AuditEvent.subject) == subject,
                col(AuditEvent.act) == _ISSUED,
            )
            sequence = (await session.execute(quicker.limit(1))).scalar_one_or_none()
            if sequence is None:
                entry = await record(
                    session,
                    commission_id=seat.commission_id,
                    at=now,
                    actor_id=seat.person_id,
                    act=_ISSUED,
                    subject=subject,
                    number=certificate.number,
                    pdf=await keep(session, pdf, PDF),
                    json=await keep(session, json, JSON),
                    head={"sequence": certificate.head.sequence, "hash": certificate.head.hash},
                )
                await session.flush()
                sequence = entry.sequence
                await _tell(session, seat.commission_id, paper, sequence, now)
            issued = await issued_by(session, seat.commission_id, sequence)
            await session.commit()
        return issued

    async def original(self, commission: str, convocation_id: int, number: int) -> bytes | None:
        """Return the data file of a constancia as it was issued, for the operator; None when there was none such."""
        query = (
            select(AuditEvent)
            .join(Commission, col(Commission.id) == AuditEvent.commission_id)
            .where(
                col(Commission.key) == commission,
                col(AuditEvent.subject) == f"convocation:{convocation_id}",
                col(AuditEvent.act) == _ISSUED,
            )
        )
        async with self._database.read() as session:
            for event in (await session.execute(query)).scalars():
                if event.details["number"] == number:
                    return (await session.get_one(StoredFile, event.details["json"])).content
        return None

    async def stored(self, seat: Seat, sequence: int) -> Issued:
        """Return the constancia that was issued by that entry of the log. Raises NoSuchCertificateError."""
        async with self._database.read() as session:
            return await issued_by(session, seat.commission_id, sequence)


async def _of(session: AsyncSession, seat: Seat, convocation_id: int) -> tuple[Convocation, Meeting]:
    convocation = await session.get(Convocation, convocation_id)
    meeting = await session.get(Meeting, convocation.meeting_id) if convocation else None
    if convocation is None or meeting is None or meeting.commission_id != seat.commission_id:
        raise NoSuchConvocationError
    return convocation, meeting


async def _versions(session: AsyncSession, convocation: Convocation) -> dict[int, int]:
    """Return the version of a convocation and of those that it corrects, by their ids, the newest first."""
    query = (
        select(Convocation)
        .where(col(Convocation.meeting_id) == convocation.meeting_id, col(Convocation.version) <= convocation.version)
        .order_by(col(Convocation.version).desc())
    )
    versions: dict[int, int] = {}
    for each in (await session.execute(query)).scalars():
        versions[each.id or 0] = each.version
        if not each.correction:
            break
    return versions


async def _concerning(
    session: AsyncSession, commission_id: int, meeting_id: int, versions: Collection[int]
) -> list[tuple[Entry, str]]:
    """Return what was done to a session and to these of its convocations; the convening is among it."""
    subjects = [f"meeting:{meeting_id}", *(f"convocation:{number}" for number in versions)]
    return [pair async for pair in entries(session, commission_id, subjects=subjects)]


async def _people(
    session: AsyncSession, convocation: Convocation, meeting: Meeting, log: Sequence[Entry]
) -> tuple[Notified, ...]:
    query = (
        select(Addressee, Person, col(Membership.role))
        .join(Person, col(Person.id) == Addressee.person_id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(col(Addressee.convocation_id) == convocation.id, col(Membership.commission_id) == meeting.commission_id)
        .order_by(col(Membership.id))
    )
    happened = histories(log)
    letter = Letter.model_validate(convocation.letter)
    then = {person.person: person for person in letter.addressees}
    # As they were convened; who joined later, in the role that they had last, whether they are members still or not.
    rows = {row.Person.id: row for row in (await session.execute(query)).all()}
    people = [
        Notified(
            person_id=person_id,
            name=then[person_id].name if person_id in then else f"{row.Person.title} {row.Person.name}".strip(),
            role=then[person_id].role if person_id in then else row.role,
            happened=happened.get(person_id, ()),
            told_means=row.Addressee.told_means or "",
            answer=row.Addressee.answer,
            substitute=row.Addressee.substitute,
            convened=person_id == convocation.made_by,
            enrolled=row.Person.telegram_id is not None,
        )
        for person_id, row in rows.items()
    ]
    if GROUP in happened:
        people.append(Notified(GROUP, "", None, happened[GROUP], "", None, ""))
    return tuple(people)


async def issued_by(session: AsyncSession, commission_id: int, sequence: int) -> Issued:
    """Return the constancia that was issued by that entry of the log, in the caller's transaction.

    Raises NoSuchCertificateError.
    """
    query = select(AuditEvent).where(
        col(AuditEvent.commission_id) == commission_id,
        col(AuditEvent.sequence) == sequence,
        col(AuditEvent.act) == _ISSUED,
    )
    event = (await session.execute(query)).scalar_one_or_none()
    if event is None:
        raise NoSuchCertificateError
    convocation = await session.get_one(Convocation, int(event.subject.partition(":")[2]))
    meeting = await session.get_one(Meeting, convocation.meeting_id)
    paper = await gather(session, convocation, meeting, simulated=False)
    return Issued(
        commission_id=commission_id,
        convocation_id=convocation.id or 0,
        meeting=paper.particulars.name,
        convocation=f"{paper.number}/{paper.year}",
        number=event.details["number"],
        at=event.at,
        head=Head(event.sequence, event.hash),
        pdf=(await session.get_one(StoredFile, event.details["pdf"])).content,
        json=(await session.get_one(StoredFile, event.details["json"])).content,
    )


async def _tell(
    session: AsyncSession, commission_id: int, paper: ConvocationPaper, sequence: int, now: datetime
) -> None:
    """Tell the head to whoever may ask for constancias: what they hold, nobody can rewrite quietly."""
    query = (
        select(col(Membership.person_id), col(Membership.role))
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(Membership.commission_id) == commission_id,
            col(Membership.ends_on).is_(None),
            col(Person.telegram_id).is_not(None),
        )
        .order_by(col(Membership.id))
    )
    holders = [row.person_id for row in (await session.execute(query)).all() if may(row.role, Permission.CERTIFY)]
    await queue(
        session,
        [
            NewNotice(
                kind=NoticeKind.CERTIFICATE,
                cause=f"certificate:{sequence}",
                commission_id=commission_id,
                person_id=person_id,
                due_at=now,
                meeting_id=paper.meeting_id,
                convocation_id=paper.convocation_id,
                data={"sequence": sequence},
            )
            for person_id in holders
        ],
        now,
    )
