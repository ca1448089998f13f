"""The states of a session as people see them, and the second call of one that had no quorum."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.role import Role
from prep_bot.services.calendar import Appointment, ChangedMeanwhileError
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, ZONE, begun, convened, meeting_of, seat_of, without_quorum
from tests.support.conversation import buttons, sent_to, shown
from tests.support.files import read_pdf
from tests.support.reading import Enrol
from tests.support.scheduling import talk

AGAIN = datetime(2022, 2, 26, 11, tzinfo=ZONE)


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
async def failed(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    """Session 5 was convened, its hour came, and too few did."""
    await convened(stage, secretary)
    await stage.advance(STARTS)
    await without_quorum(stage, secretary)


async def test_without_quorum_the_second_call_is_offered(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, failed: None, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/sesion 5")) == snapshot(name="secretary")
    assert shown(await stage.says(member, "/sesion 5")) == snapshot(name="member")
    assert shown(await stage.says(member, "/proxima")) == snapshot(name="next")
    assert shown(await stage.says(secretary, "/fijar")) == snapshot(name="to date")
    assert shown(await stage.says(secretary, "/convocar 5")) == snapshot(name="to convene")
    line = next(line for line in (await stage.says(member, "/calendario")).text.splitlines() if " 5. " in line)
    assert line == snapshot(name="calendar")
    assert "Tercera sesión ordinaria (sin quórum)" in (await stage.says(secretary, "/pendientes febrero")).text


async def test_the_second_call_is_dated_and_convened_as_such(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, failed: None, snapshot: SnapshotAssertion
) -> None:
    asked = await talk(stage, secretary, "/sesion 5", "[Segunda convocatoria]")
    assert shown(asked) == snapshot(name="asked")
    echo = await talk(stage, secretary, "26 de febrero 11:00")
    assert shown(echo) == snapshot(name="echo")
    await talk(stage, secretary, "[Sí, es correcta]")
    dated = await talk(stage, secretary, _venue(buttons(stage.telegram.last(secretary))))
    assert shown(dated) == snapshot(name="dated")
    meeting = await meeting_of(stage, secretary, 5)
    assert (meeting.state, meeting.call, meeting.starts_at) == (MeetingState.SCHEDULED, 2, AGAIN)
    preview = await talk(stage, secretary, "[Convocar]")
    assert "Faltan 47 h; el mínimo es de 24 h (término configurado por la comisión)." in preview.text
    await stage.taps(secretary, "Convocar ahora", preview)
    assert shown(stage.telegram.last(member)) == snapshot(name="convocation")
    assert "Tercera sesión ordinaria, segunda convocatoria" in (await stage.says(member, "/calendario")).text
    assert "Tercera sesión ordinaria, segunda convocatoria" in (await stage.says(member, "/proxima")).text
    assert shown(await stage.says(member, "/sesion 5")) == snapshot(name="card")
    await stage.advance(datetime(2022, 2, 25, 12, tzinfo=ZONE))
    reminder = next(text for text in reversed(sent_to(stage, member)) if "Recordatorio" in text)
    assert "Tercera sesión ordinaria, segunda convocatoria" in reminder


def _venue(labels: list[str]) -> str:
    """Return the button that keeps the place where the first call was."""
    return next(f"[{label}]" for label in labels if "Sala de sesiones" in label)


async def test_a_call_follows_the_other(stage: Stage, secretary: SimulatedUser, failed: None) -> None:
    seat = await seat_of(stage, secretary)
    for call, label in ((2, "Segunda convocatoria"), (3, "Tercera convocatoria"), (4, "Convocatoria 4")):
        card = await stage.says(secretary, "/sesion 5")
        assert label in buttons(card)
        meeting = await meeting_of(stage, secretary, 5)
        starts_at = datetime(2022, 3, call, 11, tzinfo=ZONE)
        to = Appointment(starts_at, Modality.REMOTE)
        meeting = await stage.services.calendar.appoint(seat, meeting.id, meeting.since, to)
        assert meeting.call == call
        convocation = await stage.services.convocations.convene(
            seat, meeting.id, meeting.since, stage.clock.now(), card.id
        )
        assert convocation == call
        await stage.advance(starts_at)
        await without_quorum(stage, secretary)


async def test_another_date_is_not_another_call(stage: Stage, secretary: SimulatedUser, failed: None) -> None:
    seat = await seat_of(stage, secretary)
    for _ in range(2):
        meeting = await meeting_of(stage, secretary, 5)
        to = Appointment(AGAIN, Modality.REMOTE)
        meeting = await stage.services.calendar.appoint(seat, meeting.id, meeting.since, to)
        assert meeting.call == 2


async def test_of_two_dates_for_the_second_call_one_counts(
    stage: Stage, secretary: SimulatedUser, failed: None
) -> None:
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, 5)
    to = Appointment(AGAIN, Modality.REMOTE)
    await stage.advance(STARTS + timedelta(hours=1))
    await stage.services.calendar.appoint(seat, meeting.id, meeting.since, to)
    with pytest.raises(ChangedMeanwhileError):
        await stage.services.calendar.appoint(seat, meeting.id, meeting.since, to)
    assert (await meeting_of(stage, secretary, 5)).call == 2


async def test_without_quorum_it_can_be_cancelled_but_not_deferred_moved_or_closed(
    stage: Stage, secretary: SimulatedUser, failed: None
) -> None:
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, 5)
    calendar = stage.services.calendar
    with pytest.raises(ChangedMeanwhileError):
        await calendar.call_off(seat, meeting.id, meeting.since, "Motivo", defer=True)
    with pytest.raises(ChangedMeanwhileError):
        await calendar.close(seat, meeting.id, meeting.since, "")
    with pytest.raises(ChangedMeanwhileError):
        await calendar.move(seat, meeting.id, meeting.since, Appointment(AGAIN, Modality.REMOTE), "Motivo", 1)
    asked = await talk(stage, secretary, "/sesion 5", "[Cancelar]", "No se logró el quórum")
    cancelled = await stage.taps(secretary, "Sí, cancelar la sesión", asked)
    assert "cancelada" in cancelled.text
    assert (await meeting_of(stage, secretary, 5)).state is MeetingState.CANCELLED


async def test_in_session_it_is_shown_as_going_on_and_can_only_end(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    snapshot: SnapshotAssertion,
) -> None:
    await convened(stage, secretary)
    await stage.advance(STARTS)
    await begun(stage, secretary)
    assert shown(await stage.says(member, "/proxima")) == snapshot(name="next")
    card = await stage.says(secretary, "/sesion 5")
    assert shown(card) == snapshot(name="card")
    assert "ya está en curso" in (await stage.says(secretary, "/convocar 5")).text
    assert "Eso no es posible" in (await stage.says(secretary, "/fijar 5")).text
    await talk(stage, secretary, "/sesion 5", "[Cerrar la sesión]", "[Sin observaciones]")
    assert (await meeting_of(stage, secretary, 5)).state is MeetingState.HELD


async def test_the_first_call_was_not_called_off(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, failed: None
) -> None:
    await talk(stage, secretary, "/sesion 5", "[Segunda convocatoria]", "26 de febrero 11:00", "[Sí, es correcta]")
    await talk(stage, secretary, _venue(buttons(stage.telegram.last(secretary))))
    document = await stage.taps(member, "Convocatoria (PDF)")
    assert document.file is not None
    assert "sin efecto" not in document.text
    await stage.says(secretary, "/constancia 5")
    issued = next(m for m in reversed(stage.telegram.messages(secretary)) if m.file and m.file.name.endswith(".pdf"))
    assert issued.file is not None
    assert "Concluida: la sesión comenzó o no tuvo quórum" in read_pdf(issued.file.data)
