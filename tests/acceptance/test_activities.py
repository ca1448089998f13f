"""/actividades and /actividad: the plan by month, and one activity, whole, with its history."""

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import buttons, shown
from tests.support.reading import Enrol, all_pages, listed, numbers, record, shipped, with_activities

MONTHS = {
    "diciembre": [1, 2],
    "enero": [3, 4, 5, 6, 7],
    "febrero": list(range(8, 16)),
    "marzo": list(range(16, 22)),
    "abril": list(range(22, 27)),
    "mayo": list(range(27, 31)),
    "junio": [31, 32, 33],
}


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


# The plan by month


async def test_the_plan_by_month_with_states(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await record(stage, secretary, 1, "✅ Concluida")
    await record(stage, secretary, 4, "🔸 En proceso")
    await record(stage, secretary, 8, "🔸 En proceso")
    await record(stage, secretary, 9, "➖ No aplica")
    pages = await all_pages(stage, member, await stage.says(member, "/actividades"))
    assert listed(pages) == list(range(1, 34))
    assert "\n\n".join(shown(page) for page in pages) == snapshot


async def test_each_activity_is_cut_near_60_characters(stage: Stage, member: SimulatedUser) -> None:
    pages = await all_pages(stage, member, await stage.says(member, "/actividades"))
    lines = [line for page in pages for line in page.text.splitlines() if numbers(line)]
    for line, activity in zip(lines, shipped().activities, strict=True):
        text = line.partition(". ")[2].removesuffix(" (vencida)")
        assert len(text) <= 60
        assert text == activity.text or (len(text) > 40 and activity.text.startswith(text.removesuffix("…")))


async def test_a_month_as_argument_shows_that_month_only(stage: Stage, member: SimulatedUser) -> None:
    for month, expected in MONTHS.items():
        asked = await stage.says(member, f"/actividades {month}")
        assert asked.text.startswith(f"Actividades de {month} de 202")
        assert listed(await all_pages(stage, member, asked)) == expected


async def test_other_arguments(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    whole = await stage.says(member, "/actividades")
    assert (await stage.says(member, "/actividades todas")).html == whole.html
    assert shown(await stage.says(member, "/actividades julio")) == snapshot(name="month without activities")
    assert shown(await stage.says(member, "/actividades <3")) == snapshot(name="no month")


async def test_a_plan_that_is_not_in_order_of_months(stage: Stage, member: SimulatedUser) -> None:
    plan = with_activities(
        {"month": "2022-03", "text": "De marzo."},
        {"month": "2022-02", "text": "De febrero."},
        {"month": "2022-03", "text": "También de marzo."},
    )
    await stage.services.plans.apply(plan)
    assert numbers((await stage.says(member, "/actividades")).text) == [2, 1, 3]


# One activity, whole


async def test_every_activity_whole(stage: Stage, member: SimulatedUser) -> None:
    for number, activity in enumerate(shipped().activities, start=1):
        answer = await stage.says(member, f"/actividad {number}")
        assert answer.text.startswith(f"Actividad {number} · ")
        assert f"\n{activity.text}\n" in answer.text


async def test_one_activity(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/actividad 6")) == snapshot(name="overdue, to who records")
    assert shown(await stage.says(member, "/actividad 10")) == snapshot(name="to who reads")
    assert shown(await stage.says(member, "/actividad 31")) == snapshot(name="of a month without introduction")


async def test_the_history_of_an_activity(
    stage: Stage, enrol: Enrol, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Ing. Luis <Ruiz>")
    await record(stage, unit, 8, "🔸 En proceso", 'Faltan 3 distritos: <3 & "pendientes".')
    await record(stage, secretary, 8, "➖ No aplica")
    await stage.taps(secretary, "Deshacer")
    await record(stage, secretary, 8, "✅ Concluida", "Oficio recibido.\nSe anexa.")
    assert shown(await stage.says(member, "/actividad 8")) == snapshot


async def test_from_the_list_to_the_activity_and_back(stage: Stage, member: SimulatedUser) -> None:
    march = await stage.says(member, "/actividades marzo")
    opened = await stage.taps(member, "20", march)
    assert (opened.id, opened.edited) == (march.id, True)
    assert "Simulacros del PREP." in opened.text
    back = await stage.taps(member, "Plan de marzo", opened)
    assert (back.id, back.html) == (march.id, march.html)


async def test_numbers_that_no_activity_has(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(member, "/actividad 34")) == snapshot
    for number in ("0", "99", "999999999999999999999", "2022-02"):
        assert "el plan tiene de la 1 a la 33" in (await stage.says(member, f"/actividad {number}")).text


async def test_a_number_with_words_around_it(stage: Stage, member: SimulatedUser) -> None:
    for argument in ("12", "núm. 12", "012", "12.", "la 12, por favor", "１２"):
        assert (await stage.says(member, f"/actividad {argument}")).text.startswith("Actividad 12 ·")


async def test_without_a_number_there_is_the_list_to_choose_from(stage: Stage, member: SimulatedUser) -> None:
    for command in ("/actividad", "/actividad doce", "actividad"):
        asked = await stage.says(member, command)
        assert "Proyecto de prototipo navegable" in (await stage.taps(member, "5", asked)).text


async def test_a_long_history_has_pages_and_loses_nothing(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    plan = with_activities({"month": "2022-02", "text": "Á" * 999 + "."})
    await stage.services.plans.apply(plan)
    notes = [f"Nota {n}: " + "<&" * 245 for n in range(10)]
    for place, note in enumerate(notes):
        await record(stage, secretary, 1, "🔸 En proceso" if place % 2 else "▫️ Pendiente", note)
    pages = await all_pages(stage, member, await stage.says(member, "/actividad 1"))
    assert all(plan.activities[0].text in page.text and len(page.text) < 3300 for page in pages)
    told = "\n".join(page.text for page in pages)
    assert [told.count(note) for note in notes] == [1] * 10
    assert [told.index(note) for note in notes] == sorted((told.index(note) for note in notes), reverse=True)
    assert buttons(pages[1]) == snapshot
