"""/asistencia: the roll call on the secretary's phone, the quorum that is declared by it, and what comes of it."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.answers import Acknowledge, GiveAnswer
from prep_bot.texts.actions.rolls import AskArrival, DeclareNoQuorum, DeclareQuorum, MarkAttendance, MarkRest
from tests.support.convening import STARTS, convened, dated, meeting_of, message, moved, seat_of
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.reading import Enrol

CARMELITA, NAYMA, ALEJANDRO = "Carmelita Sibaja Ochoa", "Nayma Enríquez Estrada", "Alejandro Carrasco Sampedro"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    """The only one of the three who vote that ever enrolled."""
    return await enrol(Role.MEMBER, NAYMA)


@pytest.fixture
async def party(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.PARTY_REPRESENTATIVE, "Rosa <3 Gil Paz")


@pytest.fixture
async def roll(stage: Stage, secretary: SimulatedUser, member: SimulatedUser, party: SimulatedUser) -> SimulatedMessage:
    """The roll of a session that is about to begin."""
    await convened(stage, secretary)
    await stage.advance(STARTS - 10 * MINUTE)
    return await stage.says(secretary, "/asistencia")


async def mark(stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, name: str) -> SimulatedMessage:
    """Tap that person on the roll."""
    now = message(stage, secretary, roll.id)
    return await stage.taps(secretary, next(label for label in buttons(now) if name in label), now)


async def press(stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, label: str) -> SimulatedMessage:
    return await stage.taps(secretary, label, message(stage, secretary, roll.id))


async def state(stage: Stage, secretary: SimulatedUser) -> MeetingState:
    return (await meeting_of(stage, secretary, 5)).state


async def test_one_tap_records_a_person(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion, database_url: str
) -> None:
    assert shown(roll) == snapshot(name="open")
    await mark(stage, secretary, roll, NAYMA)
    await stage.advance(STARTS)
    await press(stage, secretary, roll, "A distancia")
    await mark(stage, secretary, roll, CARMELITA)
    await press(stage, secretary, roll, "Justificada")
    assert shown(await mark(stage, secretary, roll, ALEJANDRO)) == snapshot(name="quorum")
    assert stored(database_url).count("attendance.recorded") == 3


async def test_a_second_tap_keeps_the_hour(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, database_url: str
) -> None:
    await mark(stage, secretary, roll, NAYMA)
    await stage.advance(STARTS)
    assert f"✅ {NAYMA} · 10:50 · voto" in buttons(await mark(stage, secretary, roll, NAYMA))
    await press(stage, secretary, roll, "A distancia")
    assert f"💻 {NAYMA} · 10:50 · voto" in buttons(await mark(stage, secretary, roll, NAYMA))
    assert stored(database_url).count("attendance.recorded") == 2


async def test_the_others_are_absent_with_one_tap(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, database_url: str
) -> None:
    assert "Las demás personas: ausentes" not in buttons(roll)
    await mark(stage, secretary, roll, NAYMA)
    done = await press(stage, secretary, roll, "Las demás personas: ausentes")
    assert "Presentes: 1 · A distancia: 0 · Ausentes: 4 · Justificadas: 0" in done.text
    assert "Sin anotar" not in done.text
    before = stored(database_url)
    stage.telegram.taps_data(secretary, done, MarkRest(1, done_meeting(done)).encode())
    await stage.settle()
    assert stored(database_url).count("attendance.recorded") == before.count("attendance.recorded") == 5


def done_meeting(roll: SimulatedMessage) -> int:
    """Return the session's id, which its buttons carry."""
    return int((roll.keyboard[0][0].data or "").split(":")[2])


