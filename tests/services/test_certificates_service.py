"""Constancias: what they gather, that they are issued once, and who is told the log's head."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.engine import Database, create_engine
from prep_bot.db.outbox import Notice
from prep_bot.domain.answer import Answer
from prep_bot.domain.history import Act
from prep_bot.domain.meeting import Modality
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Role
from prep_bot.services import container
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.calendar import Appointment
from prep_bot.services.certificates import NoSuchCertificateError, Notified
from prep_bot.services.container import Services
from prep_bot.services.identity import Actor, Seat
from prep_bot.simulation.clock import ManualClock
from tests.support.outbox import deliver
from tests.support.small_plan import NOW, enrol, plan


@dataclass(frozen=True)
class Convened:
    """A session that was convened, and told of to those who are enrolled."""

    services: Services
    secretary: Seat
    presidency: Seat
    member: Seat
    convocation: int

    async def acts_of(self, person: str) -> list[str]:
        prepared = await self.services.certificates.prepare(self.secretary, self.convocation)
        return [happening.act for happening in _of(prepared.people, person).happened]


def _of(people: tuple[Notified, ...], name: str) -> Notified:
    return next(person for person in people if person.name == name)


@pytest.fixture
async def convened(services: Services, clock: ManualClock) -> Convened:
    await services.plans.apply(plan())
    await services.plans.apply(plan("otra"))
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    presidency = await enrol(services, "Carmen Sosa", Role.PRESIDENCY, 8)
    member = await enrol(services, "Beto Mora", Role.MEMBER, 9)
    await services.invitations.create(1, "Dora Gil", Role.MEMBER, by=None)
    meeting = await services.meetings.numbered(secretary, 1)
    assert meeting is not None
    to = Appointment(NOW + timedelta(days=6), Modality.IN_PERSON, "Sala")
    dated = await services.calendar.appoint(secretary, meeting.id, meeting.since, to)
    convocation = await services.convocations.convene(secretary, dated.id, dated.since, clock.now(), 0)
    await deliver(services)
    return Convened(services, secretary, presidency, member, convocation)


async def actor_of(services: Services, telegram_id: int) -> Actor:
    actor = await services.identity.of(telegram_id)
    assert actor is not None
    return actor


async def test_what_happened_to_each_person(convened: Convened, clock: ManualClock) -> None:
    services, member = convened.services, await actor_of(convened.services, 9)
    await services.convocations.acknowledge(member, convened.convocation)
    await services.answers.give(member, convened.convocation, Answer.ABSENT)
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    dora = _of(prepared.people, "Dora Gil")
    await services.convocations.told(
        convened.secretary, convened.convocation, dora.person_id, clock.now(), "oficio 12/2022"
    )
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    assert await convened.acts_of("Beto Mora") == [Act.ATTEMPTED, Act.ACKNOWLEDGED, Act.ANSWERED]
    assert await convened.acts_of("Dora Gil") == [Act.TOLD]
    assert _of(prepared.people, "Dora Gil").told_means == "oficio 12/2022"
    assert _of(prepared.people, "Beto Mora").answer is Answer.ABSENT
    assert [person.name for person in prepared.people if person.convened] == ["Ana Ruiz"]
    assert all(entry.hash == digest for entry, digest in prepared.entries)
    assert {entry.act for entry, _ in prepared.entries} >= {"meeting.dated", "meeting.convened"}


async def test_issuing_is_told_with_the_logs_head(convened: Convened, database: Database) -> None:
    services = convened.services
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    issued = await services.certificates.issue(convened.secretary, prepared, b"pdf", b"json")
    assert (issued.number, issued.pdf, issued.json) == (1, b"pdf", b"json")
    assert issued.head.sequence == prepared.head.sequence + 1
    (report, _) = await services.ledger.check()
    assert (report.sequence, report.hash, report.broken) == (issued.head.sequence, issued.head.hash, None)
    query = select(col(Notice.person_id)).where(col(Notice.kind) == NoticeKind.CERTIFICATE)
    async with database.read() as session:
        told = set((await session.execute(query)).scalars())
    assert told == {convened.secretary.person_id, convened.presidency.person_id}


async def test_while_nothing_happens_it_stays_the_same(convened: Convened) -> None:
    services = convened.services
    assert await services.certificates.current(convened.secretary, convened.convocation) is None
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    issued = await services.certificates.issue(convened.secretary, prepared, b"pdf", b"json")
    assert await services.certificates.current(convened.presidency, convened.convocation) == issued
    await services.convocations.acknowledge(await actor_of(services, 9), convened.convocation)
    assert await services.certificates.current(convened.secretary, convened.convocation) is None
    again = await services.certificates.prepare(convened.secretary, convened.convocation)
    assert again.number == 2
    assert await services.certificates.stored(convened.secretary, issued.head.sequence) == issued
    assert await services.certificates.original("obra", convened.convocation, 1) == b"json"
    assert await services.certificates.original("obra", convened.convocation, 2) is None
    assert await services.certificates.original("otra", convened.convocation, 1) is None


async def test_two_at_once_issue_one(convened: Convened, database_url: str, clock: ManualClock) -> None:
    other = Database(create_engine(database_url))
    elsewhere = container.build(other, clock)
    prepared = [
        await services.certificates.prepare(seat, convened.convocation)
        for services, seat in ((convened.services, convened.secretary), (elsewhere, convened.presidency))
    ]
    first, second = await asyncio.gather(
        convened.services.certificates.issue(convened.secretary, prepared[0], b"pdf 1", b"json 1"),
        elsewhere.certificates.issue(convened.presidency, prepared[1], b"pdf 2", b"json 2"),
    )
    await other.dispose()
    assert first == second
    assert (await convened.services.ledger.check())[0].broken is None


async def test_a_later_version_has_its_own(convened: Convened, clock: ManualClock) -> None:
    services = convened.services
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    await services.certificates.issue(convened.secretary, prepared, b"pdf", b"json")
    meeting = await services.meetings.numbered(convened.secretary, 1)
    assert meeting is not None
    to = Appointment(NOW + timedelta(days=8), Modality.IN_PERSON, "Sala")
    await services.calendar.move(convened.secretary, meeting.id, meeting.since, to, "Sin sala", 0)
    newest = await services.convocations.latest(convened.secretary, meeting.id)
    assert newest is not None
    later = await services.certificates.prepare(convened.secretary, newest)
    assert (later.number, later.paper.version) == (1, 2)
    subjects = {entry.subject for entry, _ in later.entries}
    assert subjects == {f"meeting:{meeting.id}"}  # nobody was told yet, and what was told of the first is the first's
    assert await services.certificates.current(convened.secretary, newest) is None


async def test_nobody_gets_that_of_another_commission(convened: Convened) -> None:
    services = convened.services
    stranger = await enrol(services, "Eva Paz", Role.TECHNICAL_SECRETARY, 10, commission_id=2)
    prepared = await services.certificates.prepare(convened.secretary, convened.convocation)
    issued = await services.certificates.issue(convened.secretary, prepared, b"pdf", b"json")
    for ask in (services.certificates.current, services.certificates.prepare):
        with pytest.raises(NoSuchConvocationError):
            await ask(stranger, convened.convocation)
    for sequence in (issued.head.sequence, 1, 99):
        with pytest.raises(NoSuchCertificateError):
            await services.certificates.stored(stranger, sequence)
