"""/asistencias: who attended how often; everybody for secretary and presidency, for others their own and the total."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.attendance import Attendance
from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, convened, meeting_of, seat_of
from tests.support.conversation import buttons, shown
from tests.support.reading import Enrol

P, R, A, J = Attendance.PRESENT, Attendance.REMOTE, Attendance.ABSENT, Attendance.JUSTIFIED
VOTING = ("Carmelita Sibaja Ochoa", "Nayma Enríquez Estrada", "Alejandro Carrasco Sampedro")


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, VOTING[1])


async def held(stage: Stage, secretary: SimulatedUser, number: int, *recorded: Attendance) -> None:
    """Hold a session, with that attendance of those who vote; the others are absent."""
    starts_at = STARTS + timedelta(days=7 * (number - 5))
    await convened(stage, secretary, number, starts_at)
    await stage.advance(starts_at)
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, number)
    people = {member.name: member.person_id for member in await stage.services.members.of(1)}
    for name, attendance in zip(VOTING, recorded, strict=False):
        await stage.services.attendance.mark(seat, meeting.id, people[name], attendance)
    if recorded:
        await stage.services.attendance.mark_rest(seat, meeting.id)
    await stage.services.calendar.close(seat, meeting.id, meeting.since, "")


async def test_before_any_there_is_nothing_to_count(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/asistencias")) == snapshot


async def test_everybody_for_secretary_and_presidency(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    presidency = await enrol(Role.PRESIDENCY, VOTING[0])
    await held(stage, secretary, 5, P, R, J)
    await held(stage, secretary, 6, P, A, P)
    await held(stage, secretary, 7, P, P, R)
    await held(stage, secretary, 8)
    everybody = await stage.says(secretary, "/asistencias")
    assert shown(everybody) == snapshot(name="everybody")
    assert (await stage.says(presidency, "/asistencias")).text == everybody.text
    assert shown(await stage.says(member, "/asistencias")) == snapshot(name="own")
    unit = await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil")
    assert "Usted\nsin registro" in (await stage.says(unit, "/asistencias")).text


async def test_many_people_are_paged(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    for number in range(14):
        await enrol(Role.PARTY_REPRESENTATIVE, f"Representación Número {number}")
    await held(stage, secretary, 5, P, P, P)
    first = await stage.says(secretary, "/asistencias")
    assert len(first.text) < 900
    assert buttons(first) == ["Ver más ▸"]
    assert "Representación Número 9" in (await stage.taps(secretary, "Ver más ▸")).text


async def test_a_session_without_quorum_counts_for_nobody(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    await stage.taps(secretary, next(label for label in buttons(roll) if VOTING[1] in label))
    await stage.taps(secretary, "No hay quórum")
    await stage.taps(secretary, "Sí, no hay quórum")
    assert "ninguna sesión celebrada con lista" in (await stage.says(member, "/asistencias")).text
    await convened(stage, secretary, 5, STARTS + timedelta(days=5))
    await stage.advance(STARTS + timedelta(days=5))
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, 5)
    await stage.services.attendance.mark_rest(seat, meeting.id)
    await stage.services.calendar.close(seat, meeting.id, meeting.since, "")
    assert "En conjunto: 0 %, 0 de 4 (4 faltas)" in (await stage.says(member, "/asistencias")).text