async def test_the_hour_of_arrival_can_be_corrected(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    await press(stage, secretary, roll, "Hora")
    await mark(stage, secretary, roll, NAYMA)
    assert flashes(stage)[-1] == "Primero anote a esa persona como presente o a distancia."
    await press(stage, secretary, roll, "Presente")
    await mark(stage, secretary, roll, NAYMA)
    await stage.advance(STARTS + 30 * MINUTE)
    await press(stage, secretary, roll, "Hora")
    assert shown(await mark(stage, secretary, roll, NAYMA)) == snapshot(name="asked")
    for bad in ("12:10", "9:59", "ayer 11:00", "quién sabe <3", "25:00"):
        assert shown(await stage.says(secretary, bad)) == snapshot(name="refused")
    corrected = await stage.says(secretary, "11:20")
    assert f"✅ {NAYMA} · 11:20 · voto" in buttons(corrected)


async def test_a_person_who_comes_late_is_recorded_after_the_declaration(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion, database_url: str
) -> None:
    for name in (NAYMA, CARMELITA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS + 5 * MINUTE)
    roll = await stage.says(secretary, "/asistencia")
    assert shown(await press(stage, secretary, roll, "Declarar quórum")) == snapshot(name="in session")
    await stage.advance(STARTS + 40 * MINUTE)
    late = await mark(stage, secretary, roll, ALEJANDRO)
    assert f"✅ {ALEJANDRO} · 11:40 · voto" in buttons(late)
    assert "Quórum declarado a las 11:05 h." in late.text
    assert "3 de 3" in late.text
    await press(stage, secretary, roll, "Cerrar la sesión")
    closed = await stage.taps(secretary, "Sin observaciones")
    assert closed.text.startswith("✅ Sesión 5 celebrada")
    assert stored(database_url).count("meeting.quorum_declared") == 1


async def test_the_convocation_stays_and_its_reminders_go(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, roll: SimulatedMessage, database_url: str
) -> None:
    for name in (NAYMA, CARMELITA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    await press(stage, secretary, roll, "Declarar quórum")
    before = len(sent_to(stage, member))
    await stage.advance(STARTS + timedelta(hours=3))
    assert len(sent_to(stage, member)) == before
    for action in (Acknowledge(1), GiveAnswer(1, Answer.IN_PERSON)):
        stage.telegram.taps_data(member, stage.telegram.last(member), action.encode())
        await stage.settle()
        assert "ya comenzó" in flashes(stage)[-1]
    board = await stage.says(secretary, "/tablero")
    assert "ya no está vigente" not in board.text


async def test_a_quorum_is_declared_once(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, enrol: Enrol, database_url: str
) -> None:
    second = await enrol(Role.TECHNICAL_SECRETARY, "Beto Mora Luna")
    for name in (NAYMA, CARMELITA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS + 2 * MINUTE)
    one, other = await stage.says(secretary, "/asistencia"), await stage.says(second, "/asistencia")
    stage.telegram.taps(secretary, one, "Declarar quórum")
    stage.telegram.taps(secretary, one, "Declarar quórum")
    await stage.settle()
    await stage.advance(STARTS + 9 * MINUTE)
    await stage.taps(second, "Declarar quórum", other)
    assert flashes(stage)[-1].startswith("La sesión cambió mientras tanto.")
    assert "Quórum declarado a las 11:02 h." in (await stage.says(second, "/asistencia 5")).text
    assert stored(database_url).count("meeting.quorum_declared") == 1


async def test_nothing_is_declared_before_the_start_or_without_enough(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, database_url: str
) -> None:
    meeting = await meeting_of(stage, secretary, 5)
    for name in (NAYMA, CARMELITA):
        await mark(stage, secretary, roll, name)
    assert "Declarar quórum" not in buttons(message(stage, secretary, roll.id))
    for action in (DeclareQuorum(1, meeting.id), DeclareNoQuorum(1, meeting.id)):
        stage.telegram.taps_data(secretary, roll, action.encode())
        await stage.settle()
        assert await state(stage, secretary) is MeetingState.CONVENED
    await stage.advance(STARTS)
    stage.telegram.taps_data(secretary, roll, DeclareNoQuorum(1, meeting.id).encode())
    await stage.settle()
    assert flashes(stage)[-1].startswith("Según la lista sí hay quórum.")
    await press(stage, secretary, roll, "Ausente")
    await mark(stage, secretary, roll, CARMELITA)
    stage.telegram.taps_data(secretary, roll, DeclareQuorum(1, meeting.id).encode())
    await stage.settle()
    assert flashes(stage)[-1] == "Aún no hay quórum: falta 1 integrante con voto."
    assert await state(stage, secretary) is MeetingState.CONVENED


async def test_without_quorum_the_convocation_ends_and_the_next_call_is_offered(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    roll: SimulatedMessage,
    snapshot: SnapshotAssertion,
    database_url: str,
) -> None:
    await mark(stage, secretary, roll, NAYMA)
    await stage.advance(STARTS + 30 * MINUTE)
    roll = await stage.says(secretary, "/asistencia")
    assert shown(await press(stage, secretary, roll, "No hay quórum")) == snapshot(name="asked")
    await press(stage, secretary, roll, "Volver a la lista")
    await press(stage, secretary, roll, "No hay quórum")
    ended = await press(stage, secretary, roll, "Sí, no hay quórum")
    assert shown(ended) == snapshot(name="ended")
    assert await state(stage, secretary) is MeetingState.NO_QUORUM
    assert "ya no está vigente" in (await stage.says(secretary, "/tablero 5")).text
    assert stored(database_url).count("meeting.no_quorum") == 1
    assert (await stage.taps(secretary, "Segunda convocatoria", ended)).text.startswith("Segunda convocatoria")


async def test_the_second_call_has_a_roll_of_its_own(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage
) -> None:
    await mark(stage, secretary, roll, NAYMA)
    await stage.advance(STARTS + 30 * MINUTE)
    roll = await stage.says(secretary, "/asistencia")
    await press(stage, secretary, roll, "No hay quórum")
    await press(stage, secretary, roll, "Sí, no hay quórum")
    again = STARTS + timedelta(days=2)
    await dated(stage, secretary, 5, again)
    shown_first = await stage.says(secretary, "/convocar 5")
    assert shown_first.text
    meeting = await meeting_of(stage, secretary, 5)
    assert meeting.call == 2
    answer = await stage.says(secretary, "/asistencia 5")
    assert "La lista se pasa en una sesión convocada." in answer.text
    assert NAYMA not in answer.text


async def test_a_held_session_is_corrected_and_the_log_says_so(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion, database_url: str
) -> None:
    for name in (NAYMA, CARMELITA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    await press(stage, secretary, roll, "Declarar quórum")
    await press(stage, secretary, roll, "Cerrar la sesión")
    await stage.taps(secretary, "Sin observaciones")
    await stage.advance(STARTS + timedelta(days=3))
    assert "No hay ninguna sesión a la que pasar lista" in (await stage.says(secretary, "/asistencia")).text
    opened = await stage.says(secretary, "/sesion 5")
    roll = await stage.taps(secretary, "Lista de asistencia", opened)
    corrected = await mark(stage, secretary, roll, ALEJANDRO)
    assert shown(corrected) == snapshot
    assert stored(database_url).count("attendance.corrected") == 1
    await press(stage, secretary, roll, "Hora")
    await mark(stage, secretary, roll, ALEJANDRO)
    assert f"✅ {ALEJANDRO} · 11:15 · voto" in buttons(await stage.says(secretary, "11:15"))


async def test_it_opens_an_hour_before(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion, database_url: str
) -> None:
    await convened(stage, secretary)
    meeting = await meeting_of(stage, secretary, 5)
    await stage.advance(STARTS - 61 * MINUTE)
    early = await stage.says(secretary, "/asistencia 5")
    assert shown(early) == snapshot(name="early")
    assert shown(await stage.says(secretary, "/asistencia")) == snapshot(name="none")
    stage.telegram.taps_data(secretary, early, MarkAttendance(1, meeting.id, 1, Attendance.PRESENT).encode())
    await stage.settle()
    assert "attendance.recorded" not in stored(database_url)
    await stage.advance(STARTS - 60 * MINUTE)
    reminder = stage.telegram.last(secretary)
    opened = await stage.taps(secretary, "Pasar lista", reminder)
    assert opened.text.startswith("Lista de asistencia")
    assert any(NAYMA in label for label in buttons(opened))


async def test_a_session_that_is_not_convened_has_no_roll(stage: Stage, secretary: SimulatedUser) -> None:
    assert "La lista se pasa en una sesión convocada." in (await stage.says(secretary, "/asistencia 6")).text
    assert "No hay una sesión 99" in (await stage.says(secretary, "/asistencia 99")).text


async def test_who_is_not_on_it_is_not_recorded(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, enrol: Enrol, database_url: str
) -> None:
    await enrol(Role.GUEST, "Invitada Ríos Paz", (6,))
    meeting = await meeting_of(stage, secretary, 5)
    guest = next(m for m in await stage.services.members.of(1) if m.name == "Invitada Ríos Paz")
    for action in (
        MarkAttendance(1, meeting.id, guest.person_id, Attendance.PRESENT),
        AskArrival(1, meeting.id, 999999999),
    ):
        stage.telegram.taps_data(secretary, roll, action.encode())
        await stage.settle()
        assert flashes(stage)[-1].startswith("Esa persona ya no está en la lista.")
    assert "attendance.recorded" not in stored(database_url)


async def test_many_people_are_paged_and_the_pen_stays(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    for number in range(14):
        await enrol(Role.PARTY_REPRESENTATIVE, f"Representación Número {number}")
    await convened(stage, secretary)
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    assert sum(label.startswith("▫️") for label in buttons(roll)) == 8
    await press(stage, secretary, roll, "A distancia")
    await press(stage, secretary, roll, "Ver más ▸")
    turned = await press(stage, secretary, roll, "Ver más ▸")
    assert [label for label in buttons(turned) if label.startswith("▫️")] == [
        "▫️ Representación Número 12",
        "▫️ Representación Número 13",
    ]
    marked = await mark(stage, secretary, roll, "Número 13")
    assert "💻 Representación Número 13 · 11:00" in buttons(marked)
    assert "✔️ A distancia" in buttons(marked)


async def test_who_was_announced_instead_stands_beside_the_name(
    stage: Stage, secretary: SimulatedUser, party: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await stage.taps(party, "No asistiré")
    await stage.taps(party, "Omitir motivo")
    await stage.says(party, "Luz Soto Díaz")
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    assert "▫️ Rosa <3 Gil Paz · en su lugar, Luz Soto Díaz" in buttons(roll)


async def test_a_session_that_moves_begins_its_roll_anew(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage
) -> None:
    for name in (CARMELITA, NAYMA):
        await mark(stage, secretary, roll, name)
    assert "Hay quórum" in message(stage, secretary, roll.id).text
    await moved(stage, secretary, to=STARTS + timedelta(days=7))
    await stage.advance(STARTS + timedelta(days=7))
    anew = await stage.says(secretary, "/asistencia")
    assert "Aún no hay quórum: 0 de 3" in anew.text
    assert "Declarar quórum" not in buttons(anew)


async def test_a_quorum_that_is_lost_in_session_is_said(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage
) -> None:
    for name in (CARMELITA, NAYMA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS)
    await stage.taps(secretary, "Declarar quórum", await stage.says(secretary, "/asistencia"))
    await stage.taps(secretary, "Ausente")
    left = await stage.taps(secretary, next(b for b in buttons(stage.telegram.last(secretary)) if NAYMA in b))
    assert "Sin quórum en este momento: 1 de 3" in left.text
    assert "Aún no hay quórum" not in left.text


async def lose_quorum(stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage) -> SimulatedMessage:
    """Declare the quorum at 11:00 and lose it at 11:40; return the roll."""
    for name in (CARMELITA, NAYMA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS)
    roll = await stage.says(secretary, "/asistencia")
    await press(stage, secretary, roll, "Declarar quórum")
    assert "Se perdió el quórum" not in buttons(message(stage, secretary, roll.id))
    await stage.advance(STARTS + 40 * MINUTE)
    await press(stage, secretary, roll, "Ausente")
    return await mark(stage, secretary, roll, NAYMA)


async def test_a_session_that_loses_its_quorum_can_end_so(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion, database_url: str
) -> None:
    lost = await lose_quorum(stage, secretary, roll)
    assert shown(await press(stage, secretary, lost, "Se perdió el quórum")) == snapshot(name="asked")
    ended = await press(stage, secretary, lost, "Sí, se perdió el quórum")
    assert shown(ended) == snapshot(name="ended")
    assert await state(stage, secretary) is MeetingState.NO_QUORUM
    assert "ya no está vigente" in (await stage.says(secretary, "/tablero 5")).text
    assert stored(database_url).count("meeting.quorum_lost") == 1
    assert (await stage.taps(secretary, "Segunda convocatoria", ended)).text.startswith("Segunda convocatoria")


async def test_a_quorum_that_came_back_is_not_lost(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage
) -> None:
    lost = await lose_quorum(stage, secretary, roll)
    asked = await press(stage, secretary, lost, "Se perdió el quórum")
    other = await stage.says(secretary, "/asistencia")
    await mark(stage, secretary, other, ALEJANDRO)
    await press(stage, secretary, asked, "Sí, se perdió el quórum")
    assert flashes(stage)[-1].startswith("Según la lista sí hay quórum.")
    assert await state(stage, secretary) is MeetingState.IN_SESSION


@pytest.mark.parametrize("declared", [True, False])
async def test_a_session_without_quorum_is_not_closed_without_asking(
    stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage, snapshot: SnapshotAssertion, *, declared: bool
) -> None:
    if declared:
        await lose_quorum(stage, secretary, roll)
        opened = await stage.says(secretary, "/sesion 5")
        asked = await stage.taps(secretary, "Cerrar la sesión", opened)
    else:
        await mark(stage, secretary, roll, NAYMA)
        await stage.advance(STARTS + 40 * MINUTE)
        opened = await stage.says(secretary, "/sesion 5")
        asked = await stage.taps(secretary, "Marcar celebrada", opened)
    assert shown(asked) == snapshot
    await stage.says(secretary, "¿Qué pasó?")
    assert await state(stage, secretary) is not MeetingState.HELD
    await stage.taps(secretary, "Marcar celebrada de todos modos", asked)
    closed = await stage.taps(secretary, "Sin observaciones")
    assert closed.text.startswith("✅ Sesión 5 celebrada")


async def test_whoever_left_makes_no_quorum(stage: Stage, secretary: SimulatedUser, roll: SimulatedMessage) -> None:
    for name in (CARMELITA, NAYMA):
        await mark(stage, secretary, roll, name)
    await stage.advance(STARTS)
    seat = await seat_of(stage, secretary)
    left = next(m for m in await stage.services.members.of(seat.commission_id) if m.name == NAYMA)
    await stage.services.members.end(seat, left.membership_id, STARTS.date())
    now = await stage.says(secretary, "/asistencia")
    assert "Aún no hay quórum: 1 de 2 con voto" in now.text
    assert "Declarar quórum" not in buttons(now)
