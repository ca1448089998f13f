"""Answers and the roll on both databases: whoever answers, marks or declares at the same moment does it once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from prep_bot.db.attendance import AttendanceRecord
from prep_bot.db.audit import AuditEvent
from prep_bot.db.engine import Database
from prep_bot.db.outbox import Notice
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.calendar import Appointment, ChangedMeanwhileError
from prep_bot.services.container import Services
from prep_bot.services.identity import Actor, Seat
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, enrol, plan

STARTS = NOW + timedelta(days=10)


@pytest.fixture
async def secretary(services: Services) -> Seat:
    await services.plans.apply(plan())
    return await enrol(services, "Ana López Ríos", Role.TECHNICAL_SECRETARY, 1)


@pytest.fixture
async def voting(services: Services, secretary: Seat) -> tuple[Actor, ...]:
    """Three who vote, convened to the first session."""
    actors = []
    for number in (2, 3, 4):
        await enrol(services, f"Integrante Número {number}", Role.MEMBER, number)
        actor = await services.identity.of(number)
        assert actor is not None
        actors.append(actor)
    (meeting, *_) = await services.meetings.of([secretary])
    dated = await services.calendar.appoint(
        secretary, meeting.id, meeting.since, Appointment(STARTS, Modality.MIXED, "Sala", "https://example.org")
    )
    await services.convocations.convene(secretary, dated.id, dated.since, NOW, 0)
    return tuple(actors)


async def count(database: Database, act: str) -> int:
    query = select(func.count(col(AuditEvent.id))).where(col(AuditEvent.act) == act)
    async with database.read() as session:
        return (await session.execute(query)).scalar_one()


async def test_two_noes_at_once_alert_once(services: Services, database: Database, voting: tuple[Actor, ...]) -> None:
    await asyncio.gather(*(services.answers.give(actor, 1, Answer.ABSENT) for actor in voting))
    query = select(col(Notice.cause)).where(col(Notice.kind) == NoticeKind.QUORUM_RISK)
    async with database.read() as session:
        assert len((await session.execute(query)).scalars().all()) == 1
    assert await count(database, "convocation.answered") == 3


async def test_one_answer_given_twice_at_once_is_one(
    services: Services, database: Database, voting: tuple[Actor, ...]
) -> None:
    await asyncio.gather(*(services.answers.give(voting[0], 1, Answer.REMOTE) for _ in range(4)))
    assert await count(database, "convocation.answered") == 1


async def test_one_mark_made_twice_at_once_is_one(
    services: Services, database: Database, clock: ManualClock, secretary: Seat, voting: tuple[Actor, ...]
) -> None:
    clock.advance_to(STARTS)
    person = voting[0].person_id
    await asyncio.gather(*(services.attendance.mark(secretary, 1, person, Attendance.PRESENT) for _ in range(4)))
    async with database.read() as session:
        (row,) = (await session.execute(select(AttendanceRecord))).scalars().all()
    assert (row.person_id, row.arrived_at) == (person, STARTS)
    assert await count(database, "attendance.recorded") == 1


async def test_a_quorum_declared_twice_at_once_is_declared_once(
    services: Services, database: Database, clock: ManualClock, secretary: Seat, voting: tuple[Actor, ...]
) -> None:
    clock.advance_to(STARTS)
    for actor in voting[:2]:
        await services.attendance.mark(secretary, 1, actor.person_id, Attendance.PRESENT)
    made = await asyncio.gather(
        *(services.attendance.declare_quorum(secretary, 1) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, ChangedMeanwhileError) for outcome in made) == 2
    assert await count(database, "meeting.quorum_declared") == 1
    roll = await services.attendance.roll(secretary, 1)
    assert (roll.meeting.state, roll.quorum_at) == (MeetingState.IN_SESSION, STARTS)


async def test_what_still_waits_to_be_told_goes_when_the_session_begins(
    services: Services, database: Database, clock: ManualClock, secretary: Seat, voting: tuple[Actor, ...]
) -> None:
    clock.advance_to(STARTS)
    for actor in voting[:2]:
        await services.attendance.mark(secretary, 1, actor.person_id, Attendance.PRESENT)
    await services.attendance.declare_quorum(secretary, 1)
    async with database.read() as session:
        notices = (await session.execute(select(Notice).where(col(Notice.meeting_id) == 1))).scalars().all()
    assert {(notice.state, notice.reason) for notice in notices} == {(NoticeState.CANCELLED, "in session")}


async def test_a_board_that_was_just_sent_is_drawn_again(services: Services, voting: tuple[Actor, ...]) -> None:
    assert await services.boards.stale() == ()
    await services.boards.watch(1, 1, 77)
    assert [board.message_id for board in await services.boards.stale()] == [77]


async def test_another_commission_has_no_roll_here(
    services: Services, clock: ManualClock, voting: tuple[Actor, ...]
) -> None:
    await services.plans.apply(plan("otra"))
    stranger = await enrol(services, "Otra Secretaria Gil", Role.TECHNICAL_SECRETARY, 9, commission_id=2)
    clock.advance_to(STARTS)
    with pytest.raises(ChangedMeanwhileError):
        await services.attendance.roll(stranger, 1)
    with pytest.raises(ChangedMeanwhileError):
        await services.attendance.mark(stranger, 1, voting[0].person_id, Attendance.PRESENT)
