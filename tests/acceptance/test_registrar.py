"""/registrar: pick an activity, set its state, perhaps a note; who and when are kept; undo."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from prep_bot.texts.actions.plan import UndoProgress
from tests.support.conversation import buttons, flashes, shown
from tests.support.reading import Enrol, all_pages, changed, listed, numbers, record, shipped

STATES = ("▫️ Pendiente", "🔸 En proceso", "✅ Concluida", "➖ No aplica")
TOO_LATE = "Ya no se puede deshacer: ese registro ya no es el último. Consulte el historial de la actividad."


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def unit(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_UNIT, "Luis Ruiz")


def entries(database_url: str) -> list[tuple[object, ...]]:
    """Return what is stored of each entry: activity, state, note, by whom, and by whom it was undone."""
    query = """
        SELECT activity.number, state, note, by.name, undoer.name
        FROM progress_entry JOIN activity ON activity.id = activity_id JOIN person by ON by.id = recorded_by
        LEFT JOIN person undoer ON undoer.id = undone_by
        ORDER BY progress_entry.id
    """
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        return database.execute(query).fetchall()


async def state_of(stage: Stage, user: SimulatedUser, number: int) -> str:
    """Return how /actividad shows the state of an activity."""
    text = (await stage.says(user, f"/actividad {number}")).text
    return next(line for line in text.splitlines() if line.startswith("Estado: "))


# From the command to the note


async def test_the_whole_way(stage: Stage, unit: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    asked = await stage.says(unit, "/registrar")
    assert shown(asked) == snapshot(name="which activity")
    states = await stage.taps(unit, "9", asked)
    assert shown(states) == snapshot(name="which state")
    recorded = await stage.taps(unit, "🔸 En proceso", states)
    assert shown(recorded) == snapshot(name="recorded")
    assert {states.id, recorded.id} == {asked.id}
    noted = await stage.says(unit, 'Se recibió el proyecto: <3 & "listo"')
    assert shown(noted) == snapshot(name="with its note")
    assert shown(await stage.says(unit, "/actividad 9")) == snapshot(name="in the history")


async def test_each_state_can_be_set(
    stage: Stage, secretary: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    for state in STATES:
        assert shown(await record(stage, secretary, 20, state)) == snapshot(name=state)
        assert (await state_of(stage, secretary, 20)).lower() == f"estado: {state}".lower()
    assert [entry[:2] for entry in entries(database_url)] == [
        (20, "pending"),
        (20, "in_progress"),
        (20, "done"),
        (20, "not_applicable"),
    ]


async def test_what_is_offered_is_this_month_and_what_is_overdue(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await record(stage, secretary, 2, "✅ Concluida")
    asked = await stage.says(secretary, "/registrar")
    assert listed(await all_pages(stage, secretary, asked)) == [1, 3, 4, 5, 6, 7, *range(8, 16)]
    every = await stage.taps(secretary, "Ver todas", asked)
    assert every.id == asked.id
    assert listed(await all_pages(stage, secretary, every)) == list(range(1, 34))
    states = await stage.taps(secretary, "33", every)
    other = await stage.taps(secretary, "◂ Elegir otra", states)
    assert other.id == asked.id
    await stage.advance(datetime.fromisoformat("2022-08-01T10:00-05:00"))
    for number in range(1, 34):
        await record(stage, secretary, number, "✅ Concluida")
    assert shown(await stage.says(secretary, "/registrar")) == snapshot


async def test_a_number_goes_straight_to_the_states(stage: Stage, secretary: SimulatedUser) -> None:
    for words in ("/registrar 12", "registrar 12", "/Registrar la 12"):
        asked = await stage.says(secretary, words)
        assert asked.text.startswith("Actividad 12\n")
        assert shipped().activities[11].text in asked.text
        assert [label for label in buttons(asked) if label in STATES] == list(STATES)
    for number in (0, 34, 10**12):
        assert "el plan tiene de la 1 a la 33" in (await stage.says(secretary, f"/registrar {number}")).text


# The note


async def test_a_note_may_have_500_characters(
    stage: Stage, unit: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    assert shown(await stage.says(unit, "x" * 501)) == snapshot
    assert "La nota tiene 4000 caracteres" in (await stage.says(unit, "x" * 4000)).text
    note = "<&" * 250
    assert note in (await stage.says(unit, note)).text
    assert entries(database_url) == [(9, "in_progress", note, "Luis Ruiz", None)]


async def test_a_note_that_begins_like_a_command_is_a_note(
    stage: Stage, unit: SimulatedUser, database_url: str
) -> None:
    await stage.says(unit, "/registrar 9")
    await stage.taps(unit, "🔸 En proceso")
    assert "Avance 50" in (await stage.says(unit, "Avance 50")).text
    assert entries(database_url) == [(9, "in_progress", "Avance 50", "Luis Ruiz", None)]


async def test_a_note_is_asked_for_once(stage: Stage, unit: SimulatedUser, database_url: str) -> None:
    await record(stage, unit, 9, "🔸 En proceso", "La primera.")
    assert (await stage.says(unit, "La segunda.")).text.startswith("No entendí su mensaje.")
    assert entries(database_url) == [(9, "in_progress", "La primera.", "Luis Ruiz", None)]


async def test_whoever_undid_it_gets_no_note_in(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    recorded = await record(stage, unit, 9, "🔸 En proceso")
    stage.telegram.taps_data(secretary, await stage.says(secretary, "/actividad 9"), recorded.keyboard[0][0].data or "")
    await stage.settle()
    assert shown(await stage.says(unit, "Llegó tarde.")) == snapshot
    assert entries(database_url) == [(9, "in_progress", "", "Luis Ruiz", "Ana López")]


async def test_a_note_of_somebody_who_recorded_something_later_is_theirs(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, database_url: str
) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    await record(stage, secretary, 9, "✅ Concluida")
    await stage.says(unit, "De la unidad.")
    await stage.says(secretary, "De la Secretaría.")
    assert entries(database_url) == [
        (9, "in_progress", "De la unidad.", "Luis Ruiz", None),
        (9, "done", "De la Secretaría.", "Ana López", None),
    ]


# Who and when


async def test_who_and_when_are_kept(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await record(stage, unit, 9, "🔸 En proceso", "Avance a la mitad.")
    await stage.advance(datetime.fromisoformat("2022-04-03T00:30-06:00"))
    await record(stage, secretary, 9, "✅ Concluida")
    await stage.advance(datetime.fromisoformat("2022-05-03T00:30-05:00"))
    await record(stage, unit, 9, "🔸 En proceso", "Se reabrió.")
    assert shown(await stage.says(unit, "/actividad 9")) == snapshot


async def test_renaming_and_reordering_the_plan_keeps_the_history(stage: Stage, unit: SimulatedUser) -> None:
    await record(stage, unit, 9, "🔸 En proceso", "Antes del cambio.")
    activities = [activity.model_dump() for activity in shipped().activities]
    activities[8]["text"] = "Otra redacción."
    moved = [activities[8], *activities[:8], *activities[9:]]
    await stage.services.plans.apply(changed(shipped(), activities=moved))
    text = (await stage.says(unit, "/actividad 1")).text
    assert "Otra redacción." in text
    assert "Antes del cambio." in text


# Undo


async def test_undo(stage: Stage, unit: SimulatedUser, database_url: str, snapshot: SnapshotAssertion) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    recorded = await record(stage, unit, 9, "✅ Concluida")
    undone = await stage.taps(unit, "Deshacer", recorded)
    assert undone.id == recorded.id
    assert shown(undone) == snapshot(name="undone")
    assert await state_of(stage, unit, 9) == "Estado: 🔸 en proceso"
    assert shown(await stage.taps(unit, "Ver actividad", undone)) == snapshot(name="in the history")
    assert entries(database_url) == [
        (9, "in_progress", "", "Luis Ruiz", None),
        (9, "done", "", "Luis Ruiz", "Luis Ruiz"),
    ]
    assert (await stage.says(unit, "Ya sin nota.")).text.startswith("No entendí su mensaje.")


async def test_undoing_the_only_entry_leaves_it_pending(stage: Stage, unit: SimulatedUser) -> None:
    recorded = await record(stage, unit, 9, "✅ Concluida", "Con nota.")
    undone = await stage.taps(unit, "Deshacer", recorded)
    assert undone.text.startswith("Deshecho. Actividad 9, de nuevo: pendiente.")
    assert await state_of(stage, unit, 9) == "Estado: ▫️ pendiente"


async def test_only_the_last_entry_can_be_undone(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, database_url: str
) -> None:
    first = await record(stage, unit, 9, "🔸 En proceso")
    second = await record(stage, secretary, 9, "✅ Concluida")
    assert (await stage.taps(unit, "Deshacer", first)).html == first.html
    assert flashes(stage)[-1] == TOO_LATE
    await stage.taps(secretary, "Deshacer", second)
    await stage.taps(unit, "Deshacer", first)
    assert [entry[-1] for entry in entries(database_url)] == ["Luis Ruiz", "Ana López"]


async def test_undoing_twice_undoes_once(stage: Stage, unit: SimulatedUser, database_url: str) -> None:
    await record(stage, unit, 9, "🔸 En proceso")
    recorded = await record(stage, unit, 9, "✅ Concluida")
    stage.telegram.taps(unit, recorded, "Deshacer")
    stage.telegram.taps(unit, recorded, "Deshacer")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", TOO_LATE]
    assert [entry[-1] for entry in entries(database_url)] == [None, "Luis Ruiz"]


async def test_an_entry_of_another_commission_cannot_be_undone(
    stage: Stage, unit: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    other = shipped().model_copy(update={"commission": shipped().commission.model_copy(update={"key": "otra"})})
    await stage.services.plans.apply(other)
    outsider = await enrol(Role.TECHNICAL_SECRETARY, "Eva Otra", commission_id=2)
    recorded = await record(stage, unit, 9, "✅ Concluida")
    entry = int((recorded.keyboard[0][0].data or "").rpartition(":")[2])
    shown_to_outsider = await stage.says(outsider, "/actividad 9")
    for forged in (UndoProgress(1, entry), UndoProgress(2, entry), UndoProgress(2, 10**8)):
        stage.telegram.taps_data(outsider, shown_to_outsider, forged.encode())
        await stage.settle()
        assert flashes(stage)[-1] in {TOO_LATE, "Esta opción no corresponde a su carácter."}
    assert [entry[-1] for entry in entries(database_url)] == [None]


# Twice, and two at once


async def test_a_double_tap_records_once(stage: Stage, unit: SimulatedUser, database_url: str) -> None:
    asked = await stage.says(unit, "/registrar 9")
    stage.telegram.taps(unit, asked, "🔸 En proceso")
    stage.telegram.taps(unit, asked, "🔸 En proceso")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", ""]
    assert "Actividad 9: en proceso." in stage.telegram.last(unit).text
    await stage.says(unit, "Una sola nota.")
    assert entries(database_url) == [(9, "in_progress", "Una sola nota.", "Luis Ruiz", None)]


async def test_the_same_state_can_be_recorded_again_with_news(
    stage: Stage, unit: SimulatedUser, database_url: str
) -> None:
    await record(stage, unit, 9, "🔸 En proceso", "Primer borrador.")
    await record(stage, unit, 9, "🔸 En proceso", "Segundo borrador.")
    assert [entry[2] for entry in entries(database_url)] == ["Primer borrador.", "Segundo borrador."]


async def test_who_chooses_on_old_news_is_asked_again(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    of_unit = await stage.says(unit, "/registrar 9")
    await record(stage, secretary, 9, "✅ Concluida")
    again = await stage.taps(unit, "🔸 En proceso", of_unit)
    assert again.id == of_unit.id
    assert shown(again) == snapshot
    assert len(entries(database_url)) == 1
    await stage.taps(unit, "🔸 En proceso", again)
    assert [entry[1] for entry in entries(database_url)] == ["done", "in_progress"]


async def test_two_at_once_leave_one_entry(
    stage: Stage, unit: SimulatedUser, secretary: SimulatedUser, database_url: str
) -> None:
    of_unit, of_secretary = await stage.says(unit, "/registrar 9"), await stage.says(secretary, "/registrar 9")
    stage.telegram.taps(unit, of_unit, "🔸 En proceso")
    stage.telegram.taps(secretary, of_secretary, "✅ Concluida")
    await stage.settle()
    assert len(entries(database_url)) == 1
    answers = [stage.telegram.last(unit).text, stage.telegram.last(secretary).text]
    assert sorted(answer.startswith("Su elección no se registró") for answer in answers) == [False, True]


async def test_an_activity_that_left_the_plan_cannot_be_recorded(
    stage: Stage, unit: SimulatedUser, database_url: str
) -> None:
    listed_before, states = await stage.says(unit, "/registrar"), await stage.says(unit, "/registrar 15")
    activities = [activity.model_dump() for activity in shipped().activities[:14]]
    busy = {activity["month"] for activity in activities}
    months = [month.model_dump() for month in shipped().months if month.month in busy]
    await stage.services.plans.apply(changed(shipped(), activities=activities, months=months))
    await stage.taps(unit, "✅ Concluida", states)
    assert flashes(stage)[-1] == "Esa actividad ya no está en el plan. Use /registrar para ver las vigentes."
    assert entries(database_url) == []
    again = await stage.taps(unit, "Ver todas", listed_before)
    assert numbers(again.text)[-1] <= 14


async def test_a_restart_between_question_and_note_forgets_nothing(start: datetime, database_url: str) -> None:
    async with open_stage(start, database_url) as stage:
        await stage.services.plans.apply(shipped())
        made = await stage.services.invitations.create(1, "Luis Ruiz", Role.TECHNICAL_UNIT, by=None)
        unit = stage.telegram.user("Luis")
        await stage.says(unit, f"/start {made.code}")
        await stage.taps(unit, "Acepto")
        recorded = await record(stage, unit, 9, "🔸 En proceso")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
    async with open_stage(start, database_url, stage.telegram, stage.clock) as again:
        assert "Nota: «Tras el reinicio.»" in (await again.says(unit, "Tras el reinicio.")).text
        await again.advance(again.clock.now() + timedelta(days=1))
        assert (await again.taps(unit, "Deshacer", recorded)).text.startswith("Deshecho.")
    assert entries(database_url) == [(9, "in_progress", "Tras el reinicio.", "Luis Ruiz", "Luis Ruiz")]
