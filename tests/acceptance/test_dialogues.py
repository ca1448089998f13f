"""Questions that await an answer: what ends them, and what happens to an answer that comes too late."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from tests.support.conversation import another_plan, buttons, flashes, shown
from tests.support.reading import Enrol, record, shipped

NOTED = "Nota: «La nota.»"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def unit(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_UNIT, "Luis Ruiz")


async def _is_recorded(stage: Stage, person: SimulatedUser) -> bool:
    return "«La nota.»" in (await stage.says(person, "/actividad 9")).text


# Too late


async def test_an_answer_is_awaited_for_half_an_hour(stage: Stage, unit: SimulatedUser) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    await stage.advance(stage.clock.now() + HALF_AN_HOUR - timedelta(seconds=5))
    assert NOTED in (await stage.says(unit, "La nota.")).text


async def test_after_half_an_hour_it_is_declined_politely(
    stage: Stage, unit: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    await stage.advance(stage.clock.now() + HALF_AN_HOUR)
    assert shown(await stage.says(unit, "La nota.")) == snapshot
    assert (await stage.says(unit, "La nota.")).text.startswith("No entendí su mensaje.")
    assert not await _is_recorded(stage, unit)


async def test_after_half_an_hour_a_question_is_just_answered(stage: Stage, secretary: SimulatedUser) -> None:
    await record(stage, secretary, 9, "🔸 En proceso")
    await stage.advance(stage.clock.now() + HALF_AN_HOUR)
    assert (await stage.says(secretary, "pendientes febrero")).text.startswith("Pendientes de febrero")
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Instancia interna")
    await stage.advance(stage.clock.now() + HALF_AN_HOUR)
    assert (await stage.says(secretary, "Luis Ruiz")).text.startswith("Pasó más de media hora desde mi pregunta")
    assert (await stage.says(secretary, "/avance")).text.startswith("Avance del plan")
    assert "Luis Ruiz" not in (await stage.says(secretary, "/integrantes")).text


# What ends the wait


@pytest.mark.parametrize("instead", ["/pendientes", "pendientes", "Próxima", "/calendaro", "actividad 12", "/cancelar"])
async def test_a_command_ends_the_wait_for_a_note(stage: Stage, unit: SimulatedUser, instead: str) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    await stage.says(unit, instead)
    assert (await stage.says(unit, "La nota.")).text.startswith("No entendí su mensaje.")
    assert not await _is_recorded(stage, unit)


async def test_a_chance_word_after_a_command_invites_nobody(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Presidencia")
    answer = (await stage.says(secretary, "/calendario")).text
    assert answer.startswith("Dejé la pregunta que le hacía: si aún la necesita, empiece de nuevo.\n\nCalendario")
    assert (await stage.says(secretary, "gracias")).text.startswith("No entendí su mensaje.")
    assert "gracias" not in (await stage.says(secretary, "/integrantes")).text
    assert "Dejé la pregunta" not in (await stage.says(secretary, "/calendario")).text


async def test_a_chance_word_after_a_command_dismisses_nobody(stage: Stage, secretary: SimulatedUser) -> None:
    people = (await stage.says(secretary, "/integrantes")).text
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Dar de baja")
    await stage.says(secretary, "calendario")
    await stage.says(secretary, "hoy")
    assert (await stage.says(secretary, "/integrantes")).text == people


async def test_a_button_that_runs_a_command_ends_the_wait_for_a_note(stage: Stage, unit: SimulatedUser) -> None:
    greeting = await stage.says(unit, "/start")
    await record(stage, unit, 9, "🔸 En proceso")
    await stage.taps(unit, buttons(greeting)[0], greeting)
    assert (await stage.says(unit, "La nota.")).text.startswith("No entendí su mensaje.")


async def test_looking_at_what_was_recorded_does_not(stage: Stage, unit: SimulatedUser) -> None:
    recorded = await record(stage, unit, 9, "🔸 En proceso")
    await stage.taps(unit, "Ver actividad", recorded)
    assert NOTED in (await stage.says(unit, "La nota.")).text


async def test_a_picture_is_no_note_but_text_still_may_be(stage: Stage, unit: SimulatedUser) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    stage.telegram.sends_photo(unit, b"\xff\xd8\xff" + b"\0" * 40)
    await stage.settle()
    assert stage.telegram.last(unit).text.startswith("No guardé ese archivo: los anexos")
    assert NOTED in (await stage.says(unit, "La nota.")).text


async def test_another_record_is_what_the_note_is_for(stage: Stage, unit: SimulatedUser) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    await record(stage, unit, 10, "✅ Concluida")
    assert "Actividad 10: concluida." in (await stage.says(unit, "La nota.")).text
    assert not await _is_recorded(stage, unit)


async def test_each_person_has_their_own(stage: Stage, unit: SimulatedUser, secretary: SimulatedUser) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    assert (await stage.says(secretary, "La nota.")).text.startswith("No entendí su mensaje.")
    assert NOTED in (await stage.says(unit, "La nota.")).text


async def test_a_note_is_for_the_commission_in_which_it_was_asked(
    stage: Stage, enrol: Enrol, unit: SimulatedUser
) -> None:
    await stage.services.plans.apply(another_plan("quejas-2022", "Quejas"))
    await enrol(Role.TECHNICAL_UNIT, "Luis Ruiz", commission_id=2, user=unit)
    asked = await stage.taps(unit, "Quejas", await stage.says(unit, "/registrar 9"))
    await stage.taps(unit, "✅ Concluida", asked)
    assert NOTED in (await stage.says(unit, "La nota.")).text
    of_first = await stage.taps(unit, "PREP 2021-2022", await stage.says(unit, "/actividad 9"))
    of_second = await stage.taps(unit, "Quejas", await stage.says(unit, "/actividad 9"))
    assert "«La nota.»" not in of_first.text
    assert "«La nota.»" in of_second.text


async def test_whoever_lost_the_role_meanwhile_gets_no_note_in(
    stage: Stage, enrol: Enrol, secretary: SimulatedUser
) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Luis Ruiz")
    recorded = await record(stage, unit, 9, "🔸 En proceso")
    people = await stage.says(secretary, "/integrantes")
    number = next(line.partition(".")[0] for line in people.text.splitlines() if "Luis Ruiz" in line)
    await stage.taps(secretary, "Dar de baja", await stage.taps(secretary, number, people))
    await stage.taps(secretary, "Hoy")
    assert (await stage.says(unit, "La nota.")).text == "Esta opción no corresponde a su carácter."
    await stage.taps(unit, "Deshacer", recorded)
    assert flashes(stage)[-1] == "Esta opción no corresponde a su carácter."
    text = (await stage.says(secretary, "/actividad 9")).text
    assert "Estado: 🔸 en proceso" in text
    assert "La nota." not in text


# Across a restart


async def test_a_restart_keeps_what_is_awaited_and_until_when(start: datetime, database_url: str) -> None:
    async with open_stage(start, database_url) as stage:
        await stage.services.plans.apply(shipped())
        made = await stage.services.invitations.create(1, "Ana López", Role.TECHNICAL_SECRETARY, by=None)
        secretary = stage.telegram.user("Ana")
        await stage.says(secretary, f"/start {made.code}")
        await stage.taps(secretary, "Acepto")
        await stage.says(secretary, "/invitar")
        await stage.taps(secretary, "Instancia interna")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=10))
    async with open_stage(start, database_url, stage.telegram, stage.clock) as again:
        assert "Invitación para Luis Ruiz" in (await again.says(secretary, "Luis Ruiz")).text
        await record(again, secretary, 9, "🔸 En proceso")
    stage.clock.advance_to(stage.clock.now() + HALF_AN_HOUR)
    async with open_stage(start, database_url, stage.telegram, stage.clock) as later:
        assert (await later.says(secretary, "La nota.")).text.startswith("Pasó más de media hora")
