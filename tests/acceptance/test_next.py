"""/proxima: the next session, how long until it, and its topics."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import shown
from tests.support.reading import Enrol, all_pages, changed, shipped, with_session

DATED = {"date": date(2022, 2, 24), "time": time(11), "place": "Sala de Sesiones", "modality": "in_person"}
BEGINS = datetime(2022, 2, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


async def test_the_next_session(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(member, "/proxima")) == snapshot(name="none has a date")
    await stage.services.plans.apply(with_session(5, **DATED))
    answer = await stage.says(member, "/proxima")
    assert shown(answer) == snapshot(name="dated")
    opened = await stage.taps(member, "Ver sesión", answer)
    assert (opened.id, opened.text.partition("\n")[0]) == (answer.id, "Sesión 5: Tercera sesión ordinaria")


async def test_how_long_until_it(stage: Stage, member: SimulatedUser) -> None:
    await stage.services.plans.apply(with_session(5, **DATED))
    for left, said in (
        (timedelta(days=10), "Faltan 10 días"),
        (timedelta(days=3), "Faltan 3 días"),
        (timedelta(days=2, hours=23), "Faltan 2 días y 23 horas"),
        (timedelta(days=2), "Faltan 2 días"),
        (timedelta(days=1, hours=1), "Faltan 1 día y 1 hora"),
        (timedelta(days=1), "Falta 1 día"),
        (timedelta(hours=23, minutes=59), "Faltan 23 horas"),
        (timedelta(hours=2, minutes=30), "Faltan 2 horas y 30 minutos"),
        (timedelta(hours=1), "Falta 1 hora"),
        (timedelta(minutes=59), "Faltan 59 minutos"),
        (timedelta(minutes=1), "Falta 1 minuto"),
        (timedelta(seconds=30), "Falta menos de un minuto"),
    ):
        await stage.advance(BEGINS - left)
        assert f"⏳ {said}\n" in (await stage.says(member, "/proxima")).text


async def test_once_it_begins_the_one_after_is_next(stage: Stage, member: SimulatedUser) -> None:
    sessions = [s.model_dump() for s in with_session(5, **DATED).sessions]
    sessions[7] |= {"date": date(2022, 4, 28), "time": time(12)}
    await stage.services.plans.apply(changed(shipped(), sessions=sessions))
    assert "Tercera sesión ordinaria" in (await stage.says(member, "/proxima")).text
    await stage.advance(BEGINS)
    answer = await stage.says(member, "/proxima")
    assert "Sexta sesión ordinaria (sesión 8)" in answer.text
    assert "jueves 28 de abril de 2022, 12:00 h" in answer.text.lower()


async def test_no_session_is_left(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    sessions = [s.model_dump() | {"date": s.month.first, "held": True} for s in shipped().sessions]
    await stage.services.plans.apply(changed(shipped(), sessions=sessions))
    assert shown(await stage.says(member, "/proxima")) == snapshot


async def test_many_topics_are_counted_and_one_tap_away(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    topics = [f"Tema {n} con <detalle> & más: " + "x" * 150 for n in range(1, 21)]
    await stage.services.plans.apply(with_session(5, topics=topics, **DATED))
    answer = await stage.says(member, "/proxima")
    assert shown(answer) == snapshot
    assert len(answer.text) < 1000
    pages = await all_pages(stage, member, await stage.taps(member, "Ver sesión", answer))
    assert topics[-1] in pages[-1].text


async def test_a_topic_as_long_as_they_come(stage: Stage, member: SimulatedUser) -> None:
    topics = ["<" * 1000, "&" * 1000]
    await stage.services.plans.apply(with_session(5, topics=topics, **DATED))
    answer = await stage.says(member, "/proxima")
    assert topics[0] in answer.text
    assert answer.text.endswith("\n… y 1 punto más")


async def test_a_guest_is_told_their_own_next_session(stage: Stage, enrol: Enrol) -> None:
    guest = await enrol(Role.GUEST, "Rosa Invitada", (6,))
    await stage.services.plans.apply(with_session(5, **DATED))
    assert "Cuarta sesión ordinaria (sesión 6)" in (await stage.says(guest, "/proxima")).text
