"""Other sessions of the same people, and the reason that too little notice needs, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from prep_bot.db.convocation import Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import MeetingGuest, Membership
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.role import Role
from prep_bot.domain.term import TermCheck
from prep_bot.services.audit import entries
from prep_bot.services.calendar import Appointment
from prep_bot.services.clashes import CLOSE
from prep_bot.services.container import Services
from prep_bot.services.convocations import TermReasonError
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, enrol, plan

STARTS = NOW + timedelta(days=20)
BOTH = 10
"""The account of somebody who is in both commissions."""


async def dated(services: Services, seat: Seat, number: int, after: timedelta = timedelta(0)) -> MeetingView:
    meeting = await services.meetings.numbered(seat, number)
    assert meeting is not None
    to = Appointment(STARTS + after, Modality.REMOTE)
    return await services.calendar.appoint(seat, meeting.id, meeting.since, to)


@pytest.fixture
async def ours(services: Services) -> Seat:
    await services.plans.apply(plan())
    await services.plans.apply(plan("quejas", short_name="Quejas"))
    return await enrol(services, "Secretaria Gil", Role.TECHNICAL_SECRETARY, 1)


@pytest.fixture
async def theirs(services: Services, ours: Seat) -> Seat:
    for commission_id in (1, 2):
        await enrol(services, "Ana Ruiz", Role.MEMBER, BOTH, commission_id)
    await enrol(services, "Eva Mora", Role.MEMBER, 11, 1)
    return await enrol(services, "Secretario Paz", Role.TECHNICAL_SECRETARY, 2, 2)


async def found(services: Services, seat: Seat, meeting: MeetingView) -> list[tuple[str, str | None, tuple[str, ...]]]:
    concerns = await services.clashes.around(seat, meeting.id, STARTS)
    assert concerns.starts_at == STARTS
    return [
        (clash.commission, clash.meeting.name if clash.meeting else None, clash.people) for clash in concerns.clashes
    ]


async def test_a_clash_names_who_is_wanted_twice(services: Services, ours: Seat, theirs: Seat) -> None:
    meeting = await dated(services, ours, 1)
    assert await found(services, ours, meeting) == []
    await dated(services, theirs, 1, CLOSE)
    await dated(services, theirs, 2, CLOSE + timedelta(minutes=1))
    assert await found(services, ours, meeting) == [("Quejas", None, ("Ana Ruiz",))]
    await dated(services, ours, 2, -CLOSE)
    everybody = ("Secretaria Gil", "Ana Ruiz", "Eva Mora")
    assert await found(services, ours, meeting) == [
        ("Obra", "Sesión segunda", everybody),
        ("Quejas", None, ("Ana Ruiz",)),
    ]


async def test_a_guest_is_convened_by_invitation_only(
    services: Services, ours: Seat, theirs: Seat, database: Database
) -> None:
    meeting, other = await dated(services, ours, 1), await dated(services, theirs, 1)
    async with database.write() as session:
        await session.execute(update(Membership).where(col(Membership.commission_id) == 2).values(role=Role.GUEST))
        await session.commit()
    assert await found(services, ours, meeting) == []
    async with database.write() as session:
        ana = select(col(Membership.id)).where(col(Membership.commission_id) == 2).order_by(col(Membership.id)).limit(1)
        session.add(MeetingGuest(meeting_id=other.id, membership_id=(await session.execute(ana)).scalar_one()))
        await session.commit()
    assert await found(services, ours, meeting) == [("Quejas", None, ("Ana Ruiz",))]


async def test_whoever_left_clashes_no_more(services: Services, ours: Seat, theirs: Seat) -> None:
    meeting, _ = await dated(services, ours, 1), await dated(services, theirs, 1)
    ana = next(m for m in await services.members.of(1) if m.name == "Ana Ruiz")
    await services.members.end(ours, ana.membership_id, ana.starts_on)
    assert await found(services, ours, meeting) == []


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.HELD, MeetingState.NO_QUORUM])
async def test_what_does_not_take_place_any_more_does_not_clash(
    services: Services, ours: Seat, theirs: Seat, database: Database, state: MeetingState
) -> None:
    meeting, other = await dated(services, ours, 1), await dated(services, theirs, 1)
    async with database.write() as session:
        theirs_now = update(Meeting).where(col(Meeting.id) == other.id)
        if state is MeetingState.NO_QUORUM:
            await session.execute(theirs_now.values(state=MeetingState.CONVENED))
        await session.execute(theirs_now.values(state=state, held_on=STARTS.date()))
        await session.commit()
    assert await found(services, ours, meeting) == []


# Too little notice


async def test_too_little_notice_needs_a_reason(
    services: Services, ours: Seat, database: Database, clock: ManualClock
) -> None:
    meeting = await dated(services, ours, 1)
    clock.advance_to(STARTS - timedelta(hours=72) + timedelta(seconds=1))
    with pytest.raises(TermReasonError):
        await services.convocations.convene(ours, meeting.id, meeting.since, clock.now(), 7)
    made = await services.convocations.convene(ours, meeting.id, meeting.since, clock.now(), 7, "Motivo")
    async with database.read() as session:
        convocation = await session.get_one(Convocation, made)
        log = [entry async for entry, _ in entries(session, 1)]
    term = TermCheck.model_validate(convocation.term)
    assert (term.minimum, term.given, term.in_time, convocation.term_reason) == (72, 71, False, "Motivo")
    assert log[-1].details["term_reason"] == "Motivo"
    assert log[-1].details["term"] == convocation.term


async def test_at_the_very_last_instant_it_needs_none(
    services: Services, ours: Seat, database: Database, clock: ManualClock
) -> None:
    meeting = await dated(services, ours, 1)
    clock.advance_to(STARTS - timedelta(hours=72))
    made = await services.convocations.convene(ours, meeting.id, meeting.since, clock.now(), 7, "Motivo")
    async with database.read() as session:
        convocation = await session.get_one(Convocation, made)
    assert TermCheck.model_validate(convocation.term).in_time
    assert convocation.term_reason == ""  # what was not needed is not kept


async def test_an_urgent_session_has_its_own_reason(services: Services, ours: Seat, database: Database) -> None:
    to = Appointment(NOW + timedelta(hours=2), Modality.REMOTE)
    meeting = await services.calendar.add_extraordinary(ours, "Tema", to, urgency="No puede esperar")
    assert (meeting.kind, meeting.urgency) == (MeetingKind.URGENT, "No puede esperar")
    made = await services.convocations.convene(ours, meeting.id, meeting.since, NOW, 7)
    async with database.read() as session:
        assert (await session.get_one(Convocation, made)).term_reason == "No puede esperar"


async def test_a_correction_counts_from_the_first_convocation_unless_it_brings_the_session_forward(
    services: Services, ours: Seat, database: Database, clock: ManualClock
) -> None:
    meeting = await dated(services, ours, 1)
    await services.convocations.convene(ours, meeting.id, meeting.since, NOW, 7)
    terms = []
    clock.advance_to(NOW + timedelta(days=1))
    for number, (starts_at, place) in enumerate(
        (
            (STARTS, "Sala"),
            (STARTS + timedelta(hours=1), "Sala"),
            (NOW + timedelta(hours=80), "Sala"),
            (NOW + timedelta(hours=90), "Sala"),
        )
    ):
        seen = await services.meetings.numbered(ours, 1)
        assert seen is not None
        to = Appointment(starts_at, Modality.IN_PERSON, place)
        await services.calendar.move(ours, meeting.id, seen.since, to, f"Errata {number}", 7, correction=True)
        async with database.read() as session:
            newest = select(Convocation).order_by(col(Convocation.id).desc()).limit(1)
            convocation = (await session.execute(newest)).scalar_one()
        term = TermCheck.model_validate(convocation.term)
        terms.append((term.given, term.in_time, convocation.term_reason))
    assert terms == [(480, True, ""), (481, True, ""), (56, False, "Errata 2"), (66, False, "Errata 2")]
