"""What is due, found once: its people, what it waits for, and what the second look leaves alone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.convocation import Addressee
from prep_bot.db.engine import Database
from prep_bot.db.outbox import Notice
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.delivery import Accepted, Unreachability, Unreachable
from prep_bot.domain.meeting import Modality
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import ZONE, enrol, meeting, plan

STARTS = datetime(2022, 2, 24, 11, tzinfo=ZONE)
PLACE = Appointment(STARTS, Modality.IN_PERSON, "Sala")
GROUP = "group"


def at(month: int, day: int, clock: str) -> datetime:
    return datetime.combine(date(2022, month, day), time.fromisoformat(clock), ZONE).astimezone(UTC)


@pytest.fixture
async def secretary(services: Services) -> Seat:
    """The only one who is enrolled, in the morning of 5 February; the plan was imported just now."""
    await services.plans.apply(plan(sessions=[meeting("primera")]))
    return await enrol(services, "Inés", Role.TECHNICAL_SECRETARY, 1)


async def convene(services: Services, seat: Seat, sends_at: datetime | None = None) -> int:
    seen = (await services.calendar.appoint(seat, 1, await since(services, seat), PLACE)).since
    return await services.convocations.convene(seat, 1, seen, sends_at or services.clock.now(), 7, "Motivo")


async def since(services: Services, seat: Seat) -> datetime:
    view = await services.meetings.numbered(seat, 1)
    assert view is not None
    return view.since


async def told(database: Database, kind: NoticeKind) -> dict[int | str, list[tuple[datetime, NoticeState]]]:
    """Return the notices of a kind, by person or for the group."""
    found: dict[int | str, list[tuple[datetime, NoticeState]]] = {}
    async with database.read() as session:
        query = select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.due_at), col(Notice.id))
        for notice in (await session.execute(query)).scalars():
            found.setdefault(notice.person_id or GROUP, []).append((notice.due_at, notice.state))
    return found


async def drain(services: Services, gone: frozenset[int] = frozenset()) -> list[int]:
    """Send all that is due; return the chats, one for each message. `gone` have blocked the bot."""
    chats = []
    await services.outbox.bundle()
    while claims := await services.outbox.claim(10):
        for claim in claims:
            chats.append(claim.chat_id)
            blocked = Unreachable(Unreachability.BLOCKED)
            await services.outbox.settle(claim, blocked if claim.chat_id in gone else Accepted(1))
    return chats


async def test_it_says_when_the_next_occasion_is(services: Services, secretary: Seat) -> None:
    assert await services.due.queue() == at(2, 15, "09:00")  # "falta fijar fecha", ten days before 25 February


async def test_nothing_of_the_time_before_the_plan_was_known(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    await services.due.queue()
    assert await told(database, NoticeKind.MONTHLY) == {}  # that of 1 February
    clock.advance_to(at(3, 1, "09:00"))
    await services.due.queue()
    assert await told(database, NoticeKind.MONTHLY) == {secretary.person_id: [(at(3, 1, "09:00"), NoticeState.QUEUED)]}


async def test_asking_twice_inserts_nothing_twice(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    clock.advance_to(at(2, 15, "09:00"))
    assert await services.due.queue() == await services.due.queue() == at(2, 20, "09:00")
    assert await told(database, NoticeKind.DATE_MISSING) == {
        secretary.person_id: [(at(2, 15, "09:00"), NoticeState.QUEUED)]
    }


async def test_the_presidency_hears_of_a_missing_date_only_the_last_time(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    presidency = await enrol(services, "Ana", Role.PRESIDENCY, 2)
    clock.advance_to(at(2, 20, "09:00"))
    await services.due.queue()
    found = await told(database, NoticeKind.DATE_MISSING)
    assert found[presidency.person_id] == [(at(2, 20, "09:00"), NoticeState.QUEUED)]
    # The bot was down: the first alert helps nobody any more.
    assert found[secretary.person_id][0] == (at(2, 15, "09:00"), NoticeState.EXPIRED)


async def test_whoever_enrols_later_is_not_told_what_was_due_before(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    clock.advance_to(at(2, 21, "09:01"))
    unit = await enrol(services, "Eva", Role.TECHNICAL_UNIT, 2)
    await services.due.queue()
    found = await told(database, NoticeKind.DEADLINE)
    assert secretary.person_id in found
    assert unit.person_id not in found


async def test_a_summary_is_not_sent_to_say_nothing(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    for number in (1, 2, 3):
        await services.progress.record(secretary, number, ActivityState.DONE, after=0)
    await services.calendar.call_off(secretary, 1, await since(services, secretary), "Motivo", defer=False)
    clock.advance_to(at(3, 1, "09:00"))
    await services.due.queue()
    assert await told(database, NoticeKind.MONTHLY) == {}
    assert await told(database, NoticeKind.DEADLINE) == {}


async def test_what_ended_before_the_plan_was_known_is_nothing_to_say(
    services: Services, database: Database, clock: ManualClock
) -> None:
    clock.advance_to(at(3, 10, "10:00"))
    await services.plans.apply(plan(sessions=[]))
    seat = await enrol(services, "Inés", Role.TECHNICAL_SECRETARY, 1)
    await services.progress.record(seat, 3, ActivityState.DONE, after=0)  # the only one of March
    clock.advance_to(at(4, 1, "09:00"))
    await services.due.queue()
    assert await told(database, NoticeKind.MONTHLY) == {}


async def test_chases_go_to_who_did_not_answer_and_the_list_to_the_secretary(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    silent = await enrol(services, "Ana", Role.MEMBER, 2)
    answered = await enrol(services, "Eva", Role.MEMBER, 3)
    informed = await enrol(services, "Leo", Role.PARTY_REPRESENTATIVE, 4)
    clock.advance_to(at(2, 20, "12:00"))
    convocation = await convene(services, secretary)
    actor = await services.identity.of(3)
    assert actor is not None
    await services.convocations.acknowledge(actor, convocation)
    await services.convocations.told(secretary, convocation, informed.person_id, clock.now(), "oficio 12")
    clock.advance_to(at(2, 21, "12:00"))
    await services.due.queue()
    found = await told(database, NoticeKind.CHASE)
    assert set(found) == {silent.person_id, secretary.person_id}
    assert answered.person_id not in found  # and whoever convened has acknowledged by that: one notice, the list
    assert len(found[secretary.person_id]) == 1


async def test_who_enrols_while_it_is_convened_gets_it_once_and_keeps_what_was_recorded(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    made = await services.invitations.create(1, "Ana", Role.MEMBER, by=None)
    convocation = await convene(services, secretary)
    person = secretary.person_id + 1
    await services.convocations.told(secretary, convocation, person, clock.now(), "oficio 12")
    clock.advance_to(at(2, 7, "22:15"))
    await services.invitations.accept(made.code, 2)
    await services.due.queue()
    await services.due.queue()
    found = await told(database, NoticeKind.CONVOCATION)
    assert found[person] == [(at(2, 7, "22:15"), NoticeState.QUEUED)]
    async with database.read() as session:
        addressee = await session.get_one(Addressee, (convocation, person))
    assert addressee.told_means == "oficio 12"


async def test_whoever_comes_back_gets_what_could_not_reach_them(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    member = await enrol(services, "Ana", Role.MEMBER, 2)
    await convene(services, secretary)
    await services.due.queue()
    assert sorted(await drain(services, gone=frozenset({2}))) == [1, 2]
    await services.due.queue()
    found = await told(database, NoticeKind.CONVOCATION)
    assert [state for _, state in found[member.person_id]] == [NoticeState.FAILED]  # nothing more while they are away
    clock.advance_to(at(2, 8, "13:00"))
    await services.reachability.regained(2)
    await services.due.queue()
    await services.due.queue()
    found = await told(database, NoticeKind.CONVOCATION)
    assert found[member.person_id][1:] == [(at(2, 8, "13:00"), NoticeState.QUEUED)]


async def test_a_session_that_moves_and_moves_back_is_reminded_of_once(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    await convene(services, secretary)
    later = Appointment(STARTS + timedelta(days=1), Modality.IN_PERSON, "Sala")
    clock.advance_to(at(2, 22, "12:00"))
    await services.calendar.move(secretary, 1, await since(services, secretary), later, "Motivo", 7)
    clock.advance_to(at(2, 22, "13:00"))
    await services.calendar.move(secretary, 1, await since(services, secretary), PLACE, "Motivo", 7)
    clock.advance_to(at(2, 24, "10:00"))
    await services.due.queue()
    assert await told(database, NoticeKind.REMINDER) == {
        secretary.person_id: [(at(2, 23, "11:00"), NoticeState.EXPIRED), (at(2, 24, "10:00"), NoticeState.QUEUED)]
    }


async def test_after_an_outage_the_last_reminder_that_one_gets_still_helps(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    await services.groups.link(secretary, -100, "Grupo")
    await convene(services, secretary)
    clock.advance_to(at(2, 24, "10:20"))
    await services.due.queue()
    found = await told(database, NoticeKind.REMINDER)
    assert found[secretary.person_id] == [
        (at(2, 23, "11:00"), NoticeState.EXPIRED),
        (at(2, 24, "10:00"), NoticeState.QUEUED),
    ]
    assert found[GROUP] == [(at(2, 23, "11:00"), NoticeState.QUEUED)]  # the group gets no other


async def test_after_an_outage_each_gets_one_message(services: Services, secretary: Seat, clock: ManualClock) -> None:
    await enrol(services, "Ana", Role.MEMBER, 2)
    await services.groups.link(secretary, -100, "Grupo")
    await convene(services, secretary)
    await services.due.queue()
    await drain(services)
    clock.advance_to(at(2, 26, "13:00"))
    await services.due.queue()
    assert sorted(await drain(services)) == [-100, 1, 2]
    assert await drain(services) == []


async def test_a_member_gets_the_summary_by_themselves_only_while_no_group_is_linked(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    member = await enrol(services, "Ana", Role.MEMBER, 2)
    clock.advance_to(at(3, 1, "09:00"))
    await services.due.queue()
    await services.groups.link(secretary, -100, "Grupo")
    clock.advance_to(at(4, 1, "09:00"))
    await services.due.queue()
    found = await told(database, NoticeKind.MONTHLY)
    assert [due_at for due_at, _ in found[member.person_id]] == [at(3, 1, "09:00")]
    assert [due_at for due_at, _ in found[GROUP]] == [at(4, 1, "09:00")]


async def test_the_secretary_gets_no_list_of_nobody_else_not_even_late(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    deputy = await enrol(services, "Ana", Role.TECHNICAL_SECRETARY, 2)
    clock.advance_to(at(2, 20, "12:00"))
    await convene(services, secretary)  # who convenes has acknowledged
    clock.advance_to(at(2, 23, "12:00"))
    await services.due.queue()
    # One request a day to whoever did not answer, and one list a day to the secretary who did.
    found = await told(database, NoticeKind.CHASE)
    assert len(found[deputy.person_id]) == len(found[secretary.person_id]) == 2


async def test_a_group_hears_nothing_that_was_due_before_it_was_linked(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    clock.advance_to(at(3, 1, "09:01"))
    await services.groups.link(secretary, -100, "Grupo")
    await services.due.queue()
    found = await told(database, NoticeKind.MONTHLY)
    assert secretary.person_id in found
    assert GROUP not in found


async def test_who_enrols_before_a_convocation_goes_out_gets_it_when_it_does(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    clock.advance_to(at(2, 20, "22:00"))
    await convene(services, secretary, at(2, 21, "08:00"))
    late = await enrol(services, "Ana", Role.MEMBER, 2)
    await services.due.queue()
    found = await told(database, NoticeKind.CONVOCATION)
    assert found[late.person_id] == [(at(2, 21, "08:00"), NoticeState.QUEUED)]


async def test_a_call_to_convene_goes_with_the_date(
    services: Services, database: Database, secretary: Seat, clock: ManualClock
) -> None:
    """What waits for Telegram to answer again must not call for another date's convocation, weeks too early."""
    await services.calendar.appoint(secretary, 1, await since(services, secretary), PLACE)
    clock.advance_to(STARTS - timedelta(hours=72 + 24))
    await services.due.queue()
    await services.outbox.bundle()
    later = Appointment(STARTS + timedelta(days=30), Modality.IN_PERSON, "Sala")
    await services.calendar.appoint(secretary, 1, await since(services, secretary), later)
    assert await drain(services) == []
