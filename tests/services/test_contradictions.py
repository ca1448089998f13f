"""What the tables say otherwise than the log, which is sound: the first such thing is named."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.role import Role
from prep_bot.services import container
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.identity import Actor, Seat
from prep_bot.services.ledger import Broken
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, enrol, meeting, plan

FIRST, SECOND = "convocation 1", "convocation 2"


async def actor_of(services: Services, telegram_id: int) -> Actor:
    actor = await services.identity.of(telegram_id)
    assert actor is not None
    return actor


class PassingClock(ManualClock):
    """It is a little later at every look."""

    def now(self) -> datetime:
        self.advance_to(super().now() + timedelta(milliseconds=1))
        return super().now()


@pytest.fixture
async def lived(services: Services, clock: ManualClock) -> Services:
    return await live(services, clock)


async def live(services: Services, clock: ManualClock) -> Services:
    """Convene a session and correct its convocation: 1 is the secretary, 2 answers, 3 is told, 4 not."""
    await services.plans.apply(plan(sessions=[meeting("primera")]))
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    seats = [
        await enrol(services, name, role, telegram_id)
        for name, role, telegram_id in (
            ("Luis Paz", Role.PARTY_REPRESENTATIVE, 8),
            ("Beto Mora", Role.MEMBER, 9),
            ("Dora Gil", Role.MEMBER, 10),
        )
    ]
    assert [seat.person_id for seat in (secretary, *seats)] == [1, 2, 3, 4]
    seen = await services.meetings.numbered(secretary, 1)
    assert seen is not None
    starts_at = NOW + timedelta(days=9)
    dated = await services.calendar.appoint(
        secretary, seen.id, seen.since, Appointment(starts_at, Modality.IN_PERSON, "Sala")
    )
    first = await services.convocations.convene(secretary, dated.id, dated.since, clock.now(), 0)
    party = await actor_of(services, 8)
    clock.advance_to(NOW + timedelta(hours=1))
    await services.convocations.acknowledge(party, first)
    await services.answers.give(party, first, Answer.ABSENT)
    await services.answers.substitute(party, first, "Eva Sol")
    await services.convocations.told(secretary, first, 3, NOW, "oficio 12")
    await services.papers.sign(secretary, first, b"%PDF-1.7 signed")
    clock.advance_to(NOW + timedelta(hours=2))
    seen = await services.meetings.numbered(secretary, 1)
    assert seen is not None
    await services.calendar.move(
        secretary, seen.id, seen.since, Appointment(starts_at, Modality.IN_PERSON, "Otra"), "", 0, correction=True
    )
    clock.advance_to(starts_at)
    await services.attendance.mark(secretary, seen.id, 3, Attendance.PRESENT)
    return services


async def broken(services: Services) -> Broken | None:
    return (await services.ledger.check())[0].broken


async def test_what_nobody_touched_says_what_the_log_says(lived: Services) -> None:
    assert await broken(lived) is None
    assert await lived.ledger.altered_files() == ()


@pytest.mark.parametrize(
    ("change", "act", "what"),
    [
        (
            "addressee SET answer = 'in_person' WHERE person_id = 2",
            "convocation.answered",
            f"the answer of person 2 in {FIRST}",
        ),
        (
            "addressee SET answered_at = '2022-01-01 00:00:00+00' WHERE convocation_id = 2 AND person_id = 2",
            "convocation.answered",
            f"the answered_at of person 2 in {SECOND}",
        ),
        (
            "addressee SET answer = 'absent', answered_at = '2022-01-01 00:00:00+00' WHERE person_id = 4",
            "meeting.convened",
            f"the answer of person 4 in {FIRST}, of which no entry tells",
        ),
        (
            "addressee SET acknowledged_at = '2022-01-01 00:00:00+00' WHERE person_id = 2",
            "convocation.acknowledged",
            f"the acknowledged_at of person 2 in {FIRST}",
        ),
        (
            "addressee SET acknowledged_at = NULL WHERE person_id = 2 AND convocation_id = 2",
            "convocation.acknowledged",
            f"the acknowledged_at of person 2 in {SECOND}",
        ),
        (
            "addressee SET acknowledged_at = '2022-01-01 00:00:00+00' WHERE person_id = 4",
            "meeting.convened",
            f"the acknowledged_at of person 4 in {FIRST}, of which no entry tells",
        ),
        (
            "addressee SET acknowledged_at = NULL WHERE person_id = 1 AND convocation_id = 1",
            "meeting.convened",
            f"the acknowledged_at of person 1 in {FIRST}",
        ),
        (
            "addressee SET substitute = 'Otro' WHERE person_id = 2",
            "convocation.substitute_named",
            f"the substitute of person 2 in {FIRST}",
        ),
        (
            "addressee SET told_at = '2022-01-01 00:00:00+00' WHERE person_id = 3",
            "convocation.told",
            f"the told_at of person 3 in {FIRST}",
        ),
        (
            "addressee SET told_recorded_by = 4 WHERE person_id = 3",
            "convocation.told",
            f"the told_recorded_by of person 3 in {FIRST}",
        ),
        (
            "DELETE FROM addressee WHERE person_id = 4 AND convocation_id = 1",
            "meeting.convened",
            f"person 4 in {FIRST} is gone",
        ),
        (
            "convocation SET starts_at = '2022-01-01 00:00:00+00' WHERE id = 1",
            "meeting.convened",
            f"the starts_at of {FIRST}",
        ),
        (
            "convocation SET sends_at = '2022-01-01 00:00:00+00' WHERE id = 2",
            "meeting.moved",
            f"the sends_at of {SECOND}",
        ),
        ("convocation SET made_by = 2 WHERE id = 1", "meeting.convened", f"the made_by of {FIRST}"),
        (
            "convocation SET made_at = '2022-01-01 00:00:00+00' WHERE id = 1",
            "meeting.convened",
            f"the made_at of {FIRST}",
        ),
        ("convocation SET term_reason = 'Otro' WHERE id = 1", "meeting.convened", f"the term_reason of {FIRST}"),
        ("convocation SET term = '{}' WHERE id = 1", "meeting.convened", f"the term of {FIRST}"),
        ("convocation SET correction = (1 = 0) WHERE id = 2", "meeting.moved", f"the correction of {SECOND}"),
        ("convocation SET letter = '{}' WHERE id = 1", "meeting.convened", f"the letter of {FIRST}"),
        ("convocation SET particulars = '{}' WHERE id = 2", "meeting.moved", f"the particulars of {SECOND}"),
        ("convocation SET signed = NULL", "convocation.signed", f"the signed of {FIRST}"),
        ("attendance SET attendance = 'remote'", "attendance.recorded", "the attendance of person 3 at meeting 1"),
        ("meeting SET quorum_at = '2022-01-01 00:00:00+00'", "meeting.moved", "the quorum_at of meeting 1"),
        ("attendance SET arrived_at = NULL", "attendance.recorded", "the arrived_at of person 3 at meeting 1"),
    ],
)
async def test_a_table_that_was_changed_is_named(
    lived: Services, database: Database, change: str, act: str, what: str
) -> None:
    async with database.writer() as connection:
        await connection.execute(text(change if change.startswith("DELETE") else f"UPDATE {change}"))
        await connection.commit()
    found = await broken(lived)
    assert found is not None
    assert (found.found.partition(",")[0], found.contradicted) == (act, what)


@pytest.mark.parametrize(
    ("forged", "what"),
    [
        (
            "INSERT INTO attendance (meeting_id, call, person_id, attendance, recorded_at, recorded_by) "
            "SELECT meeting_id, call, 4, 'present', recorded_at, recorded_by FROM attendance",
            "the attendance of person 4 at meeting 1",
        ),
        ("DELETE FROM audit_event WHERE sequence > 2", FIRST),
    ],
)
async def test_what_no_entry_tells_is_named_by_the_last_one(
    lived: Services, database: Database, forged: str, what: str
) -> None:
    async with database.writer() as connection:
        await connection.execute(text(forged))
        await connection.commit()
    (report,) = await lived.ledger.check()
    assert report.broken is not None
    assert report.broken.sequence == report.sequence
    assert report.broken.contradicted == f"{what}, of which no entry tells"


async def secretary_of(services: Services) -> Seat:
    (seat,) = (await actor_of(services, 7)).seats
    return seat


async def with_quorum(services: Services) -> Services:
    """Let the second of the two who vote come, and declare the quorum."""
    secretary = await secretary_of(services)
    await services.attendance.mark(secretary, 1, 4, Attendance.PRESENT)
    await services.attendance.declare_quorum(secretary, 1)
    return services


@pytest.mark.parametrize("hour", [NOW, None])
async def test_the_hour_of_a_quorum_that_was_changed_is_named(
    lived: Services, database: Database, hour: datetime | None
) -> None:
    await with_quorum(lived)
    assert await broken(lived) is None
    async with database.writer() as connection:
        await connection.execute(update(Meeting).values(state=MeetingState.HELD, held_on=NOW.date(), quorum_at=hour))
        await connection.commit()
    found = await broken(lived)
    assert found is not None
    assert (found.found, found.contradicted) == ("meeting.quorum_declared, meeting:1", "the quorum_at of meeting 1")


async def test_the_next_call_of_a_session_has_no_quorum_yet(lived: Services, clock: ManualClock) -> None:
    secretary = await secretary_of(await with_quorum(lived))
    await lived.attendance.mark(secretary, 1, 4, Attendance.ABSENT)
    lost = await lived.attendance.declare_no_quorum(secretary, 1)
    assert await broken(lived) is None
    again = Appointment(clock.now() + timedelta(days=3), Modality.IN_PERSON, "Sala")
    dated = await lived.calendar.appoint(secretary, 1, lost.meeting.since, again)
    assert await broken(lived) is None
    await lived.convocations.convene(secretary, 1, dated.since, clock.now(), 0)
    clock.advance_to(again.starts_at)
    await lived.attendance.mark(secretary, 1, 3, Attendance.PRESENT)
    await with_quorum(lived)
    assert await broken(lived) is None


async def test_the_time_that_an_act_takes_contradicts_nothing(database: Database) -> None:
    clock = PassingClock(NOW)
    assert await broken(await with_quorum(await live(container.build(database, clock), clock))) is None


async def test_the_first_signed_document_replaces_none(lived: Services, database: Database) -> None:
    query = select(AuditEvent).where(col(AuditEvent.act) == "convocation.signed")
    async with database.read() as session:
        assert (await session.execute(query)).scalar_one().details["replaces"] is None


async def test_a_file_that_was_altered_is_named(lived: Services, database: Database) -> None:
    async with database.writer() as connection:
        kept = (await connection.execute(text("SELECT sha256 FROM stored_file"))).scalar_one()
        await connection.execute(text("UPDATE stored_file SET content = :other"), {"other": b"%PDF-1.7 forged"})
        await connection.commit()
    assert await broken(lived) is None
    assert await lived.ledger.altered_files() == (kept,)
