"""/avance: how much of the plan is done, by month and in all, in words."""

from datetime import datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import shown
from tests.support.reading import Enrol, all_pages, record, with_activities


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


async def test_by_month_and_in_all(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(member, "/avance")) == snapshot(name="nothing yet")
    await record(stage, secretary, 1, "✅ Concluida")
    await record(stage, secretary, 2, "✅ Concluida")
    for number in (3, 4, 5, 6, 7):
        await record(stage, secretary, number, "➖ No aplica")
    await record(stage, secretary, 8, "🔸 En proceso")
    await record(stage, secretary, 9, "➖ No aplica")
    assert shown(await stage.says(member, "/avance")) == snapshot(name="2 of 27")


async def test_one_is_singular(stage: Stage, member: SimulatedUser, secretary: SimulatedUser) -> None:
    await record(stage, secretary, 1, "✅ Concluida")
    text = (await stage.says(member, "/avance")).text
    assert "Se ha concluido 1 de 33 actividades (3 %)." in text
    assert "Diciembre de 2021: 1 de 2 (1 vencida)" in text


async def test_only_what_is_all_done_makes_100_percent(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser
) -> None:
    plan = with_activities(*({"month": "2022-02", "text": f"Actividad {n}."} for n in range(1, 4)))
    await stage.services.plans.apply(plan)
    for number, told in ((1, "(33 %)"), (2, "(66 %)"), (3, "(100 %)")):
        await record(stage, secretary, number, "✅ Concluida")
        assert told in (await stage.says(member, "/avance")).text
    assert "✅ Febrero de 2022: 3 de 3" in (await stage.says(member, "/avance")).text


async def test_a_month_and_a_plan_of_which_nothing_applies(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.services.plans.apply(with_activities({"month": "2022-02", "text": "La única."}))
    await record(stage, secretary, 1, "➖ No aplica")
    assert shown(await stage.says(member, "/avance")) == snapshot


async def test_what_becomes_overdue_is_counted(stage: Stage, member: SimulatedUser) -> None:
    await stage.advance(datetime.fromisoformat("2022-02-28T23:59-06:00"))
    assert "De las que faltan, vencidas: 7." in (await stage.says(member, "/avance")).text
    await stage.advance(datetime.fromisoformat("2022-03-01T00:00-06:00"))
    text = (await stage.says(member, "/avance")).text
    assert "De las que faltan, vencidas: 15." in text
    assert "▫️ Febrero de 2022: 0 de 8 (8 vencidas)" in text


async def test_the_months_of_a_long_plan_have_pages(stage: Stage, member: SimulatedUser) -> None:
    months = [str(Month(2022, 1) + n) for n in range(200)]
    await stage.services.plans.apply(with_activities(*({"month": month, "text": "Algo."} for month in months)))
    pages = await all_pages(stage, member, await stage.says(member, "/avance"))
    assert sum(page.text.count(": 0 de 1") for page in pages) == 200
    assert all(len(page.text) < 900 and "Se han concluido 0 de 200 actividades" in page.text for page in pages)
