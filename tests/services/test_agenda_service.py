"""The agenda, its annexes and the versions of a convocation on both databases, and two acts at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.file import StoredFile
from prep_bot.db.outbox import Notice
from prep_bot.domain.agenda import StandardPoint
from prep_bot.domain.meeting import Modality
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.annexes import NewFile, SameContentError
from prep_bot.services.calendar import Appointment, ChangedMeanwhileError
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.points import AgendaChangedError
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, enrol, plan

WORDS = {point: f"Punto {point}" for point in StandardPoint}
FILE = NewFile("a.pdf", "application/pdf", b"%PDF", None)
STARTS = NOW + timedelta(days=20)


async def secretary_of(services: Services) -> Seat:
    await services.plans.apply(plan())
    return await enrol(services, "Secretaria Gil", Role.TECHNICAL_SECRETARY, 1)


async def meeting_of(services: Services, seat: Seat, number: int = 1) -> MeetingView:
    meeting = await services.meetings.numbered(seat, number)
    assert meeting is not None
    return meeting


async def convened(services: Services, seat: Seat) -> MeetingView:
    """Return the first session, convened, with an agenda."""
    meeting = await meeting_of(services, seat)
    await services.points.draw_up(seat, meeting.id, WORDS)
    meeting = await services.calendar.appoint(
        seat, meeting.id, meeting.since, Appointment(STARTS, Modality.IN_PERSON, "Sala")
    )
    await services.convocations.convene(seat, meeting.id, meeting.since, NOW, 1)
    return await meeting_of(services, seat)


async def texts(services: Services, seat: Seat, number: int = 1) -> list[str]:
    view = await services.agendas.of(seat, await meeting_of(services, seat, number))
    return [point.text for point in view.points]


async def test_an_agenda_is_drawn_up_once_by_two_at_once(services: Services) -> None:
    seat = await secretary_of(services)
    meeting = await meeting_of(services, seat)
    results = await asyncio.gather(
        *(services.points.draw_up(seat, meeting.id, WORDS) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(result) for result in results if result is not None) == [AgendaChangedError]
    assert len(await texts(services, seat)) == 9


async def test_points_keep_their_order(services: Services) -> None:
    seat = await secretary_of(services)
    meeting = await meeting_of(services, seat)
    await services.points.add(seat, meeting.id, ["Uno", "Dos"])
    assert await texts(services, seat) == ["Lista", "Uno", "Dos"]
    view = await services.agendas.of(seat, meeting)
    moved = await services.points.shift(seat, view.points[2].item or 0, 3, up=True)
    assert (moved.number, moved.last) == (2, False)
    with pytest.raises(AgendaChangedError):
        await services.points.shift(seat, moved.id, 3, up=True)
    await services.points.remove(seat, moved.id)
    assert await texts(services, seat) == ["Lista", "Uno"]
    await services.points.restore(seat, moved.id)
    assert await texts(services, seat) == ["Lista", "Dos", "Uno"]


async def test_what_was_left_unfinished_is_taken_up_once(services: Services, clock: ManualClock) -> None:
    seat = await secretary_of(services)
    meeting = await convened(services, seat)
    clock.advance_to(STARTS + timedelta(hours=1))
    await services.calendar.close(seat, meeting.id, meeting.since, "")
    _, held = await services.points.held_points(seat, meeting.id)
    await services.points.mark(seat, held[2].id, unfinished=True)
    following = await meeting_of(services, seat, 2)
    (left,) = (await services.agendas.offer(seat, following.id)).unfinished
    assert (left.text, left.meeting_number) == (held[2].text, 1)
    results = await asyncio.gather(
        *(services.points.carry(seat, following.id, left.id) for _ in range(2)), return_exceptions=True
    )
    assert sum(isinstance(result, AgendaChangedError) for result in results) == 1
    assert (await texts(services, seat, 2)).count(left.text) == 1


async def test_a_content_is_kept_once_and_its_file_id_stays_known(services: Services, database: Database) -> None:
    seat = await secretary_of(services)
    meeting = await meeting_of(services, seat)
    known = NewFile("b.pdf", "application/pdf", b"%PDF", "FILE-1")
    added = [await services.annexes.add(seat, meeting.id, None, None, file) for file in (FILE, known, FILE)]
    assert [view.paper.series for view in added] == [1, 2, 3]
    async with database.read() as session:
        rows = (await session.execute(select(col(StoredFile.sha256), col(StoredFile.file_id)))).all()
    assert [row.file_id for row in rows] == ["FILE-1"]
    with pytest.raises(SameContentError):
        await services.annexes.add(seat, meeting.id, None, 1, known)
    newer = NewFile("c.pdf", "application/pdf", b"%PDF 2", None)
    view = await services.annexes.add(seat, meeting.id, None, 1, newer)
    assert [version.paper.version for version in view.versions] == [2, 1]
    opened = await services.annexes.open(seat, meeting, 1, 1)
    assert (opened.content, opened.file_id) == (b"%PDF", "FILE-1")


async def test_a_correction_carries_over_what_people_did(services: Services, database: Database) -> None:
    seat = await secretary_of(services)
    member = await enrol(services, "Votante A", Role.MEMBER, 2)
    meeting = await convened(services, seat)
    actor = await services.identity.of(2)
    assert actor is not None
    first = await services.convocations.latest(seat, meeting.id)
    await services.convocations.acknowledge(actor, first or 0)
    await services.annexes.add(seat, meeting.id, None, None, FILE)
    pending = await services.versions.pending(seat, meeting.id)
    assert pending is not None
    stamp = pending.after.agenda_stamp
    results = await asyncio.gather(
        *(
            services.calendar.amend(seat, meeting.id, meeting.since, stamp, "Errata", 7, correction=True)
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, ChangedMeanwhileError) for result in results) == 1
    async with database.read() as session:
        old, new = (await session.execute(select(Convocation).order_by(col(Convocation.version)))).scalars()
        done = await session.get_one(Addressee, (new.id, member.person_id))
    assert (old.ended_at, new.ended_at, new.correction) == (NOW, None, True)
    assert (new.counts_from, new.term) == (old.counts_from, old.term)
    assert done.acknowledged_at is not None
    assert len(new.particulars["papers"]) == 1


async def test_what_outlives_a_change_is_of_the_version_in_force(services: Services, database: Database) -> None:
    seat = await secretary_of(services)
    meeting = await convened(services, seat)
    first = await services.convocations.latest(seat, meeting.id)
    reminder = NewNotice(
        NoticeKind.REMINDER, "r", 1, seat.person_id, NOW, STARTS, meeting_id=meeting.id, convocation_id=first
    )
    chase = NewNotice(NoticeKind.CHASE, "c", 1, seat.person_id, NOW, meeting_id=meeting.id, convocation_id=first)
    async with database.write() as session:
        await queue(session, [reminder, chase], NOW)
        await session.commit()
    await services.points.add(seat, meeting.id, ["Uno más"])
    pending = await services.versions.pending(seat, meeting.id)
    assert pending is not None
    await services.calendar.amend(seat, meeting.id, meeting.since, pending.after.agenda_stamp, "", 7, correction=False)
    second = await services.convocations.latest(seat, meeting.id)
    async with database.read() as session:
        query = select(col(Notice.kind), col(Notice.state), col(Notice.convocation_id)).where(
            col(Notice.kind).in_([NoticeKind.REMINDER, NoticeKind.CHASE])
        )
        rows = {row.kind: (row.state, row.convocation_id) for row in (await session.execute(query)).all()}
        count = (await session.execute(select(func.count(col(Convocation.id))))).scalar_one()
    assert count == 2
    assert rows[NoticeKind.REMINDER] == (NoticeState.QUEUED, second)
    assert rows[NoticeKind.CHASE][0] is NoticeState.CANCELLED


async def test_a_session_is_convened_to_the_agenda_that_was_seen(services: Services) -> None:
    seat = await secretary_of(services)
    meeting = await meeting_of(services, seat)
    to = Appointment(STARTS, Modality.IN_PERSON, "Sala")
    meeting = await services.calendar.appoint(seat, meeting.id, meeting.since, to)
    seen = (await services.convocations.preview(seat, meeting.id)).particulars.agenda_stamp
    await services.points.add(seat, meeting.id, ["Uno más"])
    with pytest.raises(ChangedMeanwhileError):
        await services.convocations.convene(seat, meeting.id, meeting.since, NOW, 1, agenda=seen)
    seen = (await services.convocations.preview(seat, meeting.id)).particulars.agenda_stamp
    await services.convocations.convene(seat, meeting.id, meeting.since, NOW, 1, agenda=seen)
