"""What goes wrong between a person and their answer: they are told, nothing is recorded twice, and it works again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from prep_bot.domain.role import Role
from prep_bot.simulation.faults import ConnectionRefused, Fault, FloodWait, MalformedBody, ServerError, TimeOut
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import flashes, sent_to
from tests.support.reading import Enrol

TROUBLE = (
    "Tuvimos un problema y quizá no se completó lo que pidió. Verifíquelo o inténtelo de nuevo en unos minutos, por "
    "favor."
)
LOST = [ServerError(502), ServerError(500), TimeOut(delivered=False), ConnectionRefused()]
CARRIED_OUT = [TimeOut(delivered=True), MalformedBody()]


@pytest.fixture(autouse=True)
def log() -> Iterator[list[EventDict]]:
    """What the program logged so far."""
    with capture_logs() as events:
        yield events


@pytest.fixture
async def unit(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_UNIT, "Luis Ruiz")


def _path(database_url: str) -> str:
    return database_url.removeprefix("sqlite+aiosqlite:///")


def _entries(database_url: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(_path(database_url))) as database:
        return database.execute("SELECT state, note FROM progress_entry ORDER BY id").fetchall()


# Telegram fails


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_an_answer_that_was_lost_is_owned_up_to(
    stage: Stage, unit: SimulatedUser, log: list[EventDict], fault: Fault
) -> None:
    stage.telegram.fail_next("sendMessage", fault)
    assert (await stage.says(unit, "/avance")).text == TROUBLE
    assert [event["event"] for event in log] == ["update.failed"]
    assert (await stage.says(unit, "/avance")).text.startswith("Avance del plan")


@pytest.mark.parametrize("fault", CARRIED_OUT, ids=str)
async def test_an_answer_that_may_have_been_lost_too(stage: Stage, unit: SimulatedUser, fault: Fault) -> None:
    stage.telegram.fail_next("sendMessage", fault)
    await stage.says(unit, "/avance")
    answer, apology = sent_to(stage, unit)[-2:]
    assert answer.startswith("Avance del plan")
    assert apology == TROUBLE


async def test_while_nothing_reaches_telegram_the_bot_keeps_its_head(
    stage: Stage, unit: SimulatedUser, log: list[EventDict]
) -> None:
    shown = await stage.says(unit, "/actividades")
    stage.telegram.fail_next(None, ConnectionRefused(), times=1000)
    assert (await stage.says(unit, "/avance")).user_id == unit.id
    assert log[-1]["event"] == "update.unanswered"
    tap = stage.telegram.taps(unit, shown, "Ver más ▸")
    await stage.settle()
    assert tap.answer is None
    stage.telegram.recover()
    assert (await stage.says(unit, "/avance")).text.startswith("Avance del plan")
    assert (await stage.taps(unit, "Ver más ▸", shown)).text != shown.text


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_an_edit_that_was_lost_flashes_an_apology(stage: Stage, unit: SimulatedUser, fault: Fault) -> None:
    shown = await stage.says(unit, "/actividades")
    stage.telegram.fail_next("editMessageText", fault)
    assert await stage.taps(unit, "Ver más ▸", shown) == shown
    assert flashes(stage)[-1] == TROUBLE
    assert (await stage.taps(unit, "Ver más ▸", shown)).html != shown.html


@pytest.mark.parametrize("fault", [*LOST, *CARRIED_OUT, FloodWait(3)], ids=str)
async def test_what_was_recorded_is_not_recorded_again(
    stage: Stage, unit: SimulatedUser, database_url: str, fault: Fault
) -> None:
    asked = await stage.says(unit, "/registrar 9")
    data = next(button.data for row in asked.keyboard for button in row if button.label == "✅ Concluida")
    stage.telegram.fail_next("editMessageText", fault)
    for _ in range(3):
        tap = stage.telegram.taps_data(unit, asked, data or "")
        await stage.settle()
        await stage.advance(stage.clock.now() + timedelta(minutes=1))
        assert tap.answer is not None
    assert "Actividad 9: concluida." in stage.telegram.last(unit).text
    assert _entries(database_url) == [("done", "")]


@pytest.mark.parametrize("fault", [*LOST, *CARRIED_OUT], ids=str)
async def test_a_note_is_added_once_though_its_answer_was_lost(
    stage: Stage, unit: SimulatedUser, database_url: str, fault: Fault
) -> None:
    await stage.taps(unit, "✅ Concluida", await stage.says(unit, "/registrar 9"))
    stage.telegram.fail_next("sendMessage", fault)
    assert (await stage.says(unit, "Con oficio 12.")).text == TROUBLE
    assert (await stage.says(unit, "Con oficio 12.")).text.startswith("No entendí su mensaje.")
    assert _entries(database_url) == [("done", "Con oficio 12.")]


@pytest.mark.parametrize("fault", [*LOST, *CARRIED_OUT], ids=str)
async def test_an_undo_undoes_one_entry_though_its_answer_was_lost(
    stage: Stage, unit: SimulatedUser, fault: Fault
) -> None:
    await stage.taps(unit, "🔸 En proceso", await stage.says(unit, "/registrar 9"))
    recorded = await stage.taps(unit, "✅ Concluida", await stage.says(unit, "/registrar 9"))
    undo = recorded.keyboard[0][0].data or ""
    stage.telegram.fail_next("editMessageText", fault)
    for _ in range(2):
        stage.telegram.taps_data(unit, recorded, undo)
        await stage.settle()
    assert "Estado: 🔸 en proceso" in (await stage.says(unit, "/actividad 9")).text


@pytest.mark.parametrize("fault", [*LOST, *CARRIED_OUT], ids=str)
async def test_a_waiting_sign_that_stays_is_no_failure(
    stage: Stage, unit: SimulatedUser, database_url: str, log: list[EventDict], fault: Fault
) -> None:
    stage.telegram.fail_next("answerCallbackQuery", fault)
    recorded = await stage.taps(unit, "✅ Concluida", await stage.says(unit, "/registrar 9"))
    assert "Actividad 9: concluida." in recorded.text
    assert TROUBLE not in [*flashes(stage), *sent_to(stage, unit)]
    assert [event["event"] for event in log] == ["tap.unacknowledged"]
    assert _entries(database_url) == [("done", "")]


async def test_a_tap_that_is_answered_late_is_answered_all_the_same(
    stage: Stage, unit: SimulatedUser, database_url: str
) -> None:
    asked = await stage.says(unit, "/registrar 9")
    tap = stage.telegram.taps(unit, asked, "✅ Concluida")
    stage.clock.advance_to(stage.clock.now() + timedelta(hours=1))
    await stage.settle()
    assert tap.answer is None
    assert "Actividad 9: concluida." in stage.telegram.last(unit).text
    assert sent_to(stage, unit).count(TROUBLE) == 0
    assert _entries(database_url) == [("done", "")]


async def test_one_person_s_failure_is_not_another_s(stage: Stage, unit: SimulatedUser, enrol: Enrol) -> None:
    member = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    stage.telegram.fail_next(None, ServerError(), times=1000, chat=unit)
    await stage.says(unit, "/avance")
    assert (await stage.says(member, "/avance")).text.startswith("Avance del plan")


# The database fails


async def test_a_database_that_fails_is_owned_up_to(stage: Stage, unit: SimulatedUser, database_url: str) -> None:
    shown = await stage.says(unit, "/registrar 9")
    with closing(sqlite3.connect(_path(database_url))) as database:
        database.execute("ALTER TABLE progress_entry RENAME TO gone")
        assert (await stage.says(unit, "/pendientes")).text == TROUBLE
        await stage.taps(unit, "✅ Concluida", shown)
        assert flashes(stage)[-1] == TROUBLE
        assert (await stage.says(unit, "/proxima")).text.startswith("Próxima sesión")
        database.execute("ALTER TABLE gone RENAME TO progress_entry")
    assert (await stage.says(unit, "/pendientes")).text.startswith("Pendientes al 5 de febrero")
    assert "Actividad 9: concluida." in (await stage.taps(unit, "✅ Concluida", shown)).text


async def test_in_a_group_nobody_is_bothered(stage: Stage, enrol: Enrol, database_url: str) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Ana López")
    group = stage.telegram.group("Comisión del PREP")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    with closing(sqlite3.connect(_path(database_url))) as database:
        database.execute("ALTER TABLE progress_entry RENAME TO gone")
    assert (await stage.says(secretary, "/avance", group)).user_id == secretary.id


# Somebody leaves in the middle


async def test_whoever_blocks_the_bot_before_its_answer(stage: Stage, unit: SimulatedUser) -> None:
    stage.telegram.says(unit, "/avance")
    stage.telegram.blocks(unit)
    await stage.settle()
    assert stage.telegram.last(unit).text == "/avance"
    stage.telegram.unblocks(unit)
    assert (await stage.says(unit, "/avance")).text.startswith("Avance del plan")
