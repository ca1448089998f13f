"""/calendario and /sesion: all the sessions, and one of them, whole."""

from datetime import date, time

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import buttons, shown
from tests.support.reading import Enrol, all_pages, changed, listed, numbers, shipped, with_session

DATED = {
    "date": date(2022, 2, 24),
    "time": time(11),
    "place": "Sala de Sesiones <Plenaria> & anexos",
    "modality": "mixed",
    "link": "https://example.org/sala?a=1&b=2",
}


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


async def test_the_calendar(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await stage.services.plans.apply(with_session(5, **DATED))
    calendar = await stage.says(member, "/calendario")
    assert listed([calendar]) == list(range(1, 11))
    assert shown(calendar) == snapshot


async def test_the_number_shown_is_the_number_to_ask_for(stage: Stage, member: SimulatedUser) -> None:
    for number, session in enumerate(shipped().sessions, start=1):
        answer = await stage.says(member, f"/sesion {number}")
        assert answer.text.startswith(f"Sesión {number}: {session.name}\n")
        for topic in session.topics:
            assert topic in answer.text
    assert (await stage.says(member, "/sesion 1")).text.startswith("Sesión 1: Sesión de instalación")
    assert (await stage.says(member, "/sesión 10")).text.startswith("Sesión 10: Octava sesión ordinaria")


async def test_one_session(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await stage.services.plans.apply(with_session(5, **DATED))
    assert shown(await stage.says(member, "/sesion 1")) == snapshot(name="held")
    assert shown(await stage.says(member, "/sesion 2")) == snapshot(name="undated")
    assert shown(await stage.says(member, "/sesion 5")) == snapshot(name="dated")


async def test_from_the_calendar_to_a_session_and_back(stage: Stage, member: SimulatedUser) -> None:
    calendar = await stage.says(member, "/calendario")
    opened = await stage.taps(member, "7", calendar)
    assert (opened.id, opened.edited) == (calendar.id, True)
    assert opened.text.startswith("Sesión 7: Quinta sesión ordinaria\n")
    back = await stage.taps(member, "Ver calendario", opened)
    assert (back.id, back.html) == (calendar.id, calendar.html)


async def test_a_month_as_argument_shows_that_month_only(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(member, "/calendario febrero")) == snapshot
    assert numbers((await stage.says(member, "/calendario dic")).text) == [2, 3]
    assert numbers((await stage.says(member, "/calendario 2021-11")).text) == [1]
    assert numbers((await stage.says(member, "/calendario todas")).text) == list(range(1, 11))
    assert (await stage.says(member, "/calendario julio")).text.endswith("No hay sesiones que mostrarle.")
    assert (await stage.says(member, "/calendario marte")).text.startswith("No reconozco «marte» como un mes.")


async def test_numbers_that_no_session_has(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(member, "/sesion 11")) == snapshot
    assert (await stage.says(member, "/sesion 0")).text.startswith("No hay una sesión 0 que mostrarle.")


async def test_without_a_number_there_is_the_calendar_to_choose_from(stage: Stage, member: SimulatedUser) -> None:
    for command in ("/sesion", "/sesion tercera"):
        asked = await stage.says(member, command)
        assert (await stage.taps(member, "3", asked)).text.startswith("Sesión 3: Primera sesión ordinaria")


async def test_a_guest_sees_only_their_own_sessions(stage: Stage, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    guest = await enrol(Role.GUEST, "Rosa Invitada", (4, 6))
    calendar = await stage.says(guest, "/calendario")
    assert shown(calendar) == snapshot
    assert (await stage.taps(guest, "6", calendar)).text.startswith("Sesión 6: Cuarta sesión ordinaria")
    assert shown(await stage.says(guest, "/sesion 5")) == snapshot(name="another session")


async def test_a_crowded_calendar_has_pages(stage: Stage, member: SimulatedUser) -> None:
    sessions = [
        {
            "key": f"s-{n}",
            "kind": "ordinary",
            "name": f"Sesión ordinaria número {n} con un nombre sumamente largo " + "y largo " * 15,
            "month": "2022-03",
            "date": date(2022, 3, 1 + n % 28),
            "time": time(10),
            "place": "Un lugar con un domicilio completo " * 5,
        }
        for n in range(60)
    ]
    await stage.services.plans.apply(changed(shipped(), sessions=sessions))
    pages = await all_pages(stage, member, await stage.says(member, "/calendario"))
    assert listed(pages) == list(range(1, 61))
    pages = await all_pages(stage, member, await stage.says(member, "/calendario marzo"))
    assert listed(pages) == list(range(1, 61))
    assert all(page.text.startswith("Sesiones de marzo de 2022") for page in pages)


async def test_the_topics_of_a_session_have_pages_and_none_is_lost(stage: Stage, member: SimulatedUser) -> None:
    topics = [f"Tema {n}: " + "<&" * 490 for n in range(50)]
    await stage.services.plans.apply(with_session(5, topics=topics, note="Ñ" * 1000, **DATED))
    asked = await stage.says(member, "/sesion 5")
    pages = await all_pages(stage, member, asked)
    told = "\n".join(page.text for page in pages)
    assert [told.count(topic) for topic in topics] == [1] * 50
    assert all("Sala de Sesiones <Plenaria> & anexos" in page.text and len(page.text) <= 4096 for page in pages)
    assert buttons(pages[1]) == ["◂ Ver anteriores", "Ver más ▸", "Orden del día", "Ver calendario"]


async def test_a_plan_without_sessions(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await stage.services.plans.apply(changed(shipped(), sessions=[]))
    assert shown(await stage.says(member, "/calendario")) == snapshot
